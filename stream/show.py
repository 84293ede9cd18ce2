"""The board that others read: a turn is on it once it is durable, or marked unrecorded when it could not be made so."""

from __future__ import annotations

from msgspec.structs import replace

from stream.board import Board
from stream.schema import Change, Record


class Shown:
    """The readers' board and what on it is not recorded."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._unrecorded: dict[str, None] = {}

    def be(self, board: Board) -> None:
        """Show what is on this board (a copy is made), in the very object that the readers hold."""
        vars(self.board).update(vars(board.copy()))

    def show(self, records: list[Record], recorded: bool) -> list[Change]:
        """Take the records in; what changed for the screens. Recorded again, what was marked is unmarked."""
        changes = {c.id: c for record in records for c in self.board.apply(record)}
        marked = self._unrecorded if recorded else dict.fromkeys(changes)
        for id in marked:
            incident = self.board.incidents.get(id)
            if incident is not None:
                incident = self.board.incidents[id] = replace(incident, unrecorded=not recorded)
                changes[id] = Change(changes[id].op if id in changes else "put", id, incident)
        self._unrecorded = {} if recorded else self._unrecorded | marked
        return list(changes.values())
