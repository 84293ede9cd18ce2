"""The numbers of each source: what is missing, what came late, what came twice.

A source that numbers its messages lets us see a loss. Per source we keep the highest number, the ranges that are
missing below it, and the last ids of telemetry without a number. A range that stays open for ``hold_us`` is listed once
(``source.gap``); when it comes after all, ``source.filled`` says so. A number that starts again with a later time is a
device that was restarted; what was missing before is lost then, and listed as lost.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, delete, select

from stream import tables
from stream.bulk import insert_rows
from stream.schema import Delivery, Draft, Event
from stream.store import Store

RANGES = 64  # open ranges kept of one source; the oldest is given up as lost
IDS = 256  # ids kept of telemetry without numbers


class Hole(msgspec.Struct, array_like=True):
    """A missing range, both ends included; ``since`` µs when it was seen; ``listed`` once a record says so."""

    first: int
    last: int
    since: int
    listed: bool = False


class Source(msgspec.Struct, array_like=True):
    """What is known of one source. ``begin`` is the first number of this counting, -1: it sends none."""

    begin: int = -1
    top: int = -1
    time: int = -(2**62)
    holes: list[Hole] = []
    ids: list[str] = []

    @property
    def contiguous(self) -> int | None:
        """Highest number with nothing missing below it; None when the source sends none."""
        if self.begin < 0:
            return None
        return self.holes[0].first - 1 if self.holes else self.top


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Source).decode
_T = tables.source_state


class Sequence:
    """All sources, in memory and (``save``) in the turn's transaction."""

    def __init__(self, store: Store, hold_us: int) -> None:
        self.hold_us = hold_us
        self.known: dict[str, Source] = {}
        self._dirty: dict[str, None] = {}
        self._open: dict[str, None] = {}  # sources with something to list
        self._filled: dict[str, list[tuple[int, int]]] = {}
        self._lost: dict[str, list[tuple[int, int]]] = {}
        with store.read() as conn:
            for source, state in conn.execute(select(_T.c.source, _T.c.state)):
                kept = self.known[source] = _decode(state)
                if any(not hole.listed for hole in kept.holes):
                    self._open[source] = None

    def is_new(self, event: Event, now: int) -> bool:
        """Take this event's number (or id) in; False for telemetry that came before.

        Alarms and readings are told apart by the database, not here: for them the answer is always True.
        """
        source = self._touch(event.source)
        telemetry = event.delivery == Delivery.telemetry
        if event.seq is not None and (source.begin < 0 or event.seq >= source.begin or event.time > source.time):
            new = self._number(event.source, source, event.seq, event.time, now)
        else:
            new = not telemetry or self._id(source, event.id)
        source.time = max(source.time, event.time)
        return new or not telemetry

    def _touch(self, name: str) -> Source:
        source = self.known.get(name)
        if source is None:
            source = self.known[name] = Source(holes=[], ids=[])
        self._dirty[name] = None
        return source

    def _id(self, source: Source, id: str) -> bool:
        if id in source.ids:
            return False
        source.ids.append(id)
        del source.ids[:-IDS]
        return True

    def _number(self, name: str, source: Source, seq: int, time: int, now: int) -> bool:
        if source.begin < 0:
            source.begin = source.top = seq
            return True
        if seq > source.top:
            if seq > source.top + 1:
                self._miss(name, source, Hole(source.top + 1, seq - 1, now))
            source.top = seq
            return True
        if self._fill(name, source, seq):
            return True
        if time > source.time:
            self._restart(name, source, seq)
            return True
        return False

    def _miss(self, name: str, source: Source, hole: Hole) -> None:
        source.holes.append(hole)
        self._open[name] = None
        if len(source.holes) > RANGES:
            old = source.holes.pop(0)
            self._lost.setdefault(name, []).append((old.first, old.last))

    def _fill(self, name: str, source: Source, seq: int) -> bool:
        """Close (a part of) the hole that this number lies in; False when it lies in none."""
        for i, hole in enumerate(source.holes):
            if hole.first <= seq <= hole.last:
                ends = ((hole.first, seq - 1), (seq + 1, hole.last))
                rest = [Hole(first, last, hole.since, hole.listed) for first, last in ends if first <= last]
                source.holes[i : i + 1] = rest
                if hole.listed:
                    self._filled.setdefault(name, []).append((seq, seq))
                    self._open[name] = None
                return True
        return False

    def _restart(self, name: str, source: Source, seq: int) -> None:
        self._lost.setdefault(name, []).extend((hole.first, hole.last) for hole in source.holes)
        self._open[name] = None
        source.holes.clear()
        source.begin = source.top = seq

    def settle(self, source: str, seqs: Iterable[int], time: int, now: int) -> None:
        """These numbers did come (quarantined, or shed by us): they are not missing."""
        kept = self._touch(source)
        for seq in sorted(seqs):
            self._number(source, kept, seq, min(time, kept.time), now)

    def last(self, source: str) -> int:
        """Time of the newest event of this source by its own clock, µs; 0: none ever came. For any thread."""
        kept = self.known.get(source)
        return max(0, kept.time) if kept else 0

    def contiguous(self, source: str) -> int | None:
        """Highest number of this source with nothing missing below it; None when it sends none."""
        kept = self.known.get(source)
        return kept.contiguous if kept else None

    def missing(self) -> int:
        """How many numbers are missing now, of all sources; from any thread."""
        holes = [hole for kept in list(self.known.values()) for hole in list(kept.holes)]
        return sum(hole.last - hole.first + 1 for hole in holes)

    def tick(self, now: int) -> list[Draft]:
        """Records for what became due: one a source for its new gaps, one for what was filled, one for what is lost."""
        drafts: list[Draft] = []
        for name in list(self._open):
            source = self.known[name]
            fresh = [hole for hole in source.holes if not hole.listed]
            for kind, ranges, more in (
                ("source.gap", self._due(fresh, now), {}),
                ("source.filled", _joined(self._filled.pop(name, [])), {}),
                ("source.gap", _joined(self._lost.pop(name, [])), {"lost": True}),
            ):
                if ranges:
                    drafts.append(_draft(kind, name, now, ranges, more))
                    self._dirty[name] = None
            if not any(not hole.listed for hole in source.holes):
                del self._open[name]
        return drafts

    def _due(self, fresh: list[Hole], now: int) -> list[tuple[int, int]]:
        """All unlisted ranges of a source, once the oldest of them has been open long enough."""
        if not fresh or now - fresh[0].since < self.hold_us:
            return []
        for hole in fresh:
            hole.listed = True
        return [(hole.first, hole.last) for hole in fresh]

    def take_dirty(self) -> dict[str, str]:
        """State of the sources that changed since this was asked last, to be saved with the turn."""
        dirty, self._dirty = self._dirty, {}
        return {name: _encode(self.known[name]).decode() for name in dirty}


def save(conn: Connection, states: dict[str, str]) -> None:
    """Put the state of these sources into this transaction."""
    insert_rows(conn, _T, list(states.items()), "state")


def forget(conn: Connection, source: str) -> None:
    """Forget a source that was taken down."""
    conn.execute(delete(_T).where(_T.c.source == source))


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring ranges as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _draft(kind: str, source: str, now: int, ranges: list[tuple[int, int]], more: dict[str, bool]) -> Draft:
    n = sum(last - first + 1 for first, last in ranges)
    body = {"first": ranges[0][0], "last": ranges[-1][1], "n": n, "ranges": [list(r) for r in ranges[:RANGES]], **more}
    return Draft(kind, source, now, body, "engine", "timer")
