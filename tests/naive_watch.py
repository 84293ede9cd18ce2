"""The slow twin of the watchers: each event is judged by looking through everything that came before it."""

from __future__ import annotations

from typing import Any

from cep.rules import Rule, RuleTable
from stream.schema import US, Event
from tests.naive_road import Told


class Watchers:
    """school_bus_late, school_bus_harsh and blocked_view, from the words of docs/rules.md."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city, self.rules = city, rules.rules
        self.past: list[Event] = []
        self.told: dict[Any, list[int]] = {}  # rule and what it is about: when

    def hear(self, event: Event) -> list[Told]:
        made = {"bus_late": self._late, "bus_harsh": self._harsh, "sight": self._sight}
        found = [x for rule in self.rules if rule.pattern in made for x in made[rule.pattern](rule, event)]
        self.past.append(event)
        return found

    def _late(self, rule: Rule, e: Event) -> list[Told]:
        if e.type != "city.bus.position" or e.data.next_stop is None or e.data.eta_s is None:
            return []
        run, again = [e], rule.thresholds["again_s"] * US
        for old in reversed(self.past):  # back to where this run to this stop began
            same = old.type == e.type and old.source == e.source and old.data.bus == e.data.bus
            if same and old.data.next_stop == e.data.next_stop and old.data.eta_s is not None:
                if run[-1].at - old.at >= again:
                    break
                run.append(old)
        first = run[-1]
        slipped = [one.at + round(one.data.eta_s * US) - first.at - round(first.data.eta_s * US) for one in run]
        late = rule.thresholds["late_s"] * US
        if slipped[0] < late or any(one >= late for one in slipped[1:]):
            return []
        return [(rule.id, e.at, e.source, rule.severity.name, e.data.next_stop)]

    def _harsh(self, rule: Rule, e: Event) -> list[Told]:
        t = rule.thresholds
        if e.type != "city.bus.position":
            return []
        mine = [o for o in self.past if o.type == e.type and (o.source, o.data.bus) == (e.source, e.data.bus)]
        last = None
        for old in mine:
            if last is None or old.at > last.at:
                last = old
        if last is None or e.at <= last.at or e.at - last.at > t["gap_s"] * US:
            return []
        change = (e.data.speed_kph - last.data.speed_kph) / ((e.at - last.at) / US)
        most = t["limit_kph"] + t["over_kph"]
        fast = e.data.speed_kph > most and last.data.speed_kph > most
        if -t["fall_kphps"] < change < t["rise_kphps"] and not fast:
            return []
        before = self.told.setdefault((rule.id, e.source, e.data.bus), [])
        if before and e.at - before[-1] < t["again_s"] * US:
            return []
        before.append(e.at)
        return [(rule.id, e.at, e.source, rule.severity.name, e.data.bus)]

    def _sight(self, rule: Rule, e: Event) -> list[Told]:
        if e.type != "city.road.frame" or not self._near(rule, e):
            return []
        seeing, here = ("camera", "radar", "lidar"), e.data.site
        pair = [id for id, s in self.city.sources.items() if s.of == here and s.type in seeing]
        if e.source not in pair or e.data.site not in self.city.sites or any(
                o.source == e.source and o.data.site == e.data.site and o.at > e.at for o in self._frames()):
            return []
        return [x for other in pair if other != e.source for x in self._blind(rule, e, other)]

    def _frames(self) -> list[Event]:
        return [o for o in self.past if o.type == "city.road.frame"]

    def _near(self, rule: Rule, e: Event) -> bool:
        return any(o.x**2 + o.y**2 <= rule.thresholds["range_m"] ** 2 for o in e.data.objects)

    def _blind(self, rule: Rule, e: Event, other: str) -> list[Told]:
        t, since, last, missed, told = rule.thresholds, None, 0, 0, False
        alive = t["alive_s"] * US
        heard: dict[str, int] = {}
        for o in [*self._frames(), e]:
            if o.data.site != e.data.site or o.at < heard.get(o.source, o.at):
                continue
            heard[o.source] = o.at
            if o.source == other:
                if since is None or o.at - last > alive or o.data.objects:
                    since, missed, told = o.at, 0, False
                last = o.at
            elif since is not None and self._near(rule, o) and o.at - last <= alive and self._paired(o):
                missed += 1
                fires = not told and missed >= t["frames"] and o.at - since >= t["window_s"] * US
                told = told or fires
                if o is e and fires:
                    return [(rule.id, e.at, e.data.site, rule.severity.name, other)]
        return []

    def _paired(self, e: Event) -> bool:
        found = self.city.sources.get(e.source)
        return found is not None and found.of == e.data.site
