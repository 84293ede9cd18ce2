"""The slow twin of the encroachment pattern: squares of a crosswalk, who left, who came. Written from docs/rules.md."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from cep.rules import Rule, RuleTable
from stream.schema import US, Event
from tests.naive_road import SIZES, Told, _within, touch_s

FORGET = 30 * US
Found = list[tuple[Any, float, str]]


class Crossings:
    """post_encroachment, for every rule of the pattern."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city = city
        self.rules = [rule for rule in rules.rules if rule.pattern == "encroachment"]
        self.last: dict[str, int] = {}
        self.frame: dict[str, int] = defaultdict(int)
        self.squares: dict[Any, dict[str, Any]] = defaultdict(dict)  # rule, source, site, column, line
        self.rings: dict[Any, list[dict[str, Any]]] = {}  # rule, source, person: four vehicles

    def hear(self, event: Event) -> list[Told]:
        if event.type != "city.road.frame" or event.at < self.last.get(event.source, event.at):
            return []
        self.last[event.source] = event.at
        self.frame[event.source] += 1
        site = self.city.sites.get(event.data.site)
        if site is None or not site.crosswalk:
            return []
        return [told for rule in self.rules for told in self._rule(rule, event, site.crosswalk)]

    def _rule(self, rule: Rule, event: Event, corners: Any) -> list[Told]:
        found: Found = []  # ((vehicle, person), seconds with a sign, level) told in this frame
        for p in event.data.objects:
            if p.cls in rule.match["persons"]:
                self._person(rule, event, corners, p, found)
        for v in event.data.objects:
            if v.cls in rule.match["vehicles"] and math.hypot(v.vx, v.vy) >= rule.thresholds["min_speed_mps"]:
                self._vehicle(rule, event, corners, v, found)
        head = (rule.id, event.at, event.data.site, rule.severity.name)
        return [(*head, f"{v[1]!r} {p[1]!r} {gap:.4f} {level}") for (v, p), gap, level in found]

    def _square(self, rule: Rule, event: Event, corners: Any, x: float, y: float) -> tuple[Any, float, float] | None:
        """The square under a point and its middle, None when that is not on the crosswalk."""
        size = rule.thresholds["cell_m"]
        x0, y0 = min(c[0] for c in corners), min(c[1] for c in corners)
        column, line = math.floor((x - x0) / size), math.floor((y - y0) / size)
        mx, my = x0 + (column + 0.5) * size, y0 + (line + 0.5) * size
        if not _within((mx, my), corners):
            return None
        return self.squares[rule.id, event.source, event.data.site, column, line], mx, my

    def _person(self, rule: Rule, event: Event, corners: Any, p: Any, found: Found) -> None:
        at = self._square(rule, event, corners, p.x, p.y)
        if at is None:
            return
        me, square = (type(p.id), p.id), at[0]
        for v in event.data.objects:
            if v.cls in rule.match["vehicles"] and (type(v.id), v.id) != me:
                ttc = touch_s(v, p) if math.hypot(v.vx, v.vy) >= rule.thresholds["min_speed_mps"] else None
                if ttc is not None and ttc <= rule.thresholds["warning_s"]:
                    met = self._met(rule, event, me, (type(v.id), v.id))
                    met["least"] = ttc if met["least"] is None else min(ttc, met["least"])
        if "v" in square and square["v"][0] != me:
            other, left = square["v"]
            mine = square.get("p")
            if event.at - left <= rule.thresholds["pet_s"] * US and not (mine and mine[0] == me and mine[1] >= left):
                self._measure(rule, event, other, me, -(event.at - left) / US, found)
        square["p"] = (me, event.at)

    def _vehicle(self, rule: Rule, event: Event, corners: Any, v: Any, found: Found) -> None:
        me, size = (type(v.id), v.id), rule.thresholds["cell_m"]
        speed = math.hypot(v.vx, v.vy)
        length, width = v.length or SIZES[v.cls][0], v.width or SIZES[v.cls][1]
        x0, y0 = min(c[0] for c in corners), min(c[1] for c in corners)
        wide, high = max(c[0] for c in corners) - x0, max(c[1] for c in corners) - y0
        for line in range(max(1, math.ceil(high / size))):
            for column in range(max(1, math.ceil(wide / size))):
                x, y = x0 + (column + 0.5) * size, y0 + (line + 0.5) * size
                dx, dy = x - v.x, y - v.y
                along, beside = dx * v.vx + dy * v.vy, dy * v.vx - dx * v.vy
                at = self._square(rule, event, corners, x, y)
                if at is None or abs(along) > length / 2 * speed or abs(beside) > width / 2 * speed:
                    continue
                square = at[0]
                if "p" in square and square["p"][0] != me:
                    other, left = square["p"]
                    mine = square.get("v")
                    late = event.at - left > rule.thresholds["pet_s"] * US
                    if not late and not (mine and mine[0] == me and mine[1] >= left):
                        self._measure(rule, event, me, other, (event.at - left) / US, found)
                square["v"] = (me, event.at)

    def _met(self, rule: Rule, event: Event, person: Any, vehicle: Any) -> dict[str, Any]:
        empty = {"of": None, "at": 0}
        ring = self.rings.setdefault((rule.id, event.source, person), [dict(empty) for _ in range(4)])
        for one in ring:
            if one["of"] == vehicle and event.at - one["at"] < FORGET:
                one["at"] = event.at
                return one
        one = min(ring, key=lambda one: one["at"])
        one.update({"of": vehicle, "at": event.at, "told": None, "least": None})
        return one

    def _measure(self, rule: Rule, event: Event, vehicle: Any, person: Any, gap: float, found: Found) -> None:
        met = self._met(rule, event, person, vehicle)
        again = met["told"] == self.frame[event.source] and abs(gap) < abs(found[met["where"]][1])
        if met["told"] is not None and not again:
            return
        danger = (met["least"] or 0.0) <= rule.thresholds["danger_s"]
        one = ((vehicle, person), gap + 0.0, "safe" if met["least"] is None else "danger" if danger else "warning")
        if again:
            found[met["where"]] = one
            return
        met["told"], met["where"] = self.frame[event.source], len(found)  # a vehicle forgotten for others is told anew
        found.append(one)
