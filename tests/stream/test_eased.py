"""A home that was silent shows life: its open incident says so, lowers nothing, and takes it back in a new silence."""

from __future__ import annotations

from typing import Any

import pytest

from stream import bodies
from stream.eased import eased, without
from stream.heard import hear
from stream.kinds import draft
from stream.schema import US, CareCall, CareReading, DetectionRef, Event, Priority
from tests.ledger import T0, Ledger

HOME = "HH-1"


def silent(rule: str = "inactivity") -> tuple[Ledger, str]:
    """An open incident about a silent home."""
    ledger = Ledger()
    seen = DetectionRef(rule, T0, HOME, 2, source="/device/hub")
    return ledger, ledger.open(Priority.P2, subject=HOME, kind=rule, detections=(seen,)).id


def says(ledger: Ledger, data: Any, after_s: float = 60) -> list[str]:
    """Marks of what this reading or call, so long after the alarm, makes; on the board too."""
    type = "city.care.call" if isinstance(data, CareCall) else "city.care.reading"
    at = T0 + round(after_s * US)
    drafts = hear(ledger.board, Event("e1", "/device/hub", type, at, HOME, data, arrival=at, at=at), at)
    ledger.note(drafts)
    return [d.body["mark"] for d in drafts if d.kind == "incident.eased"]


@pytest.mark.parametrize(("data", "mark"), [
    (CareCall(HOME, "answered", 4), ["answered"]), (CareCall(HOME, "no_answer", 4), []),
    (CareReading(HOME, "pir", True), ["moved"]), (CareReading(HOME, "pir", False), []),
    (CareReading(HOME, "fridge", True), ["moved"]), (CareReading(HOME, "steps", 12.0), ["moved"]),
    (CareReading(HOME, "steps", 0.0), []), (CareReading(HOME, "power", 12.0), []),
    (CareReading(HOME, "temperature", 30.0), []), (CareReading("HH-2", "pir", True), [])])  # fmt: skip
def test_a_person_who_moves_or_answers_is_told_once_and_makes_nothing_less_urgent(data: Any, mark: list[str]) -> None:
    ledger, id = silent()
    assert says(ledger, data) == mark
    assert says(ledger, data, 90) == []
    now = ledger.get(id)
    assert (list(now.marks), now.priority, now.state) == (mark, Priority.P2, "new")


def test_what_was_before_the_alarm_and_what_is_no_silence_say_nothing() -> None:
    ledger, _ = silent()
    assert says(ledger, CareReading(HOME, "pir", True), -1) == []
    other, _ = silent("smoke_or_gas")
    assert says(other, CareReading(HOME, "pir", True)) == []


def test_silence_again_takes_the_word_back() -> None:
    ledger, id = silent()
    assert says(ledger, CareReading(HOME, "pir", True)) == ["moved"] and ledger.get(id).marks == ("moved",)
    again = T0 + 13 * 3600 * US
    ledger.note([draft("incident.folded", id, again, bodies.Folded("inactivity", HOME, again, 2, "", "/device/hub"))])
    assert ledger.get(id).marks == ()
    assert says(ledger, CareReading(HOME, "pir", True), 90) == []  # from before the new silence
    assert says(ledger, CareReading(HOME, "pir", True), 14 * 3600) == ["moved"]
    assert without(("moved", "recurring"), "inactivity") == ("recurring",)
    assert without(("moved",), "home_cold") == ("moved",)
    assert eased(lambda home: [], Event("e", "/s", "city.care.call", T0, HOME, CareCall(HOME, "answered", 1))) == []
