"""The first half of a turn: what came in becomes what is new, what came twice, what is put aside; sealed, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from stream.columns import pack
from stream.intake import Arrival, Outcome, Shed
from stream.quarantine import Quarantine
from stream.schema import Delivery, Event, Quarantined
from stream.sealing import seal_event, unsealed_text
from stream.seen import Key, Seen
from stream.sequence import Sequence as Numbers
from stream.vault import Vault
from stream.wire import to_wire


class Sorted(msgspec.Struct):
    """One turn's input. ``judged[i]`` is what the rules see of ``sealed[i]``; ``sent`` has events as they were sent."""

    sealed: list[Event] = []
    judged: list[Event] = []
    sent: dict[int, Event] = {}
    keys: list[Key] = []
    twice: list[list[bool]] = []  # of each arrival: which of its events came before
    duplicates: int = 0
    aside: list[dict[str, Any]] = []
    more: Counter[int] = msgspec.field(default_factory=Counter)


class Sorter:
    """Sorts arrivals with the help of what is known: identities, numbers, the vault, quarantine."""

    def __init__(self, seen: Seen, numbers: Numbers, vault: Vault, quarantine: Quarantine) -> None:
        self.seen, self.numbers, self.vault, self.quarantine = seen, numbers, vault, quarantine

    def sort(self, arrivals: Sequence[Arrival], now: int) -> Sorted:
        """Sort what came, in the order it came."""
        events = [event for arrival in arrivals for event in arrival.events]
        found = self.seen.sort(events)
        self.seen.remember(found.keys)
        out = Sorted(keys=found.keys)
        flags = iter(found.twice)
        try:
            for arrival in arrivals:
                out.twice.append([self._one(event, next(flags), now, out) for event in arrival.events])
                if arrival.quarantined:
                    self._put_aside(arrival.quarantined, now, out)
        except Exception:
            self.seen.forget(found.keys)  # nothing of this turn is kept: sent again, it must not look like a duplicate
            raise
        return out

    def _one(self, event: Event, twice: bool, now: int, out: Sorted) -> bool:
        """Take one event in; True when it came before."""
        if twice and event.seq is not None:  # sent again under a new number: that number did come
            self.numbers.settle(event.source, [event.seq], event.time, now)
        if twice or not self.numbers.is_new(event, now):
            out.duplicates += 1
            return True
        sealed = seal_event(self.vault, event)
        out.sealed.append(sealed)
        judged = unsealed_text(event, sealed)
        out.judged.append(judged)
        if judged is not event:
            out.sent[id(judged)] = event
        return False

    def _put_aside(self, aside: list[Quarantined], now: int, out: Sorted) -> None:
        rows, more = self.quarantine.hold(aside, now)
        out.aside += rows
        out.more += more
        for one in aside:
            # A message that lies about its source must not touch the numbers of that source.
            if one.seq is not None and one.source in self.numbers.known and one.reason != "wrong_source":
                self.numbers.settle(one.source, [one.seq], one.arrival, now)

    def shed(self, shed: Shed, now: int) -> None:
        """What the intake let go did come: its numbers are not missing."""
        for source, seqs in shed.seqs.items():
            self.numbers.settle(source, seqs, now, now)

    def poison(self, out: Sorted, poison: list[tuple[Event, str]], now: int) -> None:
        """Events that crashed a rule: off the tape and the list of identities, into quarantine as they were sent."""
        if not poison:
            return
        bad = {id(event) for event, _ in poison}
        keep = [i for i, event in enumerate(out.judged) if id(event) not in bad]
        keys = {(event.source, event.id) for event, _ in poison}
        self.seen.forget(list(keys))
        out.sealed = [out.sealed[i] for i in keep]
        out.judged = [out.judged[i] for i in keep]
        out.keys = [key for key in out.keys if key not in keys]
        sent = [(out.sent.get(id(event), event), why) for event, why in poison]
        rows, more = self.quarantine.hold(
            [Quarantined(to_wire(e), "rule_crash", why, e.source, e.arrival, e.id, e.seq) for e, why in sent], now)
        out.aside += rows
        out.more += more

    def columns(self, out: Sorted, now: int) -> bytes:
        """The turn's row of the tape; an event that cannot be written becomes poison."""
        try:
            return pack(out.sealed)
        except Exception:
            pairs = zip(out.judged, out.sealed, strict=True)
            bad = [(judged, "unwritable") for judged, sealed in pairs if not _packs(sealed)]
            self.poison(out, bad, now)
            return pack(out.sealed)

    def outcome(self, arrival: Arrival, twice: list[bool], poison: set[Key]) -> Outcome:
        """What its bringer is told once all is durable."""
        events = arrival.events
        bad = sum((e.source, e.id) in poison for e in events) if poison else 0
        duplicate = sum(twice)
        ids = [e.id for e in events if e.delivery != Delivery.telemetry]
        ids += [q.id for q in arrival.quarantined if q.id is not None]
        sources = dict.fromkeys(e.source for e in events)
        seqs = {source: self.numbers.contiguous(source) for source in sources}
        return Outcome(len(events) - duplicate - bad, duplicate, len(arrival.quarantined) + bad, True, ids, seqs)


def _packs(event: Event) -> bool:
    try:
        pack([event])
    except Exception:
        return False
    return True
