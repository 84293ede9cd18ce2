"""What the tests measure on frames: time to collision, written again from the contract's words, and small helpers."""

from __future__ import annotations

from math import hypot, inf
from typing import Any

import msgspec

from connectors.simulate.messages import Message
from geo.city import City, load_city
from stream.schema import US

MORNING = 1_782_858_600 * US  # Wednesday 2026-07-01T07:30+09:00
NIGHT = MORNING - int(4.5 * 3600) * US  # 03:00
PEOPLE = ("pedestrian", "child", "bicycle")
OSAN: City = load_city()
GATES = [s for s in OSAN.sites.values() if not s.id.startswith(("XW-DUT", "XW-TEST"))]
LIT = {source.of for source in OSAN.sources.values() if source.type == "signal"}


def ttc_s(car: dict[str, Any], person: dict[str, Any]) -> float:
    """Seconds until the car's box meets the person's disc if both go on as they do (CONTRACT 6); inf when never."""
    speed = hypot(car["vx"], car["vy"])
    if speed < 1.5:
        return inf
    ax, ay = car["vx"] / speed, car["vy"] / speed
    dx, dy = person["x"] - car["x"], person["y"] - car["y"]
    wx, wy = person["vx"] - car["vx"], person["vy"] - car["vy"]
    radius = 0.5 if person["class"] == "bicycle" else 0.3
    first, last = 0.0, inf
    for p, w, half in (
        (dx * ax + dy * ay, wx * ax + wy * ay, car["length"] / 2 + radius),
        (dy * ax - dx * ay, wy * ax - wx * ay, car["width"] / 2 + radius),
    ):
        if abs(w) < 1e-12:
            if abs(p) > half:
                return inf
            continue
        enter, leave = sorted(((-half - p) / w, (half - p) / w))
        first, last = max(first, enter), min(last, leave)
    return first if first <= last else inf


def nearest_miss(frame: list[dict[str, Any]]) -> float:
    """The least time to collision of any pair of a frame."""
    cars = [o for o in frame if o["class"] not in PEOPLE]
    people = [o for o in frame if o["class"] in PEOPLE]
    return min((ttc_s(car, person) for car in cars for person in people), default=inf)


def kph(thing: dict[str, Any]) -> float:
    """Speed of an object of a frame."""
    return hypot(thing["vx"], thing["vy"]) * 3.6


def read(messages: list[Message], type: str | None = None) -> list[dict[str, Any]]:
    """The events in the messages, all or of one type."""
    events = [msgspec.json.decode(m.body) for m in messages]
    return [e for e in events if type in (None, e["type"])]
