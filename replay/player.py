"""The board as it was: folded from the journal up to a moment, with checkpoints in memory so that seeking is quick.

``at`` is compared with ``noted_at``: the board at a moment holds what the operators' screens could show then, no more.
A fold holds no rule, so tomorrow's code does not rewrite it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

import msgspec

from stream.board import Board
from stream.schema import HouseError, Record
from stream.signs import Records
from stream.store import StoreError

CHECKPOINT_RECORDS = 1000
CHECKPOINTS_MAX = 128
MARKS_MAX = 2000
SLICE = 100  # records that the follower folds at once: some 15 ms, between which others work
BREATH_S, REST_S = 0.02, 1.0  # its pauses (seconds): while it is behind, and when it is not


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
        _fold(board, record)
    return board


def _fold(board: Board, record: Record) -> None:
    """One record onto the board; one that does not fit it is left out, as when the console starts."""
    with suppress(HouseError):
        board.apply(record)


class Player:
    """Seeks in a journal that still grows. Boards it answers are copies: who asks may do with them what it likes."""

    def __init__(self, journal: Records, every: int = CHECKPOINT_RECORDS) -> None:
        self._journal = journal
        self._every = every
        self._lock = threading.Lock()
        self._points: list[tuple[int, int, Board]] = []  # (noted_at of the last record in it, its seq, board)
        self._marks: list[Mark] = []  # the last openings, of the records up to the number
        self._marked = 0
        self._ahead = (0, Board())  # where the follower is: number of the last record folded, the board with it

    def follow(self) -> int:
        """Fold a few of the records that nobody has sought yet, so that seeking finds its checkpoints; how many."""
        seq, board = self._ahead
        records = list(self._journal.read(after=seq, limit=SLICE))
        for record in records:
            _fold(board, record)
            seq = record.seq
            if seq % self._every == 0:
                with self._lock:
                    self._keep(record, board)
        self._ahead = (seq, board)
        return len(records)

    def start(self, pause: Callable[[float], bool]) -> None:
        """Follow the journal in a thread of its own; ``pause(s)`` waits and answers True when it is to end."""

        def run() -> None:
            n = 0
            while not pause(BREATH_S if n == SLICE else REST_S):
                try:
                    n = self.follow()
                except StoreError:
                    n = 0  # the store is away: the loop says so, here it is tried again

        threading.Thread(target=run, name="player", daemon=True).start()

    def board_at(self, at: int) -> Board:
        """As the function, but folded from the nearest checkpoint before ``at``."""
        with self._lock:
            i = bisect_right(self._points, at, key=lambda point: point[0])
            # records of one moment may lie on both sides of a checkpoint: only one strictly before is whole
            while i and self._points[i - 1][0] >= at:
                i -= 1
            _, seq, board = self._points[i - 1] if i else (0, 0, Board())
            board = board.copy()
            for record in self._journal.read(after=seq, noted_until=at):
                _fold(board, record)
                if record.seq % self._every == 0:
                    self._keep(record, board)
            return board

    def _keep(self, record: Record, board: Board) -> None:
        if all(seq != record.seq for _, seq, _ in self._points):
            self._points.append((record.noted_at, record.seq, board.copy()))
            self._points.sort(key=lambda point: point[:2])
        while len(self._points) > CHECKPOINTS_MAX:
            del self._points[1::2]  # thin out evenly: seeking gets slower, never wrong

    def span(self, limit: int = MARKS_MAX) -> Span:
        """What the slider needs: the ends of the journal and the last ``limit`` openings that were annunciated."""
        first = next(self._journal.read(limit=1), None)
        last = next(self._journal.read(after=self._journal.last_seq - 1, limit=1), first)
        if first is None or last is None:
            return Span(0, 0, ())
        with self._lock:
            for record in self._journal.read(after=self._marked, until=last.seq, kinds=["incident.opened"]):
                if record.body.get("annunciated", True):
                    self._marks.append(Mark(record.noted_at, record.subject, int(record.body["priority"])))
            self._marked, self._marks = last.seq, self._marks[-limit:]
            return Span(first.noted_at, last.noted_at, tuple(self._marks))
