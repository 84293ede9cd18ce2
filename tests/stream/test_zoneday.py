"""Counts by site and Korean day, up to a moment; what was none after all is taken back."""

from __future__ import annotations

from typing import Any

from stream.schema import US, Record
from stream.zoneday import DAY_US, KEEP_DAYS, ZoneDays, day_of

T0 = 1_772_409_600 * US  # 2026-03-02 09:00 in Korea
HERE = {"XW-1"}


def row(kind: str, at: int, subject: str = "i-1", **body: Any) -> Record:
    return Record(1, at, at, kind, subject, "engine", "", body)


def seen(at: int, rule: str, site: str = "XW-1", what: str = "") -> dict[str, Any]:
    return {"rule": rule, "at": at, "subject": site, "severity": 1, "evidence": {"what": what} if what else {}}


def test_notices_and_incidents_count_by_their_column_and_site():
    days = ZoneDays()
    days.apply(row("detection.noted", T0, "XW-1", rule="speeding", severity=0))
    days.apply(row("detection.noted", T0, "XW-2", rule="speeding", severity=0))
    days.apply(row("incident.opened", T0, detections=[seen(T0, "near_miss"), seen(T0, "reported", what="jaywalking")]))
    days.apply(row("incident.attached", T0, detection=seen(T0, "signal_violation_walk")))
    days.apply(row("incident.folded", T0, "XW-1", rule="speeding", severity=1))
    days.apply(row("incident.opened", T0, "i-2", detections=[seen(T0, "smoke_or_gas")]))
    assert days.counts(HERE, day_of(T0), T0) == {"speeding": 2, "risk": 1, "jaywalking": 1, "signal": 1}
    assert days.counts(HERE, day_of(T0) + 1, T0) == {}


def test_what_came_after_the_moment_is_left_out():
    days = ZoneDays()
    for minute in range(10):
        days.apply(row("detection.noted", T0 + minute * 60 * US, "XW-1", rule="speeding", severity=0))
    assert days.counts(HERE, day_of(T0), T0 + 4 * 60 * US)["speeding"] == 5


def test_a_false_alarm_counts_no_more_also_when_it_is_recent():
    days = ZoneDays()
    days.apply(row("incident.opened", T0, detections=[seen(T0, "near_miss")]))
    days.apply(row("incident.resolved", T0, disposition="false_alarm", reason="shadow"))
    assert days.counts(HERE, day_of(T0), T0 - US)["risk"] == 0
    days.apply(row("incident.opened", T0, "i-3", detections=[seen(T0, "near_miss")]))
    days.apply(row("incident.resolved", T0, "i-3", disposition="confirmed", reason="handled"))
    assert days.counts(HERE, day_of(T0), T0)["risk"] == 1


def test_old_days_are_forgotten():
    days = ZoneDays()
    days.apply(row("incident.opened", T0, detections=[seen(T0, "near_miss")]))
    later = T0 + (KEEP_DAYS + 1) * DAY_US
    days.apply(row("detection.noted", later, "XW-1", rule="speeding", severity=0))
    assert days.counts(HERE, day_of(T0), later) == {}
    days.apply(row("incident.resolved", later, disposition="false_alarm", reason="x"))
    assert days.first == day_of(T0) and days.counts(HERE, day_of(later), later) == {"speeding": 1}
