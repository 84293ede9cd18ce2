"""The table of kinds covers every rule and word of the contract, and its floors are the pinned ones."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from cep.encode import URGENT
from cep.rules import load_rules
from cep.threat import DEVICE_RULES, MATTERS, WORDS, floor, grade, kind_of, leading, matter, points
from stream.judge import HAND_KINDS
from stream.schema import DetectionRef, RoadDetection


def ref(rule: str, severity: int = 2, at: int = 0, **evidence: object) -> DetectionRef:
    return DetectionRef(rule, at, "x", severity, evidence)


def test_every_rule_word_and_hand_kind_has_a_row():
    rules = {rule.id for rule in load_rules().rules} - {"reported", *DEVICE_RULES}
    words = set(get_args(get_type_hints(RoadDetection)["what"])) - {"tamper"}
    assert rules | words | set(HAND_KINDS) - {"other"} == set(MATTERS) | (rules - set(MATTERS))
    pinned = {rule for rule in rules if rule in MATTERS}
    assert {"near_miss", "inactivity", "welfare_contact_overdue", "away_long"} <= pinned


def test_points_grow_with_severity_and_stay_in_the_scale():
    for kind, row in MATTERS.items():
        assert list(row.points) == sorted(row.points) and 0 <= row.points[0] and row.points[3] <= 50, kind


@pytest.mark.parametrize(("detection", "least"), [
    (ref("smoke_or_gas", 3), 1), (ref("sos", 3), 1), (ref("no_motion_after_fall", 3), 1),
    (ref("near_miss", 3, ttc_s=0.0), 1), (ref("near_miss", 2, ttc_s=0), 1), (ref("near_miss", 3, ttc_s=0.01), 2),
    (ref("reported", 3, what="assault"), 2), (ref("vital", 2), 4), (ref("speeding", 0), 4),
])
def test_pinned_floors(detection, least):
    assert floor(detection) == least


def test_what_was_reported_is_the_kind():
    assert kind_of(ref("reported", what="crowd")) == "crowd" and kind_of(ref("vital", what="x")) == "vital"


def test_an_incident_is_named_after_the_worst_then_the_gravest_then_the_first():
    a, b, c = ref("near_miss", 3, ttc_s=0.4), ref("sos", 3), ref("smoke_or_gas", 3)
    assert leading((a, b)) == b and leading((b, c)) == c
    assert leading((ref("vital", 2, 5), ref("vital", 2, 1))).at == 1
    assert grade(b) > grade(a)


def test_who_drowns_comes_before_who_starves_and_a_case_without_words_counts_by_its_severity():
    told = [points(ref("welfare_urgent", 3, words=[word])) for word in ("rescue", "fire", "violence", "starvation")]
    assert told == sorted(told, reverse=True) and told[0] > told[-1]
    assert points(ref("welfare_urgent", 2)) == 30 and points(ref("vital", 2, words=["rescue"])) == 38
    assert points(ref("welfare_urgent", 3, words=["starvation", "fire"])) == WORDS["fire"]
    assert set(WORDS) == set(URGENT)


def test_a_rule_nobody_rated_counts_by_its_severity():
    assert matter("rhythm_broken").domain == "other" and points(ref("rhythm_broken", 3)) == 40
