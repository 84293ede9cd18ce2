"""What the parts say of themselves becomes codes that a screen has words for."""

from __future__ import annotations

import dataclasses

import pytest

from console.house import LOOP_MAX_MS, alarms
from console.words import LANGS, catalogue
from tests.console.livehouse import LiveHouse


@pytest.mark.parametrize(
    ("stats", "codes"),
    [
        ({}, []),
        ({"recorded": True, "loop_age_ms": LOOP_MAX_MS, "broker": True}, []),
        ({"recorded": False}, ["store"]),
        ({"loop_age_ms": LOOP_MAX_MS + 1, "broker": False}, ["loop", "broker"]),
    ],
)
def test_alarms_of_the_machine(stats: dict[str, object], codes: list[str]) -> None:
    assert alarms(stats) == codes


@pytest.mark.parametrize("lang", LANGS)
def test_each_alarm_has_its_word(lang: str) -> None:
    every = alarms({"recorded": False, "loop_age_ms": LOOP_MAX_MS + 1, "broker": False})
    assert [code for code in every if f"health.{code}" not in catalogue(lang)] == []


def test_the_bundle_cannot_be_changed(live: LiveHouse) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        live.house.board = None  # type: ignore[misc]
