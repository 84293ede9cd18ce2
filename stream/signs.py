"""What the last days showed at each crosswalk: near misses, speeding, reports, folded from the journal.

The live half of the risk index. A sign loses half of its weight every three days and is forgotten after two weeks; a
sign of an incident that was judged a false alarm, a duplicate or a test counts no more. A fold: no rule, no clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from stream.schema import US, Record

DAY_US = 24 * 3600 * US
WINDOW_US = 14 * DAY_US
HALF_US = 3 * DAY_US
# Weight of a sign by rule, or by what was reported: how near it is to an accident. A judgement: no table of near misses
# beside accidents is open for Osan. A near miss is one; it takes ten speeding cars to weigh as much.
WEIGHTS = {
    "collision": 3.0, "near_miss": 1.0, "speeding_with_child": 0.5, "wrong_way": 0.5, "signal_violation_walk": 0.3,
    "post_encroachment": 0.3, "complaint": 0.3, "jaywalking": 0.2, "signal_violation": 0.2, "speeding_school_run": 0.2,
    "speeding": 0.1, "speed_violation": 0.1, "illegal_parking": 0.1, "obstruction": 0.1,
}  # fmt: skip
KINDS = ["incident.opened", "incident.attached", "incident.folded", "incident.resolved", "detection.noted"]
NOT_SO = ("false_alarm", "duplicate", "test")


class Records(Protocol):
    """What is needed of the journal."""

    @property
    def last_seq(self) -> int:
        """Number of the newest one."""

    def read(
        self, after: int = 0, until: int | None = None, subject: str | None = None, kinds: list[str] | None = None,
        limit: int | None = None, noted_until: int | None = None,
    ) -> Iterator[Record]:
        """Records in order."""


class Sign(NamedTuple):
    """One sign: when (µs), of which incident (empty: of none), where, and what."""

    at: int
    incident: str
    subject: str
    code: str


class Signs:
    """``apply`` each record of ``KINDS``; ``counts(now)`` and ``weights(now)`` say what is left of them."""

    def __init__(self) -> None:
        self._signs: deque[Sign] = deque()

    def apply(self, record: Record) -> None:
        """Take one record in."""
        body: dict[str, Any] = record.body
        if record.kind == "incident.resolved":
            if body["disposition"] in NOT_SO:
                self._signs = deque(one for one in self._signs if one.incident != record.subject)
            return
        for subject, rule, what in _detections(record):
            code = what if rule == "reported" else rule
            if code in WEIGHTS:
                incident = record.subject if record.kind != "detection.noted" else ""
                self._signs.append(Sign(record.at, incident, subject, code))
        while self._signs and self._signs[0].at < record.at - WINDOW_US:
            self._signs.popleft()

    def _fresh(self, now: int) -> Iterator[Sign]:
        return (one for one in self._signs if now - WINDOW_US <= one.at <= now)

    def counts(self, now: int) -> dict[str, dict[str, int]]:
        """How many of each code in the last two weeks, by subject."""
        out: dict[str, dict[str, int]] = {}
        for one in self._fresh(now):
            of = out.setdefault(one.subject, {})
            of[one.code] = of.get(one.code, 0) + 1
        return out

    def weights(self, now: int) -> dict[str, float]:
        """What they weigh by now, by subject: sum of weight * 0.5 ** (age / 3 days)."""
        out: dict[str, float] = {}
        for one in self._fresh(now):
            out[one.subject] = out.get(one.subject, 0.0) + WEIGHTS[one.code] * 0.5 ** ((now - one.at) / HALF_US)
        return out


def _detections(record: Record) -> Iterator[tuple[str, str, str]]:
    """Subject, rule and what was reported of each detection; a road matter opened by hand is a complaint."""
    body = record.body
    if "by_hand" in body.get("marks", ()) and body.get("domain") == "road":
        yield (body.get("place") or {}).get("site") or body["subject"], "complaint", ""
    if record.kind in ("incident.opened", "incident.attached"):
        for one in body.get("detections", ()) or (body.get("detection"),):
            if one:
                yield one["subject"], one["rule"], str(one.get("evidence", {}).get("what", ""))
    elif record.kind == "incident.folded":
        yield body["subject"], body["rule"], body.get("what", "")
    else:
        yield record.subject, body["rule"], str(body.get("evidence", {}).get("what", ""))


def first_since(journal: Records, moment: int) -> int:
    """The number after which the records noted at or after ``moment`` (µs) stand; they are in order of their time."""
    low, high = 0, journal.last_seq
    while low < high:
        middle = (low + high) // 2
        record = next(journal.read(after=middle, limit=1), None)
        if record is None or record.noted_at >= moment:
            high = middle
        else:
            low = middle + 1
    return low


def signs_until(journal: Records, moment: int) -> Signs:
    """The signs as they stood at a past moment (µs)."""
    signs = Signs()
    for record in journal.read(after=first_since(journal, moment - WINDOW_US), kinds=KINDS, noted_until=moment):
        signs.apply(record)
    return signs
