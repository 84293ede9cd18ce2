"""What the figures remember of each incident: when it was seen, touched, told on, over, and by whose word it began."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from stream.schema import Record

KEEP = 200_000  # incidents, annunciations and paints kept in memory: years of an ordinary city
FIRST_DEEDS = (
    "incident.acknowledged", "incident.assigned", "incident.checked", "incident.shelved", "incident.resolved",
    "escalation.requested", "incident.merged",
)  # fmt: skip
HAND = "by_hand"


class Story:
    """What one incident is remembered by. Times in µs, 0 = not yet."""

    def __init__(self, record: Record) -> None:
        body = record.body
        self.at, self.kind, self.domain, self.priority = record.at, body["kind"], body["domain"], int(body["priority"])
        self.by_hand = HAND in body.get("marks", ())
        self.sounded = bool(body.get("annunciated", True))
        self.rules, self.sources, self.worst = set[str](), set[str](), 0
        self.painted = self.acted = self.resolved = self.accepted = self.arrived = 0
        self.requested: dict[str, int] = {}
        self.delivered: dict[str, int] = {}
        self.agency: dict[str, str] = {}
        self.arrivals: dict[str, int] = {}
        self.accepts: dict[str, int] = {}
        self.disposition, self.merged = "", False
        self.stamps = dict[str, int](body.get("stamps") or {})
        self.trusted = "clock_suspect" not in body.get("marks", ())
        self.late_ms: float | None = None
        self.site = ""
        self.areas: frozenset[str] = frozenset()
        self.stand(body.get("place"))
        for detection in body.get("detections", ()):
            self.take(detection)

    def take(self, detection: dict[str, Any]) -> None:
        """One more detection: who said it, and how bad."""
        self.rules.add(detection["rule"])
        self.sources.add(detection.get("source") or detection["subject"])
        self.worst = max(self.worst, int(detection["severity"]))

    def stand(self, place: dict[str, Any] | None) -> None:
        """Where it is: the dong and the zone it counts for."""
        if place:
            self.site = place.get("site") or self.site
            self.areas |= {place[name] for name in ("dong", "zone") if place.get(name)}


class Stories:
    """Stories by incident and by time; ``of`` gives those opened in a span."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Story] = OrderedDict()
        self._by_time: list[tuple[int, int, Story]] = []  # (opened at, number, story)
        self._n = 0
        self.sounded: list[tuple[int, int, int, Story]] = []  # (at, number, priority, story)
        self.paints: list[tuple[int, int, float, Story | None]] = []

    def apply(self, record: Record) -> None:
        """Take one record in; kinds that say nothing about incidents cost a look-up."""
        if step := STEPS.get(record.kind):
            step(self, record)
        story = self._by_id.get(record.subject)
        if story is not None and record.kind in FIRST_DEEDS and not story.acted:
            story.acted = record.at

    def of(self, frm: int, to: int, area: str = "") -> list[Story]:
        """Stories opened in ``frm`` <= time < ``to`` (of this dong or zone, when named)."""
        return [row[2] for row in cut(self._by_time, frm, to) if not area or area in row[2].areas]

    def annunciated(self, frm: int, to: int, area: str = "") -> list[tuple[int, int]]:
        """``(at, priority)`` of what called a person in the span."""
        return [(at, p) for at, _, p, story in cut(self.sounded, frm, to) if not area or area in story.areas]

    def painted(self, frm: int, to: int, area: str = "") -> list[float]:
        """Milliseconds from arrival to paint, as browsers measured them in the span."""
        return [ms for _, _, ms, story in cut(self.paints, frm, to) if not area or (story and area in story.areas)]

    # steps -----------------------------------------------------------------------------------------------------

    def _opened(self, record: Record) -> None:
        story = self._by_id[record.subject] = Story(record)
        insort(self._by_time, (record.at, self._next(), story))
        if len(self._by_id) > KEEP:
            self._by_id.popitem(last=False)
            del self._by_time[0]
        if story.sounded:
            self._sound(record.at, story)

    def _next(self) -> int:
        self._n += 1
        return self._n

    def _sound(self, at: int, story: Story) -> None:
        insort(self.sounded, (at, self._next(), story.priority, story))
        if len(self.sounded) > KEEP:
            del self.sounded[0]

    def _attached(self, record: Record) -> None:
        if story := self._by_id.get(record.subject):
            story.take(record.body["detection"])
            story.stand(record.body.get("place"))

    def _scored(self, record: Record) -> None:
        """A priority that changes; annunciated for the first time counts as load."""
        if (story := self._by_id.get(record.subject)) is None:
            return
        story.priority = int(record.body["priority"])
        if record.body["annunciated"] and not story.sounded:
            story.sounded = True
            self._sound(record.at, story)

    def _returned(self, record: Record) -> None:
        """Back to new: it sounds again."""
        story = self._by_id.get(record.subject)
        if story is None:
            return
        if record.body["state"] == "new":
            self._sound(record.at, story)
        story.disposition, story.resolved = "", 0

    def _resolved(self, record: Record) -> None:
        if story := self._by_id.get(record.subject):
            story.disposition, story.resolved = record.body["disposition"], record.at

    def _merged(self, record: Record) -> None:
        story = self._by_id.get(record.subject)
        if story is not None and record.body.get("into"):
            story.merged = True

    def _painted(self, record: Record) -> None:
        story, ms = self._by_id.get(record.subject), float(record.body["ms"])
        insort(self.paints, (record.at, self._next(), ms, story))
        if len(self.paints) > KEEP:
            del self.paints[0]
        if story and not story.painted:
            story.painted = record.at
            if story.trusted and story.stamps.get("source") and story.stamps.get("arrival"):
                story.late_ms = ms + (story.stamps["arrival"] - story.stamps["source"]) / 1000

    def _report(self, record: Record) -> None:
        if (story := self._by_id.get(record.subject)) is None:
            return
        key, step = record.body["key"], record.kind.removeprefix("escalation.")
        story.agency[key] = record.body["agency"]
        if step == "requested":
            story.requested[key] = record.at
        elif step in ("delivered", "accepted"):
            story.delivered.setdefault(key, record.at)
        if step == "accepted":
            story.accepts.setdefault(key, record.at)
        elif step == "arrived":
            story.arrivals.setdefault(key, record.at)
        if step in ("accepted", "arrived") and not getattr(story, step):
            setattr(story, step, record.at)


STEPS: dict[str, Callable[[Stories, Record], None]] = {
    "incident.opened": Stories._opened,
    "incident.attached": Stories._attached,
    "incident.scored": Stories._scored,
    "incident.priority_changed": Stories._scored,
    "incident.returned": Stories._returned,
    "incident.unshelved": Stories._returned,
    "incident.reopened": Stories._returned,
    "incident.resolved": Stories._resolved,
    "incident.merged": Stories._merged,
    "paint.noted": Stories._painted,
    **{f"escalation.{state}": Stories._report for state in ("requested", "delivered", "accepted", "arrived")},
}


def cut(row: list[Any], frm: int, to: int) -> list[Any]:
    """Of rows sorted by their first field, a time, those of ``frm`` <= time < ``to``.

    >>> cut([(1, "a"), (2, "b"), (3, "c")], 2, 3)
    [(2, 'b')]
    """
    return row[bisect_left(row, (frm,)) : bisect_left(row, (to,))]
