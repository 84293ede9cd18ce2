"""Open data -> a city file: ``run.py city import DIR --out FILE``.

Zones and schools are taken as they are; of crosswalks, those near an elementary school become sites, each a
rectangle of our own in site metres with stop lines before it; of roads, the named main ones, simplified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from math import atan2, cos, degrees, pi, sin
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from shapely import (
    Geometry,
    Polygon,
    STRtree,
    coverage_clean,
    coverage_simplify,
    line_merge,
    set_precision,
    unary_union,
)
from shapely.geometry import MultiLineString, Point, mapping, shape

from geo.city import City
from geo.frame import to_metres
from geo.near import metres
from geo.opendata import Complaint, Folder, Row, read_folder
from geo.place import Place
from geo.read import read_features

SIMPLE_DEG = 1e-4  # lines and outlines are simplified to about 10 m
GAP_DEG = 1e-3  # neighbouring dong may be drawn up to 100 m apart; the gap goes to one of them
ZONE_M = 300.0  # a child protection zone reaches 300 m from the gate (Road Traffic Act, article 12)
SITE_M = 230.0  # a crosswalk this near to a school is watched: the first crossings of its approach roads
MAIN_ROAD_M = 1000.0  # a named road shorter than this is left out
STOP_M = 3.0  # a stop line stands 2-5 m before the crosswalk
WAY_M = 15.0  # so far before and behind the crosswalk the carriageway is taken to be as wide as the crosswalk is long

Json = dict[str, Any]


class Crossing(NamedTuple):
    """A crosswalk as a rectangle: middle, length across the road, depth along it (m), bearing of the traffic (deg)."""

    lon: float
    lat: float
    across_m: float
    deep_m: float
    bearing_deg: float


def feature(kind: str, id: str, geometry: Json, **properties: Any) -> Json:
    """A GeoJSON feature with rounded coordinates and without empty properties."""
    kept = {k: v for k, v in properties.items() if v is not None and v != ""}
    return {"type": "Feature", "properties": {"kind": kind, "id": id, **kept}, "geometry": rounded(geometry)}


def point(lon: float, lat: float) -> Json:
    """A GeoJSON Point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def rounded(geometry: Json) -> Json:
    """The geometry with coordinates of 5 decimals (about 1 m)."""

    def walk(c: Any) -> Any:
        return round(c, 5) if isinstance(c, (int, float)) else [walk(part) for part in c]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


# ---- boundaries and roads --------------------------------------------------------------------------------------


def boundaries(dong: Iterable[tuple[str, str, Geometry]]) -> Iterator[Json]:
    """Outlines of the dong (code, name, geometry) and of the whole city."""
    parts = list(dong)
    if not parts:
        return
    whole = coverage_clean([geom for _, _, geom in parts], gap_width=GAP_DEG, snapping_distance=SIMPLE_DEG / 5)
    simple = coverage_simplify(whole, SIMPLE_DEG)  # neighbours keep their common line
    shapes = [set_precision(geom, 1e-5) for geom in simple]
    code = parts[0][0][:5]
    yield feature("boundary", code, mapping(set_precision(unary_union(shapes), 1e-5)), level="city", code=code)
    for (code, name, _), geom in zip(parts, shapes, strict=True):
        yield feature("boundary", code, mapping(geom), level="dong", code=code, name=name)


def roads(links: Iterable[Json]) -> Iterator[Json]:
    """Named roads of at least a kilometre, their links joined and simplified."""
    named: dict[tuple[str, str], list[Any]] = {}
    for link in links:
        p = link["properties"]
        if p.get("road_name"):
            lines = getattr(shape(link["geometry"]), "geoms", [shape(link["geometry"])])
            named.setdefault((p["road_name"], p["road_rank"]), []).extend(lines)
    for n, ((name, rank), lines) in enumerate(sorted(named.items()), start=1):
        joined = line_merge(MultiLineString(lines)).simplify(SIMPLE_DEG)
        if joined.length * 100_000 >= MAIN_ROAD_M:
            yield feature("road", f"RD-{n:03d}", mapping(joined), name=name, rank=rank)


