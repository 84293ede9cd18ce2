"""zigbee2mqtt: sensors of homes. One row a field; what a field does not say is not guessed.

``contact: true`` means closed; an absent field says nothing; ``test: true`` is the test button; what rides along in
every message (tamper, a smoke that goes on) is told once. A press is an ``action``; the empty action after it is none.
"""

from __future__ import annotations

from typing import Any

from connectors.native import Device, Edges, Format, Heard, event, read_object
from stream.clock import parse_rfc3339
from stream.schema import SourceError

CO_PPM = 50.0  # EN 50291-1: the lowest concentration at which a detector must alarm at all
SOS_ACTIONS = ("emergency", "panic", "sos")
FALLS = {"fall": 1.0, "falling": 1.0, "fall_detected": 1.0, "maybe_fall": 0.5}  # word -> confidence
FALL_FIELDS = ("fall_status", "fall_down_status", "status")
TESTS = ("test", "test_in_progress", "testing")
TESTED = {"smoke", "gas", "co"}
ALARMS = (("smoke", ("smoke",)), ("gas", ("gas",)), ("co", ("carbon_monoxide",)), ("sos", ("sos", "sos_alarm")),
          ("tamper", ("tamper",)))
NUMBERS = (("temperature", "temperature", "C"), ("humidity", "humidity", "%"), ("energy", "power", "kWh"))
ON, OFF = (True, "ON", "on", "true"), (False, "OFF", "off", "false")
IGNORED = ("/set", "/get")


def _holds(body: dict[str, Any], *fields: str) -> bool | None:
    """Does one of these fields say yes; None when none of them says anything."""
    said = [body[f] for f in fields if f in body and body[f] is not None]
    if any(value in ON for value in said if not isinstance(value, dict | list)):
        return True
    return False if any(value in OFF for value in said if not isinstance(value, dict | list)) else None


def _time(body: dict[str, Any]) -> int:
    """The device's own time (``last_seen``, an option of zigbee2mqtt: ISO 8601 or milliseconds), 0 without one."""
    seen = body.get("last_seen")
    try:
        if isinstance(seen, str):
            return parse_rfc3339(seen)
        return int(seen * 1000) if isinstance(seen, int | float) and not isinstance(seen, bool) else 0
    except (SourceError, IndexError, OverflowError):
        return 0


class Zigbee:
    """The translator of one zigbee2mqtt."""

    def __init__(self, format: Format) -> None:
        self.base = format.topic or "zigbee2mqtt"
        self.topics = (f"{self.base}/#",)
        self.devices = format.devices
        self._edges = Edges()
        self._health: dict[str, tuple[Any, ...]] = {}

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """Contract events of one message."""
        name = heard.topic.removeprefix(self.base + "/")
        if name == "bridge/state":
            return self._availability(heard, f"zigbee/{self.base}")
        if name.startswith("bridge/") or name.endswith(IGNORED) or not heard.raw:
            return []
        if name.endswith("/availability"):
            return self._availability(heard, f"zigbee/{name.removesuffix('/availability')}")
        body, source = read_object(heard.raw), f"zigbee/{name}"
        device = self.devices.get(name) or Device(of=name)
        at = _time(body)
        alarms = [event(heard, source, "city.care.alarm", {"household": device.of} | alarm, at)
                  for alarm in self._alarms(name, body, heard.retained)]
        readings = [event(heard, source, "city.care.reading", _reading(device, *row), at)
                    for row in _readings(device, body)]
        return [*alarms, *readings, *self._status(heard, name, source, body)]

    def _alarms(self, name: str, body: dict[str, Any], retained: bool) -> list[dict[str, Any]]:
        testing = any(body.get(field) in ON for field in TESTS)
        found: list[dict[str, Any]] = []
        for alarm, fields in ALARMS:
            holds = _holds(body, *fields)
            if alarm == "co" and holds is None and isinstance(body.get("co"), int | float):
                holds = body["co"] >= CO_PPM
            if not (testing and alarm in TESTED) and self._edges.rises(holds, name, alarm):
                found.append({"alarm": alarm})
        fall = next((word for f in FALL_FIELDS if isinstance(word := body.get(f), str) and word in FALLS), None)
        told = [f for f in FALL_FIELDS if isinstance(body.get(f), str)]
        if self._edges.rises(fall is not None if told else None, name, "fall"):
            found.append({"alarm": "fall", "conf": FALLS[str(fall)]})
        if body.get("action") in SOS_ACTIONS and not retained:
            found.append({"alarm": "sos"})
        return found

    def _status(self, heard: Heard, name: str, source: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Battery and faults, when they say something new."""
        battery = body.get("battery")
        battery = battery if isinstance(battery, int | float) and not isinstance(battery, bool) else None
        low = _holds(body, "battery_low", "fault", "fault_alarm", "device_fault")
        if battery is None and low is None:
            return []
        now = (battery, bool(low))
        if self._health.get(name) == now:
            return []
        self._health[name] = now
        data: dict[str, Any] = {"device": f"/device/{source}", "status": "degraded" if low else "online"}
        data |= {} if battery is None else {"battery_pct": battery}
        return [event(heard, source, "city.device.status", data)]

    def _availability(self, heard: Heard, source: str) -> list[dict[str, Any]]:
        """``online`` or ``offline``, as a word or in an object; it decides whether silence means anything."""
        text = heard.raw.decode("utf-8", "replace").strip().strip('"')
        state = read_object(heard.raw).get("state") if text.startswith("{") else text
        if state not in ("online", "offline"):
            raise SourceError("wrong_type", "neither online nor offline")
        return [event(heard, source, "city.device.status", {"device": f"/device/{source}", "status": state})]


def _readings(device: Device, body: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """(sensor, value, unit) of what this message says."""
    found: list[tuple[str, Any, str]] = []
    closed, there = _holds(body, "contact"), _holds(body, "occupancy", "presence")
    if closed is not None:
        found.append((device.sensor or "door", not closed, ""))
    if there is not None:
        found.append((device.sensor or "pir", there, ""))
    for field, sensor, unit in NUMBERS:
        value = body.get(field)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append((sensor, value, unit))
    return found


def _reading(device: Device, sensor: str, value: Any, unit: str) -> dict[str, Any]:
    data = {"household": device.of, "sensor": sensor, "value": value, "location": device.location, "unit": unit}
    return {name: part for name, part in data.items() if part != ""}
