"""Metres and seconds of the fusing table, at their edges."""

from __future__ import annotations

from typing import Any

import pytest

from cep.fusing import ROWS, groups, joins, last_at
from cep.threat import MATTERS
from stream.schema import US, DetectionRef, Incident, Place
from tests.ledger import T0, Ledger

HERE = Place(127.05, 37.15, site="A", name="A")


def north(metres: float, **more: Any) -> Place:
    return Place(127.05, 37.15 + metres / 110983, **more)


def incident(rule: str, place: Place | None = HERE, **evidence: Any) -> Incident:
    seen = (DetectionRef(rule, T0, "A", 2, evidence),)
    return Ledger().open(kind=rule, subject="A", place=place, detections=seen)


@pytest.mark.parametrize(("metres", "seconds", "together"), [
    (0, 0, True), (39.5, 300, True), (40.5, 0, False), (0, 300.5, False), (0, -300, True)])
def test_two_conflicts_are_one_within_40_m_and_300_s(metres, seconds, together):
    apart = joins(incident("near_miss"), False, "conflict", north(metres), T0 + int(seconds * US))
    assert (apart is not None) == together
    if together:
        assert apart == pytest.approx(metres, abs=0.2)


def test_the_same_subject_is_zero_metres_wherever_it_is_said_to_be():
    assert joins(incident("near_miss", None), True, "conflict", None, T0) == 0.0
    assert joins(incident("near_miss", None), False, "conflict", None, T0) is None


def test_kinds_that_have_nothing_to_do_with_each_other_stay_apart_even_at_one_subject():
    assert joins(incident("reported", what="illegal_parking"), True, "home", HERE, T0) is None
    assert joins(incident("reported", what="loitering"), True, "conflict", HERE, T0) == 0.0


def test_two_homes_and_a_mere_dong_never_fuse_by_place():
    home = Place(127.05, 37.15, household="H1", dong="오산동")
    other = Place(127.05, 37.15, household="H2", dong="오산동")
    dong = Place(127.05, 37.15, dong="오산동", name="오산동")
    burning = incident("smoke_or_gas", home)
    assert joins(burning, False, "fire", other, T0) is None
    assert joins(burning, False, "fire", dong, T0) is None
    assert joins(burning, False, "fire", north(100, site="A"), T0) is not None


def test_the_clock_runs_from_what_was_seen_last():
    one = incident("near_miss")
    later = one.detections[0].__class__("near_miss", T0, "A", 2, last_at=T0 + 200 * US)
    again = Ledger().open(subject="A", detections=(later,))
    assert (last_at(one), last_at(again)) == (T0, T0 + 200 * US)
    assert joins(again, True, "conflict", None, T0 + 499 * US) == 0.0


def test_an_incident_opened_by_hand_has_the_group_of_its_kind():
    assert groups(Ledger().open(kind="collision", detections=())) == {"harm"}


def test_every_row_has_a_reason_and_known_groups():
    known = {row.group for row in MATTERS.values()} | {"other"}
    assert all(row.why and row.seconds > 0 and row.metres <= 130 for row in ROWS.values())
    assert {group for pair in ROWS for group in pair} <= known