# ---- zones, schools, sites -------------------------------------------------------------------------------------


def zones(rows: Iterable[Row]) -> Iterator[Json]:
    """Child protection zones as circles about their point."""
    for n, row in enumerate(rows, start=1):
        name, id = row.values["대상시설명"], row.values.get("zone") or f"SZ-{n:03d}"
        school = name if row.values["시설종류"] == "초등학교" else None
        at = point(row.lon, row.lat)
        yield feature("zone", id, at, name=name, radius_m=ZONE_M, limit_kph=30, school=school)


def schools(rows: Iterable[Row]) -> Iterator[Json]:
    """Schools by name; a name that stands twice is one school."""
    seen: dict[str, Row] = {}
    for row in rows:
        seen.setdefault(row.values["학교명"], row)
    for n, (name, row) in enumerate(seen.items(), start=1):
        yield feature("school", f"SC-{n:03d}", point(row.lon, row.lat), name=name, level=row.values["학교구분"])


def crossings(polygons: Iterable[Json], links: Iterable[Json]) -> list[Crossing]:
    """Crosswalk polygons as rectangles with the bearing of the nearest road that they cross; odd ones are left out."""
    lines = [line for link in links for line in _parts(shape(link["geometry"]))]
    tree = STRtree(lines)
    found = []
    for polygon in polygons:
        for part in _parts(shape(polygon["geometry"])):
            if (crossing := _crossing(part, lines, tree)) is not None:
                found.append(crossing)
    return found


def _parts(geom: Geometry) -> list[Geometry]:
    return list(getattr(geom, "geoms", [geom]))


def _crossing(polygon: Polygon, lines: list[Geometry], tree: STRtree) -> Crossing | None:
    origin = Place(polygon.centroid.x, polygon.centroid.y)
    corners = [to_metres(origin, x, y) for x, y in polygon.exterior.coords]
    box = Polygon(corners).minimum_rotated_rectangle.exterior.coords
    (ax, ay), (bx, by), (cx, cy) = box[0], box[1], box[2]
    one, two = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, ((cx - bx) ** 2 + (cy - by) ** 2) ** 0.5
    nearest = lines[tree.nearest(Point(origin.lon, origin.lat))]
    bearing = _bearing_at(nearest, origin)
    side = degrees(atan2(bx - ax, by - ay))  # bearing of the first side
    along = abs(cos((side - bearing) * pi / 180))  # 1: the first side lies along the road
    if 0.5 < along < 0.87:  # more than 30 degrees off either way: not a crossing of this road
        return None
    deep, across = (one, two) if along >= 0.87 else (two, one)
    if not (5.0 <= across <= 26.0 and 2.5 <= deep <= 9.0):
        return None
    return Crossing(origin.lon, origin.lat, round(across, 1), round(deep, 1), round(bearing, 1))


def _bearing_at(line: Geometry, origin: Place) -> float:
    """Bearing of the line's segment nearest to the origin, 0-180 (a road has two directions)."""
    points = [to_metres(origin, x, y) for x, y in line.coords]
    pairs = list(pairwise(points))
    (x1, y1), (x2, y2) = min(pairs, key=lambda p: MultiLineString([p]).distance(Point(0, 0)))
    return degrees(atan2(x2 - x1, y2 - y1)) % 180


def outline(c: Crossing) -> tuple[list[list[float]], list[list[float]]]:
    """The crosswalk's corners and its two stop lines in site metres (x east, y north); traffic keeps right."""
    s, k = sin(c.bearing_deg * pi / 180), cos(c.bearing_deg * pi / 180)

    def turn(along: float, right: float) -> list[float]:
        return [round(along * s + right * k, 1), round(along * k - right * s, 1)]

    half, deep = c.across_m / 2, c.deep_m / 2
    corners = [turn(-deep, -half), turn(-deep, half), turn(deep, half), turn(deep, -half)]
    stop = deep + STOP_M
    lines = [turn(-stop, 0) + turn(-stop, half), turn(stop, 0) + turn(stop, -half)]
    return corners, lines


