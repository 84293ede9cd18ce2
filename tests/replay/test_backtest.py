"""Two rule sets over the same events: what appears, what vanishes, which confirmed matter is missed."""

import json
from pathlib import Path

import pytest

from connectors.files import load_events
from replay.backtest import Confirmed, compare, main, missed
from stream.schema import US, Detection, Severity


def near(at: int, person: str = "p1", ttc_s: float = 1.0) -> Detection:
    evidence = {"vehicle": "v", "person": person, "ttc_s": ttc_s}
    return Detection("near_miss", 1, at * US, "S", Severity.serious, evidence)


def test_what_appears_and_vanishes_is_told_by_rule_moment_subject_and_ids() -> None:
    (row,) = compare([near(1), near(2, "p2"), near(3)], [near(1, ttc_s=0.4), near(3), near(3), near(4)])
    assert (row["rule"], row["before"], row["after"]) == ("near_miss", 3, 4)
    ids = {"vehicle": "v", "person": "p1"}
    assert row["appears"] == [["1970-01-01T09:00:03+09:00", "S", ids], ["1970-01-01T09:00:04+09:00", "S", ids]]
    assert row["vanishes"] == [["1970-01-01T09:00:02+09:00", "S", ids | {"person": "p2"}]]
    assert compare([], []) == []


def test_a_confirmed_incident_without_a_detection_left_is_missed() -> None:
    kept = Confirmed("a", frozenset({("near_miss", 1 * US, "S"), ("near_miss", 9 * US, "S")}))
    gone = Confirmed("b", frozenset({("near_miss", 2 * US, "S")}))
    assert missed([gone, kept], [near(1)]) == ["b"]


def test_a_stricter_rule_shows_what_it_would_lose(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built_in = Path(__file__).parents[2] / "cep" / "rules"
    body = (built_in / "near_miss.toml").read_text()
    assert "\nttc_s = 1.5 " in body
    (tmp_path / "near_miss.toml").write_text(body.replace("\nttc_s = 1.5 ", "\nttc_s = 1.2 "))
    words = [str(shared / "crosswalk/constructed.jsonl.gz"), "--rules", str(tmp_path), "--against", str(built_in)]
    assert main(words, load_events) == 0
    *rows, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    near_miss = next(row for row in rows if row["rule"] == "near_miss")
    assert near_miss["before"] == near_miss["after"] == 11
    assert len(near_miss["vanishes"]) == len(near_miss["appears"]) == 5
    assert [row["vanishes"] for row in rows if row["rule"] == "speeding"] == [[]]
    assert summary["events"] == 1500 and summary["confirmed"] == 0 and summary["missed_confirmed"] == []
