"""The areas of the city: what figures can be asked for one by one, and the zones with their limits by time."""

from __future__ import annotations

from typing import Any

from geo.city import City


def areas_of(city: City) -> list[dict[str, str]]:
    """``{id, name, kind}`` of every dong and zone, by name."""
    zones = sorted(city.zones.values(), key=lambda z: z.name or z.id)
    dongs = [{"id": dong, "name": dong, "kind": "dong"} for dong in city.dongs()]
    return [*dongs, *({"id": z.id, "name": z.name or z.id, "kind": "zone"} for z in zones)]


def zones_of(city: City) -> list[dict[str, Any]]:
    """Every zone by name: its limit, other limits by time of day, how many watched crosswalks stand in it."""
    sites = [zone.id for site in city.sites.values() if (zone := city.zone_of(site))]
    return [
        {"id": z.id, "name": z.name or z.id, "school": z.school, "limit_kph": z.limit_kph, "sites": sites.count(z.id),
         "limits": [{"from": str(a), "to": str(b), "kph": kph} for a, b, kph in z.limits]}
        for z in sorted(city.zones.values(), key=lambda z: z.name or z.id)
    ]  # fmt: skip
