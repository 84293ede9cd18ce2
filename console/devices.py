"""Devices as page and API show them: what the city file says of each source, and what the records tell of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from geo.city import City
from stream.clock import format_kst
from stream.devices import Devices, DeviceState
from stream.heard import LOW_BATTERY_PCT
from stream.trust import Trust

TIMES = ("since", "noted_at", "silent_since", "asked_at")
CLOCK_OFF_MS = 2000.0  # a device's own clock further off than this: its times mean little (goal of NTP sync is 0.1 s)


def wire(source: str) -> str:
    """A source's id as it stands in events."""
    return source if source.startswith("/") else f"/device/{source}"


def state_of(row: DeviceState | None) -> str:
    """One word: unknown (never spoken of), silent, or what the device last said of itself (else online)."""
    if row is None:
        return "unknown"
    return "silent" if row.silent_since else row.status or "online"


def asks(state: str, row: DeviceState | None) -> list[str]:
    """Why a person should look at it, the gravest first; nothing for one that is well or was never heard."""
    if row is None:
        return []
    codes = [state] if state in ("silent", "offline", "degraded") else []
    codes += [] if row.registered else ["unregistered"]
    codes += [code for code in row.tickets if code not in codes]
    if row.battery_pct is not None and row.battery_pct < LOW_BATTERY_PCT:
        codes.append("battery")
    if row.clock_offset_ms is not None and abs(row.clock_offset_ms) > CLOCK_OFF_MS:
        codes.append("clock")
    return codes


def rows(city: City, devices: Devices, trust: Trust,
         windows: Mapping[str, int] = MappingProxyType({}),
         heard: Callable[[str], int] = lambda source: 0) -> list[dict[str, Any]]:
    """One row a source, registered or not, by id, with its record of verdicts. Times are RFC 3339 or null.

    ``asks``: why somebody should look at it. ``windows``: until when (µs) maintenance goes on, by source;
    ``heard``: the time of a source's newest event, whether or not it made a record.
    """
    known = {wire(s.id): s for s in city.sources.values()}
    told = {row.source: row for row in devices.rows()}
    table = []
    for id in sorted({*known, *told}):
        row = told.get(id)
        facts = msgspec.to_builtins(row or DeviceState(id, registered=id in known))
        facts.pop("source")
        for name in TIMES:
            at = getattr(row, name, 0)
            facts[name] = format_kst(at) if at else None
        source = known.get(id)
        place = {"of": source.of, "kind": source.type, "period_s": source.period_s} if source else {"of": None}
        false, judged = trust.of(id)
        verdicts = {"judged": judged, "false_alarms": false, "reasons": trust.reasons(id)}
        state, until, last = state_of(row), windows.get(id), heard(id)
        state = "online" if state == "unknown" and last else state
        moments = {"heard_at": format_kst(last) if last else None, "window_until": format_kst(until) if until else None}
        table.append({"id": id, "state": state, "asks": asks(state, row), "registered": source is not None, **place,
                      **moments, "verdicts": verdicts} | facts)
    return table


def tally(city: City, devices: Devices) -> dict[str, int]:
    """How many sources there are, and how many of them are neither silent nor offline."""
    told = devices.rows()
    down = sum(1 for row in told if state_of(row) in ("silent", "offline"))
    total = len({*map(wire, city.sources), *(row.source for row in told)})
    return {"online": total - down, "total": total}
