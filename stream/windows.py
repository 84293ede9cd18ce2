"""Times in which a device is being worked on, or a street: what it says then is counted and calls nobody.

A fold of ``window.opened``, ``window.ended`` and of the notices that name a window. It ends by itself, for its end
stands in its first record; nobody has to remember to take it away. Only people set one, each can be ended by anyone who
may set one. What a window may hold back at all is decided in ``cep/suppress.py``.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from stream import bodies
from stream.kinds import body_of
from stream.schema import Record

KEEP = 1000  # windows remembered, ended ones too

Key = tuple[str, str]


class Window(msgspec.Struct, frozen=True):
    """One window: of what, over which source or place, by whom and why, its times (µs), what it has held back."""

    what: str
    subject: str
    by: str
    reason: str
    since: int
    until: int
    n: int = 0
    last_at: int = 0

    def holds(self, at: int) -> bool:
        """Is it open at this moment?"""
        return self.since <= at < self.until


class Windows:
    """The windows by what and subject, the latest of each."""

    def __init__(self) -> None:
        self._rows: dict[Key, Window] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def get(self, what: str, subject: str, at: int) -> Window | None:
        """The window over this subject that is open at ``at``."""
        row = self._rows.get((what, subject))
        return row if row is not None and row.holds(at) else None

    def open(self, at: int) -> list[Window]:
        """Those not over at ``at`` (also those that begin later), first set first."""
        return [row for row in list(self._rows.values()) if row.until > at]

    def apply(self, record: Record) -> None:
        """Take one record in."""
        body = body_of(record.kind, record.body)
        if isinstance(body, bodies.WindowOpened):
            row = Window(body.what, record.subject, record.by, body.reason, body.since, body.until)
            self._rows.pop((body.what, record.subject), None)
            self._rows[body.what, record.subject] = row
            if len(self._rows) > KEEP:
                del self._rows[next(iter(self._rows))]
        elif isinstance(body, bodies.WindowEnded):
            self._move((body.what, record.subject), lambda row: replace(row, until=min(row.until, record.at)))
        elif isinstance(body, bodies.Notice) and body.window:
            self._move((body.why, body.window), lambda row: replace(row, n=row.n + 1, last_at=record.at))

    def _move(self, key: Key, step: Callable[[Window], Window]) -> None:
        if row := self._rows.get(key):
            self._rows[key] = step(row)

    def copy(self) -> Windows:
        """The same windows, for another writer."""
        other = Windows()
        other._rows = dict(self._rows)
        return other
