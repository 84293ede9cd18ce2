"""Figures of devices: how much of the time they should have been heard they were, and how long a silence lasted."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection
from typing import Any

from stream.figures import quantiles
from stream.kpi_story import cut
from stream.schema import US, Record

WORST = 10
DOWN = {"silent": True, "back": False}
STATUS = {"offline": True, "online": False, "degraded": False}


class Outages:
    """From when to when each source was down: silent, or offline by its own word."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._silent: set[str] = set()
        self._told: set[str] = set()
        self._over: list[tuple[int, int, str, int]] = []  # (end, number, source, begin)
        self.first = 0

    def apply(self, record: Record) -> None:
        """Take one record in. The journal's first moment is when anything was expected of a device."""
        self.first = self.first or record.at
        if record.kind != "device.noted":
            return
        source, code = record.subject, record.body["code"]
        self._told.add(source)
        if code in DOWN:
            (self._silent.add if DOWN[code] else self._silent.discard)(source)
        down = STATUS.get(record.body.get("status", "")) if code == "status" else DOWN.get(code)
        if down is True:
            self._open.setdefault(source, record.at)
        elif down is False and (since := self._open.pop(source, 0)):
            insort(self._over, (record.at, len(self._over), source, since))

    def view(self, frm: int, to: int, expected: Collection[str], here: Callable[[str], bool],
             heard: Callable[[str], int] = lambda source: 1) -> dict[str, Any]:
        """``uptime`` of the sources that are ``expected`` to speak and are ``here``, ``recovery_s``, ``silent_now``.

        One that was never ``heard`` (0) and of which no record speaks was not up: it is left out.

        Time counts from the journal's first moment. ``uptime`` has ``rate``, ``n`` (sources), ``down_s``,
        ``expected_s`` and the ``worst`` ten as (source, rate).
        """
        sources = [s for s in expected if here(s) and (s in self._told or heard(s))]
        begin = max(frm, self.first)
        span = max(0, to - begin)
        down = dict.fromkeys(sources, 0)
        spells = [(source, since, end) for end, _, source, since in self._over[bisect_left(self._over, (begin,)) :]]
        spells += [(source, since, to) for source, since in list(self._open.items())]
        for source, since, end in spells:
            if source in down:
                down[source] += max(0, min(end, to) - max(since, begin))
        worst = sorted(((s, round(1 - d / span, 4)) for s, d in down.items() if d and span), key=lambda r: (r[1], r[0]))
        total, lost = span * len(sources), sum(down.values())
        ended = [(end, since) for end, _, source, since in cut(self._over, frm, to) if here(source)]
        return {
            "uptime": {
                "rate": round(1 - lost / total, 5) if total else None, "n": len(sources), "down_s": lost // US,
                "expected_s": total // US, "worst": worst[:WORST],
            },
            "recovery_s": quantiles((end - since) / US for end, since in ended),
            "silent_now": sum(1 for source in list(self._silent) if here(source)),
        }
