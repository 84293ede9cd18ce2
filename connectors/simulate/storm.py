"""Ten minutes of heavy rain: hundreds of raw reports, most of them water on lenses, and in them three people in need.

What a control room must do with it (DESIGN 6): at most ten annunciated in the first ten minutes, and no P1 hidden.
"""

from __future__ import annotations

from random import Random
from typing import Any

from connectors.simulate.messages import SYSTEM
from connectors.simulate.scenes import Stage, camera, device_of, radar

LENGTH_S = 600.0
WET_CAMERAS = 6  # their lenses are wet: they report again and again
LOW_SITES = 9  # low-lying crossings where water really stands
RAW = 700  # reports of cameras in all
WET_SHARE = 0.75
OFFLINE = 12  # devices that lose power or link

# what, share, lowest and highest confidence
WET = (("obstruction", 5, 0.35, 0.7), ("loitering", 3, 0.3, 0.6), ("illegal_parking", 2, 0.4, 0.75),
       ("fire_smoke", 0.3, 0.1, 0.4))  # fmt: skip
REAL = (("obstruction", 5, 0.6, 0.9), ("jaywalking", 4, 0.55, 0.9), ("illegal_parking", 3, 0.6, 0.9),
        ("wrong_way", 0.4, 0.6, 0.85), ("fall", 0.3, 0.55, 0.8))  # fmt: skip
IN_NEED = ((150.0, "smoke"), (290.0, "sos"), (410.0, "fall_quiet"))  # a P1 each, in the thick of it


def play(stage: Stage, sites: list[str], homes: list[str]) -> None:
    """Plan the whole storm on this stage; ``sites`` and ``homes`` are ids it may touch."""
    rng = stage.rng
    warn(stage, 0, LENGTH_S + 300)
    reports(stage, sites, LENGTH_S, RAW)
    _camera_and_radar_see_a_crash(stage, rng.choice(sites))
    _devices_fail(stage, rng, sites, homes)


def warn(stage: Stage, begins: float, ends: float) -> None:
    """A warning of heavy rain over the city for so long (seconds from now)."""
    area = {"what": "weather", "area": "오산시", "value": "heavy_rain"}
    for seconds, level in ((begins, "warning"), (ends, "none")):
        stage.later(seconds, f"{SYSTEM}weather", "city.context", "osan", level=level, **area)


def reports(stage: Stage, sites: list[str], seconds: float, raw: int) -> None:
    """Plan so many raw reports of cameras over so many seconds."""
    rng = stage.rng
    wet = rng.sample(sites, min(WET_CAMERAS, len(sites)))
    low = rng.sample(sites, min(LOW_SITES, len(sites)))
    for _ in range(raw):
        lens = rng.random() < WET_SHARE
        _report(stage, rng.uniform(0, seconds), rng.choice(wet if lens else low), WET if lens else REAL)


def _report(stage: Stage, seconds: float, site: str, table: tuple[tuple[str, float, float, float], ...]) -> None:
    what, _, low, high = stage.rng.choices(table, [row[1] for row in table])[0]
    data: dict[str, Any] = {"site": site, "what": what, "conf": round(stage.rng.uniform(low, high), 2)}
    data["x"], data["y"] = round(stage.rng.uniform(-12, 12), 1), round(stage.rng.uniform(-12, 12), 1)
    stage.later(seconds, camera(site), "city.road.detection", site, **data)


def _camera_and_radar_see_a_crash(stage: Stage, site: str) -> None:
    for seconds, source, conf in ((200.0, camera(site), 0.9), (201.5, radar(site), 0.8)):
        data = {"site": site, "what": "collision", "x": 4.0, "y": 1.0, "conf": conf}
        stage.later(seconds, source, "city.road.detection", site, **data)


def _devices_fail(stage: Stage, rng: Random, sites: list[str], homes: list[str]) -> None:
    for site in rng.sample(sites, min(OFFLINE, len(sites))):
        device = camera(site).rsplit("/", 1)[-1]
        seconds = rng.uniform(30, LENGTH_S)
        stage.later(seconds, camera(site), "city.device.status", device, device=device, status="degraded")
    steamy = rng.choice(homes)  # a detector that rings again and again
    for n in range(8):
        data = {"household": steamy, "alarm": "tamper"}
        stage.later(60 + 6.0 * n, device_of(steamy, "smoke"), "city.care.alarm", steamy, **data)
