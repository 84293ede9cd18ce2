"""The tape: the raw input, one row a turn, in the order it was judged, with the moment it was judged at.

It holds no personal part (texts and exact positions of people are in the vault, by ``Event.ref``); who may see them
hands ``read`` the vault's way to put them back. A row without events is a moment at which a timer fired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from stream import tables
from stream.columns import pack, unpack
from stream.schema import Event
from stream.store import Store

PAGE = 200  # rows fetched at once
_T = tables.tape
_insert = insert(_T)


def append(conn: Connection, turn: int, now: int, events: Sequence[Event]) -> None:
    """Put the events of this turn into the transaction of ``conn``."""
    append_packed(conn, turn, now, len(events), pack(events))


def append_packed(conn: Connection, turn: int, now: int, n: int, data: bytes) -> None:
    """As ``append``, for events that ``stream.columns.pack`` has made columns of."""
    conn.execute(_insert, {"turn": turn, "now": now, "n": n, "data": data})


def read(
    conn: Connection, after: int = 0, until: int | None = None, whole: Callable[[Event], Event] | None = None
) -> Iterator[tuple[int, int, list[Event]]]:
    """(turn, now, events) of each turn with ``after`` < turn <= ``until``, in order.

    ``whole`` puts the personal part of an event back (``stream.sealing.whole`` with a vault); without it stays away.
    """
    while rows := _page(conn, after, until):
        yield from _told(rows, whole)
        after = rows[-1].turn


def read_store(
    store: Store, after: int = 0, until: int | None = None, whole: Callable[[Event], Event] | None = None
) -> Iterator[tuple[int, int, list[Event]]]:
    """As ``read``, with a connection of its own for each page: a long reading does not hold a snapshot open."""
    while True:
        with store.read() as conn:
            rows = _page(conn, after, until)
        if not rows:
            return
        yield from _told(rows, whole)
        after = rows[-1].turn


def _page(conn: Connection, after: int, until: int | None) -> Sequence[Row[Any]]:
    page = select(_T).where(_T.c.turn > after).order_by(_T.c.turn).limit(PAGE)
    return conn.execute(page if until is None else page.where(_T.c.turn <= until)).all()


def _told(rows: Sequence[Row[Any]], whole: Callable[[Event], Event] | None) -> Iterator[tuple[int, int, list[Event]]]:
    for row in rows:
        events = unpack(row.data)
        yield row.turn, row.now, [whole(e) if e.ref else e for e in events] if whole else events


def since(conn: Connection, at: int, most: int) -> int:
    """The last turn before those judged at or after ``at`` (µs) that hold the last ``most`` events at most."""
    page = select(_T.c.turn, _T.c.n).where(_T.c.now >= at).order_by(_T.c.turn.desc())
    first, n = last_turn(conn) + 1, 0
    for turn, events in conn.execute(page):
        n += events
        if n > most:
            break
        first = turn
    return first - 1


def last_turn(conn: Connection) -> int:
    """Number of the last turn on the tape; 0 when it is empty."""
    return conn.execute(select(func.max(_T.c.turn))).scalar() or 0


def purge(conn: Connection, before: int) -> int:
    """Forget turns judged before ``before`` (µs); how many they were."""
    return conn.execute(delete(_T).where(_T.c.now < before)).rowcount
