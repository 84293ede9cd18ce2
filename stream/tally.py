"""How many open incidents of each priority are new, seen, in work or shelved, and how old the oldest new one is."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any

from stream.schema import Incident, Priority, State

COLUMN = {
    State.new: "new",
    State.acknowledged: "seen",
    State.in_progress: "work",
    State.escalated: "work",
    State.shelved: "shelved",
}


class Tally:
    """Counts that follow each change of an incident; asking costs nothing."""

    def __init__(self) -> None:
        self._n = {p: dict.fromkeys(("new", "seen", "work", "shelved"), 0) for p in Priority}
        self._new: dict[Priority, list[tuple[int, str]]] = {p: [] for p in Priority}

    def move(self, was: Incident | None, now: Incident | None) -> None:
        """Count an incident as it is now instead of as it was (None: not open)."""
        if was is not None:
            self._count(was, -1)
        if now is not None:
            self._count(now, 1)

    def _count(self, incident: Incident, by: int) -> None:
        priority = Priority(incident.priority)
        self._n[priority][COLUMN[State(incident.state)]] += by
        if incident.state == State.new:
            row, key = self._new[priority], (incident.opened_at, incident.id)
            if by > 0:
                insort(row, key)
            else:
                del row[bisect_left(row, key)]

    def view(self) -> dict[str, Any]:
        """``{total, unacked, P1: {new, seen, work, shelved, oldest}, ...}``; ``oldest`` is µs or None."""
        table: dict[str, Any] = {
            p.name: {**self._n[p], "oldest": row[0][0] if (row := self._new[p][:1]) else None} for p in Priority
        }
        total = sum(sum(n.values()) for n in self._n.values())
        return {"total": total, "unacked": sum(n["new"] for n in self._n.values()), **table}

    def copy(self) -> Tally:
        """The same counts, for another writer."""
        other = Tally()
        other._n = {p: dict(n) for p, n in self._n.items()}
        other._new = {p: list(row) for p, row in self._new.items()}
        return other
