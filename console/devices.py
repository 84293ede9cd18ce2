"""Devices as page and API show them: what the city file says of each source, and what the records tell of it."""

from __future__ import annotations

from typing import Any

import msgspec

from geo.city import City
from stream.clock import format_kst
from stream.devices import Devices, DeviceState
from stream.trust import Trust

TIMES = ("since", "noted_at", "silent_since")


def wire(source: str) -> str:
    """A source's id as it stands in events."""
    return source if source.startswith("/") else f"/device/{source}"


def state_of(row: DeviceState | None) -> str:
    """One word: unknown (never spoken of), silent, or what the device last said of itself (else online)."""
    if row is None:
        return "unknown"
    return "silent" if row.silent_since else row.status or "online"


def rows(city: City, devices: Devices, trust: Trust) -> list[dict[str, Any]]:
    """One row a source, registered or not, by id, with its record of verdicts. Times are RFC 3339 or null."""
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
        table.append({"id": id, "state": state_of(row), "registered": source is not None, **place,
                      "verdicts": verdicts} | facts)
    return table


def tally(city: City, devices: Devices) -> dict[str, int]:
    """How many sources there are, and how many of them are neither silent nor offline."""
    told = devices.rows()
    down = sum(1 for row in told if state_of(row) in ("silent", "offline"))
    total = len({*map(wire, city.sources), *(row.source for row in told)})
    return {"online": total - down, "total": total}
