"""A message that cannot be stored now is handed in again; one that is stored is told once."""

from __future__ import annotations

import pytest

from connectors import handing
from connectors.handing import Handing
from stream.intake import Intake, Outcome


def test_it_is_told_once_when_it_is_durable_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "AGAIN_S", 0.0)
    intake, told = Intake(10), list[Outcome]()
    hand = Handing(intake)
    hand.give([], [], told.append)
    first = intake.take(1.0)[0]
    assert first.done
    first.done(Outcome(ok=False))
    assert told == [] and hand.waiting == 1
    hand.again()
    second = intake.take(1.0)[0]
    assert second is first and hand.waiting == 0
    second.done(Outcome(1))  # type: ignore[misc]
    assert told == [Outcome(1)]


def test_before_its_time_nothing_is_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "AGAIN_S", 3600.0)
    intake = Intake(10)
    hand = Handing(intake)
    hand.give([], [], print)
    intake.take(1.0)[0].done(Outcome(ok=False))  # type: ignore[misc]
    hand.again()
    assert hand.waiting == 1 and intake.take(0) == []


def test_a_closed_intake_tells_nothing() -> None:
    intake, told = Intake(10), list[Outcome]()
    intake.close()
    Handing(intake).give([], [], told.append)
    assert told == [] and intake.take(0) == []
