"""What a web process asks of the core, and the answer, as rows of the store both share.

Not by Redis: a question that is lost with it would be a click without an effect, an answer that is lost an effect
without an answer. The bus only wakes the other side. A question is done once (its command's id is known to the loop as
everywhere) and within ``EXPIRED_US``: who asked has given up by then, and no report may leave unseen, minutes late.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from stream import tables
from stream.deeds import Hand, Note
from stream.ruling import Ruled
from stream.schema import US, Command, Incident, Record, Refusal

EXPIRED_US = 5 * US
KEPT_US = 3600 * US  # an answer that nobody fetched
PULSE = "core.pulse"  # the row of meta that tells how the core is
TURN, ASK, ANSWER, MOVING = "gwanje.turn", "gwanje.ask", "gwanje.answer", "gwanje.moving"  # topics of the bus
_T = tables.asks


class Again(msgspec.Struct, frozen=True):
    """Hand a quarantined message in again."""

    id: int


What = Command | Hand | Note | Ruled | Again
KINDS: dict[str, type] = {"command": Command, "hand": Hand, "note": Note, "ruled": Ruled, "again": Again}
NAMES = {kind: name for name, kind in KINDS.items()}


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of it. ``seq``: the last record then; who has read so far sees what the answer speaks of."""

    seq: int = 0
    incident: str = ""
    refusal: Refusal | None = None
    records: list[Record] | None = None
    again: bool | None = None


def answer_of(told: Any, seq: int) -> Answer:
    """What the loop told, as an answer."""
    if isinstance(told, Refusal):
        return Answer(seq, refusal=told)
    if isinstance(told, Incident):
        return Answer(seq, incident=told.id)
    return Answer(seq, again=told) if isinstance(told, bool) else Answer(seq, records=told)


def put(conn: Connection, id: str, what: What, at: int) -> None:
    """Ask."""
    body = msgspec.json.encode(what).decode()
    conn.execute(insert(_T).values(id=id, at=at, kind=NAMES[type(what)], body=body))


def waiting(conn: Connection) -> list[tuple[str, int, What]]:
    """Everything without an answer, oldest first: id, when it was asked, what."""
    rows = conn.execute(select(_T.c.id, _T.c.at, _T.c.kind, _T.c.body).where(_T.c.answer.is_(None)).order_by(_T.c.at))
    return [(id, at, msgspec.json.decode(body, type=KINDS[kind])) for id, at, kind, body in rows]


def answer(conn: Connection, id: str, told: Answer) -> None:
    """Answer."""
    conn.execute(update(_T).where(_T.c.id == id).values(answer=msgspec.json.encode(told).decode()))


def answers(conn: Connection, ids: list[str]) -> dict[str, Answer]:
    """Those of these questions that are answered."""
    rows = conn.execute(select(_T.c.id, _T.c.answer).where(_T.c.id.in_(ids), _T.c.answer.is_not(None)))
    return {id: msgspec.json.decode(told, type=Answer) for id, told in rows}


def forget(conn: Connection, ids: list[str], before: int = 0) -> None:
    """Take away what was answered and read, and what was asked before this moment (µs)."""
    conn.execute(delete(_T).where(_T.c.id.in_(ids) | (_T.c.at < before)))
