"""A web process shows what the core has made durable, and says so when it hears nothing more of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream import bodies
from stream.kinds import draft
from stream.ruling import Ruled
from stream.schema import US, Refusal, RoadFrame
from tests.stream import makers
from tests.stream.makers import T0
from tests.stream.two import Two


@pytest.fixture
def two(store_url: str, tmp_path: Path) -> Iterator[Two]:
    made = Two(store_url, tmp_path)
    yield made
    made.close()


def test_its_board_is_the_cores_a_moment_later(two: Two) -> None:
    two.loop.turn(makers.smoke("a1"), makers.smoke("a2", "h-2"))
    assert two.remote.board.open(0) == []
    two.remote.step()
    assert two.remote.board.open(0) == two.loop.board.open(0)
    [turn] = two.turns
    assert {c.id for c in turn.changes} == {i.id for i in two.loop.board.open(0)}
    two.remote.step()
    assert len(two.turns) == 1, "nothing new, nothing told"


def test_a_later_start_is_where_the_journal_is(store_url: str, tmp_path: Path, two: Two) -> None:
    two.loop.turn(makers.smoke("a1"))
    heard: list[str] = []
    assert two.remote.recover(lambda record: heard.append(record.kind)) == two.loop.pipeline.journal.last_seq
    assert "incident.opened" in heard
    assert two.remote.board.open(0) == two.loop.board.open(0)


def test_an_incident_opened_by_hand_a_note_and_a_no_come_back_as_the_loop_tells_them(two: Two) -> None:
    opened = two.remote.open_by_hand({"kind": "fire", "domain": "care", "subject": "h-1", "priority": 1}, "op1", "h1")
    noted = two.remote.note([draft("drill.noted", "drill", T0, bodies.Drill("begun", "ref", "sup"), "sup")])
    refused = two.remote.rule(Ruled("approve", {"proposal": 99}, "sup"))
    two.round()
    assert opened.result(0) == two.loop.board.get(opened.result(0).id)
    assert [r.kind for r in noted.result(0)] == ["drill.noted"]
    assert refused.result(0) == Refusal("not_found", "99")


def test_a_text_sealed_here_can_be_opened_there(two: Two) -> None:
    ref = two._vault.hold("h-1", "문을 두드려도 답이 없다", "note")
    two.remote.note([draft("drill.noted", "drill", T0, bodies.Drill("begun", ref, "sup"), "sup")])
    assert two.loop.vault.open(ref) == "문을 두드려도 답이 없다"


def test_what_moves_comes_by_the_bus(two: Two) -> None:
    frame = makers.frame("f1")
    two.loop.turn(frame)
    two.relay.step()
    two.remote.step()
    [moved] = two.turns[-1].events
    assert isinstance(moved.data, RoadFrame) and moved.data == frame.data


def test_a_core_that_says_nothing_more_is_said_to_be_old(two: Two) -> None:
    assert not two.remote.stats()["recorded"], "nothing heard yet"
    two.relay.beat()
    two.remote.step()
    assert two.remote.stats()["recorded"] and two.remote.stats()["loop_age_ms"] < 5000
    two.loop.clock.advance(10 * US)
    assert two.remote.stats()["loop_age_ms"] >= 10_000


def test_when_a_source_was_heard_last_is_as_the_core_kept_it(two: Two) -> None:
    two.loop.turn(makers.smoke("a1"))
    two.remote._read_at -= 10
    assert two.remote.last("/device/smoke-h-1") == two.loop.pipeline.numbers.last("/device/smoke-h-1") > 0
