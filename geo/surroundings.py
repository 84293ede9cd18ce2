"""What stands around the cells of a city: the features of the risk model, from open data or from a city file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import contains_xy, line_interpolate_point, transform, union_all
from shapely.geometry import shape

from geo.city import City
from geo.features import CityError
from geo.frame import CELL_LAT, CELL_LON, cell, metres_per_degree
from geo.opendata import Folder, Row
from geo.risk import Floats, density, plane

PIECE_M = 25.0  # a road is counted in pieces of this length
ELEMENTARY = "초등학교"


class Things(NamedTuple):
    """Things of one sort: points in metres (n, 2) and how much each counts."""

    at: Floats
    amounts: Floats


# feature -> (things, width in m). The widths were chosen among 60, 150 and 300 m on held-back blocks (docs/risk.md).
FEATURES: dict[str, tuple[str, float]] = {
    "people": ("people", 150.0),  # inhabitants
    "crossing": ("crossing", 60.0),  # crosswalks
    "road": ("road", 60.0),  # hundreds of metres of road
    "zone": ("zone", 300.0),  # child protection zones
}
# A city file has its main roads only, its crosswalks and zones only at the schools, and no inhabitants.
CITY_FEATURES: dict[str, tuple[str, float]] = {
    "road": ("road", 60.0),
    "elementary": ("elementary", 300.0),
}


def features(at: Floats, things: Mapping[str, Things], table: Mapping[str, tuple[str, float]]) -> dict[str, Floats]:
    """x_j of each point: the natural log of one plus what stands around it."""
    return {name: np.log1p(density(at, *things[of], width)) for name, (of, width) in table.items()}


def none() -> Things:
    """No things at all."""
    return Things(np.zeros((0, 2)), np.zeros(0))


def spots(lons: Iterable[float], lats: Iterable[float], lat: float, amounts: Iterable[float] | None = None) -> Things:
    """Things at points in degrees, each counting 1 or its amount."""
    at = plane(list(lons), list(lats), lat)
    return Things(at, np.ones(len(at)) if amounts is None else np.array(list(amounts), float))


def lines(geometries: Iterable[Mapping[str, Any]], lat: float) -> Things:
    """Roads (GeoJSON) in pieces, each counting its length in hundreds of metres."""
    scale = np.array(metres_per_degree(lat))
    whole = [transform(shape(geometry), lambda c: c * scale) for geometry in geometries]
    at: list[tuple[float, float]] = []
    amounts: list[float] = []
    for part in (part for geometry in whole for part in getattr(geometry, "geoms", [geometry])):
        n = max(1, round(part.length / PIECE_M))
        middles = line_interpolate_point(part, (np.arange(n) + 0.5) * part.length / n)
        at += [(p.x, p.y) for p in middles]
        amounts += [part.length / n / 100.0] * n
    return Things(np.array(at), np.array(amounts)) if at else none()


def _rows(rows: Iterable[Row], lat: float) -> Things:
    kept = list(rows)
    return spots([r.lon for r in kept], [r.lat for r in kept], lat)


def number(row: Row, column: str) -> float:
    """A number of a table; blank is none of it."""
    try:
        return float(row.values.get(column) or 0)
    except ValueError:
        return 0.0


def of_folder(folder: Folder, lat: float) -> dict[str, Things]:
    """The things of a folder of open data (``geo.opendata``), in metres of the plane at ``lat``."""
    tables, layers = folder.tables, folder.layers
    middles = [shape(f["geometry"]).centroid for f in layers.get("crosswalks", [])]
    grid = tables.get("grid", [])
    return {
        "people": spots([r.lon for r in grid], [r.lat for r in grid], lat, [number(r, "pop") for r in grid]),
        "crossing": spots([p.x for p in middles], [p.y for p in middles], lat),
        "road": lines((f["geometry"] for f in layers.get("roads", [])), lat),
        "zone": _rows(tables.get("zones", []), lat),
    }


def of_city(city: City, lat: float) -> dict[str, Things]:
    """The things of a city file."""
    schools = [school for school in city.schools.values() if school.level == ELEMENTARY]
    return {
        "road": lines((one.raw["geometry"] for one in city.features if one.kind == "road"), lat),
        "elementary": spots([s.lon for s in schools], [s.lat for s in schools], lat),
    }


def cells_of(city: City) -> NDArray[np.float64]:
    """Middles (lon, lat) of the 100 m cells inside the city's boundary; without one, of those in its box.

    CityError when that would be more than a million cells.
    """
    west, south, east, north = city.box
    if (east - west) / CELL_LON * (north - south) / CELL_LAT > 1e6:
        raise CityError(city.file, None, "boundary", "a city of at most 10,000 km2")
    first = cell(west, south)
    columns = np.arange(first[0], east + CELL_LON, CELL_LON)
    rows = np.arange(first[1], north + CELL_LAT, CELL_LAT)
    lon, lat = (grid.ravel() for grid in np.meshgrid(columns, rows))
    outlines = [shape(one.raw["geometry"]) for one in city.features if one.kind == "boundary"]
    inside = contains_xy(union_all(outlines), lon, lat) if outlines else np.ones(len(lon), bool)
    return np.column_stack((lon[inside], lat[inside]))
