"""The demo's helper programs: a desk that answers reports, a day told to begin in the morning when it is night."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from connectors import stage
from geo.city import load_city
from stream.clock import parse_rfc3339
from stream.settings import Settings
from stream.store import StartError


def test_in_production_reports_go_where_the_settings_say() -> None:
    ends = stage.given(Settings(agency_119="http://127.0.0.1:9119", agency_profile="json"))
    assert {name: (end.url, end.profile) for name, end in ends.items()} == {"119": ("http://127.0.0.1:9119", "json")}
    assert stage.given(Settings()) == {}


def test_the_simulated_desk_is_a_program_that_listens(tmp_path: Path) -> None:
    child, ends = stage.desk("http://127.0.0.1:9", tmp_path, "token", "cap")
    try:
        assert ends["112"] == ends["119"] and ends["112"].url.startswith("http://127.0.0.1:")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(ends["112"].url + "/none")
    finally:
        child.stop()


def test_a_desk_that_does_not_start_is_said(tmp_path: Path) -> None:
    (tmp_path / "agency.db").mkdir()
    with pytest.raises(StartError, match="did not start"):
        stage.desk("http://127.0.0.1:9", tmp_path, "token", "cap")


class Homes:
    """A vault that keeps what it is given."""

    def __init__(self) -> None:
        self.known: dict[str, object] = {}

    def identity(self, name: str) -> object | None:
        return self.known.get(name)

    def put_identity(self, name: str, identity: object) -> None:
        assert name not in self.known
        self.known[name] = identity


@pytest.mark.parametrize(("hour", "from_morning"), [("03", True), ("12", False)])
def test_the_day_begins_with_the_morning_at_night(
    monkeypatch: pytest.MonkeyPatch, hour: str, from_morning: bool
) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(stage, "Child", lambda module, *words, **more: begun.append((module, *words)))
    vault, now = Homes(), parse_rfc3339(f"2026-03-02T{hour}:00:00+09:00")
    stage.day("http://127.0.0.1:9", load_city(), vault, Settings(), now, "token", False)
    stage.day("http://127.0.0.1:9", load_city(), vault, Settings(), now, "token", True)
    assert len(vault.known) > 100
    assert all(("--from" in words) == from_morning for words in begun)
    assert ["--storm" in words for words in begun] == [False, True]
