"""Milesight LoRaWAN uplinks: bytes that do not say which model sent them; the devices file does.

An uplink is a row of (channel, type, value); how long a value is and what it means is a row of a table per model,
written from the makers' published examples. What stands in a history part (``20CE``) is old: readings of their own
time, never an alarm. A model or a channel that is not in the table is put aside by name, not guessed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from connectors.native import Device, Format, Heard, event, read_object
from stream.clock import parse_rfc3339
from stream.schema import US, SourceError

Field = tuple[str, str]  # how it is read, what it is
Layout = dict[bytes, tuple[Field, ...]]
SIZE = {"u8": 1, "u16": 2, "i16": 2, "half": 1, "tenth": 2, "skip1": 1, "skip2": 2, "skip4": 4, "skip8": 8}

COMMON: Layout = {
    b"\x01\x75": (("u8", "battery"),),
    b"\x03\x67": (("tenth", "temperature"),),
    b"\x04\x68": (("half", "humidity"),),
    b"\x83\x67": (("tenth", "temperature"), ("skip1", "")),
    b"\xff\x01": (("skip1", ""),),
    b"\xff\x09": (("skip2", ""),),
    b"\xff\x0a": (("skip2", ""),),
    b"\xff\x0b": (("skip1", ""),),
    b"\xff\x0f": (("skip1", ""),),
    b"\xff\x16": (("skip8", ""),),
    b"\xff\xff": (("skip2", ""),),
}
OCCUPIED: Layout = {b"\x03\x00": (("u8", "occupied"),)}
BUTTON: Layout = {b"\xff\x2e": (("u8", "press"),)}
MODELS: dict[str, Layout] = {
    "am102": {}, "am102l": {}, "em300-th": {}, "em320-th": {}, "ts101": {},
    "am103": {b"\x07\x7d": (("skip2", ""),)},
    "ws101": BUTTON, "ws136": BUTTON, "ws156": BUTTON,
    "ws202": {b"\x03\x00": (("u8", "pir"),), b"\x04\x00": (("skip1", ""),)},
    "ws203": {b"\x05\x00": (("u8", "pir"),)},
    "ws301": {b"\x03\x00": (("u8", "open"),), b"\x04\x00": (("skip1", ""),)},
    "em300-mcs": {b"\x06\x00": (("u8", "open"),)},
    "vs330": {b"\x02\x82": (("skip2", ""),), b"\x03\x8e": (("u8", "occupied"),), b"\x04\x8e": (("skip1", ""),)},
    "vs340": OCCUPIED, "vs341": OCCUPIED,
    "vs370": OCCUPIED | {b"\x04\x00": (("skip1", ""),)},
}  # fmt: skip
HISTORY: dict[str, tuple[Field, ...]] = {
    "em300-th": (("tenth", "temperature"), ("half", "humidity"), ("skip1", "")),
    "em320-th": (("tenth", "temperature"), ("half", "humidity")),
    "em300-mcs": (("tenth", "temperature"), ("half", "humidity"), ("u8", "open")),
    "ws203": (("skip1", ""), ("u8", "pir"), ("tenth", "temperature"), ("half", "humidity")),
}
PAST = b"\x20\xce"
READINGS = {"pir": "pir", "open": "door", "occupied": "bed"}  # what a boolean stands for unless the devices file says
UNITS = {"temperature": "C", "humidity": "%"}
SELF_TEST = 0x40  # the one event of a GS524N whose meaning its maker's example prints


def parse(model: str, raw: bytes) -> Iterator[tuple[int, str, Any]]:
    """(Unix seconds or 0 for now, name, value) of an uplink. Raises SourceError for what the tables don't know.

    >>> list(parse("vs340", bytes.fromhex("017564030001")))
    [(0, 'battery', 100), (0, 'occupied', True)]
    """
    if model == "gs524n":
        yield from _smoke(raw)
        return
    if model not in MODELS:
        raise SourceError("unknown_type", f"model {model[:40]!r} is not known")
    layout, at = COMMON | MODELS[model], 0
    while at < len(raw):
        head, at = raw[at : at + 2], at + 2
        when = 0
        fields = layout.get(head)
        if head == PAST and model in HISTORY:
            when, at, fields = int.from_bytes(raw[at : at + 4], "little"), at + 4, HISTORY[model]
        if fields is None:
            raise SourceError("unknown_type", f"{model}: channel {head.hex()} at byte {at - 2}")
        for how, name in fields:
            piece, at = raw[at : at + SIZE[how]], at + SIZE[how]
            if len(piece) < SIZE[how]:
                raise SourceError("missing_field", f"{model}: cut short in channel {head.hex()}")
            if name:
                yield when, name, _value(how, name, piece)


def _value(how: str, name: str, piece: bytes) -> Any:
    number = int.from_bytes(piece, "little", signed=how in ("tenth", "i16"))
    if name in READINGS or name == "press":
        return number != 0
    return {"tenth": number / 10, "half": number / 2}.get(how, number)


def _smoke(raw: bytes) -> Iterator[tuple[int, str, Any]]:
    """GS524N: version and protocol, kind, battery, concentration, temperature, event; only a self-test is printed."""
    if len(raw) != 6:
        raise SourceError("missing_field", f"gs524n: {len(raw)} bytes, 6 expected")
    if raw[5] != SELF_TEST:
        raise SourceError("unknown_type", f"gs524n: event {raw[5]:#04x}")
    yield 0, "battery", raw[2]


def _dig(body: dict[str, Any], *names: str) -> Any:
    """The first of these that is there; a dot goes into an object."""
    for name in names:
        part: Any = body
        for step in name.split("."):
            part = part.get(step) if isinstance(part, dict) else None
        if part is not None:
            return part
    return None


class Milesight:
    """The translator of a LoRaWAN network server's uplinks (its own gateway, ChirpStack, The Things Stack)."""

    def __init__(self, format: Format) -> None:
        self.topics = (format.topic or "milesight/uplink/#",)
        self.devices = {eui.lower(): device for eui, device in format.devices.items()}

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """Contract events of one uplink."""
        body = read_object(heard.raw)
        eui = _dig(body, "devEUI", "devEui", "deviceInfo.devEui", "end_device_ids.dev_eui")
        if not isinstance(eui, str):
            raise SourceError("missing_field", "devEUI")
        device = self.devices.get(eui.lower())
        if device is None:
            raise SourceError("unknown_type", f"{eui[:40]!r} is not in the devices file, so its model is unknown")
        facts = list(parse(device.model, _payload(body)))
        at = _time(body)
        source = f"milesight/{eui.lower()}"
        return [made for fact in facts if (made := self._event(heard, source, device, at, *fact))]

    @staticmethod
    def _event(heard: Heard, source: str, device: Device, at: int, when: int, name: str,
               value: Any) -> dict[str, Any] | None:
        at = when * US or at
        if name == "battery":
            status = {"device": f"/device/{source}", "status": "online"}
            return event(heard, source, "city.device.status", status | ({"battery_pct": value} if value <= 100 else {}))
        if name == "press":
            if not value or device.sensor != "sos" or heard.retained:
                return None
            return event(heard, source, "city.care.alarm", {"household": device.of, "alarm": "sos"}, at)
        sensor = (device.sensor or READINGS[name]) if name in READINGS else name
        data = {"household": device.of, "sensor": sensor, "value": value}
        data |= {key: text for key, text in (("location", device.location), ("unit", UNITS.get(name, ""))) if text}
        return event(heard, source, "city.care.reading", data, at)


def _payload(body: dict[str, Any]) -> bytes:
    """The device's bytes: base64 in ``data`` (``frm_payload``), or hexadecimal in ``bytes``."""
    text = _dig(body, "data", "uplink_message.frm_payload")
    try:
        if isinstance(text, str):
            return base64.b64decode(text, validate=True)
        return bytes.fromhex(_dig(body, "bytes"))
    except (binascii.Error, ValueError, TypeError):
        raise SourceError("missing_field", "neither base64 in `data` nor hexadecimal in `bytes`") from None


def _time(body: dict[str, Any]) -> int:
    """When the gateway had it (µs), 0 when it does not say."""
    said = _dig(body, "time", "received_at", "rxInfo.time")
    try:
        return parse_rfc3339(said) if isinstance(said, str) else 0
    except (SourceError, IndexError):
        return 0
