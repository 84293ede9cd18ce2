"""What the connectors of native formats share: which devices there are, and how their words become contract events.

A translator turns one message of a device's own form into contract events (as plain objects); those then go through
the very same ``decode`` as everything else, so a clock, a range or a size is judged in one place. What a device's name,
zone or rule *means* is the installer's knowledge and stands in a devices file (docs/native.md); nothing is guessed.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args, get_type_hints

import msgspec
from msgspec.structs import replace

from connectors.decode import SUSPECT, Far, decode
from stream.clock import format_kst
from stream.schema import Event, Quarantined, RoadDetection, SourceError
from stream.settings import SettingError

Shape = TypeVar("Shape")
WHATS: tuple[str, ...] = get_args(get_type_hints(RoadDetection)["what"])


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device of the devices file. ``of``: site or household; the rest as its format needs it.

    ``sensor`` what a reading or a button of it stands for (door, window, bed, sos …); ``model`` for formats whose bytes
    don't say it; ``zones``: zone -> label -> what; ``rules``: rule name -> what; ``limits``: zone -> km/h; ``at``:
    where its own metres begin (degrees east and north), if that is not the site's origin.
    """

    of: str
    location: str = ""
    sensor: str = ""
    model: str = ""
    zones: dict[str, dict[str, str]] = {}
    rules: dict[str, str] = {}
    limits: dict[str, float] = {}
    at: tuple[float, float] | None = None


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of the devices file: base of the topics, unit of speeds, devices by the name they have there."""

    topic: str = ""
    speed_unit: str = "kph"
    devices: dict[str, Device] = {}


class Heard(msgspec.Struct, frozen=True):
    """One message as it came: ``topic``, ``raw``, µs of arrival, and whether the broker had kept it (not news)."""

    topic: str
    raw: bytes
    arrival: int
    retained: bool = False


class Translator(Protocol):
    """One native format. ``topics`` are MQTT filters; a call answers contract events, or raises SourceError."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    def __call__(self, heard: Heard) -> list[dict[str, Any]]: ...


def take(translator: Translator, heard: Heard, far: Far | None = None) -> tuple[list[Event], list[Quarantined]]:
    """Events of one native message; what it cannot be read as is put aside whole. Never raises SourceError."""
    try:
        said = translator(heard)
    except SourceError as error:
        source = f"/device/{heard.topic}"[:128]
        return [], [Quarantined(heard.raw, error.code, error.detail[:500], source, heard.arrival)]
    suspect = {event.pop("suspect", "") and event["id"] for event in said}
    events, aside = decode(msgspec.json.encode(said), heard.arrival, far=far) if said else ([], [])
    return [_marked(event) if event.id in suspect else event for event in events], aside


def _marked(event: Event) -> Event:
    return event if SUSPECT in event.marks else replace(event, marks=(*event.marks, SUSPECT))


def event(heard: Heard, source: str, type: str, data: dict[str, Any], at: int = 0, suspect: bool = False,
          name: str = "") -> dict[str, Any]:
    """A contract event. Its id is made of the message, so that the same message again is the same event.

    ``at`` (µs) is the device's own time, else the arrival; without an own time the arrival makes two equal messages
    two events. ``name`` is an identity the device itself gives (an object, a review).
    """
    when = at or heard.arrival
    identity = [name, type] if name else [heard.raw, when, type, data]
    made = hashlib.sha256(msgspec.json.encode([heard.topic, identity])).hexdigest()[:24]
    out = {
        "specversion": "1.0", "id": made, "source": f"/device/{source}", "type": type, "time": format_us(when),
        "subject": data.get("household") or data.get("site") or source, "data": data,
    }
    return out | {"suspect": True} if suspect else out


def format_us(at: int) -> str:
    """RFC 3339 of µs, to the microsecond (``format_kst`` cuts at milliseconds)."""
    text = format_kst(at - at % 1_000_000)
    return f"{text[:19]}.{at % 1_000_000:06d}{text[19:]}"


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes; SourceError when it is none."""
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise SourceError("no_json", str(broken)) from None
    if not isinstance(body, dict):
        raise SourceError("wrong_type", "not an object")
    return body


class Edges:
    """Which conditions hold now, so that one that is repeated in every message is one; the oldest are forgotten."""

    def __init__(self, limit: int = 50_000) -> None:
        self._limit = limit
        self._on: dict[tuple[str, ...], None] = {}

    def rises(self, holds: bool | None, *key: str) -> bool:
        """True when it holds and did not before; None says nothing."""
        if holds is None:
            return False
        if not holds:
            self._on.pop(key, None)
            return False
        was = key in self._on
        self._on.pop(key, None)
        self._on[key] = None
        while len(self._on) > self._limit:
            del self._on[next(iter(self._on))]
        return not was


def load_formats(path: str | Path) -> dict[str, Format]:
    """The devices file (TOML): a section a format. SettingError names the file, the field, and what is allowed."""
    file = Path(path)
    try:
        sections = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise SettingError(str(file), "-", f"cannot be read: {broken}") from None
    return {name: _format(str(file), name, section) for name, section in sections.items()}


def _format(file: str, name: str, section: Any) -> Format:
    rows = section.get("devices", {}) if isinstance(section, dict) else {}
    if not isinstance(rows, dict):
        raise SettingError(file, f"{name}.devices", "a table of devices by name")
    bare = {key: part for key, part in section.items() if key != "devices"} if isinstance(section, dict) else section
    devices = {device: _device(file, f"{name}.devices.{device}", row) for device, row in rows.items()}
    return replace(_fits(file, name, bare, Format), devices=devices)


def _device(file: str, where: str, row: Any) -> Device:
    device = _fits(file, where, row, Device)
    for what in (*device.rules.values(), *(w for labels in device.zones.values() for w in labels.values())):
        if what not in WHATS:
            raise SettingError(file, where, f"{what!r} is not allowed; allowed: {', '.join(WHATS)}")
    return device


def _fits(file: str, where: str, part: Any, kind: type[Shape]) -> Shape:
    try:
        return msgspec.convert(part, kind)
    except msgspec.ValidationError as misfit:
        raise SettingError(file, where, str(misfit)) from None
