"""An engine's memory comes back from its checkpoint and the tape since; what cannot be read is passed over."""

from pathlib import Path
from typing import Any

from stream import tables, tape
from stream.checkpoint import Checkpoint
from stream.schema import Detection, Event
from stream.store import Store
from tests.stream import makers
from tests.stream.makers import T0


class Counting:
    """A memory that is the list of ids it saw; crashes on ``bad``; ``rules`` must fit to load."""

    def __init__(self, rules: str = "r1", bad: str = "") -> None:
        self.ids: list[str] = []
        self.rules, self.bad = rules, bad

    def step(self, events: list[Event], now: int | None) -> list[Detection]:
        for event in events:
            if event.id == self.bad:
                raise ZeroDivisionError
            self.ids.append(event.id)
        return []

    def save(self) -> bytes:
        return ",".join([self.rules, *self.ids]).encode()

    def expect(self, at: int) -> None:
        self.ids.append(f"expect@{at}")

    def load(self, data: bytes) -> None:
        rules, *ids = data.decode().split(",")
        if rules != self.rules:
            raise ValueError("other rules")
        self.ids = ids


def checkpoint(store: Store, engine: Any) -> Checkpoint:
    return Checkpoint(store, engine, 60, lambda event: event)


def turns(store: Store, engine: Counting, first: int, last: int) -> None:
    """Turns that are judged and on the tape."""
    for n in range(first, last + 1):
        event = makers.reading(str(n))
        engine.step([event], T0 + n)
        with store.begin() as conn:
            tape.append(conn, n, T0 + n, [event])


def save(store: Store, kept: Checkpoint, turn: int) -> None:
    row = kept.take(turn, T0 + turn)
    with store.begin() as conn:
        conn.execute(tables.checkpoint.insert(), row)
    kept.taken(row)


def test_checkpoint_and_tape_since(store: Store) -> None:
    engine = Counting()
    kept = checkpoint(store, engine)
    turns(store, engine, 1, 3)
    save(store, kept, 3)
    turns(store, engine, 4, 5)
    again = Counting()
    assert checkpoint(store, again).load() == 2
    assert again.ids == engine.ids == ["1", "2", "3", "4", "5"]


def test_without_a_checkpoint_the_whole_tape_is_read(store: Store) -> None:
    turns(store, Counting(), 1, 4)
    again = Counting()
    assert checkpoint(store, again).load() == 4
    assert again.ids == ["1", "2", "3", "4"]


def test_a_checkpoint_of_other_rules_is_passed_over(store: Store) -> None:
    engine = Counting()
    kept = checkpoint(store, engine)
    turns(store, engine, 1, 2)
    save(store, kept, 2)
    turns(store, engine, 3, 3)
    again = Counting("r2")
    checkpoint(store, again).load()
    assert again.ids == ["1", "2", "3"]


def test_restore_goes_back_to_before_this_turn(store: Store) -> None:
    engine = Counting()
    kept = checkpoint(store, engine)
    turns(store, engine, 1, 2)
    save(store, kept, 2)
    turns(store, engine, 3, 3)
    engine.step([makers.reading("half")], T0)
    kept.restore([([makers.reading("so far")], T0)])
    assert engine.ids == ["1", "2", "3", "so far"]


def test_restore_from_the_very_beginning(store: Store) -> None:
    engine = Counting()
    kept = checkpoint(store, engine)
    turns(store, engine, 1, 1)
    engine.step([makers.reading("half")], T0)
    kept.restore([])
    assert engine.ids == ["1"]


def test_a_row_that_crashes_a_new_rule_does_not_stop_the_start(store: Store) -> None:
    turns(store, Counting(), 1, 3)
    again = Counting(bad="2")
    assert checkpoint(store, again).load() == 3
    assert again.ids == ["1", "3"]


def test_it_is_due_by_time_and_only_when_something_happened(store: Store, tmp_path: Path) -> None:
    kept = checkpoint(store, Counting())
    assert kept.due(1, T0)
    save(store, kept, 1)
    assert not kept.due(1, T0 + 1000)
    assert not kept.due(2, T0 + 60)
    assert kept.due(2, T0 + 61)
    assert kept.due(2, T0 - 61)  # the clock was set back: no reason to wait for it


def test_what_is_expected_from_a_start_on_outlives_a_crash_of_a_rule(store: Store) -> None:
    engine = Counting()
    kept = checkpoint(store, engine)
    turns(store, engine, 1, 2)
    kept.expect(T0, 2)
    turns(store, engine, 3, 3)
    engine.ids.append("half done")
    kept.restore([])
    assert engine.ids == ["1", "2", f"expect@{T0}", "3"]
