"""The slow twin of the street rules, in plain Python over dicts, written from docs/rules.md; see ``tests/naive.py``."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from cep.rules import Rule, RuleTable
from stream.schema import US, Event
from tests.naive_road import SIZES, Told, _within

PEOPLE = ("pedestrian", "child", "bicycle")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPOTS = 12
RANK = ("notice", "moderate", "serious", "severe")


def apart(point: Any, corners: Any) -> float:
    """Metres from a point to the edges of a polygon."""
    best = math.inf
    for (ax, ay), (bx, by) in zip([corners[-1], *corners[:-1]], corners, strict=True):
        ex, ey, px, py = bx - ax, by - ay, point[0] - ax, point[1] - ay
        length2 = ex * ex + ey * ey
        part = min(1.0, max(0.0, (px * ex + py * ey) / length2)) if length2 else 0.0
        best = min(best, math.sqrt((px - part * ex) ** 2 + (py - part * ey) ** 2))
    return best


def from_area(point: Any, corners: Any) -> float:
    """Metres from a point to a polygon, 0 inside."""
    return 0.0 if _within(point, corners) else apart(point, corners)


class Street:
    """astray, dwell, parked, jolt, against, throng."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city = city
        self.rules = {p: [r for r in rules.rules if r.pattern == p] for p in (*PERSONAL, *VEHICULAR, "throng")}
        self.last: dict[str, int] = {}
        self.tracks: dict[Any, dict[str, Any]] = {}
        self.said: dict[Any, tuple[int, str]] = {}
        self.spots: dict[Any, list[Any]] = defaultdict(lambda: [None] * SPOTS)
        self.crowds: dict[Any, dict[str, Any]] = {}

    def hear(self, event: Event) -> list[Told]:
        if event.type != "city.road.frame" or event.at < self.last.get(event.source, event.at):
            return []
        self.last[event.source] = event.at
        told, seen = [], set()
        for o in event.data.objects:
            key = (event.source, type(o.id), o.id)
            if key in seen:
                continue
            seen.add(key)
            track = self.tracks.get(key)
            if track is None or event.at - track["seen"] >= 30 * US:
                track = self.tracks[key] = {"states": {}}
            track["seen"] = event.at
            for pattern in PERSONAL if o.cls in PEOPLE else VEHICULAR if o.cls in SIZES else ():
                for rule in self.rules[pattern]:
                    if o.cls in rule.match["persons" if pattern in PERSONAL else "vehicles"]:
                        told += getattr(self, f"_{pattern}")(rule, event, o, track)
        return told + [x for rule in self.rules["throng"] for x in self._throng(rule, event)]

    def _astray(self, rule: Rule, event: Event, p: Any, track: dict[str, Any]) -> list[Told]:
        th, site = rule.thresholds, self.city.sites.get(event.data.site)
        at = (p.x, p.y)
        if site is None or not site.carriageway or not site.crosswalk or not _within(at, site.carriageway):
            return []
        if apart(at, site.carriageway) < th["kerb_m"] or from_area(at, site.crosswalk) <= th["margin_m"]:
            return []
        moving = [v for v in event.data.objects if v.cls in rule.match["vehicles"]
                  and math.hypot(v.vx, v.vy) >= th["min_speed_mps"]
                  and math.hypot(v.x - p.x, v.y - p.y) <= th["range_m"]]
        if not moving:
            return []
        state = track["states"].setdefault(rule.id, {"since": event.at, "held": event.at, "fired": False})
        if event.at - state["held"] > th["gap_s"] * US:
            state["since"] = event.at
        state["held"] = event.at
        if state["fired"] or event.at - state["since"] < th["hold_s"] * US:
            return []
        state["fired"] = True
        word = rule.match["grave_severity"] if p.cls in rule.match["grave"] else rule.severity.name
        before = self.said.get((event.data.site, rule.id))
        if before and event.at - before[0] < th["again_s"] * US and RANK.index(word) <= RANK.index(before[1]):
            return []
        self.said[event.data.site, rule.id] = (event.at, word)
        near = min(moving, key=lambda v: (v.x - p.x) ** 2 + (v.y - p.y) ** 2)
        return [(rule.id, event.at, event.data.site, word, f"{p.id!r} {near.id!r}")]

    def _dwell(self, rule: Rule, event: Event, p: Any, track: dict[str, Any]) -> list[Told]:
        th, m = rule.thresholds, rule.match
        known = event.data.site in self.city.sites
        if not known or (m["near"] == "school" and not self.city.at_school(event.data.site)):
            return []
        minute, day = (event.at / US + 9 * 3600) % 86_400 / 60, int((event.at // US + 9 * 3600) // 86_400 + 3) % 7
        first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in m["hours"])
        inside = first <= minute < last if first <= last else minute >= first or minute < last
        if not inside or DAYS[day] not in m["days"]:
            track["states"].pop(rule.id, None)
            return []
        state = track["states"].get(rule.id)
        if state is None or math.hypot(p.x - state["x"], p.y - state["y"]) > th["radius_m"]:
            state = track["states"][rule.id] = {"x": p.x, "y": p.y, "since": event.at, "fired": False}
        if state["fired"] or event.at - state["since"] < th["stay_s"] * US:
            return []
        state["fired"] = True
        return [(rule.id, event.at, event.data.site, rule.severity.name, repr(p.id))]

    def _parked(self, rule: Rule, event: Event, v: Any, track: dict[str, Any]) -> list[Told]:
        th, site, t = rule.thresholds, self.city.sites.get(event.data.site), event.at
        if site is None or not site.crosswalk:
            return []
        spots, still = self.spots[event.data.site, rule.id], math.hypot(v.vx, v.vy) <= th["still_mps"]
        for n, spot in enumerate(spots):
            if spot is None:
                continue
            here = math.hypot(v.x - spot["x"], v.y - spot["y"]) <= th["radius_m"]
            unseen = t - spot["seen"]
            own = spot["track"] is track
            if (own and not here) or (not own and here and not still and unseen > 2 * US) or unseen > th["gap_s"] * US:
                spots[n] = None
        reach = th["range_m"] + (v.length or SIZES[v.cls][0]) / 2
        if not still or from_area((v.x, v.y), site.crosswalk) > reach:
            return []
        if site.carriageway and from_area((v.x, v.y), site.carriageway) > th["kerb_m"]:
            return []
        away = {n: math.hypot(v.x - s["x"], v.y - s["y"]) for n, s in enumerate(spots) if s is not None}
        mine = [n for n in away if spots[n]["track"] is track] + sorted(
            (n for n in away if away[n] <= th["radius_m"]), key=lambda n: away[n]
        )
        if not mine:
            mine = [n for n, spot in enumerate(spots) if spot is None][:1]
            for n in mine:
                spots[n] = {"x": v.x, "y": v.y, "since": t, "seen": t, "track": track, "told": False}
        if not mine:
            return []
        spot = spots[mine[0]]
        if t - spot["seen"] > 2 * US:
            spot["track"] = track
        spot["seen"] = max(spot["seen"], t)
        if spot["told"] or t - spot["since"] < th["stay_s"] * US:
            return []
        spot["told"] = True
        return [(rule.id, t, event.data.site, rule.severity.name, repr(v.id))]

    def _jolt(self, rule: Rule, event: Event, v: Any, track: dict[str, Any]) -> list[Told]:
        th, t, half = rule.thresholds, event.at, round(rule.thresholds["window_s"] * US / 2)
        state = track["states"].setdefault(rule.id, {"last": None, "told": None})
        if state["last"] is None or t - state["last"] > half:
            state["start"], state["parts"] = t, [[], [], []]
        state["last"] = t
        parts, found = state["parts"], []
        if t - state["start"] >= half:
            if (state["told"] is None or t - state["told"] >= th["gap_s"] * US) and _harsh(rule, parts[0], parts[2]):
                state["told"] = t
                found = [(rule.id, t, event.data.site, rule.severity.name, repr(v.id))]
            parts = state["parts"] = [parts[1], parts[2], []]
            state["start"] = t
        parts[2].append((t, math.sqrt(v.vx * v.vx + v.vy * v.vy), v.x, v.y))
        return found

    def _against(self, rule: Rule, event: Event, v: Any, track: dict[str, Any]) -> list[Told]:
        th, site = rule.thresholds, self.city.sites.get(event.data.site)
        lanes = [lane for lane in site.lanes if _within((v.x, v.y), lane.area)] if site else []
        speed = math.hypot(v.vx, v.vy)
        if not lanes or speed < th["min_speed_mps"]:
            return []
        turn = math.radians(lanes[0].bearing_deg)
        ux, uy = round(math.sin(turn), 9), round(math.cos(turn), 9)
        state = track["states"].setdefault(rule.id, {"from": None, "lane": None, "fired": False})
        if v.vx * ux + v.vy * uy > -round(math.cos(math.radians(th["angle_deg"])), 9) * speed:
            state["from"] = None
            return []
        if state["from"] is None or state["lane"] is not lanes[0]:
            state["from"], state["lane"] = (v.x, v.y), lanes[0]
        gone = (state["from"][0] - v.x) * ux + (state["from"][1] - v.y) * uy
        if state["fired"] or gone < th["run_m"]:
            return []
        state["fired"] = True
        return [(rule.id, event.at, event.data.site, rule.severity.name, repr(v.id))]

    def _throng(self, rule: Rule, event: Event) -> list[Told]:
        th, site = rule.thresholds, self.city.sites.get(event.data.site)
        if site is None:
            return []
        first: dict[Any, Any] = {}
        for o in event.data.objects:
            first.setdefault((type(o.id), o.id), o)
        people = [(p.x, p.y) for p in first.values() if p.cls in rule.match["persons"]]
        if site.waiting:
            there = [p for p in people if any(_within(p, area) for area in site.waiting)]
        else:
            there = [p for p in people if site.crosswalk and from_area(p, site.crosswalk) <= th["range_m"]]
        if len(there) < th["n"]:
            return []
        crowd = self.crowds.get((event.data.site, rule.id))
        if crowd is None or event.at - crowd["held"] > th["gap_s"] * US:
            crowd = self.crowds[event.data.site, rule.id] = {"since": event.at, "held": event.at, "told": False}
        crowd["held"] = max(crowd["held"], event.at)
        if crowd["told"] or event.at - crowd["since"] < th["hold_s"] * US:
            return []
        crowd["told"] = True
        return [(rule.id, event.at, event.data.site, rule.severity.name, str(len(there)))]


def _harsh(rule: Rule, old: list[Any], new: list[Any]) -> bool:
    th = rule.thresholds
    if min(len(old), len(new)) < 2:
        return False
    (t0, v0, x0, y0), (t2, v2, x2, y2) = (_means(part) for part in (old, new))
    span = (t2 - t0) / US
    if max(v0, v2) < th["min_speed_mps"] or abs(math.hypot(x2 - x0, y2 - y0) - (v0 + v2) / 2 * span) > th["slip_m"]:
        return False
    change = (v2 - v0) / span * (-1 if rule.match["change"] == "slower" else 1)
    return bool(th["change_mps2"] <= change <= th["most_mps2"])


def _means(part: list[Any]) -> list[float]:
    sums = [0.0] * 4
    for sight in part:
        sums = [a + b for a, b in zip(sums, sight, strict=True)]
    return [one / len(part) for one in sums]


PERSONAL, VEHICULAR = ("astray", "dwell"), ("parked", "jolt", "against")
