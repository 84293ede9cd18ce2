"""The time strip of a look back: how much happened when, in five lanes, counted from the records and the tape.

Lanes: ``sensor`` (what came in), ``ruling`` (what the rules said), ``incident`` (what became of it on the board),
``operator`` (what people did and saw), ``agency`` (how reports to 112/119 went).
"""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select

from stream import tables
from stream.schema import Record
from stream.store import Store

LANES = ("sensor", "ruling", "incident", "operator", "agency")
MACHINES = frozenset({"", "engine", "house", "timer", "outbox"})
RULINGS = frozenset({"detection.noted", "incident.attached", "incident.folded", "incident.scored", "incident.marked"})
LOOKS = frozenset({"paint.noted", "access.looked", "access.login", "access.refused"})
ASKED = frozenset({"escalation.requested", "escalation.cancelled"})  # of a report, what a person of ours does
SPAN_MAX_US = 6 * 3600 * 1_000_000
BINS_MAX = 720
_J, _T = tables.journal, tables.tape


def is_person(by: str) -> bool:
    """Whether this is an account: neither a part of the house nor a source (those are paths)."""
    return by not in MACHINES and not by.startswith("/")


def lane_of(kind: str, by: str) -> str:
    """The lane a record stands in."""
    if kind.startswith("escalation.") and kind not in ASKED:
        return "agency"
    if kind in LOOKS or is_person(by):
        return "operator"
    if kind in RULINGS:
        return "ruling"
    return "incident" if kind.startswith("incident.") else "sensor"


class Strip(msgspec.Struct, frozen=True):
    """Counts of ``bins`` equal parts of the span ``frm`` <= time < ``to`` (µs), by lane."""

    frm: int
    to: int
    bins: int
    lanes: dict[str, list[int]]


def strip(store: Store, frm: int, to: int, bins: int) -> Strip:
    """Count records by lane and the tape's events (lane ``sensor``) in each part of the span."""
    lanes = {lane: [0] * bins for lane in LANES}
    width = max(1, -(-(to - frm) // bins))
    part = (_J.c.noted_at - frm) // width
    recorded = select(part, _J.c.kind, _J.c.by, func.count()).where(_J.c.noted_at >= frm, _J.c.noted_at < to)
    came = (_T.c.now - frm) // width
    heard = select(came, func.sum(_T.c.n)).where(_T.c.now >= frm, _T.c.now < to).group_by(came)
    with store.read() as conn:
        for n, kind, by, count in conn.execute(recorded.group_by(part, _J.c.kind, _J.c.by)):
            lanes[lane_of(kind, by)][int(n)] += count
        for n, count in conn.execute(heard):
            lanes["sensor"][int(n)] += int(count)
    return Strip(frm, to, bins, lanes)


def beside(store: Store, at: int, onward: bool) -> tuple[int, int] | None:
    """(moment in µs, record number) of the first record noted after ``at``, or of the last one before it."""
    asked = select(_J.c.noted_at, _J.c.seq)
    found = (
        asked.where(_J.c.noted_at > at).order_by(_J.c.noted_at, _J.c.seq)
        if onward else asked.where(_J.c.noted_at < at).order_by(_J.c.noted_at.desc(), _J.c.seq.desc())
    )
    with store.read() as conn:
        row = conn.execute(found.limit(1)).first()
    return (row[0], row[1]) if row else None


def numbers(store: Store, frm: int, to: int) -> tuple[int, int]:
    """The first and the last record number noted in ``frm`` <= time < ``to``; (0, 0) when there is none."""
    with store.read() as conn:
        first, last = conn.execute(
            select(func.min(_J.c.seq), func.max(_J.c.seq)).where(_J.c.noted_at >= frm, _J.c.noted_at < to)
        ).one()
    return (first or 0, last or 0)


def is_deed(record: Record) -> bool:
    """Whether a person did or saw this."""
    return lane_of(record.kind, record.by) == "operator"
