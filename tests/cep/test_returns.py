"""Who has been seen comes back to new only for something that was not seen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cep.returns import another_p1, comes_back
from stream.schema import US, DetectionRef, Incident, Priority, State
from tests.ledger import T0, Ledger

SMOKE = DetectionRef("smoke_or_gas", T0, "H", 3, {"alarm": "smoke"}, last_at=T0)


def near(ttc: float, pair: int = 1, at: int = T0, severity: int = 3) -> DetectionRef:
    return DetectionRef("near_miss", at, "XW-1", severity, {"ttc_s": ttc, "vehicle": pair, "person": pair}, last_at=at)


def seen(state: State, *detections: DetectionRef, priority: Priority = Priority.P1) -> Incident:
    return replace(Ledger().open(priority, detections=detections), state=state, resolved_at=T0)


def test_new_stays_new():
    assert comes_back(seen(State.new, SMOKE), SMOKE, None, Priority.P1) == ""


def test_another_pair_is_another_p1_and_quiet_makes_the_same_one_new():
    assert not another_p1(near(0.0, at=T0 + US), near(0.0))
    assert another_p1(near(0.0, pair=2), near(0.0)) and another_p1(near(0.0), near(0.5))
    assert another_p1(replace(SMOKE, at=T0 + 600 * US), SMOKE)
    assert not another_p1(replace(SMOKE, at=T0 + 599 * US), SMOKE) and not another_p1(near(0.4), None)


@pytest.mark.parametrize(("state", "why"), [
    (State.acknowledged, "worse"), (State.shelved, "worse"), (State.resolved, "worse"), (State.in_progress, ""),
    (State.escalated, "")])
def test_graver_but_no_p1_brings_back_what_nobody_works_on(state, why):
    incident = seen(state, near(1.2, severity=2), priority=Priority.P3)
    assert comes_back(incident, near(0.5), near(1.2, severity=2), Priority.P2) == why


@pytest.mark.parametrize("state", [State.acknowledged, State.in_progress, State.escalated, State.resolved])
def test_a_new_p1_always_does(state):
    incident = seen(state, near(1.2, severity=2), priority=Priority.P3)
    assert comes_back(incident, SMOKE, None, Priority.P1) in ("worse", "again")


def test_an_alarm_just_judged_may_sound_for_a_minute():
    incident = seen(State.resolved, SMOKE)
    assert comes_back(incident, replace(SMOKE, at=T0 + 59 * US), SMOKE, Priority.P1) == ""
    assert comes_back(incident, replace(SMOKE, at=T0 + 60 * US), SMOKE, Priority.P1) == "again"
