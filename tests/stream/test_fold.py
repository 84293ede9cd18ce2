"""The steps of the fold: each kind of an incident has one, and each only remembers."""

from __future__ import annotations

from stream import bodies
from stream.fold import STEPS, identity
from stream.kinds import KINDS, draft
from stream.schema import DetectionRef, State
from tests.ledger import HERE, T0, Ledger


def test_every_kind_of_an_incident_has_a_step():
    mine = {name for name in KINDS if name.startswith(("incident.", "escalation.", "talk."))}
    assert set(STEPS) == mine - {"incident.opened"}


def test_the_same_detection_is_of_one_rule_subject_thing_and_source():
    a = DetectionRef("reported", T0, "XW-1", 3, {"what": "fall"}, source="/device/c1")
    assert identity(a) == identity(DetectionRef("reported", T0 + 5, "XW-1", 2, {"what": "fall"}, source="/device/c1"))
    others = [{"what": "crowd"}, {}]
    assert all(identity(a) != identity(DetectionRef("reported", T0, "XW-1", 3, o, source="/device/c1")) for o in others)


def test_back_to_new_waits_from_then_and_nobody_has_seen_it():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("acknowledge", id)
    ledger.now += 7
    ledger.note([draft("incident.returned", id, ledger.now, bodies.Returned(State.new, "worse"))])
    after = ledger.get(id)
    assert (after.state, after.new_at, after.acknowledged_by, after.acknowledged_at) == (State.new, T0 + 7, None, 0)


def test_a_repeat_of_something_it_never_had_changes_no_count():
    ledger = Ledger()
    incident = ledger.open()
    ledger.note([draft("incident.folded", incident.id, T0, bodies.Folded("sos", "x", T0, 3))])
    assert ledger.get(incident.id).detections == incident.detections


def test_an_incident_gets_a_place_from_later_evidence_and_keeps_it():
    ledger = Ledger()
    incident = ledger.open(place=None)
    assert incident.unplaced
    body = bodies.Attached(DetectionRef("sos", T0, "u", 3), "sos", "cross", HERE)
    ledger.note([draft("incident.attached", incident.id, T0, body)])
    after = ledger.get(incident.id)
    assert (after.place, after.unplaced, after.kind, after.domain) == (HERE, False, "sos", "cross")
