"""The core's side of several processes: it does what web processes ask, says how it is, and shows what moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any

import msgspec
import structlog

from stream import asks, tables
from stream.clock import Clock, monotonic
from stream.deeds import NOT_RECORDED, Hand, Note
from stream.ruling import Ruled
from stream.schema import Command, Event
from stream.store import Store, StoreError

POLL_S = 0.05  # without a word from the bus
PULSE_S = 1.0
FRAME = "city.road.frame"
LOG = structlog.get_logger("relay")


class Relay:
    """A thread beside the loop, made of ``step`` and ``beat``.

    ``loop`` is the Pipeline, ``again`` hands a quarantined message in once more.
    """

    def __init__(self, store: Store, loop: Any, clock: Clock, bus: Any, stats: Callable[[], dict[str, Any]],
                 again: Callable[[int], bool]) -> None:
        self._store, self._loop, self._clock, self._bus, self._stats = store, loop, clock, bus, stats
        self._do: dict[type, Callable[[Any], Any]] = {
            Command: loop.submit, Hand: lambda hand: loop.open_by_hand(hand.args, hand.by, hand.id),
            Note: lambda note: loop.note(note.drafts), Ruled: loop.rule, asks.Again: lambda one: again(one.id),
        }
        self._taken: set[str] = set()
        self._told: SimpleQueue[tuple[str, asks.Answer]] = SimpleQueue()
        self._moving: dict[str, Event] = {}
        self._lock, self._wake, self._end = threading.Lock(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        loop.listeners.append(self.hear)
        bus.subscribe(asks.ASK, lambda _: self._wake.set(), self._wake.set)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was answered is written first."""
        self._end.set()
        self._wake.set()
        self._thread.join()

    def hear(self, turn: Any) -> None:
        """After each commit, on the loop's thread: tell the others that there is something to read."""
        frames = {event.data.site: event for event in turn.events if event.type == FRAME}
        with self._lock:
            self._moving |= frames
        if turn.records:
            self._bus.publish(asks.TURN, b"")

    def step(self) -> None:
        """Hand on what is asked, what is answered and what has moved."""
        self._ask()
        self._answer()
        self._show()

    def _run(self) -> None:
        pulse = 0.0
        while not self._end.is_set():
            self._wake.wait(POLL_S)
            self._wake.clear()
            try:
                self.step()
                if monotonic() - pulse >= PULSE_S:
                    pulse = monotonic()
                    self.beat()
            except StoreError as away:
                LOG.warning("relay.store", code=away.code)
                self._end.wait(PULSE_S)

    def _ask(self) -> None:
        """Hand the loop what is new; what waited too long is told so."""
        with self._store.read() as conn:
            found = asks.waiting(conn)
        oldest = self._clock.now() - int(asks.EXPIRED_US * self._clock.speed)
        for id, at, what in found:
            if id not in self._taken:
                self._taken.add(id)
                told = self._do[type(what)](what) if at >= oldest else NOT_RECORDED
                if isinstance(told, Future):
                    told.add_done_callback(partial(self._done, id))
                else:
                    self._told.put((id, asks.answer_of(told, self._loop.journal.last_seq)))

    def _done(self, id: str, future: Future[Any]) -> None:
        """The loop has answered (on its thread, after the commit)."""
        self._told.put((id, asks.answer_of(future.result(), self._loop.journal.last_seq)))
        self._wake.set()

    def _answer(self) -> None:
        told = []
        while not self._told.empty():
            told.append(self._told.get())
        if told:
            try:
                with self._store.begin() as conn:
                    for id, one in told:
                        asks.answer(conn, id, one)
            except StoreError:
                for pair in told:
                    self._told.put(pair)
                raise
            self._taken -= {id for id, _ in told}
            self._bus.publish(asks.ANSWER, b"")

    def _show(self) -> None:
        """The newest frame of each site that has moved."""
        with self._lock:
            moving, self._moving = self._moving, {}
        if moving:
            self._bus.publish(asks.MOVING, msgspec.msgpack.encode(list(moving.values())))

    def beat(self) -> None:
        """Write down how the core is, for the screens of the others."""
        now = self._clock.now()
        value = msgspec.json.encode({"at": now, "stats": self._stats()}).decode()
        row = self._store.insert(tables.meta).values(key=asks.PULSE, value=value)
        with self._store.begin() as conn:
            conn.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
            asks.forget(conn, [], now - asks.KEPT_US)
            self._loop.quarantine.count(conn)  # a web process may have seen to some of it
