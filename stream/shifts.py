"""What is known of shifts: hand-overs that wait for a second signature, the last that has it, who checked the sound.

A fold of ``shift.handed`` (signed by who goes, with the summary of that moment), ``shift.taken`` (signed by who comes),
``shift.withdrawn`` (taken back before that)
and ``shift.begun`` (the sound of a desk was checked). What may be handed to whom is decided in ``stream/handover.py``.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from stream import bodies
from stream.kinds import body_of
from stream.schema import Record

KEEP = 500  # people remembered


class Handover(msgspec.Struct, frozen=True):
    """One: its id, who signed first and to whom it goes, when (µs), what was said; the second signature if there."""

    id: str
    by: str
    to: str
    at: int
    told: bodies.Handed
    taken_at: int = 0


class Check(msgspec.Struct, frozen=True):
    """The sound check of a person: when (µs), and which priorities were heard."""

    at: int
    heard: tuple[int, ...]


class Shifts:
    """Hand-overs that wait, by id (one of each person); the last one taken; the last sound check of each person."""

    def __init__(self) -> None:
        self.waiting: dict[str, Handover] = {}
        self.checks: dict[str, Check] = {}
        self.last: Handover | None = None

    def apply(self, record: Record) -> None:
        """Take one record in."""
        body = body_of(record.kind, record.body)
        if isinstance(body, bodies.Handed):
            for id in [id for id, one in self.waiting.items() if one.by == record.by]:
                del self.waiting[id]
            self.waiting[record.subject] = Handover(record.subject, record.by, body.to, record.at, body)
        elif isinstance(body, bodies.Taken):
            if one := self.waiting.pop(record.subject, None):
                self.last = replace(one, taken_at=record.at)
        elif isinstance(body, bodies.Withdrawn):
            self.waiting.pop(record.subject, None)
        elif isinstance(body, bodies.Began):
            self.checks.pop(record.by, None)
            self.checks[record.by] = Check(record.at, body.heard)
            if len(self.checks) > KEEP:
                del self.checks[next(iter(self.checks))]

    def copy(self) -> Shifts:
        """The same, for another writer."""
        other = Shifts()
        other.waiting, other.checks, other.last = dict(self.waiting), dict(self.checks), self.last
        return other
