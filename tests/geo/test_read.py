"""A whole city file, broken in every way that we could think of."""

from copy import deepcopy
from typing import Any

import msgspec
import pytest

from geo.features import CityError
from geo.read import read_features


def point(kind: str, id: str, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [127.07, 37.15]}
    return {"type": "Feature", "properties": {"kind": kind, "id": id, **properties}, "geometry": geometry}


GOOD = [
    point("zone", "Z-1", radius_m=300, limit_kph=30),
    point("site", "X-1", zone="Z-1"),
    point("source", "/device/r-1", of="X-1", type="radar", period_s=1),
]


def read(features: list[dict[str, Any]]) -> list[Any]:
    return read_features(msgspec.json.encode({"type": "FeatureCollection", "features": features}), "c.geojson")


def broken(index: int, **changes: Any) -> list[dict[str, Any]]:
    """GOOD with one feature changed: a property, or ``geometry``, ``type``, ``properties`` as a whole."""
    features = deepcopy(GOOD)
    for name, value in changes.items():
        if name in ("geometry", "type", "properties"):
            features[index][name] = value
        else:
            features[index]["properties"][name] = value
    return features


def test_a_good_file_reads() -> None:
    assert [(one.kind, one.typed.id) for one in read(GOOD)] == [
        ("zone", "Z-1"), ("site", "X-1"), ("source", "/device/r-1"),
    ]  # fmt: skip


def test_a_source_without_a_place_stands_where_its_site_stands() -> None:
    source = read(broken(2, geometry=None))[2]
    assert (source.typed.lon, source.typed.lat) == (127.07, 37.15) and source.raw["geometry"]["type"] == "Point"
    with pytest.raises(CityError, match="geometry.type"):
        read(broken(2, geometry=None, of=None))


def poly(*ring: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(p) for p in ring]]}


@pytest.mark.parametrize(
    "features, index, field",
    [
        (broken(0, type="Thing"), 0, "type"),
        (broken(0, properties=None), 0, "properties"),
        (broken(0, kind=7), 0, "properties.kind"),
        (broken(0, radius_m=None), 0, "properties.radius_m"),
        (broken(1, id="X-1", zone="Z-9"), 1, "properties.zone"),
        (broken(2, of="X-9"), 2, "properties.of"),
        (GOOD + [point("site", "X-1")], 3, "properties.id"),
        (broken(1, geometry=None), 1, "geometry.type"),
        (broken(1, geometry={"type": "LineString", "coordinates": [[127, 37], [127, 38]]}), 1, "geometry.type"),
        (broken(1, geometry={"type": "Point", "coordinates": [37.15, 127.07]}), 1, "geometry.coordinates"),
        (broken(1, geometry={"type": "Point", "coordinates": ["127", "37"]}), 1, "geometry.coordinates"),
        (broken(1, geometry={"type": "Point", "coordinates": [127.0]}), 1, "geometry.coordinates"),
        (broken(1, geometry={"type": "Point", "coordinates": []}), 1, "geometry.coordinates"),
        (broken(1, geometry={"type": "Point"}), 1, "geometry.coordinates"),
        (broken(0, geometry=poly((127, 37), (128, 38))), 0, "geometry.coordinates"),
        (broken(0, geometry=poly((127, 37), (128, 38), (128, 37), (127, 38), (127, 37))), 0, "geometry.coordinates"),
    ],
)
def test_a_broken_feature_is_named(features: list[dict[str, Any]], index: int, field: str) -> None:
    with pytest.raises(CityError) as told:
        read(features)
    assert (told.value.index, told.value.field, told.value.file) == (index, field, "c.geojson")
    assert told.value.allowed


NO_CITY = [b"", b"\xff\xfe", b"[]", b"{}", b'{"type":"FeatureCollection"}', b'{"type":"Feature"}']


@pytest.mark.parametrize("data", NO_CITY)
def test_what_is_no_city_file_is_said_so(data: bytes) -> None:
    with pytest.raises(CityError) as told:
        read_features(data, "c.geojson")
    assert told.value.index is None


def test_a_number_that_is_not_a_number_is_no_json() -> None:
    with pytest.raises(CityError):
        read_features(b'{"type":"FeatureCollection","features":[NaN]}', "c.geojson")


OUTLINE = {"type": "Polygon", "coordinates": [[[127.0, 37.0], [127.1, 37.0], [127.1, 37.1], [127.0, 37.0]]]}


def outlines(wards: Any) -> list[dict[str, Any]]:
    """A city with one dong, 원동, and these wards."""
    city = point("boundary", "C", level="city", wards=wards) | {"geometry": OUTLINE}
    return [city, point("boundary", "1", level="dong", name="원동") | {"geometry": OUTLINE}]


@pytest.mark.parametrize("wards", [
    {"대원1동": ["원둥"]}, {"대원1동": []}, {"원동": ["원동"]}, {"대원동": ["대원동"]}, {"대원1동": "원동"},
    {"대원1동": [1]}, {"가": ["나"], "나": ["다"], "다": ["원동"]}])  # fmt: skip
def test_a_ward_of_what_nobody_draws_is_refused(wards: Any) -> None:
    with pytest.raises(CityError) as told:
        read(outlines(wards))
    assert (told.value.index, told.value.field) == (0, "properties.wards")


def test_a_ward_of_dong_and_a_former_one_of_wards_are_read() -> None:
    assert read(outlines({"대원1동": ["원동"], "대원동": ["대원1동"]}))[0].typed.wards["대원동"] == ("대원1동",)
