"""Every setting of the house: one row each, read once, frozen.

A row is a field of ``Settings`` with its default, its help, its unit and what is allowed; nothing else in the house
reads the environment or a settings file. What comes first wins: command line, environment (``GWANJE_<NAME>``), file
(TOML), default.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

ENV_PREFIX = "GWANJE_"


class SettingError(Exception):
    """A setting that cannot be used: where it stands, its name, what it would have to be."""

    def __init__(self, file: str, field: str, allowed: str) -> None:
        super().__init__(f"{file}: {field}: {allowed}")
        self.file = file
        self.field = field
        self.allowed = allowed


class Setting(msgspec.Struct, frozen=True):
    """One row: its name, what it is without being set, what it does, its unit, and what is allowed."""

    name: str
    default: Any
    help: str
    unit: str
    allowed: str


def row(help: str, unit: str = "", **bounds: Any) -> Meta:
    """What a field carries beside its type: its help, its unit, and msgspec's bounds (ge, gt, le, min_length)."""
    return Meta(description=help, extra={"unit": unit}, **bounds)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings, by name. Made by ``load``; tests make it with keywords."""

    # where things live
    data: Annotated[str, row("folder of the store, the vault and the key")] = "data"
    store: Annotated[str, row("SQLAlchemy address of the store; empty: SQLite in the data folder")] = ""
    vault: Annotated[str, row("SQLAlchemy address of the vault; empty: SQLite in the data folder")] = ""
    vault_key: Annotated[str, row("file of the vault's key; empty: in the data folder")] = ""
    city: Annotated[str, row("city file (GeoJSON); empty: the built-in city")] = ""
    risk: Annotated[str, row("risk file of the city (run.py city risk); empty: from the city file alone")] = ""
    rules: Annotated[str, row("folder of rule files; empty: the built-in rules")] = ""
    # how the world comes in and out
    node: Annotated[str, row("name of this console: MQTT client id, Redis consumer", min_length=1)] = "gwanje-1"
    host: Annotated[str, row("address the console listens on")] = "127.0.0.1"
    port: Annotated[int, row("port the console listens on; 0: a free one", ge=0, le=65535)] = 8050
    mqtt: Annotated[str, row("broker, HOST:PORT; empty: none", pattern=r"^$|^.+:[0-9]{1,5}$")] = ""
    mqtt_user: Annotated[str, row("account at the broker; empty: none")] = ""
    mqtt_password_file: Annotated[str, row("file with the account's password; empty: none")] = ""
    mqtt_tls_ca: Annotated[str, row("file of the broker's authority (PEM); empty: no TLS")] = ""
    devices: Annotated[str, row("file of devices that speak their own format by MQTT (TOML); empty: none")] = ""
    redis: Annotated[str, row("Redis address (redis://...); empty: none")] = ""
    tile_url: Annotated[str, row("template of your own map tiles; empty: the built-in vector map")] = ""
    media_hosts: Annotated[tuple[str, ...], row("hosts that snapshots and clips may come from")] = ()
    population: Annotated[int, row("people of the city, for rates per 100,000; 0: unknown", "people", ge=0)] = 240_000
    # clock and turns
    speed: Annotated[float, row("how much faster than the wall the clock runs", "times", gt=0, le=3600)] = 1.0
    turn_ms: Annotated[int, row("least time between two turns", "ms", ge=0, le=1000)] = 10
    turn_events: Annotated[int, row("most events of one turn", "events", ge=1, le=65536)] = 4096
    intake_limit: Annotated[int, row("telemetry that may wait before the oldest is shed", "events", ge=1)] = 20000
    clock_off_s: Annotated[float, row("an event further than this from our clock is marked", "s", gt=0)] = 120.0
    checkpoint_s: Annotated[int, row("least time between two checkpoints of the engine", "s", ge=1, le=3600)] = 60
    gap_list_s: Annotated[int, row("time a missing number still has before it is listed", "s", ge=0, le=60)] = 5
    # people and agencies
    undo_s: Annotated[float, row("time to take an escalation back before it is sent", "s", ge=0, le=5)] = 1.5
    contact: Annotated[str, row("telephone of this console's desk, said in each report")] = ""
    unknown_s: Annotated[float, row("a report without an answer for this long is unknown", "s", gt=0, le=10)] = 10.0
    shelve_max_min: Annotated[int, row("longest shelving", "min", ge=1, le=480)] = 480
    agency_112: Annotated[str, row("address reports to 112 are sent to; empty: none")] = ""
    agency_119: Annotated[str, row("address reports to 119 are sent to; empty: none")] = ""
    agency_profile: Annotated[Literal["cap", "json"], row("form of a report")] = "cap"
    exercise: Annotated[bool, row("reports leave as an exercise, never as an actual one")] = True
    drill: Annotated[str, row("name of the drill that this console is started for; empty: none")] = ""
    drill_port: Annotated[int, row("port of a drill's own console; 0: a free one", ge=0, le=65535)] = 0
    close_h: Annotated[int, row("a resolved incident closes this long after the verdict", "h", ge=1, le=720)] = 24
    # how long things are kept
    keep_tape_days: Annotated[int, row("raw input", "days", ge=1)] = 30
    keep_seen_days: Annotated[int, row("identities of alarms and readings", "days", ge=7)] = 30
    keep_quarantine_days: Annotated[int, row("messages put aside", "days", ge=1)] = 30
    keep_text_days: Annotated[int, row("sealed texts of people in the vault", "days", ge=1)] = 365
    keep_access_days: Annotated[int, row("records of who looked at whom", "days", ge=730)] = 730
    # sessions and logs
    session_idle_min: Annotated[int, row("a session without a request ends", "min", ge=1, le=720)] = 720
    session_max_h: Annotated[int, row("any session ends", "h", ge=1, le=24)] = 12
    log_level: Annotated[Literal["debug", "info", "warning", "error"], row("least level that is logged")] = "info"


def _allowed(kind: Any) -> str:
    """What may stand in a field of this type, in words."""
    meta = next((m for m in getattr(kind, "__metadata__", ()) if isinstance(m, Meta)), None)
    bare = get_args(kind)[0] if meta else kind
    if get_origin(bare) is Literal:
        return " | ".join(map(str, get_args(bare)))
    name = {str: "text", int: "whole number", float: "number", bool: "true | false"}.get(bare, "list of texts")
    signs = (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<"), ("min_length", "length >="),
             ("pattern", "like"))
    bounds = [f"{sign} {getattr(meta, key)}" for key, sign in signs if getattr(meta, key, None) is not None]
    return " ".join([name, *bounds])


def _rows() -> tuple[Setting, ...]:
    """The table as rows, from the fields themselves."""
    hints = get_type_hints(Settings, include_extras=True)
    rows = []
    for field in msgspec.structs.fields(Settings):
        kind = hints[field.name]
        meta = kind.__metadata__[0]
        rows.append(Setting(field.name, field.default, meta.description, meta.extra["unit"], _allowed(kind)))
    return tuple(rows)


SETTINGS: tuple[Setting, ...] = _rows()
_BY_NAME = {s.name: s for s in SETTINGS}


def _file_values(file: Path) -> dict[str, Any]:
    """What stands in a settings file (TOML)."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as broken:
        raise SettingError(str(file), "-", f"cannot be read: {broken}") from broken
    except tomllib.TOMLDecodeError as broken:
        raise SettingError(str(file), "-", f"is no TOML: {broken}") from broken