def carriageway(corners: list[list[float]], bearing_deg: float) -> list[list[float]]:
    """The road about a crosswalk: as wide as its corners reach, ``WAY_M`` further along the traffic on both sides."""
    s, k = sin(bearing_deg * pi / 180), cos(bearing_deg * pi / 180)
    along, right = [x * s + y * k for x, y in corners], [x * k - y * s for x, y in corners]
    ends, sides = (min(along) - WAY_M, max(along) + WAY_M), (min(right), max(right))
    around = [(ends[0], sides[0]), (ends[0], sides[1]), (ends[1], sides[1]), (ends[1], sides[0])]
    return [[round(u * s + r * k, 1), round(u * k - r * s, 1)] for u, r in around]


def sites(found: Iterable[Crossing], zone: Json, prefix: str, most: int = 3, spaced_m: float = 25.0) -> list[Json]:
    """The crosswalks nearest to a zone's school as sites ``<prefix>-1`` ..., at most ``most``, some metres apart."""
    lon, lat = zone["geometry"]["coordinates"]
    near = sorted((metres(lon, lat, c.lon, c.lat), c) for c in found)
    chosen: list[Crossing] = []
    for distance, c in near:
        apart = all(metres(c.lon, c.lat, o.lon, o.lat) >= spaced_m for o in chosen)
        if distance <= SITE_M and apart and len(chosen) < most:
            chosen.append(c)
    return [_site(c, n, zone["properties"], prefix) for n, c in enumerate(chosen, start=1)]


def _site(c: Crossing, n: int, zone: Json, prefix: str) -> Json:
    corners, stops = outline(c)
    return feature(
        "site", f"{prefix}-{n}", point(c.lon, c.lat), name=f"{zone['name']} {n}번 횡단보도", zone=zone["id"],
        bearing_deg=c.bearing_deg, crosswalk=corners, stop_lines=stops,
        carriageway=carriageway(corners, c.bearing_deg),
    )  # fmt: skip


def cameras(rows: Iterable[Row], watched: list[Json]) -> Iterator[Json]:
    """Cameras; one within 60 m of a site is that site's."""
    for n, row in enumerate(rows, start=1):
        near = [(metres(row.lon, row.lat, *s["geometry"]["coordinates"]), s["properties"]["id"]) for s in watched]
        distance, site = min(near, default=(1e9, None))
        owner, type = site if distance < 60 else None, row.values["CCTV 유형코드"]
        yield feature("camera", f"CAM-{n:04d}", point(row.lon, row.lat), site=owner, type=type)


# ---- the whole -------------------------------------------------------------------------------------------------


def build(folder: Folder) -> list[Json]:
    """All features that the folder's data give."""
    links = folder.layers.get("roads", [])
    found = crossings(folder.layers.get("crosswalks", []), links) if links else []
    areas = list(zones(folder.tables.get("zones", [])))
    gates = [zone for zone in areas if "school" in zone["properties"]]
    watched = [site for zone in gates for site in sites(found, zone, f"XW-{zone['properties']['id']}")]
    outlines = folder.layers.get("dong", [])
    dong = ((f["properties"]["code"], f["properties"]["emd"], shape(f["geometry"])) for f in outlines)
    return [
        *boundaries(dong), *roads(links), *areas, *schools(folder.tables.get("schools", [])), *watched,
        *cameras(folder.tables.get("cameras", []), watched),
    ]  # fmt: skip


def to_bytes(features: list[Json]) -> bytes:
    """A city file, one feature a line."""
    lines = b",\n".join(msgspec.json.encode(f) for f in features)
    return b'{"type":"FeatureCollection","features":[\n' + lines + b"\n]}\n"


def import_city(folder: Path, out: Path) -> tuple[City, list[Complaint]]:
    """Read the folder, write the city file; gives the city as it reads again, and what was wrong in the folder."""
    read = read_folder(folder)
    data = to_bytes(build(read))
    city = City(read_features(data, str(out)), sha256(data).hexdigest(), str(out))
    out.write_bytes(data)
    return city, read.complaints
