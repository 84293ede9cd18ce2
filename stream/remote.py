"""The loop as a web process sees it: the same questions, answered by the core; the same turns, read from the journal.

It stands where ``stream.pipeline.Pipeline`` stands in the core. It decides nothing: its board is the fold of what the
core has made durable, a moment later. When the core is gone, what is on the screens grows old and is said to be old.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from sqlalchemy import select

from stream import asks, tables
from stream.board import Board
from stream.clock import Clock, monotonic
from stream.deeds import NOT_RECORDED, Hand, Note
from stream.journal import read
from stream.pipeline import Turn
from stream.quarantine import Quarantine
from stream.ruling import Ruled, Ruling
from stream.schema import Command, Draft, Event, Record, RoadFrame
from stream.sequence import Sequence
from stream.show import Shown
from stream.store import Store, StoreError
from stream.vault import Vault

POLL_S = 0.05
AT_ONCE = 2000  # records of one turn
NUMBERS_S = 2.0  # how old what is told of a source may be
AGAIN_S = 5.0  # how long one waits for a message to be handed in again
LOG = structlog.get_logger("remote")
NOTHING: dict[str, Any] = {"queue_age_ms": 0, "shed": 0, "quarantine": 0, "recorded": False, "broker": False}
_events = msgspec.msgpack.Decoder(list[Event])


class Remote:
    """Questions from any thread; ``run`` in one of its own."""

    def __init__(self, store: Store, vault: Vault, board: Board, clock: Clock, bus: Any, ruling: Ruling,
                 on_turn: Callable[[Turn], None]) -> None:
        self.board, self.ruling, self.listeners = board, ruling, [on_turn]
        self.quarantine = Quarantine(store, vault)
        self._store, self._vault, self._clock, self._bus = store, vault, clock, bus
        self._shown, self._seq = Shown(board), 0
        self._waiting: dict[str, Future[Any]] = {}
        self._moving: list[Event] = []
        self._numbers, self._read_at = Sequence(store, 0), monotonic()
        self._pulse: dict[str, Any] = {"at": 0, "stats": NOTHING}
        self._lock, self._wake, self._end = threading.Lock(), threading.Event(), threading.Event()
        for topic in (asks.TURN, asks.ANSWER):
            bus.subscribe(topic, lambda _: self._wake.set(), self._wake.set)
        bus.subscribe(asks.MOVING, self._moved)

    # asking, from any thread

    def submit(self, command: Command) -> Future[Any]:
        """As ``Pipeline.submit``."""
        return self._ask(command)

    def open_by_hand(self, args: dict[str, Any], by: str, id: str = "") -> Future[Any]:
        """As ``Pipeline.open_by_hand``."""
        return self._ask(Hand(args, by, id))

    def rule(self, ask: Ruled) -> Future[Any]:
        """As ``Pipeline.rule``."""
        return self._ask(ask)

    def note(self, drafts: list[Draft]) -> Future[Any]:
        """As ``Pipeline.note``."""
        return self._ask(Note(drafts))

    def resubmit(self, id: int, _decode: Any = None) -> bool:
        """As ``Pipeline.resubmit``: the core has the decoder."""
        return self._ask(asks.Again(id)).result(AGAIN_S) is True

    def _ask(self, what: asks.What) -> Future[Any]:
        """Put a question into the store; a store that doesn't take it is an answer too."""
        id, future = str(uuid4()), Future[Any]()
        try:
            self._vault.flush()  # what the question points at is there before it
            with self._store.begin() as conn:
                asks.put(conn, id, what, self._clock.now())
        except StoreError as away:
            LOG.warning("remote.ask", code=away.code)
            future.set_result(NOT_RECORDED)
            return future
        with self._lock:
            self._waiting[id] = future
        self._bus.publish(asks.ASK, b"")
        return future

    def stats(self) -> dict[str, Any]:
        """What the core last said of itself; its loop is as old as that word, the quarantine is counted here."""
        told = self._pulse["stats"]
        age_ms = max(0, self._clock.now() - self._pulse["at"]) // 1000
        own = {"records": self._seq, "quarantine": self.quarantine.depth}
        return told | own | {"loop_age_ms": max(age_ms, told.get("loop_age_ms", 0))}

    def last(self, source: str) -> int:
        """As ``Sequence.last``, as it last was durable."""
        if monotonic() - self._read_at > NUMBERS_S:
            self._numbers, self._read_at = Sequence(self._store, 0), monotonic()
        return self._numbers.last(source)

    # its own thread

    def recover(self, on_record: Callable[[Record], None]) -> int:
        """Be where the journal is; how many records."""
        board, n = Board(), 0
        for record in read(self._store):
            n, self._seq = n + 1, record.seq
            try:
                board.apply(record)
            except Exception as bug:
                LOG.error("recover.record", seq=record.seq, kind=record.kind, error=type(bug).__name__)
            self.ruling.hear(record)
            on_record(record)
        self._shown.be(board)
        return n

    def run(self) -> None:
        """Step after step until ``stop``."""
        while not self._end.is_set():
            try:
                self.step()
                self._wake.wait(POLL_S)
            except StoreError as away:
                LOG.warning("remote.store", code=away.code)
                self._end.wait(1.0)
            except Exception as bug:
                LOG.exception("remote.fault", error=type(bug).__name__)
                self._end.wait(1.0)
            self._wake.clear()
        with self._lock:
            left, self._waiting = self._waiting, {}
        for future in left.values():
            _tell(future, NOT_RECORDED)

    def stop(self) -> None:
        """Have ``run`` return."""
        self._end.set()
        self._wake.set()

    def step(self) -> None:
        """Read what is new, show it, hand out the answers."""
        with self._lock:
            moving, self._moving = self._moving, []
        records = list(read(self._store, self._seq, limit=AT_ONCE))
        if records or moving:
            self._show(records, moving)
        with self._store.read() as conn:
            pulse = conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == asks.PULSE)).scalar()
            told = asks.answers(conn, list(self._waiting)) if self._waiting else {}
            self.quarantine.count(conn)
        self._pulse = msgspec.json.decode(pulse) if pulse else self._pulse
        ripe = {id: one for id, one in told.items() if one.seq <= self._seq}
        if ripe:
            with self._store.begin() as conn:
                asks.forget(conn, list(ripe))
        for id, one in ripe.items():
            _tell(self._waiting.pop(id), self._of(one))
        if len(records) == AT_ONCE or len(ripe) < len(told):
            self._wake.set()

    def _show(self, records: list[Record], moving: list[Event]) -> None:
        """The turn as its listeners know it."""
        now = self._clock.now()
        changes = self._shown.show(records, True)
        for record in records:
            self._seq = record.seq
            self.ruling.hear(record)
        turn = Turn(0, records[0].noted_at if records else now, changes, records, moving, True, now)
        for listener in self.listeners:
            try:
                listener(turn)
            except Exception as bug:
                LOG.exception("listener.fault", error=type(bug).__name__)

    def _of(self, one: asks.Answer) -> Any:
        """An answer as the core's loop gives it."""
        if one.refusal is not None:
            return one.refusal
        if one.incident:
            return self.board.get(one.incident)
        return one.records if one.again is None else one.again

    def _moved(self, message: bytes) -> None:
        """Frames by the bus, on its thread: they are in no journal."""
        found = [msgspec.structs.replace(e, data=msgspec.convert(e.data, RoadFrame)) for e in _events.decode(message)]
        with self._lock:
            self._moving = [*self._moving[-1000:], *found]
        self._wake.set()


def _tell(future: Future[Any], answer: Any) -> None:
    """Answer; who has given up waiting hears nothing."""
    try:
        future.set_result(answer)
    except InvalidStateError:
        pass
