"""The board as it was: folded from the journal up to a moment, with checkpoints in memory so that seeking is quick.

``at`` is compared with ``noted_at``: the board at a moment holds what the operators' screens could show then, no more.
A fold holds no rule, so tomorrow's code does not rewrite it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator
from typing import Protocol

import msgspec

from stream.board import Board
from stream.schema import Record

CHECKPOINT_RECORDS = 2000
CHECKPOINTS_MAX = 64


class Records(Protocol):
    """What is needed of the journal."""

    last_seq: int

    def read(
        self, after: int = 0, until: int | None = None, subject: str | None = None, kinds: list[str] | None = None,
        limit: int | None = None, noted_until: int | None = None,
    ) -> Iterator[Record]:
        """Records in order."""


class Mark(msgspec.Struct, frozen=True):
    """An incident's opening on the slider."""

    at: int
    id: str
    priority: int


class Span(msgspec.Struct, frozen=True):
    """What there is to play: first and last moment (µs, 0 = nothing recorded) and the openings between."""

    first: int
    last: int
    marks: tuple[Mark, ...]


def board_at(journal: Records, at: int) -> Board:
    """The board with everything noted at or before ``at`` (µs), folded from the first record."""
    board = Board()
    for record in journal.read(noted_until=at):
        board.apply(record)
    return board


class Player:
    """Seeks in a journal that still grows. Boards it answers are copies: who asks may do with them what it likes."""

    def __init__(self, journal: Records, every: int = CHECKPOINT_RECORDS) -> None:
        self._journal = journal
        self._every = every
        self._lock = threading.Lock()
        self._points: list[tuple[int, int, Board]] = []  # (noted_at of the last record in it, its seq, board)

    def board_at(self, at: int) -> Board:
        """As the function, but folded from the nearest checkpoint before ``at``."""
        with self._lock:
            i = bisect_right(self._points, at, key=lambda point: point[0])
            # records of one moment may lie on both sides of a checkpoint: only one strictly before is whole
            while i and self._points[i - 1][0] >= at:
                i -= 1
            _, seq, board = self._points[i - 1] if i else (0, 0, Board())
            board = board.copy()
            for n, record in enumerate(self._journal.read(after=seq, noted_until=at), 1):
                board.apply(record)
                if n % self._every == 0:
                    self._keep(record, board)
            return board

    def _keep(self, record: Record, board: Board) -> None:
        if all(seq != record.seq for _, seq, _ in self._points):
            self._points.append((record.noted_at, record.seq, board.copy()))
            self._points.sort(key=lambda point: point[:2])
        while len(self._points) > CHECKPOINTS_MAX:
            del self._points[1::2]  # thin out evenly: seeking gets slower, never wrong

    def span(self, limit: int = 2000) -> Span:
        """What the slider needs: the ends of the journal and the last ``limit`` openings that were annunciated."""
        first = next(self._journal.read(limit=1), None)
        last = next(self._journal.read(after=self._journal.last_seq - 1, limit=1), first)
        if first is None or last is None:
            return Span(0, 0, ())
        marks = [
            Mark(record.noted_at, record.subject, int(record.body["priority"]))
            for record in self._journal.read(kinds=["incident.opened"])
            if record.body.get("annunciated", True)
        ]
        return Span(first.noted_at, last.noted_at, tuple(marks[-limit:]))
