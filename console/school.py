"""What a school's board may show: counts of today, five minutes late, small numbers hidden, no place and no person."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

from console.house import House
from stream.clock import format_kst
from stream.schema import US

DELAY_US = 5 * 60 * US
DAY_US = 24 * 3600 * US
KST_US = 9 * 3600 * US
FEW = 5
DOMAIN = "road"


def day_start(now: int) -> int:
    """Midnight of the Korean day of ``now``, µs."""
    return (now + KST_US) // DAY_US * DAY_US - KST_US


def hide(n: int) -> dict[str, Any]:
    """A count as the board may show it: below five only "few" (zero is no secret)."""
    return {"n": None if 0 < n < FEW else n, "few": 0 < n < FEW}


class Counter:
    """Counts of incidents at a school zone's crossings."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: set[str] = set()

    def zones(self) -> list[str]:
        """Zones that a board has asked for."""
        return sorted(self._asked)

    def view(self, zone: str) -> dict[str, Any]:
        """``{zone, as_of, counts: [{kind, n, few}], total: {n, few}}`` of today up to five minutes ago."""
        if zone in self._house.city.zones:
            self._asked.add(zone)
        until = self._house.clock.now() - DELAY_US
        since = day_start(until)
        tally: Tally[str] = Tally(
            i.kind for i in tuple(self._house.board.incidents.values())
            if i.domain == DOMAIN and since <= i.opened_at <= until and i.place is not None and i.place.zone == zone
            and i.disposition not in ("false_alarm", "test", "duplicate") and i.merged_into is None
        )
        counts = [{"kind": kind, **hide(n)} for kind, n in sorted(tally.items())]
        hidden = any(row["few"] for row in counts)  # a total beside one hidden count would tell it
        total = {"n": None, "few": True} if hidden else hide(tally.total())
        return {"zone": zone, "as_of": format_kst(until), "counts": counts, "total": total}
