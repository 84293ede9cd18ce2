"""The slow twin of a home's rhythm (docs/rules.md, rhythm_break), in plain Python; see ``tests/naive.py``."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from cep.rules import Rule, RuleTable
from stream.schema import US, Event

HOUR, KOREA = 3600 * US, 9 * 3600 * US
ROOMS = ("kitchen", "bath", "toilet", "shower", "주방", "부엌", "욕실", "화장실")
FRONT = ("door", "front")


def hour_of(t: int) -> int:
    return (t + KOREA) // HOUR


class Homes:
    """Every home's habits and silences."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.rules = [r for r in rules.rules if r.pattern == "rhythm"]
        self.expected = city.expected()
        self.homes: dict[tuple[str, str], dict[str, Any]] = {}
        self.heard: dict[str, int] = {}
        self.dark: dict[str, int] = defaultdict(int)
        self.down: set[str] = set()
        self.uses: dict[Any, dict[str, int]] = {}

    def listen(self, e: Event) -> None:
        """Whether the source was listened to until now."""
        period, before = self.expected.get(e.source), self.heard.get(e.source, 0)
        if period and before and e.arrival - before > 3 * period * US:
            self.dark[e.source] = max(self.dark[e.source], e.arrival)
        self.heard[e.source] = max(before, e.arrival)
        if e.type == "city.device.status":
            self._up(e)
            if e.data.status == "offline":
                self.down.add(e.source)

    def _up(self, e: Event) -> None:
        if e.source in self.down:
            self.down.discard(e.source)
            self.dark[e.source] = max(self.dark[e.source], e.arrival)

    def sign(self, e: Event, t: int) -> None:
        """A sign of life of this reading."""
        if e.data.sensor in ("power", "water") and self._machine(e, t):
            return
        self._up(e)
        where, off = (e.data.sensor, e.data.location), abs(e.at - e.arrival) > 120 * US
        at = e.arrival if off else t
        room = any(word in (e.data.location or "").lower() for word in ROOMS)
        fits = {"activity": True, "kitchen_bath": room, "hands": e.data.sensor not in ("pir", "bed")}
        for rule in self.rules:
            if fits[rule.match["of"]] or where == FRONT:
                self._live(rule, e, at, off, where)

    def _machine(self, e: Event, t: int) -> bool:
        one = self.uses.setdefault(
            (e.data.household, e.data.sensor, e.data.location), {"last": 0, "begun": 0, "every": 0, "even": 0}
        )
        if t < one["last"]:
            return False
        if not one["every"] or t - one["last"] > 60 * US:
            every = max(t - one["begun"], 1)
            one["even"] = one["even"] + 1 if abs(every - one["every"]) * 10 <= one["every"] else 0
            one["every"], one["begun"] = every, t
        one["last"] = t
        return one["even"] >= 5

    def _live(self, rule: Rule, e: Event, at: int, off: bool, where: Any) -> None:
        home = self.homes.setdefault(
            (rule.id, e.data.household),
            {"last": None, "usual": {}, "days": set(), "off": False, "away": False, "shown": [],
             "signs": []},
        )
        last = home["last"]
        if last is not None and at < last:
            return
        seen = last is not None and not (home["away"] or home["off"] or off) and self.dark[e.source] <= last
        if seen and 1800 * US <= at - last <= rule.thresholds["most_h"] * HOUR:
            for hour in range(hour_of(last), hour_of(at) + 1):
                silent = math.ceil((min(at, (hour + 1) * HOUR - KOREA) - last) / (HOUR // 10))
                home["usual"][hour] = max(home["usual"].get(hour, 0), min(silent, 255))
        if not off:
            home["days"].add((at + KOREA) // (24 * HOUR))
        if where == FRONT:
            home |= {"away": True, "shown": []}
        else:
            home["signs"].append((where, at))
            home["shown"].append((where, at))
            home["away"] = home["away"] and not self._shown(home, at)
        home |= {"last": at, "off": off, "told": False, "hub": e.source}

    def _shown(self, home: dict[str, Any], at: int) -> bool:
        """Somebody is at home: two sensors within ten minutes, or of a home with one of late three uses of it."""
        pairs = zip(home["signs"], home["signs"][1:], strict=False)
        if any(a[0] != b[0] and at - b[1] <= 7 * 24 * HOUR for a, b in pairs):
            before = home["shown"][-2:-1]
            return any(w != home["shown"][-1][0] and at - t <= 600 * US for w, t in before)
        uses: list[int] = []
        for _, t in home["shown"]:
            if not uses or t - uses[-1] > 60 * US:
                uses.append(t)
        return len(uses) >= 3

    def _limit(self, rule: Rule, home: dict[str, Any], hour: int) -> int:
        week, th = hour // 168, rule.thresholds
        own = anyday = 0
        for at, tenths in home["usual"].items():
            if at // 168 < week - 2:
                continue
            if (at - hour) % 168 in (167, 0, 1):
                own = max(own, tenths)
            if (at - hour) % 24 in (23, 0, 1):
                anyday = max(anyday, tenths)
        usual = int(max(own * th["own_times"], anyday * th["any_times"]) * (HOUR / 10))
        return max(round(th["least_h"] * HOUR), usual + round(th["margin_h"] * HOUR))

    def due(self, limit: int) -> list[tuple[str, int, str, str, str]]:
        """Every home whose silence is longer than its own by ``limit``."""
        told = []
        for (id, household), home in self.homes.items():
            rule = next(r for r in self.rules if r.id == id)
            if home["away"] or home["told"] or len(home["days"]) <= rule.thresholds["learn_days"]:
                continue
            since = max(home["last"], self.dark[home["hub"]])
            at = since + round(rule.thresholds["least_h"] * HOUR)
            while at <= limit:
                late = since + self._limit(rule, home, hour_of(at))
                if late <= at:
                    break
                at = min(late, (hour_of(at) + 1) * HOUR - KOREA)
            if at <= limit and not self._unheard(home["hub"], at):
                home["told"] = True
                told.append((id, at, household, rule.severity.name, ""))
        return told

    def _unheard(self, hub: str, at: int) -> bool:
        period = self.expected.get(hub)
        return hub in self.down or bool(period and at - self.heard.get(hub, 0) > 3 * period * US)


class Usual:
    """The range of one sensor (pattern ``range``)."""

    def __init__(self, rule: Rule) -> None:
        self.th = rule.thresholds
        self.n = self.run = 0
        self.mean = self.apart = 0.0
        self.at = self.born = 0
        self.told = False

    def hear(self, t: int, value: float) -> bool:
        """Whether this reading fires."""
        th = self.th
        if self.n and t < self.at:
            return False
        if not self.n:
            self.born, self.mean = t, value
        self.at = t
        low = -math.inf if th["value_min"] is None else float(th["value_min"])
        high = math.inf if th["value_max"] is None else float(th["value_max"])
        if self.n >= th["readings"] and t - self.born >= th["learn_h"] * HOUR:
            reach = max(th["times"] * self.apart, th["margin"])
            low, high = max(low, self.mean - reach), min(high, self.mean + reach)
        self.n += 1
        inside = min(max(value, low), high)
        self.apart += (abs(inside - self.mean) - self.apart) / min(self.n, 256)
        self.mean += (inside - self.mean) / min(self.n, 256)
        if low <= value <= high:
            self.run, self.told = 0, False
            return False
        self.run += 1
        fires = self.run >= th["in_row"] and not self.told
        self.told = self.told or fires
        return fires
