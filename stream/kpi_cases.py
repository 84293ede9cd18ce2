"""Figures of welfare cases: the clock of first contact, closing, who reported, who came again."""

from __future__ import annotations

from bisect import insort
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

from stream.figures import quantiles, rate
from stream.kpi_story import cut
from stream.schema import US, Record

KEEP = 200_000  # cases kept in memory
HOUR_US = 3600 * US
CLOCKS_H = (24, 48)
PEOPLE = 100_000


class Case:
    """What one case is remembered by. Times in µs, 0 = not yet; ``twice``: told again of one that is known,
    ``again``: back within 90 days (both are the record's word)."""

    def __init__(self, record: Record) -> None:
        body = record.body
        self.at = record.at
        self.twice = bool(body.get("same_as"))
        self.again = bool(body.get("again")) and not self.twice
        self.dong, self.channel, self.household = body["dong"], body.get("channel", ""), body.get("household", "")
        self.contacted = self.closed = 0


class Cases:
    """Welfare cases by id and by time."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Case] = OrderedDict()
        self._by_time: list[tuple[int, int, Case]] = []
        self._n = 0

    def apply(self, record: Record) -> None:
        """Take one record in."""
        if step := STEPS.get(record.kind):
            step(self, record)

    def _noted(self, record: Record) -> None:
        if record.subject in self._by_id:
            return
        case = self._by_id[record.subject] = Case(record)
        self._n += 1
        insort(self._by_time, (record.at, self._n, case))
        if len(self._by_id) > KEEP:
            self._by_id.popitem(last=False)
            del self._by_time[0]

    def _contact(self, record: Record) -> None:
        case, outcome = self._by_id.get(record.subject), record.body["outcome"]
        if case is None:
            return
        if outcome == "contacted" and not case.contacted:
            case.contacted = record.at
        elif outcome == "closed":
            case.closed = record.at

    # figures ---------------------------------------------------------------------------------------------------

    def view(self, frm: int, to: int, area: str = "", people: int = 0) -> dict[str, Any]:
        """``first_contact``, ``reports`` and ``case_lead_s`` of the cases of a span (of one dong, when named)."""
        cases = [row[2] for row in cut(self._by_time, frm, to) if not area or row[2].dong == area]
        return {
            "first_contact": _contacts(cases, to),
            "reports": _reports(cases, people),
            "case_lead_s": quantiles((c.closed - c.at) / US for c in cases if c.closed),
        }


STEPS: dict[str, Callable[[Cases, Record], None]] = {"case.noted": Cases._noted, "case.contact": Cases._contact}


def _contacts(cases: list[Case], to: int) -> dict[str, Any]:
    """Cases that were contacted within 24 and 48 h, of those whose time was up by ``to``; and the unworked ones."""
    table: dict[str, Any] = {}
    for hours in CLOCKS_H:
        due = [c for c in cases if c.contacted or to - c.at >= hours * HOUR_US]
        kept = sum(0 < c.contacted <= c.at + hours * HOUR_US for c in due)
        table[f"within_{hours}h"] = rate(kept, len(due))
    table["unworked"] = sum(not c.contacted and to - c.at >= 24 * HOUR_US for c in cases)
    return table


def _reports(cases: list[Case], people: int) -> dict[str, Any]:
    """Reports by channel, per 100,000 people, by neighbours; those told twice, and those back within 90 days."""
    homes = Counter(c.household for c in cases if c.household)
    channels = Counter(c.channel for c in cases)
    matters = [c for c in cases if not c.twice]
    return {
        "n": len(cases),
        "by_channel": dict(channels),
        "households_again": sum(n > 1 for n in homes.values()),
        "per_100000": round(len(cases) * PEOPLE / people, 2) if people else None,
        "by_neighbours": rate(channels["neighbour"], len(cases)),
        "told_twice": len(cases) - len(matters),
        "recurring": sum(c.again for c in matters),
        "recurrence_90d": rate(sum(c.again for c in matters), len(matters)),
    }
