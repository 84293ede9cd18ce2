"""Cars in one lane: a car-following model that brakes for the car ahead and for the stop line.

The Intelligent Driver Model (Treiber, Hennecke, Helbing, Phys. Rev. E 62, 2000): acceleration
a*(1 - (v/v0)^4 - (s*/s)^2), with the wished gap s* = s0 + v*T + v*dv/(2*sqrt(a*b)). ``s`` in a lane is metres along
the driving direction, 0 in the middle of the crosswalk.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random

REACH_M = 45.0  # the radar sees this far up and down the road
ACCEL, BRAKE, HARD = 1.4, 2.0, 8.0  # m/s2: ordinary acceleration, comfortable and greatest braking
GAP_M, HEADWAY_S = 2.0, 1.3  # standing gap and time gap
STEADY_KPH, SPREAD_KPH, SLOWEST_KPH, FASTEST_KPH = 25.0, 2.0, 19.0, 28.5  # in a 30 zone; the rule speaks above 35

# class, share, length m, width m
FLEET = (
    ("vehicle", 0.80, 4.5, 1.8),
    ("truck", 0.08, 8.0, 2.5),
    ("bus", 0.05, 11.0, 2.5),
    ("motorcycle", 0.07, 2.2, 0.8),
)


@dataclass(slots=True, eq=False)
class Vehicle:
    """One vehicle: ``s`` of its middle (m), speed and wished speed (m/s), whether it holds for the stop line."""

    id: int
    kind: str
    length: float
    width: float
    s: float
    v: float
    v0: float
    holds: bool | None = None  # None: not asked to stop
    blind: bool = False  # a scripted driver who sees no crosswalk
    braking: float = 0.0  # a scripted braking (m/s2) goes before the model

    @property
    def front(self) -> float:
        """Where its front is."""
        return self.s + self.length / 2

    @property
    def rear(self) -> float:
        """Where its rear is."""
        return self.s - self.length / 2


class Lane:
    """One lane of one crossing, vehicles in driving order, first the one farthest on. ``stop_s`` is the stop line."""

    def __init__(self, stop_s: float, deep: float) -> None:
        self.stop_s, self.clear_s = stop_s, deep
        self.vehicles: list[Vehicle] = []

    def room(self) -> bool:
        """True when a vehicle can come in without crowding the last one."""
        return not self.vehicles or self.vehicles[-1].rear > -REACH_M + 14.0

    def enter(self, vehicle: Vehicle) -> Vehicle:
        """The vehicle comes in at the far end, no faster than the one ahead allows."""
        if self.vehicles:
            ahead = self.vehicles[-1]
            gap = max(ahead.rear - (vehicle.s + vehicle.length / 2) - GAP_M, 0.0)
            vehicle.v = min(vehicle.v, sqrt(ahead.v**2 + 2 * BRAKE * 0.7 * gap))
        self.vehicles.append(vehicle)
        return vehicle

    def step(self, dt: float, stop: bool) -> None:
        """Move every vehicle on by dt seconds; ``stop``: people are crossing or the light is red."""
        ahead: Vehicle | None = None
        for vehicle in self.vehicles:
            vehicle.holds = self._decides(vehicle, stop)
            gap, closing = (1e9, 0.0) if ahead is None else (ahead.rear - vehicle.front, vehicle.v - ahead.v)
            accel = follow(vehicle.v, vehicle.v0, gap, closing)
            if vehicle.holds:
                line = self.stop_s - 0.5 - vehicle.front + GAP_M  # stands half a metre before the line
                accel = min(accel, follow(vehicle.v, vehicle.v0, line, vehicle.v))
            if vehicle.braking:
                accel = -vehicle.braking
            speed = max(vehicle.v + max(accel, -HARD) * dt, 0.0)
            vehicle.s += (vehicle.v + speed) / 2 * dt
            vehicle.v = speed
            ahead = vehicle
        while self.vehicles and self.vehicles[0].rear > REACH_M:
            self.vehicles.pop(0)

    def _decides(self, vehicle: Vehicle, stop: bool) -> bool | None:
        """Whether it holds: decided once, when first asked; who cannot stop at ease drives on."""
        if not stop or vehicle.blind:
            return None
        if vehicle.holds is None:
            room = self.stop_s - vehicle.front
            return room >= vehicle.v * 0.3 + vehicle.v**2 / (2 * BRAKE)
        return vehicle.holds

    def safe_to_step_out(self) -> bool:
        """True when nobody in this lane can reach the crosswalk before the line without braking gently."""
        for vehicle in self.vehicles:
            if vehicle.rear > self.clear_s + 0.5:
                continue  # it has passed
            room = self.stop_s - vehicle.front
            if room < 0 or (vehicle.v > 0.2 and room < vehicle.v * 1.2 + vehicle.v**2 / 3.0 + 1.0):
                return False
        return True


def follow(v: float, v0: float, gap: float, closing: float) -> float:
    """Acceleration (m/s2) of the Intelligent Driver Model, never harder than ``HARD``."""
    wished = GAP_M + max(0.0, v * HEADWAY_S + v * closing / (2 * sqrt(ACCEL * BRAKE)))
    return max(ACCEL * (1 - (v / v0) ** 4 - (wished / max(gap, 0.1)) ** 2), -HARD)


def draw(rng: Random, id: int) -> Vehicle:
    """A vehicle of the fleet at the far end of the lane."""
    kind, _, length, width = rng.choices(FLEET, [f[1] for f in FLEET])[0]
    kph = min(max(rng.gauss(STEADY_KPH, SPREAD_KPH), SLOWEST_KPH), FASTEST_KPH)
    return Vehicle(id, kind, length, width, -REACH_M, kph / 3.6, kph / 3.6)
