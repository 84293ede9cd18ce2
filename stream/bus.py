"""Wake-ups and screen news between parts and processes. It is transport: whoever loses it reads the store again.

``publish`` never waits and never raises. When Redis is away, messages are dropped (and counted); each subscriber is
told by ``on_gap`` once it is connected again, so that it can look into the store for what it missed. So losing Redis
costs time, never a record.
"""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable

import redis
import structlog
from redis.exceptions import RedisError

Hear = Callable[[bytes], None]
Gap = Callable[[], None]
LOG = structlog.get_logger("bus")
BACKOFF_S = (0.05, 0.1, 0.2, 0.5, 1.0)
ANSWER_S = 2.0  # a Redis that does not answer for so long is away


class MemoryBus:
    """Within one process: subscribers are called on the publisher's thread, at once."""

    def __init__(self) -> None:
        self._subscribers: dict[str, list[Hear]] = defaultdict(list)
        self.faults = 0

    def publish(self, topic: str, message: bytes) -> None:
        """Tell all subscribers of this topic; one that fails does not stop the others."""
        for fn in list(self._subscribers[topic]):
            try:
                fn(message)
            except Exception:
                self.faults += 1
                LOG.exception("bus.subscriber", topic=topic)

    def subscribe(self, topic: str, fn: Hear, on_gap: Gap | None = None) -> None:
        """Have ``fn`` called with each message of this topic. Within a process nothing is ever missed."""
        self._subscribers[topic].append(fn)

    def close(self) -> None:
        """Nothing to let go of."""


class RedisBus:
    """Between processes, by Redis pub/sub: one thread sends, one receives; both connect again by themselves."""

    def __init__(self, url: str, limit: int = 10_000) -> None:
        options = {"socket_timeout": ANSWER_S, "socket_connect_timeout": ANSWER_S}
        self._client = redis.Redis.from_url(url, **options)
        self._listener = redis.Redis.from_url(url, **options)
        self._local = MemoryBus()
        self._gaps: list[Gap] = []
        self._topics: dict[str, None] = {}
        self._outbox: queue.Queue[tuple[str, bytes] | None] = queue.Queue(limit)
        self._changed = threading.Event()
        self._closed = threading.Event()
        self.dropped = 0
        self.connected = False
        self._threads = [threading.Thread(target=run, name=name, daemon=True)
                         for name, run in (("bus-out", self._send_all), ("bus-in", self._hear_all))]
        for thread in self._threads:
            thread.start()

    @property
    def faults(self) -> int:
        """How often a subscriber failed."""
        return self._local.faults

    def publish(self, topic: str, message: bytes) -> None:
        """Have this sent as soon as possible, or dropped and counted when too much waits."""
        try:
            self._outbox.put_nowait((topic, message))
        except queue.Full:
            self.dropped += 1

    def subscribe(self, topic: str, fn: Hear, on_gap: Gap | None = None) -> None:
        """Have ``fn`` called (on the bus's thread) with each message, ``on_gap`` when messages may have been missed."""
        self._local.subscribe(topic, fn)
        if on_gap is not None:
            self._gaps.append(on_gap)
        self._topics[topic] = None
        self._changed.set()

    def close(self) -> None:
        """Send no more, hear no more."""
        self._closed.set()
        self._changed.set()
        try:
            self._outbox.put_nowait(None)
        except queue.Full:
            LOG.debug("bus.full_at_close")
        for thread in self._threads:
            thread.join(2 * ANSWER_S)
        self._client.close()
        self._listener.close()

    def _send_all(self) -> None:
        while not self._closed.is_set():
            item = self._outbox.get()
            if item is None:
                return
            try:
                self._client.publish(*item)
            except RedisError:
                self.dropped += 1
                self._closed.wait(BACKOFF_S[0])

    def _hear_all(self) -> None:
        tries = 0
        while not self._closed.is_set():
            if not self._topics:
                self._changed.wait()
                continue
            try:
                self._hear()
                tries = 0
            except (RedisError, OSError) as lost:
                if self.connected:
                    tries = 0
                    LOG.warning("bus.away", error=type(lost).__name__)
                self.connected = False
                self._closed.wait(BACKOFF_S[min(tries, len(BACKOFF_S) - 1)])
                tries += 1

    def _hear(self) -> None:
        """Listen until the connection is lost (raises), new topics are asked for, or the end."""
        self._changed.clear()
        with self._listener.pubsub(ignore_subscribe_messages=False) as line:
            line.subscribe(*self._topics)
            left = set(self._topics)
            while not self._closed.is_set() and not (self._changed.is_set() and not left):
                got = line.get_message(timeout=0.5)
                if got is None:
                    line.check_health()
                elif got["type"] == "subscribe":
                    left.discard(got["channel"].decode())
                    if not left:
                        self._up()
                elif got["type"] == "message":
                    self._local.publish(got["channel"].decode(), got["data"])

    def _up(self) -> None:
        """Connected: what was sent before is not coming any more."""
        self.connected = True
        for gap in list(self._gaps):
            try:
                gap()
            except Exception:
                self._local.faults += 1
                LOG.exception("bus.gap")
