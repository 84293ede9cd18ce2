"""The slow twin of the engine: every rule of CONTRACT 6 once more, in plain Python over dicts, written from its words.

It shares the rule rows and the event types with the engine and nothing else: no columns, no slots, no kernels. ``step``
gives tuples (rule, at, subject, severity, what tells one from another) to be compared as sets with counts.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict, deque
from typing import Any

from cep.rules import Rule, RuleTable
from cep.urgent import urgent_classes
from stream.schema import US, Detection, Event
from tests.naive_encroach import Crossings
from tests.naive_follow import Follow
from tests.naive_home import Homes, Usual
from tests.naive_road import Road, Told
from tests.naive_street import Street
from tests.naive_watch import Watchers
from tests.naive_when import When

LIFE_TRUE, LIFE_CHANGE, LIFE_RISE = ("pir", "phone"), ("door", "window", "fridge", "bed"), ("water", "power")
METERS = {"power": ("kwh", "wh", "mwh"), "water": ("l", "m3", "㎥", "ton", "t")}
KIND_FIELDS = ("what", "sensor", "alarm", "result", "outcome", "status")
MONTH = 30 * 86_400 * US



def kind_of(event: Event) -> str:
    """``care.alarm.fall`` and the like."""
    word = next((getattr(event.data, f) for f in KIND_FIELDS if hasattr(event.data, f)), None)
    return event.type.removeprefix("city.") + (f".{word}" if word else "")


def subject_of(event: Event) -> str:
    """CONTRACT 6: site, household, case, user or source, in that order."""
    fields = ("site", "household", "case", "user")
    return next((v for f in fields if (v := getattr(event.data, f, None))), event.source)


class Single:
    """Everything about single events: at once, scores, calls, signs of life, timers."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.rules, self.expected, self.homes = rules.rules, city.expected(), Homes(city, rules)
        self.usual: dict[Any, Usual] = {}
        self.timers: list[tuple[int, int, str, str]] = []  # due, number, rule, key
        self.armed: dict[tuple[str, str], dict[int, dict[str, Any]]] = defaultdict(dict)
        self.number, self.follow = 0, Follow()
        self.last: dict[tuple[str, str], int] = {}  # (rule, key): last arm or cancel
        self.readings: dict[Any, tuple[int, float]] = {}
        self.calls: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)

    def hear(self, event: Event, t: int) -> list[Told]:
        life = self._life(event, t)
        self.homes.listen(event)
        if life:
            self.homes.sign(event, t)
        kinds = [kind_of(event), *life]
        told = [x for rule in self.rules for kind in kinds for x in self._visit(rule, kind, event, t)]
        if event.source in self.expected:
            for rule in self.rules:
                if rule.pattern == "silence":
                    wait = round(rule.match["periods"] * self.expected[event.source] * US)
                    self._arm(rule, "last", event.source, event.source, event.arrival, [(wait, rule.severity.name)])
        return told

    def _visit(self, rule: Rule, kind: str, e: Event, t: int) -> list[Told]:
        th, m, subject = rule.thresholds, rule.match, subject_of(e)
        if rule.pattern == "event" and kind in m["kinds"]:
            conf, value = getattr(e.data, "conf", None), getattr(e.data, "attempt", getattr(e.data, "value", None))
            if kind.startswith(("care.call", "care.reading")) and not _within(th, float(value)):
                return []
            word = m["severities"].get(kind, rule.severity.name)
            return [(rule.id, e.at, subject, "notice" if conf is not None and conf < th["conf_min"] else word, "")]
        if rule.pattern == "score" and kind == "welfare.case":
            if urgent_classes(e.data.text):
                return [(rule.id, e.at, subject, m["word_severity"], "")]
            heavy = round(math.fsum(s.weight for s in e.data.signals), 9) >= th["weight_min"]
            risky = e.data.risk is not None and e.data.risk >= th["risk_min"]
            return [(rule.id, e.at, subject, rule.severity.name, "")] if heavy or risky else []
        if rule.pattern == "range" and kind in m["kinds"]:
            one = self.usual.setdefault((rule.id, e.data.household, e.data.sensor, e.data.location), Usual(rule))
            return [(rule.id, e.at, subject, rule.severity.name, "")] if one.hear(t, float(e.data.value)) else []
        if rule.pattern == "series":
            return self._call(rule, kind, e)
        if rule.pattern in ("sequence", "count"):
            return self.follow.hear(rule, kind, e, t, subject)
        if rule.pattern == "absence":
            key = {"subject": subject, "case": getattr(e.data, "case", ""), "source": e.source}[m["by"]]
            if kind in m["cancel"]:
                self._cancel(rule, key, t)
            if kind in m["arm"]:
                self._arm(rule, m["mode"], key, subject, t, _stages(rule))
        return []

    def _call(self, rule: Rule, kind: str, e: Event) -> list[Told]:
        m, within, told = rule.match, rule.thresholds["within_h"] * 3600 * US, (rule.id, e.at, subject_of(e), "severe")
        state = self.calls[rule.id, subject_of(e)]
        if kind in m["at_once"]:
            return [(*told, "")]
        if kind in m["answered"]:
            state["answered"] = e.at
        if kind not in m["missed"]:
            return []
        if "attempt" not in state or e.data.attempt <= state["attempt"] or e.at - state["at"] > within:
            state["answered"] = None
        state["attempt"], state["at"] = e.data.attempt, e.at
        reached = state["answered"] is not None and e.at - state["answered"] <= within
        return [(*told, "")] if e.data.attempt >= rule.thresholds["attempts"] and not reached else []

    def _life(self, e: Event, t: int) -> list[str]:
        if e.type != "city.care.reading":
            return []
        d, value = e.data, float(e.data.value)
        key = (d.household, d.sensor, d.location)
        at, before = self.readings.get(key, (None, None))
        if at is not None and t - at >= MONTH:
            at = before = None
        if at is None or t >= at:
            self.readings[key] = (t, value)
        late = at is not None and t < at
        if d.sensor in LIFE_TRUE or d.sensor == "steps":
            return ["care.activity"] if value > 0 else []
        if before is None or late or (d.sensor in LIFE_RISE and value <= before) or value == before:
            return []
        if d.sensor in LIFE_CHANGE:
            left = (d.sensor, d.location) == ("door", "front") and before > 0 and value == 0
            opened = (d.sensor, d.location) == ("door", "front") and value > 0
            return ["care.left_home"] if left else ["care.activity", *["care.front_opened"] * opened]
        meter = (d.unit or "").strip().lower() in METERS.get(d.sensor, ())
        return ["care.activity", *[f"care.{d.sensor}_drawn"] * meter] if d.sensor in LIFE_RISE else []

    def _cancel(self, rule: Rule, key: str, t: int) -> None:
        mode = rule.match["mode"]
        if mode != "first":
            if t < self.last.get((rule.id, key), t):
                return
            self.last[rule.id, key] = t
        armed = self.armed[rule.id, key]
        for number in [n for n, one in armed.items() if mode != "each" or one["at"] <= t]:
            del armed[number]

    def _arm(self, rule: Rule, mode: str, key: str, subject: str, t: int, stages: list[tuple[int, str]]) -> None:
        last = self.last.get((rule.id, key))
        if last is not None and (t - last < MONTH if mode == "first" else t < last):
            return
        if mode == "last":
            self.armed[rule.id, key].clear()
        if mode != "each":
            self.last[rule.id, key] = t
        for wait, word in stages:
            self.number += 1
            self.armed[rule.id, key][self.number] = {"subject": subject, "at": t, "word": word}
            heapq.heappush(self.timers, (t + wait, self.number, rule.id, key))

    def due(self, limit: int) -> list[Told]:
        told = []
        while self.timers and self.timers[0][0] <= limit:
            due, number, rule, key = heapq.heappop(self.timers)
            if one := self.armed[rule, key].pop(number, None):
                told.append((rule, due, one["subject"], one["word"], key if key != one["subject"] else ""))
        return told + self.homes.due(limit)


