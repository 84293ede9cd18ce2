"""A month's figures, and the command that makes the report from a store beside a running console."""

from __future__ import annotations

import pytest

from console.monthly import gather, main
from stream.kpi_span import month_span
from stream.kpi_table import INDICATORS
from tests.console.livehouse import START, LiveHouse

MONTH = "2026-09"


def test_a_month_up_to_now_beside_the_one_before(live: LiveHouse) -> None:
    live.opened()
    live.clock.advance(1_000_000)
    found = gather(live.kpi, live.house.city, MONTH, live.clock.now())
    assert (found.frm, found.to) == (month_span(MONTH)[0], START + 1_000_000)
    assert len(found.days) == 1 and len(found.figures) == len(found.before) == len(INDICATORS)
    assert found.view["load"]["n"] == 1
    with pytest.raises(ValueError):
        gather(live.kpi, live.house.city, "2026-9-9", START)


@pytest.mark.parametrize(("name", "begins"), [("r.pdf", b"%PDF-"), ("r.csv", b"\xef\xbb\xbf")])
def test_the_command_reads_the_journal_of_a_store_in_use(live: LiveHouse, tmp_path, capsys, name, begins) -> None:
    live.opened()
    out = tmp_path / name
    assert main(["--month", MONTH, "--out", str(out), "--data", str(live.settings.data)]) == 0
    assert out.read_bytes().startswith(begins) and MONTH in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--out", "r.doc"], ["--month", "soon", "--out", "r.pdf"]])
def test_what_cannot_be_made_is_refused_and_nothing_is_written(live: LiveHouse, tmp_path, words) -> None:
    from stream.schema import SourceError

    with pytest.raises(SourceError):
        main([*words[:-1], str(tmp_path / words[-1]), "--data", str(live.settings.data)])
    assert not list(tmp_path.glob("r.*"))
