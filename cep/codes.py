"""Words of the contract as small numbers, for the columns and for the tables of rules.

A *kind* is an event's type with the field that tells its sort: ``care.alarm.fall``, ``road.detection.jaywalking``. The
words come from the structs of ``stream/schema.py``; the kinds that the engine itself derives from readings
(``DERIVED``) come last.
"""

from __future__ import annotations

from typing import get_args, get_type_hints

import numpy as np

from stream import schema

# event type -> the field of ``data`` whose word is part of the kind
SORTED_BY = {
    "city.road.detection": "what",
    "city.care.reading": "sensor",
    "city.care.alarm": "alarm",
    "city.care.call": "result",
    "city.welfare.contact": "outcome",
    "city.context": "what",
    "city.device.status": "status",
}
ACTIVITY, LEFT, OPENED = "care.activity", "care.left_home", "care.front_opened"
POWER_DRAWN, WATER_DRAWN = "care.power_drawn", "care.water_drawn"
DERIVED = {
    ACTIVITY: "a sign of life, as CONTRACT 6 defines it under inactivity",
    LEFT: "the front door was closed: the person may have left",
    OPENED: "the front door was opened (it is a sign of life too)",
    POWER_DRAWN: "a meter of power that only grows has grown (it is a sign of life too)",
    WATER_DRAWN: "a meter of water that only grows has grown (it is a sign of life too)",
}


def _words(type_: str, field: str) -> tuple[str, ...]:
    struct = schema.DATA[type_][0]
    return tuple(str(word) for word in get_args(get_type_hints(struct)[field]))


def _kinds() -> list[str]:
    names = []
    for type_ in schema.DATA:
        name = type_.removeprefix("city.")
        words = _words(type_, SORTED_BY[type_]) if type_ in SORTED_BY else ()
        names += [f"{name}.{word}" for word in words] or [name]
    return names + list(DERIVED)


KINDS: tuple[str, ...] = tuple(_kinds())
KIND: dict[str, int] = {name: code for code, name in enumerate(KINDS)}
FRAME, SIGNAL = KIND["road.frame"], KIND["road.signal"]

PEDESTRIAN_SIGNALS = _words("city.road.signal", "pedestrian")
CLASSES: tuple[str, ...] = get_args(get_type_hints(schema.RoadObject)["cls"])
CLASS: dict[str, int] = {name: code for code, name in enumerate(CLASSES)}
VEHICLES = ("vehicle", "bus", "truck", "motorcycle")
PERSONS = ("pedestrian", "child", "bicycle")

# CONTRACT 6, near_miss: metres where the object itself says nothing
BOX = {"vehicle": (4.5, 1.8), "bus": (11.0, 2.5), "truck": (8.0, 2.5), "motorcycle": (2.2, 0.8)}
RADIUS = {"pedestrian": 0.3, "child": 0.3, "bicycle": 0.5}

# CONTRACT 6, inactivity: what counts as a sign of life, by sensor
NEVER, WHEN_TRUE, WHEN_CHANGED, WHEN_ABOVE_LAST, WHEN_POSITIVE = range(5)
LIFE = {
    "pir": WHEN_TRUE,
    "phone": WHEN_TRUE,
    "door": WHEN_CHANGED,
    "window": WHEN_CHANGED,
    "fridge": WHEN_CHANGED,
    "bed": WHEN_CHANGED,
    "water": WHEN_ABOVE_LAST,
    "power": WHEN_ABOVE_LAST,
    "steps": WHEN_POSITIVE,
}
SIGNS = ("activity", "kitchen_bath", "hands")  # of what a rhythm is learned
MOVED_BY_PETS = ("pir", "bed")  # a cat crosses a beam and lies on a bed; it opens no door and draws no water
# Locations that are the kitchen, the bathroom or the toilet, by how they are named (English and Korean)
KITCHEN_OR_BATH = ("kitchen", "bath", "toilet", "shower", "주방", "부엌", "욕실", "화장실")
# Units of a meter that only grows
METER_UNITS = {"power": ("kwh", "wh", "mwh"), "water": ("l", "m3", "㎥", "ton", "t")}
DEVICE_DOWN, DEVICE_UP = 5, 6  # beside the modes of life: what a device status says of its source
FRONT = ("door", "front")  # sensor and location of the door by which one leaves


def meter_of(sensor: str, unit: str | None) -> int:
    """1 for a meter of power that only grows, 2 for one of water, 0 for anything else."""
    if unit is None or unit.strip().lower() not in METER_UNITS.get(sensor, ()):
        return 0
    return 1 if sensor == "power" else 2


def signs_of(sensor: str, location: str | None) -> int:
    """Bits (by place in SIGNS) of the sorts of signs of life that this sensor gives."""
    room = any(word in (location or "").lower() for word in KITCHEN_OR_BATH)
    return 1 | room << 1 | (sensor not in MOVED_BY_PETS) << 2


def life_modes() -> np.ndarray:
    """How each kind shows life (int8, by kind code), and which ones tell that a device is down or up."""
    modes = np.full(len(KINDS), NEVER, np.int8)
    for sensor, mode in LIFE.items():
        modes[KIND[f"care.reading.{sensor}"]] = mode
    for status in _words("city.device.status", "status"):
        modes[KIND[f"device.status.{status}"]] = DEVICE_DOWN if status == "offline" else DEVICE_UP
    return modes


def class_table() -> np.ndarray:
    """Size of each class of road object: a box (metres) for vehicles, a radius for persons."""
    table = np.zeros(len(CLASSES), [("length", "f8"), ("width", "f8"), ("radius", "f8")])
    for name, box in BOX.items():
        table[CLASS[name]] = (*box, 0.0)
    for name, radius in RADIUS.items():
        table[CLASS[name]] = (0.0, 0.0, radius)
    return table
