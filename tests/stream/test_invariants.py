"""Each invariant is found broken when it is, and whole when it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from stream import seen, tables, tape
from stream.invariants import check, conserved
from stream.schema import Quarantined
from tests.stream import makers
from tests.stream.loop import Loop
from tests.stream.makers import T0

KEY = ("/device/smoke-h-1", "a1")


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(f"sqlite:///{tmp_path}/store.db", tmp_path)
    made.turn(makers.smoke("a1"), makers.frame("f"))
    made.turn(aside=(Quarantined(b"{", "no_json", "", "/device/x", T0, id="q1"),))
    yield made
    made.close()


def names(loop: Loop, *acked: tuple[str, str]) -> list[str]:
    return [broken.name for broken in check(loop.store, acked)]


def test_a_sound_store_holds_them_all(loop: Loop) -> None:
    assert check(loop.store, [KEY, ("/device/x", "q1")]) == []
    assert conserved(loop.pipeline.stats()) == []


def test_acknowledged_and_lost_is_found(loop: Loop) -> None:
    assert names(loop, KEY, ("/device/smoke-h-1", "a2")) == ["I1"]


def test_stored_twice_is_found(loop: Loop) -> None:
    with loop.store.begin() as conn:
        tape.append(conn, 99, T0, [makers.smoke("a1")])
    assert names(loop) == ["I1"]


def test_an_identity_without_its_event_and_the_reverse_are_found(loop: Loop) -> None:
    with loop.store.begin() as conn:
        seen.save(conn, [("s", "ghost")], T0)
        conn.execute(delete(tables.seen).where(tables.seen.c.id == "a1"))
    assert names(loop) == ["I1", "I1"]


def test_a_report_that_was_sent_twice_is_found(loop: Loop) -> None:
    journal = loop.pipeline.journal
    from stream.schema import Draft

    with loop.store.begin() as conn:
        body = {"agency": "119", "generation": 1, "key": "k"}
        journal.write(conn, [journal.stamp(Draft("escalation.sent", "i", T0, body), T0) for _ in range(2)])
    assert names(loop) == ["I3"]


def test_a_changed_record_is_found(loop: Loop) -> None:
    with loop.store.begin() as conn:
        conn.execute(update(tables.journal).where(tables.journal.c.seq == 1).values(by="somebody"))
    assert names(loop) == ["I9"]


def test_figures_that_do_not_add_up_are_found(loop: Loop) -> None:
    assert [b.name for b in conserved(loop.pipeline.stats() | {"delta": 2})] == ["I2"]
