"""Which area holds a point: zones and dong as prepared polygons, circles by distance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from shapely import Geometry, Point, prepare
from shapely.geometry import shape

from geo.near import metres


class Area(NamedTuple):
    """A named area: a polygon in degrees, or a circle (``radius_m`` about lon, lat)."""

    id: str
    lon: float
    lat: float
    polygon: Geometry | None
    radius_m: float


def area(id: str, geometry: dict[str, Any], radius_m: float = 0.0) -> Area:
    """An area from a GeoJSON geometry; a Point needs its radius in metres."""
    geom = shape(geometry)
    if geom.geom_type == "Point":
        return Area(id, geom.x, geom.y, None, radius_m)
    prepare(geom)
    inside = geom.representative_point()
    return Area(id, inside.x, inside.y, geom, 0.0)


def in_polygon(polygon: Geometry, lon: float, lat: float) -> bool:
    """True when the point lies in the polygon or on its edge."""
    return bool(polygon.covers(Point(lon, lat)))


def holds(area: Area, lon: float, lat: float) -> bool:
    """True when the point lies in the area."""
    if area.polygon is None:
        return metres(area.lon, area.lat, lon, lat) <= area.radius_m
    return in_polygon(area.polygon, lon, lat)


def which(areas: Iterable[Area], lon: float, lat: float) -> str | None:
    """Id of the area that holds the point; of several, the one whose middle is nearest."""
    held = [a for a in areas if holds(a, lon, lat)]
    return min(held, key=lambda a: (metres(a.lon, a.lat, lon, lat), a.id)).id if held else None
