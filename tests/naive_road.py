"""The slow twin of the engine, road part: near_miss, speeding, speeding_with_child, signal_violation_walk.

Plain Python over dicts, written from CONTRACT 6; see ``tests/naive.py``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from cep.rules import Rule, RuleTable
from stream.schema import US, Event

SIZES = {"vehicle": (4.5, 1.8), "bus": (11.0, 2.5), "truck": (8.0, 2.5), "motorcycle": (2.2, 0.8)}

Told = tuple[str, int, str, str, str]


def touch_s(vehicle: Any, person: Any) -> float | None:
    """t* of CONTRACT 6, near_miss, in seconds rounded to 1 µs."""
    speed = math.hypot(vehicle.vx, vehicle.vy)
    c, s = (vehicle.vx / speed, vehicle.vy / speed) if speed else (1.0, 0.0)

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * c + y * s, y * c - x * s

    p, w = turned(person.x - vehicle.x, person.y - vehicle.y), turned(person.vx - vehicle.vx, person.vy - vehicle.vy)
    length, width = SIZES[vehicle.cls]
    radius = 0.5 if person.cls == "bicycle" else 0.3
    first, last = 0.0, math.inf
    halves = (vehicle.length or length) / 2 + radius, (vehicle.width or width) / 2 + radius
    for at, speed, half in zip(p, w, halves, strict=True):
        if speed == 0:
            if abs(at) > half:
                return None
            continue
        ends = sorted(((-half - at) / speed, (half - at) / speed))
        first, last = max(first, ends[0]), min(last, ends[1])
    return round(first, 6) if first <= last else None


class Road:
    """near_miss, speeding, speeding_with_child, signal_violation_walk."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city, self.rules = city, rules.rules
        self.frames: dict[str, list[tuple[int, dict[Any, Any]]]] = defaultdict(list)  # source -> last two frames
        self.n: dict[str, int] = defaultdict(int)
        self.tracks: dict[tuple[str, Any], dict[str, Any]] = {}
        self.pairs: dict[tuple[str, Any, Any, str], dict[str, Any]] = {}
        self.signals: dict[str, tuple[int, str]] = {}
        self.late = 0

    def hear(self, event: Event) -> list[Told]:
        if event.type == "city.road.signal":
            if event.data.site not in self.signals or event.at >= self.signals[event.data.site][0]:
                self.signals[event.data.site] = (event.at, event.data.pedestrian)
            return []
        if event.type != "city.road.frame":
            return []
        last = self.frames[event.source]
        if last and event.at < last[-1][0]:
            self.late += 1
            return []
        self.n[event.source] += 1
        for o in event.data.objects:
            self._track(event.source, o.id, event.at)
        told = [x for o in event.data.objects if o.cls in SIZES for x in self._vehicle(event, o)]
        objects: dict[Any, Any] = {}
        for o in event.data.objects:
            objects.setdefault((type(o.id), o.id), o)
        self.frames[event.source] = [*last[-1:], (event.at, objects)]
        return told

    def _track(self, source: str, id: Any, t: int) -> None:
        key = (source, type(id), id)
        if key not in self.tracks or t - self.tracks[key]["seen"] >= 30 * US:
            self.tracks[key] = {"born": self.n[source], "near": {}, "told": {}}
        self.tracks[key]["seen"] = t

    def _vehicle(self, event: Event, v: Any) -> list[Told]:
        told = []
        speed = math.hypot(v.vx, v.vy)
        for rule in self.rules:
            if rule.pattern in ("pair", "hold", "pair_memory", "crossing") and v.cls in rule.match["vehicles"]:
                told += getattr(self, f"_{rule.pattern}")(rule, event, v, speed)
        return told

    def _pair(self, rule: Rule, event: Event, v: Any, speed: float) -> list[Told]:
        th, told, n = rule.thresholds, [], self.n[event.source]
        for p in event.data.objects:
            if p.cls not in rule.match["persons"] or speed < th["min_speed_mps"]:
                continue
            ttc = touch_s(v, p)
            if ttc is None or ttc > th["ttc_s"]:
                continue
            tracks = [self.tracks[event.source, type(o.id), o.id] for o in (v, p)]
            key = (event.source, (type(v.id), v.id), (type(p.id), p.id), rule.id)
            pair = self.pairs.get(key)
            born = [t["born"] for t in tracks]
            if pair is None or pair["born"] != born or event.at - pair["held"] >= round(th["gap_s"] * US):
                pair = self.pairs[key] = {"born": born, "frame": None, "run": 0, "bad": 0, "told": ""}
            if pair["frame"] == n:
                continue
            follows = pair["frame"] == n - 1
            pair["run"] = pair["run"] + 1 if follows else 1
            pair["bad"] = 0 if ttc > th["severe_ttc_s"] else pair["bad"] + 1 if follows else 1
            pair["frame"], pair["held"] = n, event.at
            word = "severe" if pair["bad"] >= th["frames"] else "serious" if pair["run"] >= th["frames"] else ""
            if word == "severe" != pair["told"] or (word == "serious" and not pair["told"]):
                pair["told"] = word
                told.append((rule.id, event.at, event.data.site, word, f"{v.id!r} {p.id!r} {ttc:.4f}"))
        return told

    def _hold(self, rule: Rule, event: Event, v: Any, speed: float) -> list[Told]:
        track, n = self.tracks[event.source, type(v.id), v.id], self.n[event.source]
        state = track["told"].setdefault(rule.id, {"stretch": None, "frame": None, "at": None, "going": False})
        limit = self.city.limit_kph(event.data.site, event.at) * rule.thresholds["limit_share"]
        if state["frame"] == n or speed <= (limit + rule.thresholds["margin_kph"]) / 3.6:
            return []
        if state["frame"] != n - 1:
            state["stretch"], state["going"] = event.at, False
        state["frame"] = n
        if state["at"] is not None or event.at - state["stretch"] < rule.thresholds["hold_s"] * US:
            return []
        state["at"], state["going"] = event.at, True
        return [(rule.id, event.at, event.data.site, "notice", repr(v.id))]

    def _pair_memory(self, rule: Rule, event: Event, v: Any, speed: float) -> list[Told]:
        track, back = self.tracks[event.source, type(v.id), v.id], rule.thresholds["look_back_s"] * US
        near = track["near"].setdefault(rule.id, {})
        for p in event.data.objects:
            metres2 = (p.x - v.x) ** 2 + (p.y - v.y) ** 2
            if p.cls in rule.match["persons"] and metres2 <= rule.thresholds["range_m"] ** 2:
                near[p.cls] = event.at
        held = track["told"].get(rule.match["hold"])
        if near.get("fired") or not held or held["at"] is None:
            return []
        if event.at - held["at"] > back and not (held["going"] and held["frame"] == self.n[event.source]):
            return []
        lately = [cls for cls, at in near.items() if event.at - at <= back]
        if not lately:
            return []
        near["fired"] = True
        word = "severe" if set(lately) & set(rule.match["grave"]) else rule.severity.name
        return [(rule.id, event.at, event.data.site, word, repr(v.id))]

    def _crossing(self, rule: Rule, event: Event, v: Any, speed: float) -> list[Told]:
        site = self.city.sites.get(event.data.site)
        at, word = self.signals.get(event.data.site, (0, ""))
        before = self.frames[event.source][-1][1].get((type(v.id), v.id)) if self.frames[event.source] else None
        born = self.tracks[event.source, type(v.id), v.id]["born"]
        first = next(o for o in event.data.objects if (type(o.id), o.id) == (type(v.id), v.id))
        if site is None or not site.stop_lines or not site.crosswalk or before is None or born == self.n[event.source]:
            return []
        if word not in rule.match["signals"] or event.at - at > rule.match["signal_age_s"] * US:
            return []
        middle = [sum(c) / len(site.crosswalk) for c in zip(*site.crosswalk, strict=True)]
        if not any(_passes((before.x, before.y), (first.x, first.y), line, middle) for line in site.stop_lines):
            return []
        on = [p for p in event.data.objects if p.cls in rule.match["persons"] and _within((p.x, p.y), site.crosswalk)]
        return [(rule.id, event.at, event.data.site, rule.severity.name, repr(v.id))] if on else []


def _side(line: Any, point: Any) -> float:
    x0, y0, x1, y1 = line
    return float((x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0))


def _passes(a: Any, b: Any, line: Any, middle: Any) -> bool:
    good = _side(line, middle)
    if good == 0 or _side(line, a) * good > 0 or _side(line, b) * good <= 0:
        return False
    step = (*a, *b)
    return _side(step, line[:2]) * _side(step, line[2:]) <= 0


def _within(point: Any, corners: Any) -> bool:
    x, y = point
    edges = zip(corners, [corners[-1], *corners[:-1]], strict=True)
    right = [e for e in edges if (e[0][1] > y) != (e[1][1] > y)]
    return sum(x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in right) % 2 == 1
