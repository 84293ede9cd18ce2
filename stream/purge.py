"""What is older than its class may be kept is destroyed; the journal, which holds no personal data, is not.

A running console calls it once a day (``console/daily.py``), ``run.py purge`` at any time; twice does no harm. An hour
of age at a time is destroyed in one transaction, so that a console that runs meanwhile never waits long for the store.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, delete, func, select

from stream import readings, seen, tables, tape, trials
from stream.desk import TRANSITIONS
from stream.quarantine import Quarantine
from stream.schema import US
from stream.sealing import PURPOSE
from stream.settings import Settings
from stream.store import Store
from stream.vault import Vault

HOUR_US = 3600 * US
DAY_US = 24 * HOUR_US
# what texts are sealed for: in an event, by opening one by hand, as a note for training, with a verb
TEXTS = (PURPOSE, "open", "training", *TRANSITIONS)

Cut = Callable[[Connection, int], int]


def _older(age: Column[int]) -> Cut:
    """How to delete the rows of which ``age`` is before a moment (µs)."""
    return lambda conn, before: conn.execute(delete(age.table).where(age < before)).rowcount


def _by_hours(store: Store, age: Column[int], cut: Cut, before: int) -> int:
    """Cut what is older than ``before``, oldest hour first; how many rows that were."""
    n = 0
    while True:
        with store.begin() as conn:
            oldest = conn.execute(select(func.min(age))).scalar()
            if oldest is None or oldest >= before:
                return n
            n += cut(conn, min(oldest + HOUR_US, before))


def purge(store: Store, vault: Vault, quarantine: Quarantine, settings: Settings, now: int) -> dict[str, int]:
    """Destroy what is due at ``now`` (µs); how many of each class that were. StoreError when it can't be done."""
    s = settings
    rows: tuple[tuple[str, Column[int], Cut, int], ...] = (
        ("tape", tables.tape.c.now, tape.purge, s.keep_tape_days),
        ("readings", tables.readings.c.at, _older(tables.readings.c.at), min(readings.KEEP_DAYS, s.keep_tape_days)),
        ("seen", tables.seen.c.at, seen.purge, s.keep_seen_days),
        ("commands", tables.commands.c.at, _older(tables.commands.c.at), s.keep_seen_days),
        ("sessions", tables.sessions.c.opened_at, _older(tables.sessions.c.opened_at), s.keep_seen_days),
        ("trials", tables.trials.c.at, _older(tables.trials.c.at), trials.KEEP_DAYS),
        ("quarantine", tables.quarantine.c.at, quarantine.purge, s.keep_quarantine_days),
    )
    gone = {name: _by_hours(store, age, cut, now - days * DAY_US) for name, age, cut, days in rows}
    gone["texts"] = sum(vault.purge(purpose, now - s.keep_text_days * DAY_US) for purpose in TEXTS)
    store.scrub()
    return gone
