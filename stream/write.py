"""What a turn wants kept, and the one transaction that keeps it.

A turn's write that the store did not take stays in the ledger and is tried again with the next one, in order, all in
one transaction: nothing is acknowledged as long as anything before it is not durable. When only the answer to a commit
was lost, the turn is found to be there and is not written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, select

from stream import quarantine, readings, seen, sequence, tables, tape
from stream.journal import Journal, head_text
from stream.schema import Record
from stream.store import Store
from stream.vault import Vault

LOG = structlog.get_logger("store")
Deed = Callable[[Connection], None]


class Write(msgspec.Struct):
    """All of one turn that has to be durable. ``tape`` is its events in columns; empty: the turn is not on the tape."""

    turn: int
    now: int
    n: int = 0
    tape: bytes = b""
    keys: list[seen.Key] = []
    records: list[Record] = []
    aside: list[dict[str, Any]] = []
    more: Counter[int] = msgspec.field(default_factory=Counter)
    commands: list[dict[str, Any]] = []
    deeds: list[Deed] = []
    readings: list[readings.Row] = []

    @property
    def is_empty(self) -> bool:
        """Nothing to keep: no transaction is needed."""
        return not (self.tape or self.records or self.aside or self.more or self.commands or self.deeds)


class Ledger:
    """The writes that are not durable yet. ``commit`` makes them so or raises; they stay then."""

    def __init__(self, store: Store, vault: Vault, journal: Journal) -> None:
        self._store, self._vault, self._journal = store, vault, journal
        self.waiting: list[Write] = []
        self._states: dict[str, str] = {}
        self._tried = 0  # how many of those that wait were tried before: the commit may have come through all the same
        self._insert_command = store.insert(tables.commands).on_conflict_do_nothing()

    def add(self, write: Write) -> None:
        """Keep it for the next commit."""
        if not write.is_empty:
            self.waiting.append(write)

    def commit(self, write: Write, states: dict[str, str], checkpoint: dict[str, Any] | None) -> list[Write]:
        """Make this write, those that wait, and the state of the sources durable; the answer is what was written.

        ``checkpoint`` (turn, now, data of the engine) goes with them. Raises StoreError, or what else went wrong.
        """
        self.add(write)
        self._states.update(states)
        if not self.waiting and not checkpoint:
            return []
        self._vault.flush()
        doubt, self._tried = self._tried, len(self.waiting)
        with self._store.begin() as conn:
            for i, one in enumerate(self.waiting):
                if i >= doubt or not _is_there(conn, one):
                    self._put(conn, one)
            sequence.save(conn, self._states)
            if checkpoint:
                _put_checkpoint(conn, checkpoint)
        if checkpoint:
            LOG.info("journal.head", head=head_text(self._journal.last_seq, self._journal.chain))
        written, self.waiting, self._tried = self.waiting, [], 0
        self._states = {}
        return written

    def _put(self, conn: Connection, one: Write) -> None:
        if one.tape:
            tape.append_packed(conn, one.turn, one.now, one.n, one.tape)
        seen.save(conn, one.keys, one.now)
        readings.save(conn, one.readings)
        quarantine.save(conn, one.aside, one.more)
        self._journal.write(conn, one.records)
        if one.commands:
            conn.execute(self._insert_command, one.commands)
        for deed in one.deeds:
            deed(conn)


def _is_there(conn: Connection, one: Write) -> bool:
    """Was this turn committed after all, and only the answer lost? What has no number does no harm twice."""
    if one.tape:
        row = tables.tape.c
        return conn.execute(select(row.turn).where(row.turn == one.turn)).first() is not None
    if one.records:
        record, last = tables.journal.c, one.records[-1]
        return conn.execute(select(record.chain).where(record.seq == last.seq)).scalar() == last.chain
    if one.aside:
        entry = tables.quarantine.c
        return conn.execute(select(entry.n).where(entry.n == one.aside[-1]["n"])).first() is not None
    return False


def _put_checkpoint(conn: Connection, checkpoint: dict[str, Any]) -> None:
    """The newest checkpoint takes the place of the one before the last."""
    table = tables.checkpoint
    old = list(conn.execute(select(table.c.turn).order_by(table.c.turn.desc())).scalars())
    conn.execute(table.delete().where(table.c.turn.in_([*old[1:], checkpoint["turn"]])))
    conn.execute(table.insert(), checkpoint)
