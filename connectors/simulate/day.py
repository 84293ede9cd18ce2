"""A whole simulated day: the road, the homes, the cases, and now and then something that goes wrong.

Pure of clocks: ``step(at)`` is called for each tick (0.1 s of event time) and gives the messages of that tick. The same
city, seed, start and options give the same messages, byte by byte.
"""

from __future__ import annotations

from collections.abc import Collection
from heapq import heappop, heappush
from random import Random
from typing import Any

from connectors.simulate import storm
from connectors.simulate.crossing import Crossing
from connectors.simulate.devices import Devices
from connectors.simulate.homes import Homes, alone
from connectors.simulate.joined import EVERY_S, FIRST_S, JOINED
from connectors.simulate.messages import SYSTEM, Maker, Message
from connectors.simulate.rhythm import day_minute, is_school_day, season
from connectors.simulate.road import LIVE_SITES, TICK_US, Road
from connectors.simulate.scenes import OPENING, SCENES, quiet_letter, radar
from geo.city import City
from geo.frame import to_lonlat
from stream.schema import US

DOMAINS = frozenset({"school", "care", "welfare"})
SCENE_MEAN_S, SCENE_LEAST_S = 480.0, 300.0  # after the opening: one scene in 5 to 20 minutes
QUIET_CASE_S = 1500.0  # mean time between ordinary welfare cases
CALLS = ((570.0, 690.0), (1020.0, 1110.0))  # minutes of the day in which homes are called and answer


