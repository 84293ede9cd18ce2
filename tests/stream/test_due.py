"""Once a second: gaps, counts and the desk's timers become records; a fault in one of them is a fault, no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream import desk
from stream.decide import Decided
from stream.due import TICK_US
from stream.intake import Arrival
from stream.schema import US
from tests.stream import makers
from tests.stream.loop import Loop
from tests.stream.makers import T0


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(f"sqlite:///{tmp_path}/store.db", tmp_path)
    yield made
    made.close()


def test_it_is_time_once_a_second_and_after_the_clock_was_set_back(loop: Loop) -> None:
    due = loop.pipeline._due
    assert due.now(T0)
    due.tick(T0, Decided())
    assert not due.now(T0 + TICK_US - 1)
    assert due.now(T0 + TICK_US)
    assert due.now(T0 - 3600 * US)


def test_what_was_shed_is_counted_by_source_and_its_numbers_are_not_missing(loop: Loop) -> None:
    loop.intake.limit = 1
    loop.pipeline.turn([Arrival([makers.frame("0", seq=0)])])
    for i in range(1, 6):
        loop.intake.put(Arrival([makers.frame(str(i), seq=i)]))
    loop.pipeline.turn(loop.intake.take(0))
    loop.tick(2 * US)
    noted = [(r.kind, r.subject, r.body["n"]) for r in loop.pipeline.journal.read(kinds=["shed.noted", "source.gap"])]
    assert noted == [("shed.noted", "/device/radar-1", 4)]


def test_a_shelved_incident_comes_back_by_itself(loop: Loop) -> None:
    loop.turn(makers.case("c1", text="쌀이 없어요 배고파"))
    loop.turn(makers.event("city.road.detection", _jaywalking(), "d", "/device/cam"))
    incident = next(i for i in loop.board.open(T0) if i.kind == "jaywalking")
    loop.ask("shelve", incident.id, "c", reason="works", minutes=10)
    assert loop.board.incidents[incident.id].state == "shelved"
    loop.tick(601 * US)
    assert loop.board.incidents[incident.id].state == "new"


def _jaywalking() -> object:
    from stream.schema import RoadDetection

    return RoadDetection("XW-GASU-1", "jaywalking", 1.0, 1.0, conf=0.9)


def test_a_desk_that_falls_is_a_fault_and_the_turn_goes_on(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(desk, "tick", broken)
    loop.tick(US)
    assert loop.turn(makers.smoke("a1")).ok
    assert {r.body["code"] for r in loop.pipeline.journal.read(kinds=["fault.noted"])} == {"desk_tick"}
