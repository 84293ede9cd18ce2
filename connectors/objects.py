"""Object lists of road sensors: what CARMA Streets writes, and the SAE J3224 SDSM. Both become ``city.road.frame``.

CARMA: one object a message (or a list of them), metres east and north of the sensor's reference point, speed as a
vector, a time in ms that begins nobody knows where: objects of one such time are one frame, judged when it came.

SDSM (SAE J3224 with the elements of J2735, as usdot-fhwa-stol/carma-streets writes and reads them): reference point in
1e-7 degrees; offsets in 0.1 m, x NORTH and y EAST (north-east-down, as J3224 asks); speed in 0.02 m/s and heading in
0.0125 degrees clockwise from north; vehicle sizes in cm; ``second`` in ms of its minute; ``measurement_time`` in ms
beside the message's own time. The last code of each range means "unavailable". An object without a place, a speed or
a moment is left out: nothing is guessed, and nothing unknown is put on the map.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import cos, hypot, pi, sin
from typing import Any, NamedTuple

import msgspec

from connectors.native import Device, Edges, Format, Heard, event
from geo.frame import Located, to_lonlat, to_metres
from stream.schema import FAR_M, US, SourceError

CLASSES = {
    "PEDESTRIAN": "pedestrian", "CYCLIST": "bicycle", "MOTORCYCLE": "motorcycle", "CAR": "vehicle", "VAN": "vehicle",
    "TRUCK": "truck", "BUS": "bus",
}  # fmt: skip
VEHICLE, VRU = 1, 2  # J3224 ObjectType
VRU_CLASSES = {1: "pedestrian", 2: "bicycle", 3: "pedestrian"}  # J2735 PersonalDeviceUserType; 3: works on the road
VEHICLE_CLASSES = ((25, 40, "truck"), (40, 50, "motorcycle"), (50, 60, "bus"))  # J2735 BasicVehicleClass, from, below
NO_OFFSET, NO_SPEED, NO_HEADING, NO_TIME = 32767, 8191, 28800, 1500  # the ends of the ranges
LONGEST = {"length": 40.95, "width": 10.23}  # J2735 VehicleLength and VehicleWidth end here; the end is "not known"
MINUTES = 840  # J2735 DOffset: minutes from UTC; beyond it the offset says nothing
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Origin(NamedTuple):
    """A point in degrees."""

    lon: float
    lat: float


class Objects:
    """The translator of object lists. ``sites``: where the sites' origins are (degrees), by id."""

    def __init__(self, format: Format, sites: Mapping[str, Located]) -> None:
        self.topics = (format.topic or "objects/#",)
        self.devices, self.sites = format.devices, sites
        self._open: dict[str, tuple[Any, list[dict[str, Any]]]] = {}  # sensor -> its time, objects of its frame so far
        self._strange = Edges(1000)

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """The frames that are complete with this message; an empty one is a heartbeat."""
        if not heard.raw.strip():
            return []
        try:
            body = msgspec.json.decode(heard.raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
            raise SourceError("no_json", str(broken)) from None
        if isinstance(body, dict) and "sdsm_time_stamp" in body:
            return self._sdsm(heard, body)
        rows = body if isinstance(body, list) else [body]
        return [frame for row in rows for frame in self._carma(heard, row)]

    def _device(self, name: Any) -> Device | None:
        """The row of a sensor; one that nobody named is put aside once, or ten a second would hide the rest."""
        if not isinstance(name, str):
            raise SourceError("missing_field", "sensorId or source_id")
        device = self.devices.get(name)
        if device is None and self._strange.rises(True, name):
            raise SourceError("unknown_type", f"{name[:40]!r} is not in the devices file, so its place is unknown")
        return device

    # CARMA ------------------------------------------------------------------------------------------------------

    def _carma(self, heard: Heard, row: Any) -> list[dict[str, Any]]:
        if not isinstance(row, dict):
            raise SourceError("wrong_type", "not an object")
        name = row.get("sensorId")
        device = self._device(name)
        if device is None:
            return []
        east, north = self._shift(device)
        position, velocity = row.get("position"), row.get("velocity")
        said = {
            "id": row.get("objectId"), "class": CLASSES.get(str(row.get("type")), "unknown"),
            "x": _number(position, "x") + east, "y": _number(position, "y") + north,
            "vx": _number(velocity, "x"), "vy": _number(velocity, "y"), **_size(row.get("size")),
        }  # fmt: skip
        if not isinstance(said["id"], int | str):
            raise SourceError("missing_field", "objectId")
        when, objects = self._open.pop(str(name), (row.get("timestamp"), []))
        whole = objects if when != row.get("timestamp") or any(o["id"] == said["id"] for o in objects) else []
        self._open[str(name)] = (row.get("timestamp"), [said] if whole else [*objects, said])
        return [_frame(heard, str(name), device, whole)] if whole else []

    def _shift(self, device: Device) -> tuple[float, float]:
        """Metres from the site's origin to the sensor's reference point; without one it is the site's origin."""
        if device.at is None:
            return 0.0, 0.0
        return to_metres(self._site(device), *device.at)

    def _site(self, device: Device) -> Located:
        if (site := self.sites.get(device.of)) is None:
            raise SourceError("missing_field", f"site {device.of[:40]!r} is not in the city file: no origin")
        return site

    # SDSM -------------------------------------------------------------------------------------------------------

    def _sdsm(self, heard: Heard, body: dict[str, Any]) -> list[dict[str, Any]]:
        name = body.get("source_id")
        device = self._device(name)
        if device is None:
            return []
        rows = body.get("objects")
        if not isinstance(rows, list):
            raise SourceError("missing_field", "objects")
        site, here = self._site(device), body.get("ref_pos")
        corner = Origin(_number(here, "long") / 1e7, _number(here, "lat") / 1e7)
        if not (abs(corner.lon) <= 180 and abs(corner.lat) <= 90):
            raise SourceError("missing_field", "the reference point is unavailable")
        if hypot(*to_metres(site, *corner)) > FAR_M:
            raise SourceError("far_away", "the reference point is more than 20 km from the site")
        objects = [found for row in rows if (found := _detected(row, site, corner)) is not None]
        if rows and not objects:
            raise SourceError("missing_field", "no object has a place, a speed and a moment")
        return [_frame(heard, str(name), device, objects, _moment(body["sdsm_time_stamp"]))]


def _frame(heard: Heard, name: str, device: Device, objects: list[dict[str, Any]], at: int = 0) -> dict[str, Any]:
    return event(heard, f"objects/{name}", "city.road.frame", {"site": device.of, "objects": objects}, at)


def _number(part: Any, field: str) -> float:
    value = part.get(field) if isinstance(part, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SourceError("missing_field", field)
    return float(value)


def _size(part: Any, unit: float = 1.0) -> dict[str, float]:
    """Length and width in metres as far as they are said and can be (``LONGEST``)."""
    said = part if isinstance(part, dict) else {}
    told = {side: said.get(side) for side in LONGEST}
    return {
        side: round(value * unit, 3) for side, value in told.items()
        if isinstance(value, int | float) and 0 < value * unit < LONGEST[side]
    }  # fmt: skip


def _detected(row: Any, site: Located, corner: Origin) -> dict[str, Any] | None:
    """One object of an SDSM at the message's time, None when a part of it is unavailable."""
    whole = row.get("detected_object_data") if isinstance(row, dict) else None
    common = whole.get("detected_object_common_data") if isinstance(whole, dict) else None
    if not isinstance(whole, dict) or not isinstance(common, dict):
        raise SourceError("missing_field", "detected_object_common_data")
    north, east = _number(common.get("pos"), "offset_x"), _number(common.get("pos"), "offset_y")
    speed, heading, late = (_number(common, field) for field in ("speed", "heading", "measurement_time"))
    known = speed < NO_SPEED and (heading < NO_HEADING or speed == 0)
    if not known or max(abs(north), abs(east)) >= NO_OFFSET or abs(late) >= NO_TIME:
        return None
    angle = heading * 0.0125 * pi / 180
    vx, vy = speed * 0.02 * sin(angle), speed * 0.02 * cos(angle)
    x, y = to_metres(site, *to_lonlat(corner, east * 0.1, north * 0.1))
    more = whole.get("detected_object_optional_data")
    more = more if isinstance(more, dict) else {}
    vehicle = more.get("detected_vehicle_data")
    size = _size(vehicle.get("size") if isinstance(vehicle, dict) else None, 0.01)
    moved = late / 1000  # ms after the message's time; where it was then, at the speed it has
    return {"id": int(_number(common, "object_id")), "class": _class(common.get("obj_type"), more),
            "x": x - vx * moved, "y": y - vy * moved, "vx": vx, "vy": vy, **size}  # fmt: skip


def _class(kind: Any, more: dict[str, Any]) -> str:
    """What J3224's coarse kind and the optional part make of it."""
    if kind == VRU:
        vru = more.get("detected_vru_data")
        kind = vru.get("basic_type") if isinstance(vru, dict) else None
        return VRU_CLASSES.get(kind, "pedestrian") if isinstance(kind, int) else "pedestrian"
    if kind != VEHICLE:
        return "unknown"
    vehicle = more.get("detected_vehicle_data")
    code = vehicle.get("vehicle_class") if isinstance(vehicle, dict) else None
    named = (name for low, high, name in VEHICLE_CLASSES if isinstance(code, int) and low <= code < high)
    return next(named, "vehicle")


def _moment(stamp: Any) -> int:
    """µs of a J2735 DDateTime, 0 when it is not whole (then the arrival counts)."""
    try:
        said = {name: int(_number(stamp, name)) for name in ("year", "month", "day", "hour", "minute", "second")}
        offset = stamp.get("offset")
        shift = offset if isinstance(offset, int) and abs(offset) <= MINUTES else 0
        minute = datetime(said["year"], said["month"], said["day"], said["hour"], said["minute"], tzinfo=UTC)
        past = minute + timedelta(milliseconds=said["second"]) - timedelta(minutes=shift) - EPOCH
    except (SourceError, ValueError, OverflowError):
        return 0
    return max(0, (past.days * 86400 + past.seconds) * US + past.microseconds)
