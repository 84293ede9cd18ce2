"""Rank and waiting, at their edges; the kept order is held against sorting in test_board.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from stream.order import Order, rank, waiting
from stream.schema import US, Priority, State
from tests.ledger import T0, Ledger


@pytest.mark.parametrize(("priority", "seconds", "points"), [
    (Priority.P1, 0, None), (Priority.P1, 3, 1), (Priority.P1, 15, 5), (Priority.P1, 30, 10), (Priority.P1, 999, 10),
    (Priority.P2, 60, 5), (Priority.P3, 600, 10), (Priority.P4, 1799, 4)])
def test_waiting_is_five_at_the_target_and_ten_at_twice_of_it(priority, seconds, points):
    factor = waiting(Ledger().open(priority), T0 + seconds * US)
    assert (factor.points if factor else None) == points


def test_only_what_nobody_has_seen_waits():
    incident = Ledger().open(Priority.P1)
    for state in State:
        found = waiting(replace(incident, state=state), T0 + 60 * US)
        assert (found is not None) == (state == State.new)


def test_waiting_moves_the_rank_in_steps():
    incident = Ledger().open(Priority.P2, score=50)
    assert [-rank(incident, T0 + s * US)[1] for s in (0, 59, 60, 119, 120, 9999)] == [50, 50, 55, 55, 60, 60]


def test_an_order_is_read_at_a_later_moment_without_being_changed():
    ledger = Ledger()
    a, b = ledger.open(Priority.P3, score=26), ledger.open(Priority.P3, score=30)
    seen = replace(b, state=State.acknowledged)
    table, order = {a.id: a, b.id: seen}, Order()
    order.put(a, T0)
    order.put(seen, T0)
    assert order.first(T0, table.get) == [b.id, a.id]
    assert order.first(T0 + 300 * US, table.get) == [a.id, b.id]
    assert order.first(T0, table.get) == [b.id, a.id]
    order.advance(T0 + 300 * US, table.get)
    assert order.first(T0, table.get) == [a.id, b.id] and order.first(T0, table.get, 1) == [a.id]
    order.drop(a.id)
    assert len(order) == 1 and order.first(T0 + 900 * US, table.get) == [b.id]
