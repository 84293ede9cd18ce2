"""The table for a spreadsheet: Korean first, numbers as numbers, no cell that is a formula."""

from __future__ import annotations

import csv
import io

from console.kpi_csv import COLUMNS, table
from stream.kpi import Kpi
from stream.kpi_table import INDICATORS
from tests.ledger import T0

SPAN = {"from": T0, "to": T0 + 1, "figures": Kpi().indicators(Kpi().view(T0, T0 + 1))}


def rows(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))


def test_a_line_a_span_and_indicator():
    made = table([SPAN, SPAN], "", [], "ko")
    assert made.startswith(b"\xef\xbb\xbf") and b"\r\n" in made
    head, *lines = rows(made)
    assert len(head) == len(COLUMNS) and head[:3] == ["시작", "끝", "지역"]
    assert len(lines) == 2 * len(INDICATORS) and all(len(line) == len(COLUMNS) for line in lines)
    assert (lines[0][0], lines[0][2:6]) == ("2026-03-02T09:00:00+09:00", ["시 전체", "대응 시간", "popup", "감지→팝업"])


def test_numbers_are_bare_and_none_is_empty():
    figure = SPAN["figures"][0] | {"value": 1234.5, "n": 3}
    line = rows(table([SPAN | {"figures": [figure]}], "", [], "en"))[1]
    assert line[7:] == ["1234.5", "3", "", "", "", "", ""]


def test_a_name_that_looks_like_a_formula_stays_text():
    areas = [{"id": "SZ-1", "name": "=HYPERLINK(1)", "kind": "zone"}]
    assert rows(table([SPAN], "SZ-1", areas, "ko"))[1][2] == "'=HYPERLINK(1)"
