"""The way in by Redis Streams against a real Redis that is killed, flushed, trimmed and full."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from connectors import redis_in
from connectors.redis_in import ACKS, GROUP, STREAM, RedisIn
from stream.clock import Clock
from stream.intake import Intake
from tests.connectors.durable import Loop
from tests.connectors.test_mqtt import sos, until
from tests.servers import Redis


class Console:
    def __init__(self, server: Redis, node: str = "gwanje-1") -> None:
        self.intake = Intake(100_000)
        self.loop = Loop(self.intake)
        self.way = RedisIn(server.url, node, self.intake, Clock())
        self.way.start()

    def stop(self) -> None:
        self.way.stop()
        self.loop.stop()

    def kill(self) -> None:
        """Die with entries in hand: nothing more is acked."""
        self.way._ack = lambda: None  # type: ignore[method-assign]
        self.way._done.clear()
        self.way._told = lambda *_: None  # type: ignore[method-assign]
        self.way._ended.set()
        self.way._woken.set()
        self.way._reader.join(30)


class Producer:
    """Adds events and keeps each until ``city:ack`` names it."""

    def __init__(self, server: Redis) -> None:
        self.db = redis.Redis.from_url(server.url)

    def add(self, event: Any) -> None:
        self.db.xadd(STREAM, {"event": event if isinstance(event, bytes) else json.dumps(event)})

    def named(self) -> list[str]:
        return [fields[b"id"].decode() for _, fields in self.db.xrange(ACKS)]  # type: ignore[union-attr]

    def wait_named(self, *ids: str) -> None:
        until(lambda: set(ids) <= set(self.named()))

    def pending(self) -> int:
        return int(self.db.xpending(STREAM, GROUP)["pending"])  # type: ignore[index]

    def stop(self) -> None:
        self.db.close()


@pytest.fixture
def made() -> Iterator[list[Any]]:
    things: list[Any] = []
    yield things
    for thing in reversed(things):
        thing.stop()


def test_an_event_is_durable_then_acked_and_named(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    producer.add(sos("a1"))
    producer.wait_named("a1")
    assert [e.id for e in console.loop.events] == ["a1"]
    until(lambda: producer.pending() == 0)
    producer.add(sos("a1"))
    until(lambda: producer.named() == ["a1", "a1"])
    assert len(console.loop.events) == 1


def test_nothing_is_acked_before_it_is_durable(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [producer]
    console.loop.hold()
    producer.add(sos("h1"))
    until(lambda: console.way.received == 1)
    assert producer.named() == [] and producer.pending() == 1
    console.kill()
    again = Console(redis_server)
    made.append(again)
    assert [e.id for e in again.loop.wait(1)] == ["h1"], "its own entries come again to the next of that name"
    producer.wait_named("h1")
    console.loop.stop()


def test_entries_of_a_console_that_is_gone_are_claimed(
    redis_server: Redis, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    producer, gone = Producer(redis_server), Console(redis_server, "gone")
    made += [producer]
    gone.loop.hold()
    for n in range(1200):
        producer.add(sos(f"c{n}"))
    until(lambda: gone.way.received == 1200)
    gone.kill()
    monkeypatch.setattr(redis_in, "IDLE_MS", 1)
    heir = Console(redis_server, "heir")
    made.append(heir)
    assert {e.id for e in heir.loop.wait(1200)} == {f"c{n}" for n in range(1200)}, "followed to the end of the list"
    until(lambda: producer.pending() == 0)
    gone.loop.stop()


def test_what_waited_before_the_first_console_is_taken(redis_server: Redis, made: list[Any]) -> None:
    producer = Producer(redis_server)
    for n in range(30):
        producer.add(sos(f"w{n}"))
    console = Console(redis_server)
    made += [producer, console]
    console.loop.wait(30)
    producer.wait_named("w29")


@pytest.mark.parametrize("how", ["restart", "flush"])
def test_redis_may_lose_everything(redis_server: Redis, made: list[Any], how: str) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    producer.add(sos("b1"))
    producer.wait_named("b1")
    if how == "restart":
        redis_server.kill()
        until(lambda: not console.way.health()["up"])
        redis_server.start()
    else:
        producer.db.flushall()
    producer.add(sos("b1"))  # not named any more: sent again
    producer.add(sos("b2"))
    producer.wait_named("b1", "b2")
    assert [e.id for e in console.loop.events] == ["b1", "b2"]
    until(lambda: console.way.health()["ok"])


def test_a_full_redis_delays_and_loses_nothing(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    console.loop.hold()
    producer.add(sos("f1"))
    until(lambda: console.way.received == 1)
    producer.db.config_set("maxmemory", "1")
    console.loop.go_on()
    until(lambda: console.way.health()["refused"] == "OutOfMemoryError")
    assert [e.id for e in console.loop.wait(1)] == ["f1"], "durable all the same"
    producer.db.config_set("maxmemory", "0")
    producer.wait_named("f1")
    producer.add(sos("f2"))
    producer.wait_named("f2")
    assert [e.id for e in console.loop.events] == ["f1", "f2"]


def test_junk_is_kept_and_acked(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    producer.add(b"\xff\xfe")
    producer.db.xadd(STREAM, {"other": "field"})
    producer.add(b"[]")
    producer.add(sos("ok"))
    producer.wait_named("ok")
    assert {q.reason for q in console.loop.wait_quarantined(2)} == {"wrong_encoding", "missing_field"}
    until(lambda: producer.pending() == 0)


def test_the_stream_is_trimmed_below_what_is_acked_and_never_what_is_pending(
    redis_server: Redis, made: list[Any]
) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    for n in range(500):
        producer.add(sos(f"t{n}"))
    console.loop.wait(500)
    until(lambda: producer.pending() == 0)
    console.loop.hold()
    for n in range(500, 700):
        producer.add(sos(f"t{n}"))
    until(lambda: producer.pending() == 200)
    console.way._trim()
    left = producer.db.xlen(STREAM)
    assert 200 <= left < 400  # type: ignore[operator]
    other = "another reader"
    producer.db.xgroup_create(STREAM, other, id="0")
    console.loop.go_on()
    until(lambda: producer.pending() == 0)
    console.way._trim()
    assert producer.db.xlen(STREAM) == left, "what another group has not read stays"


def test_what_cannot_be_stored_now_is_acked_later(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    console.loop.ok = False
    producer.add(sos("l1"))
    until(lambda: console.way._handing.waiting)
    assert producer.pending() == 1
    console.loop.ok = True
    producer.wait_named("l1")


def test_a_bug_of_ours_costs_one_round_not_the_way(redis_server: Redis, made: list[Any]) -> None:
    producer, console = Producer(redis_server), Console(redis_server)
    made += [console, producer]
    give, hit = console.way._handing.give, threading.Event()

    def stumbles(*args: Any) -> None:
        if not hit.is_set():
            hit.set()
            raise ZeroDivisionError
        give(*args)

    console.way._handing.give = stumbles  # type: ignore[method-assign]
    producer.add(sos("s1"))
    producer.wait_named("s1")
    assert console.way.faults == 1


def test_no_redis_at_all_is_said(free_port: int) -> None:
    way = RedisIn(f"redis://127.0.0.1:{free_port}/0", "n", Intake(1), Clock())
    way.start()
    until(lambda: way.health()["refused"] == "ConnectionError")
    assert not way.health()["ok"]
    way.stop()
