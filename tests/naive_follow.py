"""The slow twin of ``sequence`` and ``count``: lists of times, looked through each time."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from cep.rules import Rule
from stream.schema import US, Event

Told = tuple[str, int, str, str, str]


def value_of(event: Event) -> float | None:
    """The number that a bound is held against: a reading's value, a detection's speed, a call's attempt."""
    names = ("value", "speed_kph", "attempt")
    said = next((v for n in names if (v := getattr(event.data, n, None)) is not None), None)
    said = getattr(event.data, "risk", None) if said is None else said
    return None if said is None or isinstance(said, str) else float(said)


class Follow:
    """What each rule remembers of each key."""

    def __init__(self) -> None:
        self.first: dict[Any, int] = {}
        self.times: dict[Any, list[int]] = defaultdict(list)
        self.fired: dict[Any, int] = {}

    def hear(self, rule: Rule, kind: str, e: Event, t: int, subject: str) -> list[Told]:
        """What this event makes of this rule."""
        of = {"subject": subject, "case": getattr(e.data, "case", None), "source": e.source}[rule.match["by"]]
        if of is None:
            return []
        key, told = (rule.id, of), [(rule.id, e.at, subject, rule.severity.name, "")]
        if rule.pattern == "count":
            return told if kind in rule.match["kinds"] and self._count(rule, key, e, t) else []
        found = kind in rule.match["then"] and self._reaches(rule, "then_min", e) and self._then(rule, key, t)
        if kind in rule.match["first"] and self._reaches(rule, "first_min", e):
            self.first[key] = max(t, self.first.get(key, t))
        return told if found else []

    @staticmethod
    def _reaches(rule: Rule, name: str, e: Event) -> bool:
        low, value = rule.thresholds[name], value_of(e)
        return low is None or (value is not None and value >= low)

    def _then(self, rule: Rule, key: Any, t: int) -> bool:
        since = t - self.first[key] if key in self.first else -1
        if not 0 <= since <= rule.thresholds["within_s"] * US:
            return False
        del self.first[key]
        return True

    def _count(self, rule: Rule, key: Any, e: Event, t: int) -> bool:
        th, times = rule.thresholds, self.times[key]
        if not self._reaches(rule, "value_min", e) or (times and t < times[-1]):
            return False
        times.append(t)
        within = [x for x in times if t - x <= th["window_s"] * US]
        rested = key not in self.fired or t - self.fired[key] >= th["cool_down_s"] * US
        if len(within) < th["n"] or not rested:
            return False
        self.fired[key] = t
        return True
