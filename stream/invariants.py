"""What must hold of a store, asked of the store itself: after each restart of a chaos run, and by an auditor.

I1 each alarm and reading that was acknowledged is there exactly once. I2 the figures of a running loop add up. I3 a
report is requested, sent and accepted at most once for an incident, agency and generation. I9 the chain is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import select

from stream import journal, tables, tape
from stream.schema import Delivery
from stream.seen import Key
from stream.store import Store


class Broken(msgspec.Struct, frozen=True):
    """An invariant that does not hold: which (I1 ...) and what was found."""

    name: str
    detail: str


def check(store: Store, acked: Iterable[Key] = ()) -> list[Broken]:
    """What does not hold of this store; ``acked`` are (source, id) of alarms and readings that somebody was told."""
    return [*_once(store, set(acked)), *_reports(store), *_chain(store)]


def _once(store: Store, acked: set[Key]) -> list[Broken]:
    """I1, and that the table of identities and the tape say the same."""
    times: Counter[Key] = Counter()
    for _, _, events in tape.read_store(store):
        times.update((e.source, e.id) for e in events if e.delivery != Delivery.telemetry)
    with store.read() as conn:
        known = {(source, id) for source, id in conn.execute(select(tables.seen.c.source, tables.seen.c.id))}
        aside = conn.execute(select(tables.quarantine.c.source, tables.quarantine.c.id)).all()
    put_aside = {(source, id) for source, id in aside}
    lost = acked - times.keys() - put_aside
    found = [Broken("I1", f"acknowledged and not stored: {key}") for key in sorted(lost)]
    found += [Broken("I1", f"stored {n} times: {key}") for key, n in sorted(times.items()) if n > 1]
    found += [Broken("I1", f"on the tape without identity: {key}") for key in sorted(times.keys() - known)]
    found += [Broken("I1", f"identity without its event: {key}") for key in sorted(known - times.keys() - put_aside)]
    return found


def _reports(store: Store) -> list[Broken]:
    """I3 as the journal tells it: a report's request, its sending and its acceptance are each recorded once."""
    found = []
    for kind in ("requested", "sent", "accepted"):
        times = Counter(r.body["key"] for r in journal.read(store, kinds=[f"escalation.{kind}"]))
        found += [Broken("I3", f"{kind} {n} times: {key}") for key, n in sorted(times.items()) if n > 1]
    return found


def _chain(store: Store) -> list[Broken]:
    """I9."""
    verdict = journal.verify(store)
    return [] if verdict.ok else [Broken("I9", f"record {verdict.first_bad}: {verdict.why}")]


def conserved(stats: dict[str, Any]) -> list[Broken]:
    """I2 of a loop's ``stats`` between two turns: received = stored + duplicate + quarantined, plus what waits."""
    return [Broken("I2", f"{stats['delta']} events are not accounted for")] if stats["delta"] else []

