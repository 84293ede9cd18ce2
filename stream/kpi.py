"""The indicators of the city's plan, folded from the journal: one number, one definition, no sum made elsewhere.

Times are the records' own ``at``; a span takes the incidents opened in it, the paints, annunciations and cases of it.
What the journal cannot say (vehicles that kept the limit, arrivals nobody reported) is not here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from stream.figures import load, quantiles, rate
from stream.schema import US, Record, Severity

KEEP = 200_000  # incidents and welfare cases kept in memory: years of an ordinary city
HOUR_US = 3600 * US
GRAVE = (Severity.serious, Severity.severe)
FIRST_DEEDS = (
    "incident.acknowledged", "incident.assigned", "incident.checked", "incident.shelved", "incident.resolved",
    "escalation.requested", "incident.merged",
)  # fmt: skip


class Story:
    """What one incident is remembered by. Times in µs, 0 = not yet."""

    def __init__(self, record: Record) -> None:
        body = record.body
        self.at, self.kind, self.domain, self.priority = record.at, body["kind"], body["domain"], int(body["priority"])
        self.by_hand = "by_hand" in body.get("marks", ())
        self.sounded = bool(body.get("annunciated", True))
        self.rules, self.sources, self.worst = set[str](), set[str](), 0
        self.painted = self.acted = self.resolved = self.accepted = self.arrived = 0
        self.requested: dict[str, int] = {}
        self.delivered: dict[str, int] = {}
        self.disposition = ""
        for detection in body.get("detections", ()):
            self.take(detection)

    def take(self, detection: dict[str, Any]) -> None:
        """One more detection: who said it, and how bad."""
        self.rules.add(detection["rule"])
        self.sources.add(detection.get("source") or detection["subject"])
        self.worst = max(self.worst, int(detection["severity"]))


class Kpi:
    """``apply`` each record; ``view(frm, to)`` gives the figures of a span (µs)."""

    def __init__(self) -> None:
        self._stories: OrderedDict[str, Story] = OrderedDict()
        self._cases: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._paints: list[tuple[int, float]] = []
        self._sounded: list[tuple[int, int]] = []
        self._seen: Counter[tuple[int, str, str]] = Counter()  # (hour, rule, subject)
        self._silent: dict[str, int] = {}
        self._silences: list[tuple[int, float]] = []

    def apply(self, record: Record) -> None:
        """Take one record in; kinds that say nothing about the figures cost a look-up."""
        if step := STEPS.get(record.kind):
            step(self, record)
        story = self._stories.get(record.subject)
        if story is not None and record.kind in FIRST_DEEDS and not story.acted:
            story.acted = record.at

    # steps -----------------------------------------------------------------------------------------------------

    def _opened(self, record: Record) -> None:
        story = self._stories[record.subject] = Story(record)
        if len(self._stories) > KEEP:
            self._stories.popitem(last=False)
        if story.sounded:
            _insert(self._sounded, (record.at, story.priority))
        for detection in record.body.get("detections", ()):
            self._count(record.at, detection["rule"], detection["subject"])

    def _attached(self, record: Record) -> None:
        detection = record.body["detection"]
        if story := self._stories.get(record.subject):
            story.take(detection)
        self._count(record.at, detection["rule"], detection["subject"])

    def _counted(self, record: Record) -> None:
        self._count(record.at, record.body["rule"], record.body.get("subject") or record.subject)

    def _count(self, at: int, rule: str, subject: str) -> None:
        self._seen[at // HOUR_US, rule, subject] += 1

    def _scored(self, record: Record) -> None:
        """A priority that changes; annunciated for the first time counts as load."""
        if (story := self._stories.get(record.subject)) is None:
            return
        story.priority = int(record.body["priority"])
        if record.body["annunciated"] and not story.sounded:
            story.sounded = True
            _insert(self._sounded, (record.at, story.priority))

    def _returned(self, record: Record) -> None:
        """Back to new: it sounds again."""
        story = self._stories.get(record.subject)
        if story is None:
            return
        if record.body["state"] == "new":
            _insert(self._sounded, (record.at, story.priority))
        story.disposition, story.resolved = "", 0

    def _resolved(self, record: Record) -> None:
        if story := self._stories.get(record.subject):
            story.disposition, story.resolved = record.body["disposition"], record.at

    def _painted(self, record: Record) -> None:
        _insert(self._paints, (record.at, float(record.body["ms"])))
        if (story := self._stories.get(record.subject)) and not story.painted:
            story.painted = record.at

    def _report(self, record: Record) -> None:
        if (story := self._stories.get(record.subject)) is None:
            return
        key, step = record.body["key"], record.kind.removeprefix("escalation.")
        if step == "requested":
            story.requested[key] = record.at
        elif step in ("delivered", "accepted"):
            story.delivered.setdefault(key, record.at)
        if step in ("accepted", "arrived") and not getattr(story, step):
            setattr(story, step, record.at)

    def _case(self, record: Record) -> None:
        self._cases.setdefault(record.subject, {"at": record.at, **record.body, "contacted": 0})
        if len(self._cases) > KEEP:
            self._cases.popitem(last=False)

    def _contact(self, record: Record) -> None:
        case = self._cases.get(record.subject)
        if case is not None and record.body["outcome"] == "contacted" and not case["contacted"]:
            case["contacted"] = record.at

    def _device(self, record: Record) -> None:
        code = record.body["code"]
        if code == "silent":
            self._silent.setdefault(record.subject, record.at)
        elif code == "back" and (since := self._silent.pop(record.subject, 0)):
            _insert(self._silences, (record.at, (record.at - since) / US))

    # figures ---------------------------------------------------------------------------------------------------

    def view(self, frm: int, to: int) -> dict[str, Any]:
        """Every figure of ``frm`` <= time < ``to``. Durations in seconds unless the name says otherwise."""
        stories = [s for s in list(self._stories.values()) if frm <= s.at < to]
        return {
            "from": frm,
            "to": to,
            "detection_to_popup_ms": quantiles((ms for _, ms in _span(self._paints, frm, to)), 0.99),
            "popup_to_ack_s": _waits(stories, "painted", "acted"),
            "p1_popup_to_ack_s": _waits([s for s in stories if s.priority == 1], "painted", "acted"),
            "alarm_to_response_s": _waits(stories, "at", "acted"),
            "popup_to_delivered_s": quantiles(
                (min(s.delivered.values()) - s.painted) / US for s in stories if s.painted and s.delivered),
            "confirm_to_delivered_s": quantiles(
                (at - s.requested[key]) / US for s in stories for key, at in s.delivered.items() if key in s.requested),
            "accepted_to_arrived_s": _waits(stories, "accepted", "arrived"),
            "opened_to_resolved_s": _waits(stories, "at", "resolved"),
            "false_alarms": _false_alarms(stories),
            "missed": rate(sum(s.by_hand for s in stories), len(stories)),
            "early_detection": _early(stories),
            "load": load(_span(self._sounded, frm, to), frm, to),
            "first_contact": self._contacts(frm, to),
            "reports": self._channels(frm, to),
            "road": self._road(frm, to),
            "recovery_s": quantiles(s for _, s in _span(self._silences, frm, to)),
            "silent_now": len(self._silent),
        }

    def _contacts(self, frm: int, to: int) -> dict[str, Any]:
        """Cases that were contacted within 24 and 48 h, of those whose time was up by ``to``; and the unworked ones."""
        cases = [c for c in list(self._cases.values()) if frm <= c["at"] < to]
        table: dict[str, Any] = {}
        for hours in (24, 48):
            due = [c for c in cases if c["contacted"] or to - c["at"] >= hours * HOUR_US]
            kept = sum(0 < c["contacted"] <= c["at"] + hours * HOUR_US for c in due)
            table[f"within_{hours}h"] = rate(kept, len(due))
        table["unworked"] = sum(not c["contacted"] and to - c["at"] >= 24 * HOUR_US for c in cases)
        return table

    def _channels(self, frm: int, to: int) -> dict[str, Any]:
        """Welfare reports by channel, households with several, cases back within 90 days, and those told twice."""
        cases = [c for c in list(self._cases.values()) if frm <= c["at"] < to]
        homes = Counter(c["household"] for c in cases if c.get("household"))
        channels = Counter(c.get("channel", "") for c in cases)
        twice = sum(bool(c.get("same_as")) for c in cases)
        return {
            "n": len(cases), "by_channel": dict(channels), "households_again": sum(n > 1 for n in homes.values()),
            "told_twice": twice, "recurring": sum(bool(c.get("again")) and not c.get("same_as") for c in cases),
        }

    def _road(self, frm: int, to: int) -> dict[str, Any]:
        """Detections by rule: how many, at which subject, in which hour of the Korean day (whole hours of the span)."""
        table: dict[str, Any] = {}
        for (hour, rule, subject), n in list(self._seen.items()):
            if frm <= hour * HOUR_US < to:
                row = table.setdefault(rule, {"n": 0, "by_subject": {}, "by_hour": [0] * 24})
                row["n"] += n
                row["by_subject"][subject] = row["by_subject"].get(subject, 0) + n
                row["by_hour"][(hour + 9) % 24] += n
        return table


STEPS: dict[str, Callable[[Kpi, Record], None]] = {
    "incident.opened": Kpi._opened,
    "incident.attached": Kpi._attached,
    "incident.folded": Kpi._counted,
    "detection.noted": Kpi._counted,
    "incident.scored": Kpi._scored,
    "incident.priority_changed": Kpi._scored,
    "incident.returned": Kpi._returned,
    "incident.unshelved": Kpi._returned,
    "incident.reopened": Kpi._returned,
    "incident.resolved": Kpi._resolved,
    "paint.noted": Kpi._painted,
    **{f"escalation.{state}": Kpi._report for state in ("requested", "delivered", "accepted", "arrived")},
    "case.noted": Kpi._case,
    "case.contact": Kpi._contact,
    "device.noted": Kpi._device,
}


def _insert(row: list[Any], item: tuple[int, Any]) -> None:
    """Keep a list sorted by time; nearly always the item goes to the end."""
    if not row or row[-1][0] <= item[0]:
        row.append(item)
    else:
        row.insert(bisect_left(row, item), item)


def _span(row: list[Any], frm: int, to: int) -> list[Any]:
    return row[bisect_left(row, (frm,)) : bisect_left(row, (to,))]


def _waits(stories: Iterable[Story], start: str, end: str) -> dict[str, Any]:
    """Seconds from one moment of an incident to another, of those that have both."""
    pairs = ((getattr(s, start), getattr(s, end)) for s in stories)
    return quantiles((b - a) / US for a, b in pairs if a and b)


def _false_alarms(stories: list[Story]) -> dict[str, Any]:
    """False alarms of all verdicts (confirmed or false), in all, by rule and by source."""
    judged = [s for s in stories if s.disposition in ("confirmed", "false_alarm")]
    table = {"all": rate(sum(s.disposition == "false_alarm" for s in judged), len(judged))}
    for name, keys in (("by_rule", "rules"), ("by_source", "sources")):
        n, false = Counter[str](), Counter[str]()
        for story in judged:
            n.update(getattr(story, keys))
            false.update(getattr(story, keys) if story.disposition == "false_alarm" else ())
        table[name] = {key: rate(false[key], n[key]) for key in sorted(n)}
    return table


def _early(stories: list[Story]) -> dict[str, Any]:
    """Share of the confirmed grave care incidents that a rule raised before anybody reported them."""
    grave = [s for s in stories if s.disposition == "confirmed" and s.domain in ("care", "cross")
             and (s.worst in GRAVE or s.by_hand)]  # fmt: skip
    return rate(sum(not s.by_hand for s in grave), len(grave))
