"""How far, and which agency is nearest."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Protocol, TypeVar

from geo.features import Agency
from geo.frame import Located, metres_per_degree

T = TypeVar("T", bound=Located)


class HasAgencies(Protocol):
    """A city, as far as its agencies go."""

    @property
    def agencies(self) -> dict[str, Agency]:
        """Agencies by id."""


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres between two points, on the plane at their mean latitude (within 0.1 % up to 50 km)."""
    east, north = metres_per_degree((lat1 + lat2) / 2)
    dx, dy = (lon2 - lon1) * east, (lat2 - lat1) * north
    return sqrt(dx * dx + dy * dy)


def beyond_box(box: tuple[float, float, float, float], lon: float, lat: float) -> float:
    """Metres from the point to the box (west, south, east, north) in degrees; 0 inside it."""
    west, south, east, north = box
    return metres(lon, lat, min(max(lon, west), east), min(max(lat, south), north))


def nearest(things: Iterable[T], lon: float, lat: float) -> T | None:
    """The thing nearest to the point, or None when there is none; the first of equals."""
    return min(things, key=lambda thing: metres(lon, lat, thing.lon, thing.lat), default=None)


def nearest_agency(city: HasAgencies, place: Located, agency: str) -> Agency | None:
    """The nearest station of agency ``112`` or ``119`` to the place, or None when the city file has none."""
    return nearest((a for a in city.agencies.values() if a.agency == agency), place.lon, place.lat)
