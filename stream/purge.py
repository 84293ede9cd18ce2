"""What is older than its class may be kept is destroyed; the journal, which holds no personal data, is not.

The console does this once a day and ``run.py purge`` at any time; twice does no harm.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, delete

from stream import seen, tape
from stream.desk import TRANSITIONS
from stream.quarantine import Quarantine
from stream.schema import US
from stream.sealing import PURPOSE
from stream.settings import Settings
from stream.store import Store
from stream.tables import commands, sessions
from stream.vault import Vault

DAY_US = 86_400 * US
TEXTS = (PURPOSE, "open", *TRANSITIONS)  # what texts are sealed for: in an event, by opening one by hand, with a verb


def _older(conn: Connection, age: Column[int], before: int) -> int:
    """Delete the rows whose ``age`` is before ``before`` (µs); how many they were."""
    return conn.execute(delete(age.table).where(age < before)).rowcount


def purge(store: Store, vault: Vault, quarantine: Quarantine, settings: Settings, now: int) -> dict[str, int]:
    """Destroy what is due at ``now`` (µs); how many of each class that were. StoreError when it can't be done."""

    def before(days: int) -> int:
        return now - days * DAY_US

    gone = {}
    with store.begin() as conn:
        gone["tape"] = tape.purge(conn, before(settings.keep_tape_days))
        gone["seen"] = seen.purge(conn, before(settings.keep_seen_days))
        gone["commands"] = _older(conn, commands.c.at, before(settings.keep_seen_days))
        gone["sessions"] = _older(conn, sessions.c.opened_at, before(settings.keep_seen_days))
        gone["quarantine"] = quarantine.purge(conn, before(settings.keep_quarantine_days))
    gone["texts"] = sum(vault.purge(purpose, before(settings.keep_text_days)) for purpose in TEXTS)
    store.scrub()
    return gone
