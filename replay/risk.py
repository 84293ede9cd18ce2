"""The risk index of a moment: the map of accidents times the hour, light, weather, school day and the last days.

``index = rate / mean rate of the city's cells * hour * conditions * last days``: multiples of the city's mean cell in
its mean hour. What multiplies it is said with it. Live and in replay the same: only the moment differs.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from cep.exposure import DAYLIGHT, SCHOOL_RUN, ContextKey, active, dark, hour, school_run
from geo.city import City
from geo.risk import Floats, lift, plane, shrunk
from geo.riskmap import RiskCell, RiskMap
from stream.bodies import ContextNoted
from stream.schema import Place
from stream.signs import Signs

# Multiples of the risk while something holds. Sources in docs/risk.md; "judged" = nobody's measurement.
DARK = 1.17  # injury accidents on lit roads (Wanvik 2009)
CONDITIONS = {"heavy_rain": 1.49, "heavy_snow": 1.75, "roadworks": 1.21, "event": 1.2}  # the last is judged
SCHOOL = 1.5  # hours of the way to and from school on a school day against the same hours without school: judged
SCHOOL_DAYS = 190 / 365  # of a year (Enforcement Decree of the Elementary and Secondary Education Act, article 45)
PRIOR = 5.0  # weight of signs that a crosswalk must show before it is half believed (5 near misses)
CALM, GRAVE = 0.5, 4.0  # the last days move the index between half and four times
NEAR_M = 75.0  # width of the Gaussian by which a crosswalk's last days count for the cells around it
FAR_M = 150.0
TELL = 1.05  # a condition is told when it moves the index by so much
TOP = 20


class Why(msgspec.Struct, frozen=True):
    """One reason: its code, by how much it multiplies, and how many of it there were (0 = nothing to count)."""

    code: str
    times: float
    n: int = 0


class Crossing(msgspec.Struct, frozen=True):
    """A crosswalk with its index and why."""

    site: str
    name: str
    dong: str
    lon: float
    lat: float
    index: float
    why: tuple[Why, ...]


class Picture(msgspec.Struct, frozen=True):
    """The index of a moment: per cell (in the order of the map), crosswalks (highest first), and the hour's reasons."""

    hour: int
    index: list[float]
    crossings: tuple[Crossing, ...]
    why: tuple[Why, ...]


