"""Lines of a re-run: three decimals, one order, the highest an incident reached."""

import json
from pathlib import Path

from replay.results import canonical, detection_line, rounded, write
from stream.schema import US, Detection, Severity


def test_numbers_are_rounded_to_three_decimals_everywhere() -> None:
    value = {"b": [1.23456, {"c": -0.0001}], "a": 5, "d": True, "e": (2.00049,)}
    assert rounded(value) == {"b": [1.235, {"c": 0.0}], "a": 5, "d": True, "e": [2.0]}
    assert canonical(value) == '{"a":5,"b":[1.235,{"c":0.0}],"d":true,"e":[2.0]}'


def test_a_line_of_a_detection() -> None:
    one = Detection("near_miss", 2, 1_500_000, "횡단 \"1\"", Severity.severe, {"z": 1, "a": 0.12345})
    at, subject, rule, _, text = detection_line(one)
    assert (at, subject, rule) == (1_500_000, one.subject, "near_miss")
    assert text.startswith('{"rule":"near_miss","version":2,"at":"1970-01-01T09:00:01.500+09:00","subject":"횡단')
    assert json.loads(text)["evidence"] == {"z": 1, "a": 0.123} and text.endswith('"evidence":{"a":0.123,"z":1}}')


def test_lines_stand_by_time_subject_rule_and_evidence(tmp_path: Path) -> None:
    lines = [
        detection_line(Detection(rule, 1, at * US, subject, Severity.notice, {"n": n}))
        for at in (1, 2) for subject in ("A", "B") for rule in ("a", "b") for n in (1, 2)
    ]  # fmt: skip
    digests = {write(tmp_path / "x", order) for order in (lines, lines[::-1])}
    assert len(digests) == 1
    assert (tmp_path / "x").read_text().splitlines() == [text for *_, text in lines]


def test_ties_are_broken_by_the_evidence_and_not_by_what_stands_before_it(tmp_path: Path) -> None:
    first = detection_line(Detection("near_miss", 1, US, "A", Severity.severe, {"person": "p1"}))
    second = detection_line(Detection("near_miss", 1, US, "A", Severity.serious, {"person": "p2"}))
    write(tmp_path / "x", [second, first])
    assert (tmp_path / "x").read_text().splitlines() == [first[-1], second[-1]]
