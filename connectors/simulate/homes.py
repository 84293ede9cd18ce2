"""Two hundred homes with a daily rhythm: sleep, meals, outings, water and power, and the hub's hourly sign of life.

Each home is a chain of moments in one queue: a moment makes its readings and plans the next. True means motion, open,
occupied or in use; ``water`` is a meter that only grows, ``power`` what the television's socket draws. No meter of the
whole home's power is sent: a refrigerator alone would make it look alive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from connectors.simulate.messages import DEVICE, Maker, Message
from connectors.simulate.rhythm import INDOORS, day_minute, rate
from stream.schema import US

MINUTE, HOUR = 60 * US, 3600 * US
KITCHEN, BATH, TELEVISION = 0.35, 0.2, 0.1  # share of activities at the fridge, in the bathroom, before the television
OUTING = 0.035  # chance that an activity by day is leaving the house
LIVELY = 0.6  # activities are fewer than the table says: a sensor has a rest time


@dataclass(slots=True)
class Home:
    """One household: when it wakes and sleeps (minutes of the day), whether somebody is out, its meters."""

    id: str
    wake: float
    bed: float
    out: bool = False
    asleep: bool = False
    water_l: float = 0.0
    hushed_until: int = 0  # a scene keeps this home still
    rng: Random = field(default_factory=Random)

    @property
    def hub(self) -> str:
        """The source of its readings."""
        return f"{DEVICE}hub-{self.id.rsplit('-', 1)[-1].lower()}"


class Homes:
    """All homes; ``step(at)`` gives the readings due by then, in order."""

    def __init__(self, ids: list[str], seed: int, start: int, minute_of: Callable[[int], float] = day_minute) -> None:
        self._minute = minute_of
        self.homes = {id: _home(id, seed, minute_of(start)) for id in ids}
        self._queue: list[tuple[int, int, str, str]] = []
        for n, home in enumerate(self.homes.values()):
            self._queue.append((start + int(home.rng.uniform(0, 3) * MINUTE), n, "status", home.id))
            self._queue.append((start + int(home.rng.uniform(0, 20) * MINUTE), n, "live", home.id))
            self._queue.append((start + int(home.rng.uniform(0, 60) * MINUTE), n, "warmth", home.id))
        heapify(self._queue)
        self._n = len(self._queue)

    def hush(self, id: str, until: int) -> None:
        """Nobody moves in this home before ``until``: somebody lies on the floor, or sleeps through the alarm."""
        self.homes[id].hushed_until = until

    def step(self, at: int, maker: Maker) -> list[Message]:
        """Readings and signs of life due at or before ``at``."""
        out: list[Message] = []
        while self._queue and self._queue[0][0] <= at:
            due, _, what, id = heappop(self._queue)
            home = self.homes[id]
            if what in ACTIVE and due < home.hushed_until:
                self._plan(home.hushed_until, what, id)
                continue
            rows, follow_ups = MOMENTS[what](home, due, self._minute(due))
            out.extend(_sent(maker, home, due, row) for row in rows)
            for wait_us, next_what in follow_ups:
                self._plan(due + wait_us, next_what, id)
        return out

    def _plan(self, due: int, what: str, id: str) -> None:
        self._n += 1
        heappush(self._queue, (due, self._n, what, id))


Row = tuple[str, str | None, Any, str | None]  # sensor, location, value, unit; "status" is the hub's own word
Moment = tuple[list[Row], list[tuple[int, str]]]


def _sent(maker: Maker, home: Home, at: int, row: Row) -> Message:
    sensor, location, value, unit = row
    if sensor == "status":
        return maker.status(home.hub, at, battery_pct=value)
    data = {"household": home.id, "sensor": sensor, "location": location, "value": value, "unit": unit}
    return maker.make(home.hub, "city.care.reading", at, home.id, **data)


def _home(id: str, seed: int, minute: float) -> Home:
    rng = Random(f"{seed}/{id}")
    home = Home(id, rng.gauss(375, 45), rng.gauss(1320, 40), rng=rng)
    home.asleep = not home.wake < minute < home.bed
    home.out = not home.asleep and 600 < minute < 1020 and rng.random() < 0.15
    home.water_l = round(rng.uniform(9e3, 9e4), 0)
    return home


# ---- moments: what is read now, and what comes next --------------------------------------------------------------


def _status(home: Home, at: int, minute: float) -> Moment:
    return [("status", None, 100, None)], [(HOUR, "status")]


def _warmth(home: Home, at: int, minute: float) -> Moment:
    """Temperature, hourly."""
    warm = round(21 + 2 * (0.2 < minute / 1440 < 0.9) + home.rng.uniform(-0.8, 0.8), 1)
    return [("temperature", "living", warm, "C")], [(HOUR, "warmth")]


def _live(home: Home, at: int, minute: float) -> Moment:
    """One activity: the next comes sooner in busy hours; at bedtime the person goes to bed, at times they go out."""
    if home.out:
        return [], [(int(home.rng.uniform(2, 20) * MINUTE), "return")]
    if not home.wake < minute < home.bed:
        return _to_bed(home)
    if 540 < minute < 1080 and home.rng.random() < OUTING:
        return _leave(home)
    again = home.rng.expovariate(rate(INDOORS, minute) * LIVELY) * HOUR
    rows, follow = _activity(home)
    return rows, [*follow, (min(int(again), 3 * HOUR), "live")]


def _activity(home: Home) -> tuple[list[Row], list[tuple[int, str]]]:
    draw = home.rng.random()
    if draw < KITCHEN:
        home.water_l = round(home.water_l + home.rng.uniform(0.5, 6), 1)
        rows: list[Row] = [
            ("pir", "kitchen", True, None), ("fridge", "kitchen", True, None), ("water", "kitchen", home.water_l, "L"),
        ]  # fmt: skip
        return rows, [(int(home.rng.uniform(6, 25) * US), "fridge_shut")]
    if draw < KITCHEN + BATH:
        home.water_l = round(home.water_l + home.rng.uniform(4, 30), 1)
        return [("pir", "bathroom", True, None), ("water", "bathroom", home.water_l, "L")], []
    if draw < KITCHEN + BATH + TELEVISION:
        watched = int(home.rng.uniform(15, 50) * MINUTE)
        return [("pir", "living", True, None), ("power", "television", 75.0, "W")], [(watched, "television_off")]
    return [("pir", "living", True, None)], []


def _fridge_shut(home: Home, at: int, minute: float) -> Moment:
    return [("fridge", "kitchen", False, None), ("pir", "kitchen", False, None)], []


def _television_off(home: Home, at: int, minute: float) -> Moment:
    return [("power", "television", 0.0, "W")], []


def _to_bed(home: Home) -> Moment:
    home.asleep = True
    toilet = int(home.rng.uniform(2.5, 5) * HOUR)
    return [("pir", "bedroom", True, None), ("bed", "bedroom", True, None)], [(toilet, "night")]


def _night(home: Home, at: int, minute: float) -> Moment:
    """Up in the night or for good."""
    if home.wake < minute < home.bed:
        home.asleep = False
        rows: list[Row] = [("bed", "bedroom", False, None), ("pir", "bedroom", True, None)]
        return rows, [(int(home.rng.uniform(2, 10) * MINUTE), "live")]
    left = (home.wake - minute) % 1440
    wait = min(home.rng.uniform(60, 240), left + home.rng.uniform(1, 20))
    return [("pir", "bathroom", True, None)], [(int(wait * MINUTE), "night")]


def _leave(home: Home) -> Moment:
    home.out = True
    away = int(home.rng.triangular(20, 240, 60) * MINUTE)
    return [("pir", "hall", True, None), ("door", "front", True, None)], [(15 * US, "shut"), (away, "return")]


def _shut(home: Home, at: int, minute: float) -> Moment:
    return [("door", "front", False, None)], []


def _return(home: Home, at: int, minute: float) -> Moment:
    home.out = False
    return [("door", "front", True, None)], [(12 * US, "shut"), (40 * US, "live")]


ACTIVE = frozenset({"live", "night", "return", "shut", "fridge_shut", "television_off"})
MOMENTS: dict[str, Callable[[Home, int, float], Moment]] = {
    "status": _status, "warmth": _warmth, "live": _live, "night": _night, "return": _return, "shut": _shut,
    "fridge_shut": _fridge_shut, "television_off": _television_off,
}  # fmt: skip


def alone(households: dict[str, Any]) -> Iterator[str]:
    """Ids of the people who live alone at high risk: those that scenes are about."""
    return (h.id for h in households.values() if h.alone and h.risk == "high")
