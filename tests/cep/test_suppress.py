"""A device being worked on and a street being dug up call nobody, are counted, and never hide a P1."""

from __future__ import annotations

import pytest

from stream import bodies
from stream.kinds import draft
from stream.schema import US, Priority, State
from tests.cep.fusetown import FRAIL_HOME, HOME, OTHER_SITE, SITE, Town
from tests.ledger import T0

CAM = "/device/cam-1"


def town_with(what: str, subject: str, minutes: int = 60) -> Town:
    town = Town()
    body = bodies.WindowOpened(what, "installation", T0, T0 + minutes * 60 * US)
    town.note([draft("window.opened", subject, T0, body, "op1")])
    return town


def test_a_device_in_maintenance_is_counted_and_calls_nobody_and_its_neighbour_does() -> None:
    town = town_with("maintenance", CAM)
    drafts = town.see("reported", what="collision", source=CAM)  # severe: P2 by itself
    assert [(d.kind, d.body["why"], d.body["window"]) for d in drafts] == [("detection.noted", "maintenance", CAM)]
    assert town.board.open(town.now) == [] and town.board.windows.open(T0)[0].n == 1
    town.see("reported", what="collision", source="/device/cam-2")
    assert town.only().kind == "collision"
    town.see("reported", what="fall", source=CAM)  # nor does it join what others saw
    assert len(town.only().detections) == 1 and town.board.windows.open(T0)[0].n == 2


def test_after_its_end_the_device_is_heard_again() -> None:
    town = town_with("maintenance", CAM, minutes=1)
    town.see("reported", after=59, what="collision", source=CAM)
    town.see("reported", after=60, what="collision", source=CAM)
    assert town.only().opened_at == T0 + 60 * US


@pytest.mark.parametrize(("rule", "subject", "told"), [
    ("smoke_or_gas", HOME, {}), ("sos", HOME, {}), ("no_motion_after_fall", HOME, {}),
    ("near_miss", SITE, {"ttc_s": 0, "vehicle": 1, "person": 2}),
])  # fmt: skip
def test_a_p1_of_a_device_in_maintenance_opens_sounds_and_is_marked(rule: str, subject: str, told: dict) -> None:
    town = town_with("maintenance", CAM)
    town.see(rule, subject, source=CAM, **told)
    found = town.only()
    assert (found.priority, found.annunciated, found.marks) == (Priority.P1, True, ("maintenance",))
    town.do("acknowledge", found.id)
    town.see(rule, subject, after=700, source=CAM, **told)  # the same after a quiet time calls again
    latest = town.board.of(subject)[-1]
    assert latest.state == State.new and latest.priority == Priority.P1 and "maintenance" in latest.marks
    assert town.board.windows.open(town.now)[0].n == 0


def test_what_makes_a_p1_of_an_incident_is_let_through_too() -> None:
    """Alone a P2, with what others say of the same home a P1: the sum counts, not the single word."""
    town = town_with("maintenance", CAM)
    town.see("safety_call_unanswered", FRAIL_HOME, source="/system/calls")
    town.see("fall_reported", FRAIL_HOME, source="/device/w-1")
    town.see("inactivity", FRAIL_HOME, source="")
    assert town.only().priority == Priority.P2
    town.see("vital", FRAIL_HOME, source=CAM, severity="severe")
    assert town.only().priority == Priority.P1 and "maintenance" in town.only().marks


@pytest.mark.parametrize("what", ["obstruction", "illegal_parking", "jaywalking", "loitering", "crowd"])
def test_what_roadworks_look_like_calls_nobody_there_and_elsewhere_does(what: str) -> None:
    town = town_with("roadworks", SITE)
    (one,) = town.see("reported", what=what)
    assert (one.kind, one.body["why"], one.body["window"]) == ("detection.noted", "roadworks", SITE)
    town.see("reported", OTHER_SITE, what=what, source="/device/r-2")
    assert [i.subject for i in town.board.open(town.now)] == [OTHER_SITE]


@pytest.mark.parametrize(("rule", "told"), [
    ("reported", {"what": "collision"}), ("reported", {"what": "wrong_way"}), ("near_miss", {"ttc_s": 1.2}),
    ("reported", {"what": "fall"}),
])  # fmt: skip
def test_roadworks_hide_nobody_who_may_be_hurt(rule: str, told: dict) -> None:
    town = town_with("roadworks", SITE)
    town.see(rule, **told)
    assert len(town.board.open(town.now)) == 1


def test_a_window_over_the_zone_covers_its_crossings() -> None:
    town = Town()
    town.see("reported", what="obstruction")
    place = town.only().place
    assert place is not None and place.dong
    other = town_with("roadworks", place.dong)
    other.see("reported", what="obstruction")
    assert other.board.open(other.now) == []