def _checked(where: str, name: str, value: Any) -> Any:
    """One value as its type, or SettingError. A text stands for a number or a list where one is asked for."""
    if name not in _BY_NAME:
        raise SettingError(where, name, f"unknown; known are {', '.join(_BY_NAME)}")
    kind = get_type_hints(Settings, include_extras=True)[name]
    if isinstance(value, str) and isinstance(_BY_NAME[name].default, tuple):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=not isinstance(value, str))
    except msgspec.ValidationError:
        raise SettingError(where, name, f"{value!r} is not allowed; allowed: {_BY_NAME[name].allowed}") from None


def load(overrides: Mapping[str, Any] | None = None, env: Mapping[str, str] | None = None,
         file: str | Path | None = None) -> Settings:
    """Settings from the command line (``overrides``; None means not given), the environment and a file.

    Raises SettingError that names the place, the field and the allowed values.
    """
    values: dict[str, Any] = {}
    for name, value in (_file_values(Path(file)) if file else {}).items():
        values[name] = _checked(str(file), name, value)
    for key, value in (os.environ if env is None else env).items():
        if key.startswith(ENV_PREFIX) and key != ENV_PREFIX + "SHARED":  # where the tests find shared data, no setting
            values[key.removeprefix(ENV_PREFIX).lower()] = _checked(
                "environment", key.removeprefix(ENV_PREFIX).lower(), value)
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name] = _checked("command line", name, value)
    return Settings(**values)


MAY_HOLD_A_SECRET = {"store", "vault", "redis", "tile_url", "agency_112", "agency_119"}  # addresses with an account


def digest(settings: Settings) -> str:
    """SHA-256 of all settings but the addresses in which a password may stand."""
    told = {name: value for name, value in msgspec.to_builtins(settings).items() if name not in MAY_HOLD_A_SECRET}
    return hashlib.sha256(msgspec.json.encode(dict(sorted(told.items())))).hexdigest()