class Day:
    """The simulated city from ``start`` on (int µs UTC). ``shift_us`` moves its rhythm, not its time stamps."""

    def __init__(
        self, city: City, seed: int, start: int, *, domains: Collection[str] = DOMAINS, storm_on: bool = False,
        shift_us: int = 0, live_sites: int = LIVE_SITES,
    ) -> None:  # fmt: skip
        self.rng, self.at, self.start, self.shift_us = Random(f"{seed}/day"), start, start, shift_us
        self._city, self._domains, self._maker = city, domains, Maker(start)
        self._minute = lambda at: day_minute(at + shift_us)
        self._planned: list[tuple[int, int, str, str, str, dict[str, Any]]] = []
        self._scenes: list[tuple[int, int, str]] = []
        self._n = self._cases = 0
        self._road = Road(city, seed, live_sites if "school" in domains else 0)
        self._homes = Homes(list(city.households) if "care" in domains else [], seed, start, self._minute)
        self._devices = Devices(city, seed, start)
        self._fragile = self.rng.sample(list(alone(city.households)), k=len(list(alone(city.households))))
        self._joined = Random(f"{seed}/joined").sample(sorted(JOINED), k=len(JOINED))
        self._called_day = -1.0
        self._plan_day(storm_on)

    def _plan_day(self, storm_on: bool) -> None:
        self.later(0, f"{SYSTEM}calendar", "city.context", "osan", what="calendar", area="osan", level="none",
                   value="school_day" if is_school_day(self.start + self.shift_us) else "holiday")  # fmt: skip
        if storm_on:
            storm.play(self, self._road.sites or list(self._city.sites), self._fragile or list(self._city.households))
        opening = storm.IN_NEED if storm_on else OPENING
        ours = [(at, name) for at, name in opening if SCENES[name].domain in self._domains]
        early = ours[0][0] - opening[0][0] if ours else 0
        for seconds, name in ours:
            self._book(seconds - early, name)
        self._book(opening[-1][0] + SCENE_LEAST_S, "")
        self._book(self.rng.uniform(60, QUIET_CASE_S), "quiet")
        self._book(FIRST_S, "joined")

    def _book(self, seconds: float, name: str) -> None:
        """A scene (``""``: one drawn then; ``quiet``: an ordinary case; ``joined``: of several places) plays then."""
        self._n += 1
        heappush(self._scenes, (self.at + int(seconds * US), self._n, name))

    def step(self, at: int) -> list[Message]:
        """The messages of the tick at ``at``; ticks are 0.1 s apart, a longer gap is a pause of the road."""
        self.at = at
        minute, school_day = self._minute(at), is_school_day(at + self.shift_us)
        while self._scenes and self._scenes[0][0] <= at:
            self._play(heappop(self._scenes)[2])
        out = self._road.step(at, minute, school_day, self._maker)
        out += self._homes.step(at, self._maker)
        self._plan_calls(at, minute)
        while self._planned and self._planned[0][0] <= at:
            due, _, source, type, subject, data = heappop(self._planned)
            out.append(self._maker.make(source, type, due, subject, **data))
        silent = frozenset(radar(site) for site, until in self._road.silent.items() if until > at)
        return out + self._devices.step(at, self._maker, silent)

    def _play(self, name: str) -> None:
        if name == "quiet":
            if "welfare" in self._domains and self._city.households:
                quiet_letter(self)
            self._book(self.rng.expovariate(1 / QUIET_CASE_S), "quiet")
            return
        if name == "joined":
            self._book(EVERY_S, "joined")
            self._play_joined()
            return
        if not name:
            self._book(min(SCENE_LEAST_S + self.rng.expovariate(1 / (SCENE_MEAN_S - SCENE_LEAST_S)), 1200), "")
            rows = [(n, s.weight) for n, s in SCENES.items() if s.domain in self._domains]
            name = self.rng.choices([n for n, _ in rows], [w for _, w in rows])[0]
        if self._has_ground_for(SCENES[name].domain):
            SCENES[name].play(self)

    def _play_joined(self) -> None:
        """The next scene in several places at once that these domains and this city have the ground for."""
        for name in list(self._joined):
            self._joined.append(self._joined.pop(0))
            row = JOINED[name]
            if row.domains.issubset(self._domains) and all(map(self._has_ground_for, row.domains)):
                row.play(self)
                return

    def _has_ground_for(self, domain: str) -> bool:
        """A small city file may have no crossing with a radar, no school, or no home."""
        if domain == "school":
            return bool(self._road.live and self._city.schools)
        return bool(self._fragile)

    def _plan_calls(self, at: int, minute: float) -> None:
        """Twice a day everybody who lives alone is called; nearly all answer, some at the second attempt."""
        for first, last in CALLS:
            if first <= minute < first + 1 and self._called_day != at // (US * 3600):
                self._called_day = at // (US * 3600)
                for id, home in self._city.households.items():
                    if home.alone and "care" in self._domains:
                        self._answered(id, self.rng.uniform(0, (last - first) * 60))

    def _answered(self, home: str, seconds: float) -> None:
        again = self.rng.random() < 0.06
        for attempt in (1, 2) if again else (1,):
            result = "no_answer" if again and attempt == 1 else "answered"
            data = {"household": home, "result": result, "attempt": attempt}
            self.later(seconds + 180 * (attempt - 1), f"{SYSTEM}safecall", "city.care.call", home, **data)

    # what a scene may use (``scenes.Stage``) ---------------------------------------------------------------------

    def later(self, seconds: float, source: str, type: str, subject: str, **data: Any) -> None:
        """A device or person sends this so many seconds from now."""
        self._n += 1
        heappush(self._planned, (self.at + int(seconds * US), self._n, source, type, subject, data))

    def crossing(self, signalled: bool | None = None) -> Crossing:
        """A watched crossing where nothing is playing, of the kind asked for if one is live."""
        found = self._road.pick(self.rng, signalled) or self._road.pick(self.rng, None)
        return found or self.rng.choice(list(self._road.live.values()))

    def home(self) -> str:
        """The home of somebody alone at high risk that had no scene for the longest."""
        self._fragile.append(self._fragile.pop(0))
        return self._fragile[-1]

    def anyone(self) -> str:
        """A home of people who are not both alone and at high risk."""
        fragile = set(self._fragile)
        return self.rng.choice([id for id in self._city.households if id not in fragile] or self._fragile)

    def hush(self, home: str, seconds: float) -> None:
        """Nobody moves in the home for so long."""
        if home in self._homes.homes:
            self._homes.hush(home, self.at + int(seconds * US))

    def stir(self, home: str, seconds: float) -> None:
        """Somebody moves in the home so many seconds from now."""
        data = {"household": home, "sensor": "pir", "location": "living", "value": True}
        self.later(seconds, f"/device/hub-{home.removeprefix('HH-').lower()}", "city.care.reading", home, **data)

    def silence(self, site: str, seconds: float) -> None:
        """The site's radar says nothing for so long."""
        self._road.silent[site] = self.at + int(seconds * US)

    def dong(self, home: str | None = None) -> str:
        """Name of a dong: of this home, or of any home (people live where homes are)."""
        id = home or self.rng.choice(list(self._city.households))
        return self._city.households[id].dong

    def case(self) -> str:
        """The next welfare case's id."""
        self._cases += 1
        return f"WC-{self._maker.run}-{self._cases:03d}"

    def near_school(self) -> tuple[float, float]:
        """Degrees of a point within 200 m of an elementary school."""
        school = self.rng.choice(list(self._city.schools.values()))
        lon, lat = to_lonlat(school, self.rng.uniform(-140, 140), self.rng.uniform(-140, 140))
        return round(lon, 6), round(lat, 6)

    def degrees(self, site: str, x: float, y: float) -> tuple[float, float]:
        """Degrees of a point given in the metres of a site."""
        lon, lat = to_lonlat(self._city.sites[site], x, y)
        return round(lon, 6), round(lat, 6)

    @property
    def season(self) -> str:
        """The weather that is warned of at this time of the year."""
        return season(self.at + self.shift_us)



def ticks(day: Day, until: int) -> list[Message]:
    """All messages up to a moment: for tests, benches and recordings."""
    out: list[Message] = []
    while day.at + TICK_US <= until:
        out.extend(day.step(day.at + TICK_US))
    return out
