"""What figures can be asked for one by one: the dong of the city, then its school zones."""

from __future__ import annotations

from geo.city import City


def areas_of(city: City) -> list[dict[str, str]]:
    """``{id, name, kind}`` of every dong and zone, by name."""
    zones = sorted(city.zones.values(), key=lambda z: z.name or z.id)
    dongs = [{"id": dong, "name": dong, "kind": "dong"} for dong in city.dongs()]
    return [*dongs, *({"id": z.id, "name": z.name or z.id, "kind": "zone"} for z in zones)]
