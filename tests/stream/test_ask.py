"""Codes a person may give, and the name of every no."""

from __future__ import annotations

import pytest

from stream.ask import CODE, OPEN, REFUSALS, Ask, code_of
from stream.bodies import Done
from stream.schema import Command, State
from tests.ledger import T0, Ledger


@pytest.mark.parametrize(("word", "good"), [
    ("steam", True), ("parked_car_2", True), ("", False), ("Steam", False), ("수증기", False), ("a" * 41, False),
    (None, False), (7, False), ("a b", False), ("x\n", False)])
def test_a_reason_is_a_code_and_never_a_sentence(word, good):
    assert (code_of(word) is not None) == good


def test_refusals_are_codes_and_each_stands_once():
    assert len(set(REFUSALS)) == len(REFUSALS) and all(CODE.fullmatch(code) for code in REFUSALS)
    assert set(OPEN) == set(State) - {State.resolved, State.closed}


def test_a_record_of_a_command_says_who_and_which():
    ledger = Ledger()
    incident = ledger.open()
    command = Command("c-9", "acknowledge", incident.id, {"x": 1}, "op3", "operator")
    ask = Ask(ledger.board, incident, command, T0 + 1, ledger.settings)
    made = ask.record("incident.acknowledged", Done())
    assert (made.subject, made.by, made.cause, made.at) == (incident.id, "op3", "command:c-9", T0 + 1)
    assert (ask.arg("x"), ask.arg("y", 5)) == (1, 5)
