"""How often each road danger was seen at each site and Korean day: what a school's board counts and its week shows.

A fold: no rule, no clock. It counts as the indicators do (``kpi_road.COLUMN``); what was judged no incident after all
counts no more. Only the last days are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator
from typing import Any

from stream.kpi_road import COLUMN
from stream.schema import US, Record

DAY_US = 24 * 3600 * US
KST_US = 9 * 3600 * US
KEEP_DAYS = 9
RECENT_US = 15 * 60 * US  # seen so lately that a board, which is late by design, may have to leave it out
NOT_SO = ("false_alarm", "duplicate", "test")
KINDS = ("incident.opened", "incident.attached", "incident.folded", "incident.resolved", "detection.noted")


def day_of(at: int) -> int:
    """The Korean day of a moment (µs), counted from 1970."""
    return (at + KST_US) // DAY_US


class ZoneDays:
    """``apply`` each record of ``KINDS``; ``counts(sites, day, until)`` says what was seen that day up to a moment."""

    def __init__(self) -> None:
        self.first = 0  # day of the first record
        self._days: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._recent: deque[tuple[int, str, str]] = deque()
        self._of: dict[str, list[tuple[int, str, str]]] = {}

    def apply(self, record: Record) -> None:
        """Take one record in."""
        day = day_of(record.at)
        self.first = self.first or day
        if record.kind == "incident.resolved":
            if record.body["disposition"] in NOT_SO:
                self._take_back(record.subject)
            return
        for column, site in _seen(record):
            self._days[day][column, site] += 1
            self._recent.append((record.at, column, site))
            if record.kind != "detection.noted":
                self._of.setdefault(record.subject, []).append((record.at, column, site))
        while self._recent and self._recent[0][0] < record.at - RECENT_US:
            self._recent.popleft()
        for old in [d for d in self._days if d < day - KEEP_DAYS]:
            del self._days[old]
            self._of = {id: rows for id, rows in self._of.items() if day_of(rows[-1][0]) > old}

    def _take_back(self, incident: str) -> None:
        gone = self._of.pop(incident, [])
        for at, column, site in gone:
            if day_of(at) in self._days:
                self._days[day_of(at)][column, site] -= 1
        left = Counter(self._recent) - Counter(gone)
        self._recent = deque(sorted(left.elements()))

    def counts(self, sites: Collection[str], day: int, until: int) -> Counter[str]:
        """How many of each column (``kpi_road.EVENTS``) at these sites on this day, up to ``until`` (µs)."""
        found = Counter[str]()
        for (column, site), n in list(self._days.get(day, Counter()).items()):
            if site in sites:
                found[column] += n
        for at, column, site in list(self._recent):
            if at > until and day_of(at) == day and site in sites:
                found[column] -= 1
        return found


def _seen(record: Record) -> Iterator[tuple[str, str]]:
    """Column and site of each detection that the record tells."""
    body: dict[str, Any] = record.body
    if record.kind in ("incident.opened", "incident.attached"):
        rows = [one for one in (body.get("detections") or (body.get("detection"),)) if one]
    else:
        rows = [body | {"subject": body.get("subject") or record.subject}]
    for one in rows:
        what = one.get("what") or (one.get("evidence") or {}).get("what") or ""
        if column := COLUMN.get(one["rule"]) or COLUMN.get(what):
            yield column, one["subject"]