def _within(th: dict[str, Any], value: float) -> bool:
    low, high = th["value_min"], th["value_max"]
    return (low is None or value >= low) and (high is None or value <= high)


def _stages(rule: Rule) -> list[tuple[int, str]]:
    spans = {name: value for name, value in rule.thresholds.items() if value is not None}
    waits = sorted(round(v * (3600 if k.endswith("_h") else 1) * US) for k, v in spans.items())
    return list(zip(waits, rule.match["severities"] or [rule.severity.name], strict=True))


class Naive:
    """The whole twin: ``step`` as the engine's."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.road, self.single, self.when = Road(city, rules), Single(city, rules), When(city)
        self.crossings, self.watchers = Crossings(city, rules), Watchers(city, rules)
        self.whens = {rule.id: rule.when for rule in rules.rules}
        self.street = Street(city, rules)
        self.chatter = [r for r in rules.rules if r.pattern == "chatter"]
        self.times: dict[Any, tuple[deque[int], bool]] = {}

    def step(self, events: list[Event], now: int | None = None) -> list[Told]:
        found: list[Told] = []
        for event in events:
            t = event.at if now is None else min(event.at, max(now, event.arrival))
            found += self._now(self.single.due(t - 1))
            self.when.hear(event)
            found += self._now(self.single.hear(event, t) + self.road.hear(event) + self.crossings.hear(event))
            found += self._now(self.watchers.hear(event), event)
            found += self._now(self.street.hear(event))
        if now is not None:
            found += self._now(self.single.due(now))
        return [x for one in found for x in (one, *self._chatter(one))]

    def _now(self, found: list[Told], at: Event | None = None) -> list[Told]:
        """Those told at their hour; ``at``: the event whose place counts, else the subject's does."""
        city = self.when.city
        places = [city.place_of(at) if at else city.place(one[2]) for one in found]
        return [one for one, place in zip(found, places, strict=True)
                if self.when.holds(self.whens[one[0]], place, one[1])]  # fmt: skip

    def _chatter(self, one: Told) -> list[Told]:
        made = []
        for rule in self.chatter if one[0] != "post_encroachment" else ():
            n, window = rule.thresholds["n"], rule.thresholds["window_s"] * US
            times, going = self.times.get((rule.id, one[0], one[2]), (deque(), False))
            while times and (abs(one[1] - times[0]) > window or len(times) == n):
                times.popleft()
            times.append(one[1])
            if len(times) == n and not going:
                made.append((rule.id, one[1], one[2], "notice", one[0]))
            self.times[rule.id, one[0], one[2]] = (times, len(times) == n)
        return made


def told_of(one: Detection) -> Told:
    """A detection of the engine as the twin would say it."""
    evidence = one.evidence
    what = ""
    if "bus" in evidence:
        what = evidence.get("stop", evidence["bus"])
    elif "seen_by" in evidence:
        what = evidence["source"]
    elif "pet_s" in evidence:
        what = f"{evidence['vehicle']!r} {evidence['person']!r} {evidence['psm_s']:.4f} {evidence['pcr']}"
    elif "ttc_s" in evidence:
        what = f"{evidence['vehicle']!r} {evidence['person']!r} {evidence['ttc_s']:.4f}"
    elif one.rule.startswith("jaywalking"):
        what = f"{evidence['person']!r} {evidence['vehicle']!r}"
    elif "people" in evidence:
        what = str(evidence["people"])
    elif "stayed_s" in evidence:
        what = repr(evidence.get("person", evidence.get("vehicle")))
    elif "vehicle" in evidence:
        what = repr(evidence["vehicle"])
    elif "waited_s" in evidence and evidence.get("case", one.subject) != one.subject:
        what = evidence["case"]
    elif "of" in evidence:
        what = evidence["of"]
    return (one.rule, one.at, one.subject, one.severity.name, what)
