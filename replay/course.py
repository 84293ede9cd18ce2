"""How long one incident took: the moments that the city's plan counts, each from a record of it.

popup (a screen showed it), ack (a person's first deed), notice (a report was delivered to 112/119), arrival, close.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from stream.kpi_story import FIRST_DEEDS
from stream.schema import Record

MOMENTS: dict[str, tuple[str, ...]] = {
    "popup": ("paint.noted",),
    "ack": FIRST_DEEDS,
    "notice": ("escalation.delivered",),
    "accepted": ("escalation.accepted",),
    "arrival": ("escalation.arrived",),
    "close": ("incident.resolved", "incident.closed"),
}


class Moment(msgspec.Struct, frozen=True):
    """One of them: when it was noted (µs), how many ms after the opening, the record it is from, and who did it.

    A popup's ``ms`` is the browser's own figure, from the arrival of the deciding event to the paint.
    """

    name: str
    at: int
    ms: float
    seq: int
    by: str


def course(records: Iterable[Record]) -> list[Moment]:
    """The moments of one incident, from its own records in order; what has not happened is not in it."""
    found: dict[str, Moment] = {}
    opened = 0
    for record in records:
        if record.kind == "incident.opened" and not opened:
            opened = record.noted_at
            found["opened"] = _moment("opened", record, 0.0)
        for name, kinds in MOMENTS.items():
            if opened and record.kind in kinds and name not in found:
                ms = record.body["ms"] if name == "popup" else (record.noted_at - opened) / 1000
                found[name] = _moment(name, record, ms)
    return [found[name] for name in ("opened", *MOMENTS) if name in found]


def _moment(name: str, record: Record, ms: Any) -> Moment:
    return Moment(name, record.noted_at, float(ms), record.seq, record.by)
