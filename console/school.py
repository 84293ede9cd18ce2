"""What a school's board may show: counts of today, five minutes late, small numbers hidden, no place and no person."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

from console.house import House
from console.zone_board import FEW, details, hide
from stream.clock import format_kst
from stream.schema import US, Draft

MINUTE_US = 60 * US
DELAY_US = 5 * 60 * US
DAY_US = 24 * 3600 * US
KST_US = 9 * 3600 * US
DOMAIN = "road"
NONE_AFTER_ALL = ("false_alarm", "test", "duplicate")


def day_start(now: int) -> int:
    """Midnight of the Korean day of ``now``, µs."""
    return (now + KST_US) // DAY_US * DAY_US - KST_US


class Counter:
    """Counts of incidents at a school zone's crossings."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: set[str] = set()
        self._counted: tuple[int, dict[str, Tally[str]]] = (-1, {})
        self._opened: dict[str, int] = {}
        self._told: dict[str, tuple[int, dict[str, Any]]] = {}

    def zones(self) -> list[str]:
        """Zones that a board has asked for."""
        return sorted(self._asked)

    def opened(self, zone: str, user: str) -> None:
        """Note that a board is in use, once a zone and day."""
        now = self._house.clock.now()
        if zone in self._house.city.zones and self._opened.get(zone) != day_start(now):
            self._opened[zone] = day_start(now)
            self._house.note([Draft("access.looked", zone, now, {"what": "board"}, user)])

    def _count(self, until: int) -> dict[str, Tally[str]]:
        """Kinds by zone of today until this minute; counted once a minute, for all zones at once."""
        if self._counted[0] != until:
            since, table = day_start(until), dict[str, Tally[str]]()
            for i in tuple(self._house.board.incidents.values()):
                zone = i.place.zone if i.place is not None else None
                counts = i.domain == DOMAIN and i.disposition not in NONE_AFTER_ALL and i.merged_into is None
                if zone and counts and since <= i.opened_at <= until:
                    table.setdefault(zone, Tally())[i.kind] += 1
            self._counted = (until, table)
        return self._counted[1]

    def view(self, zone: str) -> dict[str, Any]:
        """``{zone, as_of, counts: [{kind, n, few}], total: {n, few}, …}`` of today up to five minutes ago, and what
        ``console/zone_board.py`` adds; made once a minute."""
        until = self._house.clock.now() - DELAY_US
        until -= until % MINUTE_US
        if zone not in self._house.city.zones:
            return self._view(zone, until)
        self._asked.add(zone)
        held = self._told.get(zone)
        if held is None or held[0] != until:
            held = self._told[zone] = (until, self._view(zone, until))
        return held[1]

    def _view(self, zone: str, until: int) -> dict[str, Any]:
        tally = self._count(until).get(zone, Tally())
        shown = {kind: n for kind, n in sorted(tally.items()) if n >= FEW}  # a kind that is named was there
        counts = [{"kind": kind, **hide(n)} for kind, n in shown.items()]
        return {"zone": zone, "as_of": format_kst(until), "counts": counts, "total": hide(sum(shown.values())),
                **details(self._house, zone, until)}
