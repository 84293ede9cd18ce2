"""Everything that is held back now, in one list: shelved, maintenance, roadworks, silent in a flood, folded chatter.

Each row says what, why, by whom, until when and how much it held back, so that a person can judge it and undo it.
"""

from __future__ import annotations

import msgspec

from stream.board import Board
from stream.schema import Incident, State


class Row(msgspec.Struct, frozen=True):
    """One suppression. ``subject`` is an incident's id or what a window stands over; times in µs, 0: no end set.

    ``n`` counts detections that called nobody because of it.
    """

    what: str
    subject: str
    kind: str
    by: str
    reason: str
    since: int
    until: int
    n: int


def rows(board: Board, now: int) -> list[Row]:
    """All of them: windows, shelved incidents, silent ones of a flood, chattering ones; each by its beginning."""
    windows = [Row(w.what, w.subject, "", w.by, w.reason, w.since, w.until, w.n) for w in board.windows.open(now)]
    incidents = [row for i in list(board.incidents.values()) if i.is_open and (row := _incident(i))]
    return sorted(windows, key=lambda r: r.since) + sorted(incidents, key=lambda r: (ORDER.index(r.what), r.since))


ORDER = ("shelved", "flood", "chattering")


def _incident(i: Incident) -> Row | None:
    repeats = sum(d.n for d in i.detections)
    if i.state == State.shelved:
        return Row("shelved", i.id, i.kind, i.shelved_by, i.reason, i.shelved_at, i.shelved_until, i.held)
    if "flood" in i.marks and not i.annunciated and i.state == State.new:
        return Row("flood", i.id, i.kind, "engine", "flood", i.opened_at, 0, repeats)
    if "chattering" in i.marks:
        return Row("chattering", i.id, i.kind, "engine", "chattering", i.opened_at, 0, repeats - len(i.detections))
    return None
