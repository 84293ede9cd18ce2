"""Figures of use and protection: who worked at the console, which school boards were on, looks at people, exports."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from typing import Any

from stream.figures import SLOT_US, rate
from stream.kpi_story import cut
from stream.schema import US, Record

HOUR_US = 3600 * US
DEEDS = frozenset({
    "incident.acknowledged", "incident.unacknowledged", "incident.assigned", "incident.transferred", "incident.noted",
    "incident.checked", "incident.shelved", "incident.resolved", "incident.reopened", "incident.merged",
    "incident.split", "incident.priority_changed", "escalation.requested",
})  # fmt: skip
NOBODY = frozenset({"", "engine", "house", "timer"})
ACCESS = ("access.looked", "access.login", "access.refused")
BOARD, EXPORT = "board", "export"
CALM, FLOOD = 1, 10  # annunciations per operator in ten minutes: what one bears for long, and a flood (EEMUA 191)


class Use:
    """Deeds by hour and person, and access by time."""

    def __init__(self) -> None:
        self._deeds: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._access: list[tuple[int, int, Record]] = []

    def apply(self, record: Record) -> None:
        """Take one record in."""
        if record.kind in ACCESS:
            insort(self._access, (record.at, len(self._access), record))
        elif record.kind in DEEDS and record.by not in NOBODY and not record.by.startswith("/"):
            self._deeds[record.at // HOUR_US][record.by] += 1

    def view(self, frm: int, to: int) -> dict[str, Any]:
        """``use`` and ``protection`` of a span."""
        access = [row[2] for row in cut(self._access, frm, to)]
        looked = [r for r in access if r.kind == "access.looked"]
        logins = [r for r in access if r.kind == "access.login"]
        refused = [r for r in access if r.kind == "access.refused"]
        hours = [hour for hour in range(-(-frm // HOUR_US), -(-to // HOUR_US)) if hour in self._deeds]
        deeds = [pair for hour in hours for pair in list(self._deeds[hour].items())]
        people = [r for r in looked if r.body.get("purpose")]
        return {
            "use": {
                "boards": len({r.subject for r in looked if r.body.get("what") == BOARD}),
                "logins": len(logins), "people": len({r.by for r in logins} | {who for who, _ in deeds}),
                "deeds": sum(n for _, n in deeds),
            },
            "protection": {
                "looks": len(people),
                "looks_by_purpose": dict(sorted(Counter(str(r.body["purpose"]) for r in people).items())),
                "refused": len(refused),
                "exports": sum(r.body.get("what") == EXPORT for r in looked),
                "exports_refused": sum(EXPORT in str(r.body.get("what", "")) for r in refused),
            },
        }

    def per_operator(self, slots: list[int], frm: int) -> dict[str, Any]:
        """The load of each slot of ten minutes from ``frm`` on, by who gave commands in its hour (one at least)."""
        seats = [max(1, len(self._deeds.get((frm + n * SLOT_US) // HOUR_US, ()))) for n in range(len(slots))]
        loads = [n / seat for n, seat in zip(slots, seats, strict=True)]
        return {
            "mean": round(sum(loads) / len(loads), 3),
            "worst": round(max(loads), 3),
            "operators": round(sum(seats) / len(seats), 2),
            "calm": rate(sum(load <= CALM for load in loads), len(loads)),
            "flood": rate(sum(load > FLOOD for load in loads), len(loads)),
        }
