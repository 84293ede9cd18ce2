"""Which alarms and readings came before: the database decides by UNIQUE (source, id), memory only spares the question.

The last identities are kept in memory; who is not there is asked for in the database, all of a turn in one question.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from stream import tables
from stream.bulk import find_keys, insert_rows
from stream.schema import Delivery, Event
from stream.store import Store, StoreError

REMEMBER = 20_000  # identities kept in memory (some 5 MB); older ones are asked for by index
_T = tables.seen

Key = tuple[str, str]


class Sorted(msgspec.Struct, frozen=True):
    """Events of one turn: ``twice[i]`` says that event i came before (or twice in this turn)."""

    twice: list[bool]
    keys: list[Key]  # identities that are new


class Seen:
    """Identities of alarms and readings."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.blind = 0
        # Not a plain dict: to find its oldest it walks over all that were taken out before (3 µs an event, not 0.3).
        self._recent: OrderedDict[Key, None] = OrderedDict()
        with store.read() as conn:
            newest = select(_T.c.source, _T.c.id).order_by(_T.c.at.desc()).limit(REMEMBER + 1)
            rows = conn.execute(newest).all()
        for source, id in reversed(rows[:REMEMBER]):
            self._recent[source, id] = None
        self._all = len(rows) <= REMEMBER  # memory holds every identity there is: no question to ask

    def sort(self, events: Sequence[Event]) -> Sorted:
        """Which of these came before; telemetry never did, as far as this table knows.

        When the database cannot be asked, memory alone answers (``blind`` counts it): rather twice than not at all.
        """
        keys = [None if e.delivery == Delivery.telemetry else (e.source, e.id) for e in events]
        unknown = dict.fromkeys(key for key in keys if key is not None and key not in self._recent)
        stored = set() if self._all or not unknown else self._ask(list(unknown))
        fresh: dict[Key, None] = {}
        twice = []
        for key in keys:
            new = key is None or (key in unknown and key not in stored and key not in fresh)
            twice.append(not new)
            if key is not None and new:
                fresh[key] = None
        return Sorted(twice, list(fresh))

    def _ask(self, keys: list[Key]) -> set[Key]:
        found: set[Key] = set()
        try:
            with self._store.read() as conn:
                found = find_keys(conn, _T, keys)
        except StoreError:
            self.blind += 1
        return found

    def remember(self, keys: Sequence[Key]) -> None:
        """These are taken (they may not be durable yet): they are not new any more."""
        self._recent.update(dict.fromkeys(keys))
        while len(self._recent) > REMEMBER:
            self._recent.popitem(last=False)
            self._all = False

    def forget(self, keys: Sequence[Key]) -> None:
        """These were not taken after all (their event went to quarantine)."""
        for key in keys:
            self._recent.pop(key, None)


def save(conn: Connection, keys: Sequence[Key], at: int) -> None:
    """Put identities into this transaction; what the database has already stays as it is."""
    insert_rows(conn, _T, [(source, id, at) for source, id in keys], "nothing")


def purge(conn: Connection, before: int) -> int:
    """Forget identities noted before ``before`` (µs); how many they were."""
    return conn.execute(delete(_T).where(_T.c.at < before)).rowcount
