"""Events of the contract as they come over the wire, one sample a type."""

from __future__ import annotations

import json
from typing import Any

from stream.clock import parse_rfc3339

NOW = parse_rfc3339("2026-03-02T08:00:00+09:00")

SAMPLES: dict[str, dict[str, Any]] = {
    "city.road.frame": {"site": "S1", "objects": [{"id": 7, "class": "bus", "x": 1, "y": -2.5, "vx": 0, "vy": 3.0}]},
    "city.road.signal": {"site": "S1", "vehicle": "red", "pedestrian": "walk", "remaining_s": 12},
    "city.road.detection": {"site": "S1", "what": "fall", "x": 1.5, "y": 2, "conf": 0.7, "object": "a"},
    "city.care.reading": {"household": "H1", "sensor": "pir", "location": "hall", "value": True},
    "city.care.alarm": {"household": "H1", "alarm": "smoke"},
    "city.care.call": {"household": "H1", "result": "no_answer", "attempt": 3},
    "city.welfare.case": {
        "case": "C1",
        "dong": "궐동",
        "channel": "citizen",
        "signals": [{"code": "arrears", "weight": 1}],
    },
    "city.welfare.contact": {"case": "C1", "outcome": "contacted", "by": "team-1"},
    "city.sos": {"user": "U1", "lon": 127.07, "lat": 37.15},
    "city.bus.position": {"bus": "B1", "lon": 127.07, "lat": 37.15, "speed_kph": 20},
    "city.context": {"what": "weather", "area": "osan", "level": "warning", "value": "heatwave", "from": "x"},
    "city.device.status": {"device": "d1", "status": "offline"},
    "city.agency.update": {"report": "R1", "state": "accepted", "by": "119"},
}


def wire(type_: str = "city.care.alarm", **changes: Any) -> dict[str, Any]:
    """An event of this type; ``changes`` replace fields, `...` takes one away."""
    event = {
        "specversion": "1.0",
        "id": "e1",
        "source": "/device/d1",
        "type": type_,
        "time": "2026-03-02T08:00:00+09:00",
        "data": SAMPLES.get(type_, {}),
    }
    event.update(changes)
    return {key: value for key, value in event.items() if value is not ...}


def packed(event: Any) -> bytes:
    """Its bytes."""
    return json.dumps(event, ensure_ascii=False).encode()
