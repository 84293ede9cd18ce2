"""The same alarm or reading a second time has no second effect, in memory, in the database, after a restart."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from stream import seen, tables
from stream.schema import Event
from stream.seen import Seen, save
from stream.store import Store
from tests.stream import makers
from tests.stream.makers import T0


def turn(known: Seen, store: Store, *events: Event) -> list[bool]:
    """What a turn does: sort, remember, save."""
    found = known.sort(events)
    known.remember(found.keys)
    with store.begin() as conn:
        save(conn, found.keys, T0)
    return found.twice


def test_twice_in_a_turn_and_in_the_next_and_after_a_restart(store: Store) -> None:
    known = Seen(store)
    a, b = makers.smoke("a"), makers.reading("b")
    assert turn(known, store, a, b, a) == [False, False, True]
    assert turn(known, store, b, makers.smoke("c")) == [True, False]
    assert turn(Seen(store), store, a, b, makers.smoke("d")) == [True, True, False]


def test_the_identity_is_source_and_id(store: Store) -> None:
    known = Seen(store)
    assert turn(known, store, makers.smoke("1", "h-1"), makers.smoke("1", "h-2")) == [False, False]


def test_telemetry_is_not_for_this_table(store: Store) -> None:
    known = Seen(store)
    found = known.sort([makers.frame("1"), makers.frame("1")])
    assert (found.twice, found.keys) == ([False, False], [])


def test_what_memory_forgot_the_database_still_knows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "REMEMBER", 3)
    known = Seen(store)
    for i in range(9):
        assert turn(known, store, makers.reading(str(i))) == [False]
    assert len(known._recent) == 3
    assert turn(known, store, *(makers.reading(str(i)) for i in range(10))) == [True] * 9 + [False]


def test_more_than_one_question(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "REMEMBER", 1)
    known = Seen(store)
    events = [makers.reading(str(i)) for i in range(2500)]
    assert not any(turn(known, store, *events))
    assert all(turn(known, store, *events))


def test_the_database_itself_refuses_the_same_pair(store: Store) -> None:
    with store.begin() as conn:
        save(conn, [("s", "1"), ("s", "2")], 1)
        save(conn, [("s", "1"), ("s", "3")], 2)
        rows = conn.execute(select(tables.seen.c.id, tables.seen.c.at).order_by(tables.seen.c.id)).all()
    assert [tuple(row) for row in rows] == [("1", 1), ("2", 1), ("3", 2)]
    with pytest.raises(IntegrityError):
        with store.begin() as conn:
            conn.execute(insert(tables.seen).values(source="s", id="1", at=3))


def test_what_was_not_taken_after_all_is_new_again(store: Store) -> None:
    known = Seen(store)
    found = known.sort([makers.smoke("a")])
    known.remember(found.keys)
    known.forget(found.keys)
    assert turn(known, store, makers.smoke("a")) == [False]


def test_old_identities_are_forgotten(store: Store) -> None:
    with store.begin() as conn:
        save(conn, [("s", "1")], 10)
        save(conn, [("s", "2")], 20)
        assert seen.purge(conn, 15) == 1
    assert turn(Seen(store), store, makers.smoke("1", source="s"), makers.smoke("2", source="s")) == [False, True]
