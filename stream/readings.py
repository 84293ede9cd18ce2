"""What the sensors of a home said, by home: so that a screen can show a day of it without reading the whole tape.

Written in the transaction that puts the turn on the tape, and no longer kept than the usual days are learned from.
A reading that comes twice is one row; values are thousandths, true is 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, select

from stream import tables
from stream.bulk import insert_rows
from stream.schema import Event
from stream.store import Store

TYPE = "city.care.reading"
KEEP_DAYS = 16  # two weeks to compare with, the day itself, and one of rest
MILLI = 1000
LARGEST = 1e12  # beyond it no sensor of a home measures anything
WORD = 40  # characters of a location or unit
_T = tables.readings
Row = tuple[str, int, str, str, str, int]


class Reading(NamedTuple):
    """One: when (µs), which sensor where, its unit, its value (true is 1.0)."""

    at: int
    sensor: str
    location: str
    unit: str
    value: float


def _word(text: str | None) -> str:
    """A device's own word, fit for every database: short and without control characters."""
    return "".join(c for c in text or "" if c.isprintable())[:WORD]


def rows(events: Iterable[Event]) -> list[Row]:
    """The rows of the readings among these events."""
    return [
        (e.data.household, e.at, e.data.sensor, _word(e.data.location), _word(e.data.unit), round(e.data.value * MILLI))
        for e in events if e.type == TYPE and abs(e.data.value) < LARGEST
    ]


def save(conn: Connection, made: list[Row]) -> None:
    """Put rows into this transaction; what is there stays as it is."""
    insert_rows(conn, _T, made, "nothing")


def of(store: Store, household: str, frm: int, to: int) -> list[Reading]:
    """The readings of a home with ``frm`` <= time <= ``to`` (µs), in order of time."""
    columns = (_T.c.at, _T.c.sensor, _T.c.location, _T.c.unit, _T.c.value)
    asked = select(*columns).where(_T.c.household == household, _T.c.at >= frm, _T.c.at <= to)
    with store.read() as conn:
        found = conn.execute(asked.order_by(_T.c.at, _T.c.sensor, _T.c.location))
        return [Reading(at, sensor, location, unit, value / MILLI) for at, sensor, location, unit, value in found]