class RiskBook:
    """A risk map laid on its city; ``picture`` asks nothing but its arguments."""

    def __init__(self, risk: RiskMap, city: City) -> None:
        self.risk, self.city = risk, city
        lat = sum(one.lat for one in risk.cells) / max(1, len(risk.cells))
        self._at = plane([one.lon for one in risk.cells], [one.lat for one in risk.cells], lat)
        mean = risk.mean or 1.0
        self._rate = np.array([one.rate / mean for one in risk.cells])
        self._sites = [*city.sites.values()]
        self._spots = plane([one.lon for one in self._sites], [one.lat for one in self._sites], lat)
        of = {source.of for source in city.sources.values()}
        self._watched = [i for i, site in enumerate(self._sites) if site.id in of]
        self._home = [self._nearest(spot) for spot in self._spots]
        places = city.parts_at(np.array([one.lon for one in risk.cells]), np.array([one.lat for one in risk.cells]))
        self._places = sorted(set(places), key=str)
        self._place = np.array([self._places.index(one) for one in places], int)
        self._near = [self._weights(spot) for spot in self._spots]

    def _nearest(self, spot: Floats) -> int:
        return int(((self._at - spot) ** 2).sum(axis=1).argmin()) if len(self._at) else -1

    def _weights(self, spot: Floats) -> tuple[NDArray[np.intp], Floats]:
        """Cells near a crosswalk, and how much its last days count there."""
        far2 = ((self._at - spot) ** 2).sum(axis=1)
        cells = np.flatnonzero(far2 <= FAR_M * FAR_M)
        return cells, np.exp(-far2[cells] / (2 * NEAR_M * NEAR_M))

    def picture(self, context: Mapping[ContextKey, ContextNoted], signs: Signs, at: int, top: int = TOP) -> Picture:
        """The index at this moment (µs)."""
        if not self.risk.cells:
            return Picture(int(hour(at)), [], (), ())
        clock = Why("hour", self.risk.hours[int(hour(at))])
        holds = [conditions(Place(0.0, 0.0, dong=dong, zone=zone), context, self.city, at)
                 for dong, zone in self._places]
        by = np.array([np.prod([why.times for why in one]) if one else 1.0 for one in holds])
        shown = self.shown(signs, at)
        last, weight = np.ones(len(self._rate)), np.zeros(len(self._rate))
        for i, times in shown.items():
            cells, k = self._near[i]
            closer = k > weight[cells]
            last[cells[closer]], weight[cells[closer]] = 1.0 + k[closer] * (times - 1.0), k[closer]
        index = self._rate * clock.times * by[self._place] * last
        counts = signs.counts(at)
        crossings = [self._crossing(i, clock, holds[self._place[self._home[i]]], shown.get(i, 1.0),
                                    counts.get(site.id, {})) for i, site in enumerate(self._sites)]
        crossings.sort(key=lambda one: (-one.index, one.site))
        everywhere = [why for why in holds[0] if all(why in one for one in holds)]
        return Picture(int(hour(at)), [round(float(one), 2) for one in index], tuple(crossings[:top]),
                       (clock, *everywhere))

    def shown(self, signs: Signs, at: int) -> dict[int, float]:
        """How much worse than usual each watched crosswalk shows itself in the last days, by its place in the list."""
        weights = signs.weights(at)
        own = {i: weights.get(self._sites[i].id, 0.0) for i in self._watched}
        usual = sum(own.values()) / max(1, len(own))
        return {i: min(GRAVE, max(CALM, shrunk(n, usual, PRIOR))) for i, n in own.items()}

    def _crossing(self, i: int, clock: Why, holds: list[Why], times: float, counts: dict[str, int]) -> Crossing:
        site, cell = self._sites[i], self.risk.cells[self._home[i]]
        index = self._rate[self._home[i]] * clock.times * times
        for why in holds:
            index *= why.times
        last = [Why("last_days", round(times, 2))] if times >= TELL or times <= 1 / TELL else []
        most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
        reasons = (*_standing(cell), *last, *(Why(code, 0.0, n) for code, n in most), *holds)
        return Crossing(site.id, site.name or site.id, self.city.dong_at(site.lon, site.lat) or "", site.lon, site.lat,
                        round(float(index), 2), reasons)


def _standing(cell: RiskCell) -> list[Why]:
    """What stands there, and what happened there."""
    counted = [Why("accidents", 0.0, cell.seen)] if cell.seen else []
    return [*counted, *(Why(code, times) for code, times in list(cell.why.items())[:3])]


def conditions(place: Place, context: Mapping[ContextKey, ContextNoted], city: City, at: int) -> list[Why]:
    """What holds at the place now, and by how much it multiplies that hour's usual risk; small ones are left out."""
    now = active(context, place, city, at)
    out = [Why("dark" if dark(at) else "light", lift(DARK, dark_share(at), dark(at)))]
    for row in now:
        code = str(row.value) if row.what == "weather" else row.what
        if code in CONDITIONS and row.level != "none":
            out.append(Why(code, CONDITIONS[code]))
    zone = city.zones.get(place.zone or "")
    if zone is not None and zone.school and any(first <= hour(at) < last for first, last in SCHOOL_RUN):
        on = school_run(at, now)
        out.append(Why("school_run" if on else "no_school", lift(SCHOOL, SCHOOL_DAYS, on)))
    kept = {why.code: why for why in out if not 1 / TELL < why.times < TELL}
    return [Why(why.code, round(why.times, 2)) for why in kept.values()]


def dark_share(at: int) -> float:
    """In how much of the year this hour of the day is dark: of the twelve months."""
    return sum(not rise <= hour(at) < fall for rise, fall in DAYLIGHT) / len(DAYLIGHT)
