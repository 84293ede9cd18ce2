"""A city file's bytes -> checked features. Everything that can be wrong with the file is said here, once."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

import msgspec
from shapely import GEOSException
from shapely.geometry import shape

from geo.features import ALLOWED, GEOMETRIES, KINDS, Boundary, CityError, Feature, Site, Source, Zone, typed

COORDINATES = "WGS84 degrees [lon, lat], lon -180..180 before lat -90..90, no NaN"


class Read(NamedTuple):
    """One feature: its typed form (None for an unknown kind's own fields) and the GeoJSON it came from."""

    at: int
    kind: str
    typed: Feature
    raw: dict[str, Any]


def read_features(data: bytes, file: str) -> list[Read]:
    """Every feature of a GeoJSON FeatureCollection, checked one by one and against each other; CityError if broken."""
    try:
        document = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise CityError(file, None, "document", "UTF-8 GeoJSON", str(error)) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise CityError(file, None, "type", "a FeatureCollection with a list of features")
    read = [_one(file, i, feature) for i, feature in enumerate(_placed(features))]
    _check_unique(file, read)
    _check_references(file, read)
    return read


def _placed(features: list[Any]) -> list[Any]:
    """A source with no geometry of its own stands where its site or household stands."""
    told = [one.get("properties") if isinstance(one, dict) else None for one in features]
    names: list[dict[str, Any]] = [one if isinstance(one, dict) else {} for one in told]
    owners = {str(n.get("id")): i for i, n in enumerate(names) if n.get("kind") in ("site", "household")}
    return [
        one | {"geometry": features[owners[str(name["of"])]].get("geometry")}
        if name.get("kind") == "source" and one.get("geometry") is None and str(name.get("of")) in owners
        else one
        for one, name in zip(features, names, strict=True)
    ]


def _one(file: str, index: int, feature: Any) -> Read:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise CityError(file, index, "type", "Feature")
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise CityError(file, index, "properties", "an object with kind and id")
    kind = properties.get("kind")
    if not isinstance(kind, str) or not kind:
        raise CityError(file, index, "properties.kind", f"one of {', '.join(KINDS)}, or a kind of your own")
    geometry = feature.get("geometry")
    point = _point(file, index, kind, geometry, properties)
    return Read(index, kind, typed(file, index, kind, properties, point), feature)


def _point(file: str, index: int, kind: str, geometry: Any, properties: dict[str, Any]) -> tuple[float, float]:
    """A point that stands for the geometry, after checking it."""
    types = GEOMETRIES.get(kind)
    allowed = " or ".join(types) if types else "a GeoJSON geometry"
    if not isinstance(geometry, dict) or (types and geometry.get("type") not in types):
        got = geometry.get("type") if isinstance(geometry, dict) else geometry
        raise CityError(file, index, "geometry.type", allowed, repr(got))
    if kind == "zone" and geometry["type"] == "Point" and properties.get("radius_m") is None:
        raise CityError(file, index, "properties.radius_m", "metres; a zone that is a Point needs it")
    for lon, lat in _positions(file, index, geometry.get("coordinates")):
        if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
            raise CityError(file, index, "geometry.coordinates", COORDINATES, f"[{lon}, {lat}]")
    try:
        geom = shape(geometry)
    except (ValueError, TypeError, AttributeError, GEOSException) as error:
        raise CityError(file, index, "geometry.coordinates", allowed, str(error)) from error
    if geom.is_empty or not geom.is_valid:
        raise CityError(file, index, "geometry.coordinates", f"a valid {allowed}", "empty or crossing itself")
    inside = geom if geom.geom_type == "Point" else geom.representative_point()
    return float(inside.x), float(inside.y)


def _positions(file: str, index: int, coordinates: Any) -> list[tuple[float, float]]:
    """All [lon, lat] of nested coordinates."""
    if not isinstance(coordinates, list) or not coordinates:
        raise CityError(file, index, "geometry.coordinates", COORDINATES, repr(coordinates)[:60])
    if isinstance(coordinates[0], list):
        return [p for part in coordinates for p in _positions(file, index, part)]
    numbers = [c for c in coordinates if isinstance(c, (int, float)) and not isinstance(c, bool)]
    if len(numbers) != len(coordinates) or len(numbers) < 2:
        raise CityError(file, index, "geometry.coordinates", COORDINATES, repr(coordinates)[:60])
    return [(float(numbers[0]), float(numbers[1]))]


def _check_unique(file: str, read: list[Read]) -> None:
    first: dict[tuple[str, str], int] = {}
    for one in read:
        before = first.setdefault((one.kind, one.typed.id), one.at)
        if before != one.at:
            allowed = f"an id that no other {one.kind} has"
            raise CityError(file, one.at, "properties.id", allowed, f"{one.typed.id} is feature {before} too")


def _check_references(file: str, read: list[Read]) -> None:
    """A site's zone and a source's ``of`` must be in this file."""
    zones = {one.typed.id for one in read if isinstance(one.typed, Zone)}
    owners = {one.typed.id for one in read if one.kind in ("site", "household")}
    for one in read:
        if isinstance(one.typed, Site) and one.typed.zone is not None and one.typed.zone not in zones:
            raise CityError(file, one.at, "properties.zone", "the id of a zone of this file", one.typed.zone)
        if isinstance(one.typed, Source) and one.typed.of is not None and one.typed.of not in owners:
            allowed = "the id of a site or household of this file"
            raise CityError(file, one.at, "properties.of", allowed, one.typed.of)
    _check_wards(file, read)


def _check_wards(file: str, read: list[Read]) -> None:
    """A ward holds dong of this file, or wards that hold dong: a name that nobody draws would cover nothing."""
    outlines = [(one.at, one.typed) for one in read if isinstance(one.typed, Boundary)]
    dongs = {one.name for _, one in outlines if one.level == "dong"}
    for at, one in outlines:
        plain = {name for name, held in one.wards.items() if held and dongs.issuperset(held)}
        for name, held in one.wards.items():
            unknown = sorted(set(held) - dongs - plain) or ([] if held and name not in dongs else [name])
            if unknown:
                raise CityError(file, at, "properties.wards", ALLOWED["wards"], f"{name}: {', '.join(unknown)}")
