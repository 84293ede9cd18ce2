"""The core does what a web process asks: once, in time or not at all, and says how it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream import asks
from stream.deeds import NOT_RECORDED
from stream.quarantine import save
from stream.schema import US, Quarantined
from tests.stream import makers
from tests.stream.two import Two


@pytest.fixture
def two(store_url: str, tmp_path: Path) -> Iterator[Two]:
    made = Two(store_url, tmp_path)
    made.loop.turn(makers.smoke("a1"))
    made.remote.step()
    yield made
    made.close()


def test_a_command_is_done_by_the_core_and_seen_by_who_asked(two: Two) -> None:
    [incident] = two.remote.board.open(0)
    told = two.command("acknowledge", incident.id)
    two.round()
    assert told.result(0).state == "acknowledged" == two.loop.board.get(incident.id).state
    assert [r.by for r in two.loop.pipeline.journal.read(kinds=["incident.acknowledged"])] == ["op1"]
    with two.loop.store.read() as conn:
        assert asks.waiting(conn) == []


def test_what_waited_too_long_is_not_done_unseen(two: Two) -> None:
    [incident] = two.remote.board.open(0)
    told = two.command("escalate", incident.id, agency="119")
    two.loop.clock.advance(asks.EXPIRED_US + US)
    two.round()
    assert told.result(0) == NOT_RECORDED
    assert list(two.loop.pipeline.journal.read(kinds=["escalation.requested"])) == []


def test_a_core_that_died_before_it_answered_does_not_do_it_twice(two: Two) -> None:
    [incident] = two.remote.board.open(0)
    told = two.command("escalate", incident.id, agency="119")
    two.relay.step()
    two.loop.pipeline.turn([])  # done and durable; now the relay dies with its answer
    two.relay = two.new_relay()
    two.round()
    assert told.result(0).id == incident.id
    assert len(list(two.loop.pipeline.journal.read(kinds=["escalation.requested"]))) == 1


def test_a_message_in_quarantine_is_handed_in_again(two: Two) -> None:
    told = two.remote._ask(asks.Again(5))
    two.round()
    assert told.result(0) is True and two.again == [5]


def test_what_was_seen_to_at_a_web_process_is_counted_on_neither_side(two: Two) -> None:
    loop = two.loop.pipeline
    junk = Quarantined(b"{junk", "no_json", "line 1", "/device/d1", two.loop.clock.now())
    rows, more = loop.quarantine.hold([junk], 0)
    two.loop.vault.flush()
    with two.loop.store.begin() as conn:
        save(conn, rows, more)
    two.remote.step()
    assert (loop.stats()["quarantine"], two.remote.stats()["quarantine"]) == (1, 1)
    assert two.remote.quarantine.settle("/device/d1", "no_json") == 1
    assert two.remote.stats()["quarantine"] == 0
    two.relay.beat()
    assert loop.stats()["quarantine"] == 0


def test_it_runs_by_itself_and_ends_when_told(two: Two) -> None:
    [incident] = two.remote.board.open(0)
    told = two.command("acknowledge", incident.id)
    two.relay.start()
    while not two.loop.pipeline._deeds._waiting:
        pass
    two.loop.pipeline.turn([])
    while not told.done():
        two.remote.step()
    two.relay.stop()
    assert told.result(0).state == "acknowledged"
    assert two.remote.stats()["records"] == two.loop.pipeline.journal.last_seq
