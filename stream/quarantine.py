"""Messages put aside: their bytes (sealed in the vault), why, when, from whom; to be looked at and handed in again.

A flood of the same junk must not fill the disk: of one source and reason ``PER_HOUR`` messages an hour are kept
whole, the others only counted on the last one kept. What looks like an alarm or a reading is always kept whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, case, delete, func, insert, select, update

from stream import tables
from stream.intake import Arrival, Outcome
from stream.schema import DATA, US, Delivery, Event, Quarantined
from stream.store import Store
from stream.vault import Vault

PER_HOUR = 1000
DETAIL = 300  # characters of a reason's detail that are kept: it may quote the message
PURPOSE = "quarantine"
WAITING, RESUBMITTED, SETTLED = "waiting", "resubmitted", "settled"
_T = tables.quarantine
_precious = tuple(name.encode() for name, (_, delivery) in DATA.items() if delivery != Delivery.telemetry)


def looks_precious(raw: bytes) -> bool:
    """May these bytes have been an alarm or a reading? (The name of such a type stands somewhere in them.)"""
    return any(name in raw for name in _precious)


class Entry(msgspec.Struct, frozen=True):
    """One row, without the bytes. ``id`` is its number here, ``event`` the message's own id if that was legible."""

    id: int
    at: int
    source: str
    reason: str
    detail: str
    event: str | None
    seq: int | None
    size: int
    more: int
    state: str


class Group(msgspec.Struct, frozen=True):
    """What one source was put aside for: ``n`` kept, ``more`` only counted, ``last`` the number of the newest."""

    source: str
    reason: str
    n: int
    more: int
    waiting: int
    first_at: int
    last_at: int
    last: int
    detail: str


