"""The engine's memory across a restart: the newest checkpoint, then the tape since, with what it finds thrown away.

What was found then is in the journal already; finding it again would make records twice (SAFETY 1.7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import structlog
import zstandard
from sqlalchemy import select

from stream import tables, tape
from stream.ruling import Ruling
from stream.schema import Detection, Event
from stream.store import Store, StoreError

LOG = structlog.get_logger("checkpoint")
_T = tables.checkpoint


class Memory(Protocol):
    """As much of ``cep.engine.Engine`` as keeping its memory needs."""

    def step(self, events: list[Event], now: int | None) -> list[Detection]: ...

    def save(self) -> bytes: ...

    def load(self, data: bytes) -> None: ...

    def expect(self, at: int) -> None: ...


class Checkpoint:
    """The last checkpoint taken, in memory, so that a crashed rule can be undone while the store is away."""

    def __init__(self, store: Store, engine: Memory, every_us: int, judged: Callable[[Event], Event],
                 ruling: Ruling | None = None) -> None:
        self._store, self._engine, self._judged = store, engine, judged
        self.every_us, self._ruling = every_us, ruling or Ruling()
        self.turn = 0
        self.at = 0
        self.last_turn = 0  # of the tape, as far as it was read
        self._rules = self._ruling.at  # how many changes of the rules it knows
        self._data = self._saved()  # of an engine that has seen nothing

    def _saved(self) -> bytes:
        return zstandard.ZstdCompressor(level=1).compress(self._engine.save())

    def due(self, turn: int, now: int) -> bool:
        """Is it time for the next one, and has anything happened since the last?"""
        return turn > self.turn and abs(now - self.at) >= self.every_us

    def take(self, turn: int, now: int) -> dict[str, object]:
        """The engine's memory after this turn, as a row; call ``taken`` once it is durable."""
        return {"turn": turn, "now": now, "data": self._saved()}

    def taken(self, row: dict[str, object]) -> None:
        """This row is durable: from now on it is where a restore begins."""
        self.turn, self.at, self._data = int(row["turn"]), int(row["now"]), row["data"]  # type: ignore[call-overload, assignment]
        self._rules = self._ruling.at

    def load(self) -> int:
        """Find the newest checkpoint that this engine can read, and bring the engine up to the end of the tape.

        Returns how many turns of the tape were read again. A checkpoint of other rules is passed over.
        """
        with self._store.read() as conn:
            rows = conn.execute(select(_T).order_by(_T.c.turn.desc())).all()
        for row in rows:
            self._ruling.back(self._ruling.before(row.turn))
            try:
                self._engine.load(zstandard.ZstdDecompressor().decompress(row.data))
            except Exception as unreadable:
                LOG.warning("checkpoint.unreadable", turn=row.turn, error=type(unreadable).__name__)
                continue
            self.turn, self.at, self._data = row.turn, row.now, row.data
            self._rules = self._ruling.at
            break
        else:
            self._ruling.back(self._rules)
            self._engine.load(zstandard.ZstdDecompressor().decompress(self._data))
        return self._follow([])

    def expect(self, at: int, turn: int) -> None:
        """Let every source that the city expects count as heard at ``at``; a restore after ``turn`` knows it too."""
        self._engine.expect(at)
        self.turn, self._data, self._rules = turn, self._saved(), self._ruling.at

    def restore(self, after: Iterable[tuple[list[Event], int | None]]) -> None:
        """Put the engine back: the last checkpoint, the tape since, then ``after`` (what is not on the tape yet)."""
        self._ruling.back(self._rules)
        self._engine.load(zstandard.ZstdDecompressor().decompress(self._data))
        self._follow(after)

    def _follow(self, after: Iterable[tuple[list[Event], int | None]]) -> int:
        """Step through what came since the checkpoint; a row that crashes is passed over."""
        n = 0
        try:
            for turn, now, events in tape.read_store(self._store, after=self.turn):
                n, self.last_turn = n + 1, turn
                self._ruling.go(turn)
                self._again([self._judged(e) for e in events], now)
        except StoreError as away:
            LOG.error("checkpoint.tape_unread", after=self.last_turn, error=away.code)
        self._ruling.go()  # a change is never made while the store is away: what is not on the tape came after it
        for more, until in after:
            self._again(more, until)
        return n

    def _again(self, events: list[Event], now: int | None) -> None:
        try:
            self._engine.step(events, now)
        except Exception as bug:
            LOG.error("checkpoint.row_crashes", now=now, n=len(events), error=type(bug).__name__)
