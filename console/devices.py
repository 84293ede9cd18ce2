"""Devices as page and API show them: what the city file says of each source, and what the records tell of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from geo.city import City
from stream.clock import format_kst
from stream.devices import Devices, DeviceState, asks, state_of
from stream.trust import Trust

TIMES = ("since", "noted_at", "silent_since", "asked_at")


def wire(source: str) -> str:
    """A source's id as it stands in events."""
    return source if source.startswith("/") else f"/device/{source}"


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
        table.append({"id": id, "state": state, "asks": asks(row), "registered": source is not None, **place,
                      **moments, "verdicts": verdicts} | facts)
    return table


def tally(city: City, devices: Devices, heard: Callable[[str], int]) -> dict[str, int]:
    """How many sources there are, registered or not: ``well``, asking for a person (``asks``), never heard
    (``unheard``). The page of devices folds its rows by the same three."""
    told = {row.source: row for row in devices.rows()}
    all_ = {*map(wire, city.sources), *told}
    asking = sum(1 for row in told.values() if asks(row))
    unheard = sum(1 for source in all_ if source not in told and not heard(source))
    return {"total": len(all_), "well": len(all_) - asking - unheard, "asks": asking, "unheard": unheard}
