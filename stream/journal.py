"""The journal: what was decided, in order, each record chained to the one before it.

    chain(n) = sha256( chain(n-1) + "\\n" + canonical JSON of [seq, at, noted_at, kind, subject, by, cause, body] )

Whoever changes, removes, adds, swaps or renumbers a record breaks the chain at that record, and ``verify`` names it.
*Limits, plainly.* The chain has no key: who may write the whole database can recompute every link from a record on and
the head in ``meta`` with it. A tail cut off is found against that head, which is committed with each record; when the
head is cut back with it, only a head noted elsewhere shows it (the log prints one with each checkpoint, and ``audit
verify --head`` compares).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from stream import tables
from stream.bulk import insert_rows
from stream.canon import canon
from stream.schema import Draft, Record, SourceError
from stream.store import Store

GENESIS = "0" * 64
NO_HEAD = f"0:{GENESIS}"
HEAD = "journal.head"
PAGE = 2000

_T = tables.journal
_set_head = update(tables.meta).where(tables.meta.c.key == HEAD).values(value=bindparam("head"))


class Verdict(msgspec.Struct, frozen=True):
    """What ``verify`` found: is it whole, how many records were read, the first bad one and why."""

    ok: bool
    n: int
    first_bad: int | None = None
    why: str = ""
    head: str = ""


def link(before: str, fields: tuple[int, int, int, str, str, str, str], body: bytes) -> str:
    """Chain value of a record: ``fields`` are all but body and chain, ``body`` is its canonical JSON."""
    line = canon(fields)[:-1] + b"," + body + b"]"
    return hashlib.sha256(before.encode("ascii") + b"\n" + line).hexdigest()


def head_text(seq: int, chain: str) -> str:
    """How a head is noted: ``<seq>:<chain>``."""
    return f"{seq}:{chain}"


class Chain:
    """Numbers and links records in memory. ``back`` undoes stamps that turned out to be of no use."""

    def __init__(self, last_seq: int = 0, chain: str = GENESIS) -> None:
        self.last_seq = last_seq
        self.chain = chain

    def stamp(self, draft: Draft, noted_at: int) -> Record:
        """The record of this draft: the next number and its link. Nothing is stored yet."""
        seq = self.last_seq + 1
        fields = (seq, draft.at, noted_at, draft.kind, draft.subject, draft.by, draft.cause)
        chain = link(self.chain, fields, canon(draft.body))
        self.last_seq, self.chain = seq, chain
        return Record(seq, draft.at, noted_at, draft.kind, draft.subject, draft.by, draft.cause, draft.body, chain)

    def back(self, last_seq: int, chain: str) -> None:
        """Be where it was before: for a record that could not be taken in."""
        self.last_seq, self.chain = last_seq, chain


class Records:
    """The records of a store in order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(
        self, after: int = 0, until: int | None = None, subject: str | None = None,
        kinds: Iterable[str] | None = None, limit: int | None = None, noted_until: int | None = None,
    ) -> Iterator[Record]:
        """Committed records with ``after`` < seq <= ``until``, noted at or before ``noted_until`` (µs), in order."""
        yield from read(self._store, after, until, subject, kinds, limit, noted_until)


class Reader(Records):
    """For who only reads, in the process that writes or in another."""

    @property
    def last_seq(self) -> int:
        """Number of the newest committed record, 0 without any."""
        with self._store.read() as conn:
            return conn.execute(select(func.max(_T.c.seq))).scalar() or 0


class Journal(Chain, Records):
    """The one writer of records: ``stamp`` numbers and links in memory, ``write`` is called in the transaction."""

    def __init__(self, store: Store) -> None:
        Records.__init__(self, store)
        with store.begin() as conn:
            last = conn.execute(select(_T.c.seq, _T.c.chain).order_by(_T.c.seq.desc()).limit(1)).first()
            noted = _head(conn)
            conn.execute(delete(tables.meta).where(tables.meta.c.key == HEAD))
            conn.execute(insert(tables.meta).values(key=HEAD, value=noted))
        Chain.__init__(self, *(last or (0, GENESIS)))
        # What the store's own head says when it is not where the records end: somebody cut or added; a fault to note.
        self.strange_head = noted if noted != head_text(self.last_seq, self.chain) else ""

    def write(self, conn: Connection, records: list[Record]) -> None:
        """Put stamped records, in order, and the new head into this transaction."""
        if not records:
            return
        insert_rows(conn, _T, [
            (r.seq, r.at, r.noted_at, r.kind, r.subject, r.by, r.cause, canon(r.body).decode(), r.chain)
            for r in records
        ])
        conn.execute(_set_head, {"head": head_text(records[-1].seq, records[-1].chain)})


