"""Pictures and clips that devices named in what they told of an incident, from the tape: references only."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import select

from stream import tables
from stream.columns import unpack
from stream.schema import US, DetectionRef, Event
from stream.store import Store

TOLD = "city.road.detection"
NEAR_US = 2 * US  # a device's report and the detection it led to stand no further apart
LATE_US = 5 * US  # and the report was judged that much later at most
MOST = 12
_T = tables.tape


class Reference(msgspec.Struct, frozen=True):
    """One: ``kind`` is snapshot or clip, when it was told (µs), by which source, and the reference as it was sent."""

    kind: str
    at: int
    source: str
    ref: str


def references(store: Store, site: str, detections: Iterable[DetectionRef]) -> list[Reference]:
    """What devices at ``site`` named around these detections, in the order they told it, each once."""
    found: dict[tuple[str, str], Reference] = {}
    with store.read() as conn:
        for at in sorted({d.at for d in detections})[-MOST:]:
            near = select(_T.c.data).where(_T.c.now >= at - NEAR_US, _T.c.now <= at + LATE_US).order_by(_T.c.turn)
            for row in conn.execute(near):
                for event in unpack(row.data):
                    if event.type == TOLD and event.data.site == site and abs(event.at - at) <= NEAR_US:
                        found |= {(one.kind, one.ref): one for one in _of(event) if (one.kind, one.ref) not in found}
    return sorted(found.values(), key=lambda one: one.at)[:MOST]


def _of(event: Event) -> list[Reference]:
    named = (("snapshot", event.data.snapshot), ("clip", event.data.clip))
    return [Reference(kind, event.at, event.source, ref) for kind, ref in named if ref]
