"""The moment again: what a crosswalk's sensors saw around a detection, from the tape, for who has to judge it.

Metres stay in the site's own frame, so that crosswalk and stop lines of the city file lie under them as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import select

from stream import tables
from stream.columns import unpack
from stream.schema import US, Event
from stream.store import Store

BEFORE_S, AFTER_S = 6, 4
LATE_S = 2  # a frame is judged that much later at most; older ones are not judged at all
MIN_GAP_US = 90_000  # ten pictures a second are enough
FRAME, SIGNAL = "city.road.frame", "city.road.signal"
_T = tables.tape


class Picture(msgspec.Struct, frozen=True):
    """One frame: its time (µs), per object ``[id, class, x, y, vx, vy]`` (m, m/s), the walk signal if heard."""

    at: int
    objects: list[list[Any]]
    walk: str = ""


def heard(store: Store, site: str, frm: int, to: int) -> Iterator[Event]:
    """Frames and signals of ``site`` with ``frm`` <= time <= ``to`` (µs), in the order they were judged."""
    wanted = select(_T.c.data).where(_T.c.now >= frm, _T.c.now <= to + LATE_S * US).order_by(_T.c.turn)
    with store.read() as conn:
        for row in conn.execute(wanted):
            for event in unpack(row.data):
                if event.type in (FRAME, SIGNAL) and event.data.site == site:
                    yield event


def passing(store: Store, site: str, frm: int, to: int) -> list[Event]:
    """The frames of ``site`` in the span, at most ten a second: what moved there, as the live screens showed it."""
    found: list[Event] = []
    for event in heard(store, site, frm, to):
        late = not found or event.at - found[-1].at >= MIN_GAP_US
        if event.type == FRAME and frm <= event.at <= to and late:
            found.append(event)
    return found


def scene(store: Store, site: str, at: int) -> list[Picture]:
    """Pictures of ``site`` from six seconds before ``at`` (µs) to four after it; empty when the tape has none."""
    frm, to = at - BEFORE_S * US, at + AFTER_S * US
    pictures: list[Picture] = []
    walk = ""
    for event in heard(store, site, frm, to):
        if event.type == SIGNAL:
            walk = event.data.pedestrian
        elif frm <= event.at <= to:
            _add(pictures, event, walk)
    return pictures


def _add(pictures: list[Picture], event: Event, walk: str) -> None:
    if pictures and event.at - pictures[-1].at < MIN_GAP_US:
        return
    objects = [[o.id, o.cls, o.x, o.y, o.vx, o.vy] for o in event.data.objects]
    pictures.append(Picture(event.at, objects, walk))
