"""A made-up piece of a city's day for measuring: homes, crossings and welfare in a fixed, seeded mix."""

from __future__ import annotations

import random
from typing import Any

from stream.schema import (
    US,
    CareAlarm,
    CareCall,
    CareReading,
    Event,
    RoadFrame,
    RoadObject,
    RoadSignal,
    Signal,
    WelfareCase,
)

SITES = 40
START = 1_772_000_000 * US
CROWD = ["vehicle"] * 2 + ["pedestrian"] * 4 + ["child", "bicycle"]  # of one frame


class Site:
    """A crosswalk about the origin."""

    stop_lines = ((-4.0, -4.0, 4.0, -4.0), (-4.0, 4.0, 4.0, 4.0))
    crosswalk = ((-4.0, -2.0), (4.0, -2.0), (4.0, 2.0), (-4.0, 2.0))
    carriageway = ((-4.0, -15.0), (4.0, -15.0), (4.0, 15.0), (-4.0, 15.0))
    lanes = ()
    waiting = ()


class City:
    """Forty crossings with stop lines, a limit of 30 km/h, every radar expected each 30 s."""

    digest = "bench"

    sites = {f"S{n}": Site() for n in range(SITES)}
    zones: dict[str, Any] = {}

    def limit_kph(self, site: str, at: int) -> float:
        """30 everywhere."""
        return 30.0

    sources: dict[str, Any] = {}

    def zone_at(self, lon: float, lat: float) -> None:
        """In no zone."""

    def place(self, subject: str) -> None:
        """Nowhere in particular."""

    def parts(self, area: str) -> None:
        """Every area is the whole city."""

    def at_school(self, site: str) -> bool:
        """Every second crossing is in a school zone."""
        return int(site[1:]) % 2 == 0

    def expected(self) -> dict[str, float]:
        """The radars."""
        return {f"/device/r{n}": 30.0 for n in range(SITES)}


def frame(rng: random.Random, site: int, step: int) -> RoadFrame:
    """Frame ``step`` of a crossing: cars go north at their own speed, people cross."""
    objects = []
    for n, cls in enumerate(CROWD):
        car = cls == "vehicle"
        way = 6.0 + (site * 7 + n * 3) % 7 if car else 1.2
        at = (step * 0.1 * way + n * 13 + site) % 60 - 30
        x, y = (float(n), at) if car else (at / 5, n - 4.0)
        vx, vy = (0.0, way) if car else (way / 5, 0.0)
        objects.append(RoadObject(n, cls, x, y, vx, vy))  # type: ignore[arg-type]
    return RoadFrame(f"S{site}", objects)


def events(n: int, homes: int, frames: float = 0.4, seed: int = 1) -> list[Event]:
    """``n`` events in order: this share of frames (of 8 objects), 4 % alarms, calls, cases, signals, else readings."""
    rng = random.Random(seed)
    found, t, steps = [], START, [0] * SITES
    for i in range(n):
        t += rng.randrange(2000)
        dice, home = rng.random(), f"H{rng.randrange(homes)}"
        data: Any
        if dice < frames:
            site = i % SITES
            steps[site] += 1
            type_, source, data = "road.frame", f"/device/r{site}", frame(rng, site, steps[site])
        elif dice < 0.96:
            sensor = rng.choice(["pir", "pir", "pir", "door", "bed", "power", "temperature"])
            place = rng.choice(["front", "kitchen", "bedroom"])
            type_, source = "care.reading", f"/device/{home}"
            data = CareReading(home, sensor, rng.random() < 0.5, place)  # type: ignore[arg-type]
        elif dice < 0.97:
            site = rng.randrange(SITES)
            word = rng.choice(["walk", "stop", "flashing"])
            type_, source = "road.signal", f"/device/s{site}"
            data = RoadSignal(f"S{site}", "red", word)  # type: ignore[arg-type]
        elif dice < 0.98:
            type_, source = "care.alarm", f"/device/{home}"
            data = CareAlarm(home, rng.choice(["fall", "smoke", "vital"]))
        elif dice < 0.99:
            type_, source = "care.call", "/system/calls"
            data = CareCall(home, rng.choice(["answered", "no_answer"]), rng.randrange(1, 4))
        else:
            type_, source = "welfare.case", "/system/welfare"
            data = WelfareCase(f"C{i}", "궐동", "citizen", [Signal("a", rng.random())], home, rng.random() * 100)
        found.append(Event(str(i), source, f"city.{type_}", t, "", data, None, t, t))
    return found
