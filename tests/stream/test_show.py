"""The readers' board follows the loop's, marks what is not recorded, and unmarks it."""

from stream.board import Board
from stream.journal import Chain
from stream.schema import Draft, Record
from stream.show import Shown

OPENED = {"kind": "fall", "domain": "care", "subject": "h", "priority": 1, "score": 70, "factors": []}


def record(chain: Chain, deed: str, incident: str, **body: object) -> Record:
    return chain.stamp(Draft(deed, incident, 5, body), 5)


def test_recorded_is_shown_as_it_is() -> None:
    shown, chain = Shown(Board()), Chain()
    [change] = shown.show([record(chain, "incident.opened", "20260302-0001", **OPENED)], True)
    assert (change.op, change.id) == ("put", "20260302-0001")
    assert change.incident is not None
    assert not change.incident.unrecorded


def test_what_is_not_recorded_is_marked_until_it_is() -> None:
    shown, chain = Shown(Board()), Chain()
    shown.show([record(chain, "incident.opened", "20260302-0001", **OPENED)], True)
    shown.show([record(chain, "incident.opened", "20260302-0002", **OPENED)], False)
    shown.show([record(chain, "incident.acknowledged", "20260302-0002")], False)
    assert [i.unrecorded for i in shown.board.open(5)] == [False, True]
    [change] = shown.show([], True)
    assert (change.id, change.incident and change.incident.unrecorded) == ("20260302-0002", False)
    assert shown.board.incidents["20260302-0002"].state == "acknowledged"
    assert shown.show([], True) == []


def test_it_becomes_another_board_in_the_object_that_readers_hold() -> None:
    held, other, chain = Board(), Board(), Chain()
    other.apply(record(chain, "incident.opened", "20260302-0001", **OPENED))
    shown = Shown(held)
    shown.be(other)
    assert [i.id for i in held.open(5)] == ["20260302-0001"]
    other.apply(record(chain, "incident.acknowledged", "20260302-0001"))
    assert held.incidents["20260302-0001"].state == "new"
