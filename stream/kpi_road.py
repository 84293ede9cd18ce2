"""Figures of the road: what was detected by rule, place and hour, and a school zone's day per 1,000 vehicles seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from stream.figures import rate
from stream.schema import US, Record

HOUR_US = 3600 * US
KST_H = 9
# What of a school zone is counted together: rules, and what a camera or radar reports by itself (``reported``).
# Composite rules are left out: what they are made of is counted.
EVENTS: dict[str, tuple[str, ...]] = {
    "speeding": ("speeding", "speed_violation"),
    "signal": ("signal_violation_walk", "signal_violation"),
    "jaywalking": ("jaywalking",),
    "risk": ("near_miss", "speeding_with_child", "post_encroachment", "collision", "wrong_way"),
}
COLUMN = {name: column for column, names in EVENTS.items() for name in names}
PER = 1000  # vehicles

Zone = Callable[[str], tuple[str, str]]  # (zone, dong) of a site or other subject, "" where there is none


class Road:
    """Detections and vehicles by hour since 1970: a span is so many look-ups, however long the journal is."""

    def __init__(self) -> None:
        self._seen: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)  # (rule, subject)
        self._events: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)  # (column, site)
        self._passed: defaultdict[int, dict[str, list[float]]] = defaultdict(dict)  # vehicles, within, sum of km/h

    def apply(self, record: Record) -> None:
        """Take one record in."""
        if step := STEPS.get(record.kind):
            step(self, record)

    def _opened(self, record: Record) -> None:
        for seen in record.body.get("detections", ()):
            self._count(record.at, seen, seen["subject"])

    def _attached(self, record: Record) -> None:
        seen = record.body["detection"]
        self._count(record.at, seen, seen["subject"])

    def _counted(self, record: Record) -> None:
        self._count(record.at, record.body, record.body.get("subject") or record.subject)

    def _count(self, at: int, seen: dict[str, Any], subject: str) -> None:
        rule, hour = seen["rule"], at // HOUR_US
        self._seen[hour][rule, subject] += 1
        what = seen.get("what") or (seen.get("evidence") or {}).get("what") or ""
        if column := COLUMN.get(rule) or COLUMN.get(what):
            self._events[hour][column, subject] += 1

    def _vehicles(self, record: Record) -> None:
        body = record.body
        row = self._passed[body["frm"] // HOUR_US].setdefault(record.subject, [0, 0, 0.0])
        row[0] += body["vehicles"]
        row[1] += body["within"]
        row[2] += body["mean_kph"] * body["vehicles"]

    # figures ---------------------------------------------------------------------------------------------------

    def view(self, frm: int, to: int, area: str, zone: Zone) -> dict[str, Any]:
        """``road`` (by rule) and ``school`` (by zone and hour of the Korean day) of the whole hours of a span."""
        here = _asker(area, zone)
        return {"road": self._rules(frm, to, here), "school": self._school(frm, to, here, zone)}

    def _rules(self, frm: int, to: int, here: Callable[[str], bool]) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for hour, rule, subject, n in _of(self._seen, frm, to):
            if here(subject):
                row = table.setdefault(rule, {"n": 0, "by_subject": {}, "by_hour": [0] * 24})
                row["n"] += n
                row["by_subject"][subject] = row["by_subject"].get(subject, 0) + n
                row["by_hour"][(hour + KST_H) % 24] += n
        return table

    def _school(self, frm: int, to: int, here: Callable[[str], bool], zone: Zone) -> dict[str, Any]:
        total, zones = Day(), dict[str, Day]()
        vehicles = [(h, *row) for h in _hours(self._passed, frm, to) for row in list(self._passed[h].items())]
        for hour, site, passed in vehicles:
            if here(site) and (name := zone(site)[0]):
                for day in (total, zones.setdefault(name, Day())):
                    day.passed((hour + KST_H) % 24, passed)
        for hour, column, site, n in _of(self._events, frm, to):
            if here(site) and (name := zone(site)[0]):
                for day in (total, zones.setdefault(name, Day())):
                    day.events[column, (hour + KST_H) % 24] += n
        return {"all": total.view(), "zones": {name: zones[name].view() for name in sorted(zones)}}


class Day:
    """The 24 hours of a Korean day, summed over the days of a span."""

    def __init__(self) -> None:
        self.vehicles, self.within, self.kph = [0] * 24, [0] * 24, [0.0] * 24
        self.events: Counter[tuple[str, int]] = Counter()

    def passed(self, hour: int, row: list[float]) -> None:
        """Vehicles, those within the limit, the sum of their km/h."""
        self.vehicles[hour] += int(row[0])
        self.within[hour] += int(row[1])
        self.kph[hour] += row[2]

    def view(self) -> dict[str, Any]:
        """The figures of the day, and each again by hour; rates per 1,000 are None where no vehicle was seen."""
        hours = range(24)
        return {**self._figures(list(hours)), "by_hour": [self._figures([h]) for h in hours]}

    def _figures(self, hours: list[int]) -> dict[str, Any]:
        vehicles = sum(self.vehicles[h] for h in hours)
        counts = {column: sum(self.events[column, h] for h in hours) for column in EVENTS}
        return {
            "vehicles": vehicles,
            "compliance": rate(sum(self.within[h] for h in hours), vehicles),
            "mean_kph": round(sum(self.kph[h] for h in hours) / vehicles, 1) if vehicles else None,
            **{name: {"n": n, "per_1000": round(n * PER / vehicles, 2) if vehicles else None, "vehicles": vehicles}
               for name, n in counts.items()},
        }


def _hours(table: Mapping[int, Any], frm: int, to: int) -> list[int]:
    """The whole hours of ``frm`` <= hour < ``to`` that the table knows."""
    return [hour for hour in range(-(-frm // HOUR_US), -(-to // HOUR_US)) if hour in table]


def _of(table: Mapping[int, Counter[tuple[str, str]]], frm: int, to: int) -> list[tuple[int, str, str, int]]:
    return [(hour, *key, n) for hour in _hours(table, frm, to) for key, n in list(table[hour].items())]


def _asker(area: str, zone: Zone) -> Callable[[str], bool]:
    return (lambda subject: area in zone(subject)) if area else (lambda subject: True)


STEPS: dict[str, Callable[[Road, Record], None]] = {
    "incident.opened": Road._opened,
    "incident.attached": Road._attached,
    "incident.folded": Road._counted,
    "detection.noted": Road._counted,
    "traffic.noted": Road._vehicles,
}
