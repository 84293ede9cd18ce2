"""Asking the loop: answers once durable, first answers for ever, clear refusals when nothing can be promised."""

from pathlib import Path

import pytest

from stream.board import Board
from stream.decide import Decided, Decider
from stream.deeds import NOT_RECORDED, Asked, Deeds, Hand, Note
from stream.heard import hear
from stream.journal import Chain
from stream.schema import Command, Draft, Incident, Place, Refusal
from stream.settings import Settings
from stream.store import Store, open_store
from tests.stream.makers import T0

HERE = Place(127.07, 37.15, site="S1")


class Desk:
    """Deeds with a board of their own; ``do`` is one turn."""

    def __init__(self, store: Store) -> None:
        self.store, self.board, self.nudged = store, Board(), 0
        self.decider = Decider(self.board, Chain(), None, lambda *_: [], hear, lambda done: None)  # type: ignore[arg-type]
        self.deeds = Deeds(store, self.board, Settings(), lambda subject: HERE if subject == "S1" else None, self.nudge)

    def nudge(self) -> None:
        self.nudged += 1

    def do(self, away: bool = False, keep: bool = True) -> Decided:
        out = Decided()
        self.asked = self.deeds.take()
        rows = [row for one in self.asked if (row := self.deeds.do(one, self.decider, T0, out, away))]
        if keep and rows:
            from stream import tables

            with self.store.begin() as conn:
                conn.execute(self.store.insert(tables.commands).on_conflict_do_nothing(), rows)
        return out

    def answer(self, asked: Asked) -> object:
        self.deeds.tell([asked], False)
        return asked.future.result(0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(open_store(f"sqlite:///{tmp_path}/s.db"))


def by_hand(id: str = "h1", **args: object) -> Hand:
    return Hand({"kind": "collision", **args}, "op1", id)


def test_asking_wakes_the_loop_and_is_answered_when_it_is_durable(desk: Desk) -> None:
    future = desk.deeds.ask(by_hand(subject="S1"))
    assert desk.nudged == 1
    desk.do()
    assert not future.done()
    incident = desk.answer(desk.asked[0])
    assert isinstance(incident, Incident)
    assert incident.place == HERE


def test_a_point_on_the_map_is_a_place_and_nonsense_is_none(desk: Desk) -> None:
    for id, place in (("a", {"lon": 127.0, "lat": 37.0}), ("b", Place(127.0, 37.0))):
        desk.deeds.ask(by_hand(id, place=place))
        desk.do()
        incident = desk.answer(desk.asked[0])
        assert isinstance(incident, Incident)
        assert incident.place == Place(127.0, 37.0)
    desk.deeds.ask(by_hand("c", place={"lon": "east"}))
    desk.do()
    assert desk.answer(desk.asked[0]) == Refusal("bad_args", "place")


def test_one_id_is_one_deed_before_and_after_it_is_durable(desk: Desk) -> None:
    for _ in range(2):
        desk.deeds.ask(by_hand(subject="S1"))
    out = desk.do()
    assert [r.kind for r in out.records] == ["incident.opened"]
    desk.deeds.durable()
    desk.deeds.ask(by_hand(subject="S1"))
    assert desk.do().records == []
    assert desk.answer(desk.asked[0]) == desk.board.open(T0)[0]


def test_while_the_store_is_away_nothing_new_is_begun(desk: Desk) -> None:
    desk.deeds.ask(by_hand(subject="S1"))
    desk.deeds.ask(Note([Draft("escalation.sent", "i", T0, {"agency": "119", "generation": 1, "key": "k"})]))
    assert desk.do(away=True).records == []
    assert [desk.answer(one) for one in desk.asked] == [NOT_RECORDED, NOT_RECORDED]


def test_a_fact_waits_until_it_is_durable_others_are_told_at_once(desk: Desk) -> None:
    login = Note([Draft("access.login", "op1", T0, {"what": "console"})])
    futures = [desk.deeds.ask(login), desk.deeds.ask(by_hand(subject="S1"))]
    desk.do(keep=False)
    left = desk.deeds.tell(desk.asked, True)
    assert [f.done() for f in futures] == [False, True]
    assert futures[1].result(0) == NOT_RECORDED
    desk.deeds.tell(left, False)
    assert [r.kind for r in futures[0].result(0)] == ["access.login"]


def test_a_store_that_does_not_answer_is_no_reason_to_do_it_twice(desk: Desk, tmp_path: Path) -> None:
    desk.store.close()
    (tmp_path / "s.db").rename(tmp_path / "gone.db")
    (tmp_path / "s.db").mkdir()
    desk.deeds.ask(by_hand(subject="S1"))
    assert desk.do().records == []
    assert desk.answer(desk.asked[0]) == NOT_RECORDED


def test_who_gave_up_waiting_stops_nobody(desk: Desk) -> None:
    future = desk.deeds.ask(Command("c", "acknowledge", "nobody", {}, "op1", "operator"))
    future.cancel()
    desk.do()
    desk.deeds.tell(desk.asked, False)
    assert future.cancelled()


def test_closed_answers_at_once_that_nothing_is_recorded(desk: Desk) -> None:
    waiting = desk.deeds.ask(by_hand())
    desk.deeds.close()
    assert waiting.result(0) == NOT_RECORDED
    assert desk.deeds.ask(by_hand()).result(0) == NOT_RECORDED


def test_a_report_that_was_asked_for_and_not_recorded_is_taken_back(desk: Desk) -> None:
    desk.deeds.ask(by_hand(subject="S1"))
    desk.do()
    incident = desk.board.open(T0)[0]
    desk.deeds.ask(Command("c", "escalate", incident.id, {"agency": "119"}, "op1", "operator", incident.revision))
    out = desk.do()
    undo = desk.deeds.take_back(out.records)
    assert [(d.kind, d.body["reason"], d.by) for d in undo] == [("escalation.cancelled", "not_recorded", "house")]
    assert desk.deeds.take_back([]) == []