def read(
    store: Store, after: int = 0, until: int | None = None, subject: str | None = None,
    kinds: Iterable[str] | None = None, limit: int | None = None, noted_until: int | None = None,
) -> Iterator[Record]:
    """As ``Journal.read``, of a store that nobody writes (replay, audit)."""
    where: list[ColumnElement[bool]] = []
    if until is not None:
        where.append(_T.c.seq <= until)
    if subject is not None:
        where.append(_T.c.subject == subject)
    if kinds is not None:
        where.append(_T.c.kind.in_(list(kinds)))
    if noted_until is not None:
        where.append(_T.c.noted_at <= noted_until)
    left = limit
    while left is None or left > 0:
        page = PAGE if left is None else min(PAGE, left)
        with store.read() as conn:
            rows = conn.execute(select(_T).where(_T.c.seq > after, *where).order_by(_T.c.seq).limit(page)).all()
        yield from map(_record, rows)
        if len(rows) < page:
            return
        after = rows[-1].seq
        left = None if left is None else left - page


def newest(
    store: Store, kinds: Iterable[str], frm: int, to: int, before: int = 0, after: int = 0, by: str = "",
    but: Iterable[str] = (),
) -> Iterator[Record]:
    """Records of these kinds noted from ``frm`` until before ``to`` (µs), newest first; ``before`` a number or 0,
    ``after`` where it ends, ``by`` a part of the account, ``but`` accounts that are left out."""
    where = [_T.c.kind.in_(list(kinds)), _T.c.noted_at >= frm, _T.c.noted_at < to, _T.c.seq > after]
    where += [_T.c.by.icontains(by, autoescape=True)] if by else []
    where += [_T.c.by.not_in(list(but))] if but else []
    while True:
        below = [_T.c.seq < before] if before else []
        with store.read() as conn:
            rows = conn.execute(select(_T).where(*where, *below).order_by(_T.c.seq.desc()).limit(PAGE)).all()
        yield from map(_record, rows)
        if len(rows) < PAGE:
            return
        before = rows[-1].seq


def _record(row: Row) -> Record:
    seq, at, noted_at, kind, subject, by, cause, body, chain = row
    return Record(seq, at, noted_at, kind, subject, by, cause, msgspec.json.decode(body), chain)


def _head(conn: Connection) -> str:
    return conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == HEAD)).scalar() or NO_HEAD


def verify(store: Store, head: str | None = None, after: int = 0, before: str = GENESIS) -> Verdict:
    """Check every link of the journal, then its end against the head in ``meta`` and against ``head`` if one is given.

    ``head`` is a ``<seq>:<chain>`` that somebody noted elsewhere. The first bad record is the one whose link, number or
    place is wrong; a cut tail names the first record that is missing.
    """
    n, chain, last = 0, before, after
    heads = [_parse(head)] if head else []
    links = {after: before}
    while True:
        with store.read() as conn:
            rows = conn.execute(select(_T).where(_T.c.seq > last).order_by(_T.c.seq).limit(PAGE)).all()
            known = _head(conn)
        for row in rows:
            if row[0] != last + 1:
                return Verdict(False, n, last + 1, "missing")
            if link(chain, tuple(row[:7]), row[7].encode()) != row[8]:
                return Verdict(False, n, row[0], "changed")
            n, last, chain = n + 1, row[0], row[8]
            if heads and heads[0][0] == last:
                links[last] = chain
        if len(rows) < PAGE:
            links[last] = chain
            return _ending(n, last, links, [*heads, _parse(known)])


def _parse(head: str) -> tuple[int, str]:
    """A noted head as (seq, chain); SourceError when it is none."""
    seq, colon, chain = head.partition(":")
    if not (colon and seq.isdigit() and len(chain) == len(GENESIS)):
        raise SourceError("bad_head", f"{head[:80]!r} is not <seq>:<chain>")
    return int(seq), chain


def _ending(n: int, last: int, links: dict[int, str], heads: list[tuple[int, str]]) -> Verdict:
    """Compare where the chain ends with each head that was noted; the last of them is the store's own."""
    mine = head_text(last, links[last])
    for seq, chain in heads:
        if seq > last:
            return Verdict(False, n, last + 1, "cut", mine)
        if links.get(seq, chain) != chain:
            return Verdict(False, n, seq, "rebuilt", mine)
    if heads[-1][0] < last:
        return Verdict(False, n, heads[-1][0] + 1, "appended", mine)
    return Verdict(True, n, None, "", mine)
