"""Rules over few or coarse events, in plain Python: the school bus, and two sensors that should see the same.

A watcher hears events in order and says (rule's place in the table, event, subject, evidence). Bus positions are some a
minute; of frames only those of sites with two sensors are looked at. Everything is by the events' own times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from cep.rules import Rule, RuleTable
from cep.table import us
from geo.frame import cell
from stream.schema import US, Event

BUS, FRAME = "city.bus.position", "city.road.frame"
MOST = 4096  # buses, stops and sensors remembered, each; the one heard longest ago is forgotten
SEEING = ("camera", "radar", "lidar")
WORD = 80  # letters of a name that are kept

Key = tuple[str, ...]
Row = list[int | float]
State = dict[Key, Row]


class Seen(NamedTuple):
    """What a watcher concluded."""

    rule: int
    subject: str
    evidence: dict[str, Any]


def _keep(state: State, key: Key, row: Row) -> None:
    state.pop(key, None)
    state[key] = row
    if len(state) > MOST:
        del state[next(iter(state))]


class Late:
    """``bus_late``: the arrival at a stop has slipped by ``late_s`` against what was first announced for it."""

    def __init__(self, n: int, rule: Rule, city: Any) -> None:
        self.n, self.late = n, us(rule.thresholds["late_s"])
        self.again = us(rule.thresholds["again_s"])
        self.state: State = {}  # (source, bus, stop): first announced arrival, told, last heard

    def hear(self, event: Event) -> list[Seen]:
        """A position with a next stop and the time to it; a stop not heard of for ``again_s`` is a new run."""
        told = event.data
        if told.next_stop is None or told.eta_s is None or not 0 <= told.eta_s < 86_400:
            return []
        key, arrives = (event.source, told.bus, told.next_stop[:WORD]), event.at + round(told.eta_s * US)
        row = self.state.get(key)
        if row is None or event.at - row[2] >= self.again:
            row = [arrives, 0, event.at]
        row[2] = max(row[2], event.at)
        _keep(self.state, key, row)
        if row[1] or arrives - row[0] < self.late:
            return []
        row[1] = 1
        late = round((arrives - row[0]) / US, 3)
        return [Seen(self.n, event.source, {"bus": told.bus[:WORD], "late_s": late, "stop": key[2]} | _where(told))]


class Harsh:
    """``bus_harsh``: hard acceleration or braking between two positions, or too fast in both of them."""

    def __init__(self, n: int, rule: Rule, city: Any) -> None:
        self.n, self.city, self.t = n, city, rule.thresholds
        self.state: State = {}  # (source, bus): when, km/h, too fast then, told when

    def hear(self, event: Event) -> list[Seen]:
        """One more position; an older one than the last says nothing."""
        told, t = event.data, self.t
        key = (event.source, told.bus)
        row = self.state.get(key)
        if row is not None and event.at <= row[0]:
            return []
        over = told.speed_kph > self.limit(told) + t["over_kph"]
        what, told_at = "", row[3] if row else -1
        if row is not None and event.at - row[0] <= us(t["gap_s"]):
            change = (told.speed_kph - row[1]) / ((event.at - row[0]) / US)
            if change <= -t["fall_kphps"]:
                what = "braking"
            elif change >= t["rise_kphps"]:
                what = "acceleration"
            elif over and row[2]:
                what = "overspeed"
        fresh = what and (told_at < 0 or event.at - told_at >= us(t["again_s"]))
        _keep(self.state, key, [event.at, told.speed_kph, int(over), event.at if fresh else told_at])
        if not fresh:
            return []
        evidence = {"bus": told.bus[:WORD], "manner": what, "speed_kph": told.speed_kph}
        return [Seen(self.n, event.source, evidence | {"limit_kph": self.limit(told)} | _where(told))]

    def limit(self, told: Any) -> float:
        """Limit of the zone the bus is in, else of the city's streets."""
        zone = self.city.zones.get(self.city.zone_at(told.lon, told.lat) or "")
        return float(zone.limit_kph if zone else self.t["limit_kph"])


class Blocked:
    """``sight``: a sensor speaks and sees nothing while another one of its site keeps seeing what is near."""

    def __init__(self, n: int, rule: Rule, city: Any) -> None:
        t = rule.thresholds
        self.n, self.window, self.frames, self.alive = n, us(t["window_s"]), t["frames"], us(t["alive_s"])
        self.near2 = t["range_m"] ** 2
        self.pairs: dict[str, list[str]] = {}
        for id, source in sorted(city.sources.items()):
            if source.type in SEEING and source.of in city.sites:
                self.pairs.setdefault(source.of, []).append(id)
        self.pairs = {site: ids for site, ids in self.pairs.items() if len(ids) > 1}
        self.state: State = {}  # (site, source): last frame, last sight, frames the others saw since, told

    def hear(self, event: Event) -> list[Seen]:
        """A frame of one of several sensors of a site."""
        site, source = event.data.site, event.source
        if source not in self.pairs.get(site, ()):
            return []
        row = self.state.get((site, source))
        if row is not None and event.at < row[0]:
            return []
        if row is None or event.at - row[0] > self.alive or event.data.objects:
            row = [event.at, event.at, 0, 0]
        row[0] = event.at
        _keep(self.state, (site, source), row)
        if not any(o.x * o.x + o.y * o.y <= self.near2 for o in event.data.objects):
            return []
        return [seen for other in self.pairs[site] if other != source for seen in self._missed(event, site, other)]

    def _missed(self, event: Event, site: str, other: str) -> list[Seen]:
        row = self.state.get((site, other))
        if row is None or event.at - row[0] > self.alive:
            return []
        row[2] += 1
        if row[3] or row[2] < self.frames or event.at - row[1] < self.window:
            return []
        row[3] = 1
        waited = round((event.at - row[1]) / US, 3)
        return [Seen(self.n, site, {"source": other, "seen_by": event.source, "waited_s": waited, "n": int(row[2])})]


def _where(told: Any) -> dict[str, float]:
    lon, lat = cell(told.lon, told.lat)
    return {"lon": lon, "lat": lat}


WATCHERS: dict[str, tuple[str, type[Late] | type[Harsh] | type[Blocked]]] = {
    "bus_late": (BUS, Late),
    "bus_harsh": (BUS, Harsh),
    "sight": (FRAME, Blocked),
}
Saved = list[list[tuple[Key, Row]]]


class Watch:
    """All watchers of a rule table."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.all: list[tuple[str, Any]] = []
        for pattern, (type_, watcher) in WATCHERS.items():
            self.all += [(type_, watcher(n, rule, city)) for n, rule in rules.of(pattern)]
        self.frames = any(isinstance(one, Blocked) and one.pairs for _, one in self.all)

    def hear(self, events: Sequence[Event]) -> list[tuple[int, Seen]]:
        """(position of the event, what was concluded of it), in order."""
        heard = (BUS, FRAME) if self.frames else (BUS,)
        found: list[tuple[int, Seen]] = []
        for n, event in enumerate(events):
            if event.type in heard:
                found += [(n, seen) for type_, one in self.all if type_ == event.type for seen in one.hear(event)]
        return found

    def save(self) -> Saved:
        """What each watcher remembers, oldest first."""
        return [list(one.state.items()) for _, one in self.all]

    def load(self, saved: Saved) -> None:
        """Go on from ``save``."""
        for (_, one), rows in zip(self.all, saved, strict=True):
            one.state = dict(rows)
