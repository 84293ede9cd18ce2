"""Days, weeks and months of Korea."""

from __future__ import annotations

import pytest

from stream.clock import format_kst, parse_rfc3339
from stream.kpi_span import MOST, month_before, month_of, month_span, parts

AT = parse_rfc3339("2026-03-04T10:30:00+09:00")  # a Wednesday
END = parse_rfc3339("2026-04-02T00:00:00+09:00")


def told(frm: int, to: int, by: str) -> list[tuple[str, str]]:
    return [(format_kst(a)[:16], format_kst(b)[:16]) for a, b in parts(frm, to, by)]


def test_a_month_is_that_of_korea():
    frm, to = month_span("2026-02")
    assert (format_kst(frm), format_kst(to)) == ("2026-02-01T00:00:00+09:00", "2026-03-01T00:00:00+09:00")
    assert month_span("2025-12")[1] == month_span("2026-01")[0]
    assert month_of(frm) == "2026-02" and month_of(frm - 1) == "2026-01"
    assert month_before(frm) == "2026-01" and month_before(to) == "2026-02"


@pytest.mark.parametrize("wrong", ["2026", "2026-13", "next", "", "2026-1-1"])
def test_what_is_no_month_is_refused(wrong):
    with pytest.raises(ValueError):
        month_span(wrong)


def test_parts_are_cut_to_the_span_and_leave_no_gap():
    assert told(AT, AT + 86_400_000_000, "day") == [("2026-03-04T10:30", "2026-03-05T00:00"),
                                                    ("2026-03-05T00:00", "2026-03-05T10:30")]
    assert [a for a, _ in told(AT, END, "week")] == [
        "2026-03-04T10:30", "2026-03-09T00:00", "2026-03-16T00:00", "2026-03-23T00:00", "2026-03-30T00:00"]
    assert told(AT, END, "month") == [("2026-03-04T10:30", "2026-04-01T00:00"),
                                      ("2026-04-01T00:00", "2026-04-02T00:00")]
    assert parts(AT, AT, "day") == []


def test_a_long_span_keeps_its_end():
    found = parts(0, END, "day")
    assert len(found) == MOST and found[-1][1] == END
