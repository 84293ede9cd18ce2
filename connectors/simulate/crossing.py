"""One watched crosswalk: two lanes, a light or none, the people, and the radar's frame of it all."""

from __future__ import annotations

from collections.abc import Generator
from math import cos, pi, sin
from random import Random
from typing import Any, NamedTuple

from connectors.simulate import traffic, walkers
from connectors.simulate.rhythm import CHILDREN, VEHICLES, WALKERS, rate
from connectors.simulate.traffic import Lane, Vehicle
from connectors.simulate.walkers import Walker

Act = Generator[None, None, None]  # a scripted scene: one step a tick
LANE_M = 3.0  # the middle of a lane lies at most this far from the middle of the road
STOP_M = 3.0


class Phase(NamedTuple):
    """One row of the light's cycle."""

    seconds: float
    vehicle: str
    pedestrian: str


CYCLE = (Phase(38, "green", "stop"), Phase(3, "yellow", "stop"), Phase(3, "red", "stop"), Phase(14, "red", "walk"),
         Phase(12, "red", "flashing"), Phase(2, "red", "stop"))  # fmt: skip
CYCLE_S = sum(phase.seconds for phase in CYCLE)


class Crossing:
    """A crossing that lives: ``step`` moves it on, ``frame`` is what its radar reports."""

    def __init__(self, site: Any, signalled: bool, seed: str, offset_s: float = 0.0) -> None:
        self.id, self.signalled = site.id, signalled
        self.rng = Random(seed)
        bearing = (site.bearing_deg or 0.0) * pi / 180
        self._sin, self._cos = sin(bearing), cos(bearing)
        self.half, self.deep = self._size(site.crosswalk)
        self.off = min(self.half / 2, LANE_M)
        stop = -(self.deep + STOP_M)
        self.lanes = (Lane(stop, self.deep), Lane(stop, self.deep))  # 0 drives along the bearing, 1 against it
        self.people: list[Walker] = []
        self.acts: list[Act] = []
        self.held = False  # no new arrivals while a scene plays
        self.clock_s = offset_s % CYCLE_S
        self.wish = False  # somebody waits to cross
        self._next = 0

    def _size(self, corners: Any) -> tuple[float, float]:
        """Half width of the road and half depth of the crosswalk, from its outline."""
        if not corners:
            return 6.0, 2.5
        across = [abs(x * self._cos - y * self._sin) for x, y in corners]
        along = [abs(x * self._sin + y * self._cos) for x, y in corners]
        return max(across), max(along)

    def number(self) -> int:
        """The next track number of this radar."""
        self._next += 1
        return self._next

    @property
    def empty(self) -> bool:
        """Nothing and nobody in sight."""
        return not self.people and not any(lane.vehicles for lane in self.lanes)

    @property
    def phase(self) -> Phase:
        """The light's phase now; ``seconds`` are those that remain."""
        at = self.clock_s
        for row in CYCLE:
            if at < row.seconds:
                return row._replace(seconds=round(row.seconds - at, 1))
            at -= row.seconds
        return CYCLE[0]

    def step(self, dt: float, minute: float, school_day: bool) -> None:
        """Move everything on by dt seconds at this minute of the day."""
        self.clock_s = (self.clock_s + dt) % CYCLE_S
        for act in list(self.acts):
            if next(act, StopIteration) is StopIteration:
                self.acts.remove(act)
        if not self.held:
            self._arrive(dt, minute, school_day)
        crossing = any(p.phase == "cross" for p in self.people)
        self.wish = any(p.phase == "wait" for p in self.people)
        red = self.signalled and self.phase.vehicle != "green"
        stop = crossing or red or (self.wish and not self.signalled)
        for lane in self.lanes:
            lane.step(dt, stop)
        may = self.may_cross()
        self.people = [p for p in self.people if walkers.step(p, dt, self.half, may)]

    def may_cross(self) -> bool:
        """True when a person may step out: the light says walk (or there is none) and both lanes will stand."""
        if self.signalled and self.phase.pedestrian != "walk":
            return False
        return all(lane.safe_to_step_out() for lane in self.lanes)

    def _arrive(self, dt: float, minute: float, school_day: bool) -> None:
        hour = dt / 3600
        for lane in self.lanes:
            if self.rng.random() < rate(VEHICLES, minute) / 2 * hour and lane.room():
                lane.enter(traffic.draw(self.rng, self.number()))
        if school_day and self.rng.random() < rate(CHILDREN, minute) / 1.6 * hour:
            for _ in range(self.rng.choice((1, 1, 1, 2, 2, 3))):  # friends come together
                self.add("child")
        if self.rng.random() < rate(WALKERS, minute) * hour:
            self.add("bicycle" if self.rng.random() < 0.06 else "pedestrian")

    def add(self, kind: str) -> Walker:
        """A person of this kind comes along the pavement."""
        person = walkers.draw(self.rng, self.number(), kind, self.half, self.deep)
        person.u += self.rng.uniform(-1.5, 1.5)
        self.people.append(person)
        return person

    def place(self, u: float, r: float) -> tuple[float, float]:
        """Site metres (x east, y north) of a point along and right of the road; also turns velocities."""
        x, y = u * self._sin + r * self._cos, u * self._cos - r * self._sin
        return round(x, 2), round(y, 2)

    def frame(self) -> list[dict[str, Any]]:
        """The objects of a ``city.road.frame``."""
        seen = [
            self._object(v.id, v.kind, way * v.s, way * self.off, way * v.v, 0.0, length=v.length, width=v.width)
            for lane, way in zip(self.lanes, (1, -1), strict=True)
            for v in lane.vehicles
        ]
        return seen + [self._object(p.id, p.kind, p.u, p.r, p.vu, p.vr) for p in self.people]

    def _object(
        self, id: int, kind: str, u: float, r: float, vu: float, vr: float, **size: float
    ) -> dict[str, Any]:
        x, y = self.place(u, r)
        vx, vy = self.place(vu, vr)
        return {"id": id, "class": kind, "x": x, "y": y, "vx": vx, "vy": vy, **size}

    def spawn(self, lane: int, kph: float, kind: str = "vehicle", blind: bool = False) -> Vehicle:
        """A scripted vehicle comes in at this speed."""
        length, width = next((f[2], f[3]) for f in traffic.FLEET if f[0] == kind)
        speed = kph / 3.6
        vehicle = Vehicle(self.number(), kind, length, width, -traffic.REACH_M, speed, speed, blind=blind)
        return self.lanes[lane].enter(vehicle)
