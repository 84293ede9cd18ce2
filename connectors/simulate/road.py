"""The watched road: a few crossings are live at a time, their radars and lights report; the rest say they are well.

A frame is sent ten times a second while people and vehicles are both in sight, five times while only one of them is,
and once a second when the radar sees nothing.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from connectors.simulate.crossing import Crossing
from connectors.simulate.messages import DEVICE, Maker, Message
from connectors.simulate.scenes import radar
from geo.city import City
from geo.features import Site
from stream.schema import US

TICK_US = US // 10
TICK_S = 0.1
SEED = 1  # of the usual day
LIVE_SITES = 5
TURN_TICKS = 3600  # every six minutes one crossing of the live ones changes
SIGNAL_TICKS = 20  # a light repeats itself every 2 s (the rules forget it after 5 s)


def liveliest(city: City, seed: int = SEED) -> str:
    """The zone whose crossings are live longest in the first six hours, "" without one: a board there has life."""
    road, live = Road(city, seed, LIVE_SITES), Counter[str]()
    for _ in range(60):
        live.update(zone for site in road.live if (zone := city.sites[site].zone))
        road.turn()
    return max(live, key=lambda zone: live[zone], default="")


def light(site: str) -> str:
    """The source of a site's light."""
    return f"{DEVICE}signal-{site.removeprefix('XW-').lower()}"


class Road:
    """The live crossings of a city. ``size`` of them at a time, of both kinds (with and without a light)."""

    def __init__(self, city: City, seed: int, size: int) -> None:
        ours = {s.of for s in city.sources.values() if s.of is not None and s.id == radar(s.of)}
        self._sites = {site.id: site for site in city.sites.values() if site.id in ours}
        self._lit = {source.of for source in city.sources.values() if source.type == "signal"}
        self._rng, self._seed, self._ticks, self._size = Random(f"{seed}/road"), seed, 0, size
        self.live: dict[str, Crossing] = {}
        self.silent: dict[str, int] = {}  # site -> moment until which its radar says nothing
        self._shown: dict[str, tuple[str, str]] = {}
        for n in range(min(size, len(self._sites))):
            self._open(lit=n % 2 == 1)

    @property
    def sites(self) -> list[str]:
        """Ids of all sites with a radar of ours."""
        return list(self._sites)

    def _open(self, lit: bool) -> None:
        """One more crossing goes live, with a light or without as asked if there is one."""
        free = [s for s in self._sites if s not in self.live]
        wanted = [s for s in free if (s in self._lit) == lit] or free
        if not wanted:
            return
        site: Site = self._sites[self._rng.choice(wanted)]
        seed = f"{self._seed}/{site.id}/{self._ticks}"
        self.live[site.id] = Crossing(site, site.id in self._lit, seed, self._rng.uniform(0, 60))

    def pick(self, rng: Random, signalled: bool | None) -> Crossing | None:
        """A live crossing where nothing plays; with (True) or without (False) a light if asked."""
        free = [x for x in self.live.values() if not x.acts and not x.held]
        return rng.choice([x for x in free if signalled in (None, x.signalled)] or [None])

    def step(self, at: int, minute: float, school_day: bool, maker: Maker) -> list[Message]:
        """Move the live crossings on by one tick; gives what their devices report."""
        self._ticks += 1
        if self._ticks % TURN_TICKS == 0:
            self.turn()
        out: list[Message] = []
        for x in list(self.live.values()):
            x.step(TICK_S, minute, school_day)
            out.extend(self._frame(x, at, maker))
            out.extend(self._light(x, at, maker))
        return out

    def turn(self) -> None:
        """The longest-live crossing without a scene makes room for another."""
        oldest = next((x for x in self.live.values() if not x.acts), None)
        if oldest is not None and len(self._sites) > self._size:
            del self.live[oldest.id]
            self._shown.pop(oldest.id, None)
            self._open(oldest.signalled)

    def _frame(self, x: Crossing, at: int, maker: Maker) -> list[Message]:
        cars = any(lane.vehicles for lane in x.lanes)
        every = 1 if cars and x.people else 2 if cars or x.people else 10
        if self._ticks % every or at < self.silent.get(x.id, 0):
            return []
        return [maker.make(radar(x.id), "city.road.frame", at, x.id, site=x.id, objects=x.frame())]

    def _light(self, x: Crossing, at: int, maker: Maker) -> list[Message]:
        if not x.signalled:
            return []
        phase = x.phase
        changed = self._shown.get(x.id) != (phase.vehicle, phase.pedestrian)
        if not changed and self._ticks % SIGNAL_TICKS:
            return []
        self._shown[x.id] = (phase.vehicle, phase.pedestrian)
        data = {"vehicle": phase.vehicle, "pedestrian": phase.pedestrian, "remaining_s": phase.seconds}
        return [maker.make(light(x.id), "city.road.signal", at, x.id, site=x.id, **data)]
