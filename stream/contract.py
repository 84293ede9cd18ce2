"""What stands in CONTRACT.md as types: its words, and the ``data`` of each event type.

``DATA`` maps the event type to its struct and its class. Everybody imports these by ``stream.schema``.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Severity(IntEnum):
    """How grave one detection is (CONTRACT section 6)."""

    notice = 0
    moderate = 1
    serious = 2
    severe = 3


class Priority(IntEnum):
    """How soon an incident needs a person; P1 first. P4 is a notice and is never annunciated."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class State(StrEnum):
    """Life cycle of an incident, in the words of ISA-18.2 where it has them."""

    new = "new"
    acknowledged = "acknowledged"
    in_progress = "in_progress"
    escalated = "escalated"
    shelved = "shelved"
    resolved = "resolved"
    closed = "closed"


class EscalationState(StrEnum):
    """What is known of one report to 112/119 (CONTRACT section 4)."""

    requested = "requested"
    sent = "sent"
    delivered = "delivered"
    accepted = "accepted"
    rejected = "rejected"
    dispatched = "dispatched"
    arrived = "arrived"
    closed = "closed"
    unknown = "unknown"
    cancelled = "cancelled"


class Delivery(StrEnum):
    """Class of an event type: telemetry alone may be shed under overload."""

    telemetry = "telemetry"
    reading = "reading"
    alarm = "alarm"


FAR_M = 20_000  # CONTRACT 1: positions further off than this are no positions
INT64 = Meta(ge=-(2**63), le=2**63 - 1)
Metres = Annotated[float, Meta(ge=-FAR_M, le=FAR_M)]
TrackId = Annotated[int, INT64] | str  # 1 and "1" are two tracks
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]


class Wire(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of what stands in ``data`` of a contract event. Unknown fields are ignored."""


class RoadObject(Wire, rename={"cls": "class"}, frozen=True):
    """One tracked object of a frame: metres and m/s in the site's frame (x east, y north)."""

    id: TrackId
    cls: Literal["vehicle", "bus", "truck", "motorcycle", "bicycle", "pedestrian", "child", "unknown"]
    x: Metres
    y: Metres
    vx: float
    vy: float
    length: float | None = None
    width: float | None = None
    conf: float | None = None


class RoadFrame(Wire, frozen=True):
    """Everybody whom a sensor sees at one moment; 5-25 a second."""

    site: str
    objects: list[RoadObject]


class RoadSignal(Wire, frozen=True):
    """What the lamps show now and for how long still."""

    site: str
    vehicle: Literal["green", "yellow", "red", "flashing", "off"]
    pedestrian: Literal["walk", "flashing", "stop", "off"]
    remaining_s: float | None = None


class RoadDetection(Wire, frozen=True):
    """What a camera or radar concluded by itself."""

    site: str
    what: Literal[
        "jaywalking", "loitering", "obstruction", "illegal_parking", "signal_violation", "speed_violation",
        "wrong_way", "crowd", "fall", "collision", "assault", "fire_smoke", "tamper",
    ]
    x: Metres | None = None
    y: Metres | None = None
    object: TrackId | None = None
    speed_kph: float | None = None
    limit_kph: float | None = None
    conf: float | None = None
    snapshot: str | None = None
    clip: str | None = None


class CareReading(Wire, frozen=True):
    """One value of one sensor in a home."""

    household: str
    sensor: Literal[
        "pir", "door", "window", "fridge", "bed", "power", "water", "temperature", "humidity", "steps", "phone",
        "heart_rate",
    ]
    value: bool | float
    location: str | None = None
    unit: str | None = None


class CareAlarm(Wire, frozen=True):
    """A device in a home calls for help by itself."""

    household: str
    alarm: Literal["sos", "fall", "smoke", "gas", "co", "vital", "tamper"]
    conf: float | None = None


class CareCall(Wire, frozen=True):
    """How one automatic safety call ended; ``attempt`` counts from 1."""

    household: str
    result: Literal["answered", "no_answer", "distress"]
    attempt: Annotated[int, Meta(ge=0, le=1_000_000)]


class Signal(Wire, frozen=True):
    """One sign of a welfare case with its weight (0-1 and above)."""

    code: str
    weight: float


class WelfareCase(Wire, frozen=True):
    """Signs that a household is in need, or somebody's report of it."""

    case: str
    dong: str
    channel: Literal["system", "citizen", "neighbour", "chatbot", "school"]
    signals: list[Signal]
    household: str | None = None
    risk: float | None = None
    text: str | None = None
    anonymous: bool | None = None
    attachments: list[str] | None = None


class WelfareContact(Wire, frozen=True):
    """First contact and closing, for the 24/48 h clock."""

    case: str
    outcome: Literal["contacted", "unreachable", "closed"]
    by: str


class Sos(Wire, frozen=True):
    """One-touch call of the school-route app."""

    user: str
    lon: Lon
    lat: Lat
    accuracy_m: float | None = None


class BusPosition(Wire, frozen=True):
    """Where a school bus is."""

    bus: str
    lon: Lon
    lat: Lat
    speed_kph: float
    next_stop: str | None = None
    eta_s: float | None = None


class Context(Wire, rename={"from_": "from"}, frozen=True):
    """Weather, calendar, works or an event, for an area and a time."""

    what: Literal["weather", "calendar", "roadworks", "event"]
    area: str
    level: str | None = None
    value: str | float | bool | None = None
    from_: str | None = None
    to: str | None = None


class DeviceStatus(Wire, frozen=True):
    """How a device is."""

    device: str
    status: Literal["online", "offline", "degraded"]
    battery_pct: float | None = None
    rssi_dbm: float | None = None
    firmware: str | None = None
    clock_offset_ms: float | None = None


class AgencyUpdate(Wire, frozen=True):
    """What 112/119 says of a report (CONTRACT section 4)."""

    report: str
    state: str
    by: str
    reason: str | None = None
    unit: str | None = None
    eta_s: float | None = None


DATA: dict[str, tuple[type[Wire], Delivery]] = {
    "city.road.frame": (RoadFrame, Delivery.telemetry),
    "city.road.signal": (RoadSignal, Delivery.telemetry),
    "city.road.detection": (RoadDetection, Delivery.alarm),
    "city.care.reading": (CareReading, Delivery.reading),
    "city.care.alarm": (CareAlarm, Delivery.alarm),
    "city.care.call": (CareCall, Delivery.alarm),
    "city.welfare.case": (WelfareCase, Delivery.alarm),
    "city.welfare.contact": (WelfareContact, Delivery.alarm),
    "city.sos": (Sos, Delivery.alarm),
    "city.bus.position": (BusPosition, Delivery.telemetry),
    "city.context": (Context, Delivery.alarm),
    "city.device.status": (DeviceStatus, Delivery.reading),
    "city.agency.update": (AgencyUpdate, Delivery.alarm),
}
