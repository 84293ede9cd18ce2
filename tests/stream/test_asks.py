"""Questions and answers as rows: what went in comes out, of every kind, and is gone once it is read."""

from typing import Any

import pytest

from stream import asks, bodies
from stream.deeds import Hand, Note
from stream.kinds import draft
from stream.ruling import Ruled
from stream.schema import Command, Record, Refusal
from stream.store import Store
from tests.ledger import Ledger

LOOKED = draft("drill.noted", "drill", 7, bodies.Drill("begun", "ref", "sup"), "sup")


@pytest.mark.parametrize("what", [
    Command("c1", "note", "I-1", {"text": "끓는 물"}, "op1", "operator", 3), Hand({"subject": "XW-1"}, "op1", "h1"),
    Ruled("approve", {"proposal": 3}, "sup"), asks.Again(5),
])  # fmt: skip
def test_a_question_is_read_as_it_was_asked(store: Store, what: Any) -> None:
    with store.begin() as conn:
        asks.put(conn, "q2", what, 20)
        asks.put(conn, "q1", what, 10)
    with store.read() as conn:
        assert asks.waiting(conn) == [("q1", 10, what), ("q2", 20, what)]


def test_records_to_note_come_with_their_bodies(store: Store) -> None:
    with store.begin() as conn:
        asks.put(conn, "q", Note([LOOKED]), 1)
    with store.read() as conn:
        [(_, _, note)] = asks.waiting(conn)
    assert isinstance(note, Note) and note.drafts == [LOOKED]


def test_an_answer_is_fetched_once(store: Store) -> None:
    with store.begin() as conn:
        asks.put(conn, "q", asks.Again(1), 1)
        asks.put(conn, "other", asks.Again(2), 1)
        asks.answer(conn, "q", asks.answer_of(True, 9))
    with store.read() as conn:
        assert [id for id, _, _ in asks.waiting(conn)] == ["other"]
        assert asks.answers(conn, ["q", "other"]) == {"q": asks.Answer(9, again=True)}
    with store.begin() as conn:
        asks.forget(conn, ["q"])
        assert asks.answers(conn, ["q"]) == {}
        asks.forget(conn, [], 2)
        assert asks.waiting(conn) == []


def test_each_thing_the_loop_may_tell_has_its_place() -> None:
    incident, refusal = Ledger().open(), Refusal("stale", "4")
    record = Record(1, 1, 1, "incident.noted", "I-1", "op1", "", {})
    assert asks.answer_of(incident, 4) == asks.Answer(4, incident=incident.id)
    assert asks.answer_of(refusal, 4) == asks.Answer(4, refusal=refusal)
    assert asks.answer_of([record], 4) == asks.Answer(4, records=[record])
    assert asks.answer_of(False, 4) == asks.Answer(4, again=False)
