"""One room a role: what its screens hold, and the deltas that keep them true.

A room's ``seq`` counts its messages; a delta says the number it follows, so a screen sees a gap. Each incident is
encoded once for all rooms that see the same fields, and kept encoded for the next snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from console import views
from console.matrix import Matrix
from stream.board import Board, rank
from stream.schema import Incident
from stream.tally import Tally

SNAPSHOT_MAX = 2000
ORDER_MAX = 300
Audience = tuple[tuple[str, ...], str | None]


class Encoder:
    """Encoded views by audience and incident; an Incident is frozen, so the same object has the same bytes."""

    def __init__(self, matrix: Matrix, procedures: views.Procedures) -> None:
        self._matrix = matrix
        self._procedures = procedures
        self._audience: dict[str, Audience] = {r: (fields, views.AGENCY.get(r)) for r, fields in matrix.fields.items()}
        self._held: dict[str, dict[Audience, tuple[Incident, msgspec.Raw | None]]] = {}

    def view(self, found: Incident, role: str, now: int) -> msgspec.Raw | None:
        """The view's bytes, None when the role may not see the incident."""
        audience = self._audience[role]
        rows = self._held.setdefault(found.id, {})
        held = rows.get(audience)
        if held is None or held[0] is not found:
            seen = self.once(found, role, now)
            held = rows[audience] = (found, None if seen is None else msgspec.Raw(msgspec.json.encode(seen)))
        return held[1]

    def once(self, found: Incident, role: str, now: int) -> dict[str, Any] | None:
        """The view, not kept (a past moment's)."""
        return views.incident(found, role, now, self._matrix, self._procedures)

    def forget(self, id: str) -> None:
        """Drop what is kept of an incident that left the queue."""
        self._held.pop(id, None)


def shown(board: Board, role: str, now: int, limit: int | None = None) -> list[Incident]:
    """The open incidents that a role may see, in rank order."""
    if role not in views.AGENCY:
        return board.open(now, limit)
    return [i for i in board.open(now) if views.may_see(i, role)][:limit]


class Room:
    """State of one role's room. Not thread-safe: push holds one lock around it."""

    def __init__(self, role: str, board: Board, encoder: Encoder) -> None:
        self.role = role
        self.name = f"role:{role}"
        self.seq = 0
        self._board = board
        self._encoder = encoder
        self._handed: set[str] = set()  # what a liaison's screens hold; the control room's hold everything
        self._order: list[str] = []

    def snapshot(self, now: int) -> list[msgspec.Raw]:
        """Views of the open incidents in rank order."""
        mine = shown(self._board, self.role, now, SNAPSHOT_MAX)
        if self.role in views.AGENCY:
            self._handed.update(i.id for i in mine)
        self._order = []  # the next beat tells the order again, to the one that joined too
        return [row for i in mine if (row := self._encoder.view(i, self.role, now)) is not None]

    def changes(self, changed: Iterable[tuple[str, Incident | None]], now: int) -> list[dict[str, Any]]:
        """Puts and drops for this room: an incident is dropped when it closed or is no longer this role's to see."""
        found: list[dict[str, Any]] = []
        for id, incident in changed:
            view = self._encoder.view(incident, self.role, now) if incident else None
            if view is not None and incident is not None and incident.is_open:
                self._hand(id)
                found.append({"op": "put", "id": id, "incident": view})
            elif view is not None:
                self._handed.discard(id)
                found.append({"op": "drop", "id": id, "incident": view})
            elif id in self._handed:
                self._handed.discard(id)
                found.append({"op": "drop", "id": id})
        return found

    def _hand(self, id: str) -> None:
        if self.role in views.AGENCY:
            self._handed.add(id)

    def _mine(self, now: int) -> list[Incident]:
        found = [i for id in self._handed if (i := self._board.get(id)) is not None and i.is_open]
        return sorted(found, key=lambda i: rank(i, now))

    def counts(self, now: int) -> dict[str, Any]:
        """Open incidents of this room by priority and state; the control room also hears how much is held back."""
        if self.role not in views.AGENCY:
            held = len(self._board.shelved) + len(self._board.windows.open(now))
            return views.counts(self._board.counts() | {"held": held})
        tally = Tally()
        for i in self._mine(now):
            tally.move(None, i)
        return views.counts(tally.view())

    def order(self, now: int) -> list[str] | None:
        """The first ids in rank order when they differ from what the room was told last, else None."""
        first = self._board.open(now, ORDER_MAX) if self.role not in views.AGENCY else self._mine(now)[:ORDER_MAX]
        order = [i.id for i in first]
        if order == self._order:
            return None
        self._order = order
        return order