class Quarantine:
    """What is put aside. ``hold`` is the loop's, the rest is for any thread."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault
        self.depth = 0
        with store.read() as conn:
            self.last = conn.execute(select(func.max(_T.c.n))).scalar() or 0
            self.count(conn)
        self.counted: Counter[str] = Counter()  # by reason, since the start
        # (source, reason) -> hour, how many were kept in it, the number of the last one
        self._hour: dict[tuple[str, str], tuple[int, int, int]] = {}

    def hold(self, aside: list[Quarantined], now: int) -> tuple[list[dict[str, Any]], Counter[int]]:
        """Rows to save with this turn, and how many more like them were only counted, by the number of a kept one."""
        rows: list[dict[str, Any]] = []
        more: Counter[int] = Counter()
        for one in aside:
            self.counted[one.reason] += 1
            key, hour = (one.source, one.reason), now // (3600 * US)
            begun, kept, last = self._hour.get(key, (hour, 0, 0))
            kept = kept if begun == hour else 0
            if kept >= PER_HOUR and not looks_precious(one.raw):
                more[last] += 1
                continue
            rows.append(self._row(one))
            self._hour[key] = (hour, kept + 1, self.last)
        while len(self._hour) > 10_000:
            del self._hour[next(iter(self._hour))]
        return rows, more

    def _row(self, one: Quarantined) -> dict[str, Any]:
        self.last += 1
        self.depth += 1
        sealed = self._vault.hold(one.source or "unknown", zstandard.ZstdCompressor().compress(one.raw), PURPOSE)
        return {
            "n": self.last, "at": one.arrival, "source": one.source[:128], "reason": one.reason,
            "detail": one.detail[:DETAIL].replace("\0", "?"), "id": (one.id or "")[:512].replace("\0", "?") or None,
            "seq": one.seq, "size": len(one.raw), "ref": sealed, "n_more": 0, "state": WAITING,
        }

    def list(self, before: int = 0, limit: int = 100) -> list[Entry]:
        """Entries with a number below ``before`` (0: all), newest first."""
        wanted = select(_T).where(_T.c.n < before) if before else select(_T)
        with self._store.read() as conn:
            rows = conn.execute(wanted.order_by(_T.c.n.desc()).limit(limit)).mappings().all()
        return [
            Entry(r["n"], r["at"], r["source"], r["reason"], r["detail"], r["id"], r["seq"], r["size"], r["n_more"],
                  r["state"])
            for r in rows
        ]

    def groups(self) -> Sequence[Group]:
        """What waits and what was settled, by source and reason: those that wait first, then the newest."""
        waits = case((_T.c.state == WAITING, 1), else_=0)
        wanted = select(
            _T.c.source, _T.c.reason, func.count(), func.sum(_T.c.n_more), func.sum(waits), func.min(_T.c.at),
            func.max(_T.c.at), func.max(_T.c.n),
        ).group_by(_T.c.source, _T.c.reason)  # fmt: skip
        with self._store.read() as conn:
            rows = conn.execute(wanted).all()
            lasts = conn.execute(select(_T.c.n, _T.c.detail).where(_T.c.n.in_([row[-1] for row in rows])))
            told = {row.n: row.detail for row in lasts}
        groups = [
            Group(source, reason, n, int(more), int(waits), first, last, newest, told.get(newest, ""))
            for source, reason, n, more, waits, first, last, newest in rows
        ]
        return sorted(groups, key=lambda g: (not g.waiting, -g.last))

    def waiting(self, source: str, reason: str, limit: int) -> Sequence[int]:
        """Numbers of those of this source and reason that wait, oldest first."""
        same = (_T.c.source == source, _T.c.reason == reason, _T.c.state == WAITING)
        with self._store.read() as conn:
            return conn.execute(select(_T.c.n).where(*same).order_by(_T.c.n).limit(limit)).scalars().all()

    def settle(self, source: str, reason: str) -> int:
        """A person has seen to them: those of this source and reason wait no more; how many they were."""
        same = (_T.c.source == source, _T.c.reason == reason, _T.c.state == WAITING)
        with self._store.begin() as conn:
            n = conn.execute(update(_T).where(*same).values(state=SETTLED)).rowcount
            self.count(conn)
        return n

    def count(self, conn: Connection) -> None:
        """Count anew how many wait."""
        waiting = select(func.count()).select_from(_T).where(_T.c.state == WAITING)
        self.depth = conn.execute(waiting).scalar_one()

    def raw(self, id: int) -> bytes | None:
        """The bytes of an entry; None when there is no such entry or they were purged."""
        with self._store.read() as conn:
            ref = conn.execute(select(_T.c.ref).where(_T.c.n == id)).scalar()
        kept = self._vault.open_bytes(ref) if ref else None
        return zstandard.ZstdDecompressor().decompress(kept) if kept else None

    def purge(self, conn: Connection, before: int) -> int:
        """Forget entries put aside before ``before`` (µs), their bytes too; how many they were."""
        self._vault.purge(PURPOSE, before)
        n = conn.execute(delete(_T).where(_T.c.at < before)).rowcount
        self.count(conn)
        return n


def save(conn: Connection, rows: list[dict[str, Any]], more: Counter[int]) -> None:
    """Put entries, and the counts of what was only counted, into this transaction."""
    if rows:
        conn.execute(insert(_T), rows)
    for n, count in more.items():
        conn.execute(update(_T).where(_T.c.n == n).values(n_more=_T.c.n_more + count))


def mark_resubmitted(conn: Connection, id: int) -> None:
    """Note that this entry was handed in again."""
    conn.execute(update(_T).where(_T.c.n == id).values(state=RESUBMITTED))


def again(put_aside: Quarantine, id: int, decode: Callable[[bytes, int], tuple[list[Event], list[Quarantined]]],
          now: int, later: Callable[[Callable[[Connection], None]], None]) -> Arrival | None:
    """An entry's message once more, through this decoder; None when its bytes are not there.

    Once it is taken, the note that it was handed in again goes to ``later`` (for the next transaction).
    """
    raw = put_aside.raw(id)
    if raw is None:
        return None
    events, aside = decode(raw, now)

    def done(outcome: Outcome) -> None:
        if outcome.ok:
            later(taken)

    def taken(conn: Connection) -> None:
        mark_resubmitted(conn, id)
        put_aside.count(conn)

    return Arrival(events, aside, done)
