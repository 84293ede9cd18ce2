"""Counts follow an incident through its states."""

from __future__ import annotations

from msgspec.structs import replace

from stream.schema import Priority, State
from stream.tally import COLUMN, Tally
from tests.ledger import Ledger


def test_each_open_state_has_a_column_and_the_sum_stays():
    incident = Ledger().open(Priority.P2)
    tally, was = Tally(), None
    for state, column in COLUMN.items():
        now = replace(incident, state=state)
        tally.move(was, now)
        was = now
        view = tally.view()
        assert view["P2"][column] == 1 and view["total"] == 1
        assert view["P2"]["oldest"] == (incident.opened_at if state == State.new else None)
    other = tally.copy()
    tally.move(was, None)
    assert tally.view()["total"] == 0 and other.view()["total"] == 1
