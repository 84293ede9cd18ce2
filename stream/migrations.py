"""How a store of an older version becomes one of this version, step by step, and back.

``STEPS[i]`` leads from version i to i + 1. Each step runs in one transaction with the new version number, so a kill
half-way leaves the old version whole.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from stream import tables
from stream.schema import HouseError

Step = tuple[Callable[[Connection], None], Callable[[Connection], None]]


def _first_up(conn: Connection) -> None:
    tables.schema.create_all(conn)


def _first_down(conn: Connection) -> None:
    for table in reversed(tables.schema.sorted_tables):
        if table is not tables.meta:
            table.drop(conn, checkfirst=True)


def _readings_up(conn: Connection) -> None:
    tables.readings.create(conn, checkfirst=True)  # a new store has it from the first step


def _readings_down(conn: Connection) -> None:
    tables.readings.drop(conn)


def _asks_up(conn: Connection) -> None:
    tables.asks.create(conn, checkfirst=True)


def _asks_down(conn: Connection) -> None:
    tables.asks.drop(conn)


def _trials_up(conn: Connection) -> None:
    tables.trials.create(conn, checkfirst=True)


def _trials_down(conn: Connection) -> None:
    tables.trials.drop(conn)


STEPS: tuple[Step, ...] = (
    (_first_up, _first_down), (_readings_up, _readings_down), (_asks_up, _asks_down), (_trials_up, _trials_down),
)  # fmt: skip
VERSION = len(STEPS)


def version(conn: Connection) -> int:
    """Schema version of this store; 0 when it is empty."""
    if not inspect(conn).has_table("meta"):
        return 0
    found = conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == "schema")).scalar()
    return int(found or 0)


def migrate(conn: Connection, to: int = VERSION) -> None:
    """Lead the store of this connection to version ``to``, up or down. HouseError when it is newer than we know."""
    now = version(conn)
    if now > VERSION:
        raise HouseError(f"the store has schema {now}, this program knows up to {VERSION}")
    for i in range(now, to):
        STEPS[i][0](conn)
    for i in reversed(range(to, now)):
        STEPS[i][1](conn)
    if now != to:
        meta = tables.meta
        conn.execute(meta.delete().where(meta.c.key == "schema"))
        conn.execute(meta.insert().values(key="schema", value=str(to)))
