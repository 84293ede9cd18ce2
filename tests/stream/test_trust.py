"""The record of a source is its verdicts, given and taken back."""

from __future__ import annotations

from stream.schema import DetectionRef, Priority
from stream.trust import sources
from tests.ledger import T0, Ledger

REASONS = ("steam", "cooking", "pet", "parked_car", "shadow", "sensor_fault", "wrong_person")


def test_verdicts_count_for_every_source_of_the_incident_and_a_timers_for_its_subject():
    seen = (DetectionRef("fall_reported", T0, "HH-1", 2, source="/device/w"), DetectionRef("inactivity", T0, "HH-1", 2))
    ledger = Ledger()
    id = ledger.open(Priority.P2, detections=seen).id
    assert sources(ledger.get(id)) == {"/device/w", "HH-1"}
    ledger.do("resolve", id, disposition="false_alarm", reason="pet")
    assert ledger.board.trust.rows() == [("/device/w", 1, 1), ("HH-1", 1, 1)]
    ledger.do("reopen", id)
    assert ledger.board.trust.of("/device/w") == (0, 0)
    ledger.do("resolve", id, disposition="confirmed", reason="handled")
    assert ledger.board.trust.of("/device/w") == (0, 1)
    ledger.wait(86400)
    assert ledger.board.trust.of("/device/w") == (0, 1)


def test_every_reason_of_a_false_alarm_is_counted_for_its_source_and_taken_back_with_the_verdict():
    ledger = Ledger()
    ids = [ledger.open().id for _ in (*REASONS, "pet")]
    for id, reason in zip(ids, (*REASONS, "pet"), strict=True):
        ledger.do("resolve", id, disposition="false_alarm", reason=reason)
    trust = ledger.board.trust
    assert trust.of("/device/radar-1") == (8, 8)
    assert trust.reasons("/device/radar-1") == {"pet": 2} | dict.fromkeys(REASONS, 1) | {"pet": 2}
    assert next(iter(trust.reasons("/device/radar-1"))) == "pet"
    kept = trust.copy()
    ledger.do("reopen", ids[0])
    assert "steam" not in trust.reasons("/device/radar-1") and "steam" in kept.reasons("/device/radar-1")
    assert trust.reasons("/device/nobody") == {}


def test_a_test_or_a_duplicate_says_nothing_about_the_source():
    ledger = Ledger()
    for disposition in ("test", "duplicate", "unreachable"):
        ledger.do("resolve", ledger.open().id, disposition=disposition, reason="x")
    assert ledger.board.trust.of("/device/radar-1") == (0, 0)
