"""Osan's own file, and what a console asks of a city."""

from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from geo.city import City, CityError, load_city
from geo.features import Boundary, Site
from geo.frame import cell, to_metres
from geo.near import metres
from geo.place import Place, is_area
from stream import schema

HOUR = 3600 * schema.US
KST_MIDNIGHT = 1_782_831_600 * schema.US  # 2026-07-01T00:00+09:00


@pytest.fixture(scope="module")
def osan() -> City:
    return load_city()


def written(tmp_path: Path, *features: dict[str, object]) -> City:
    file = tmp_path / "city.geojson"
    file.write_bytes(msgspec.json.encode({"type": "FeatureCollection", "features": features}))
    return load_city(file)


def feature(kind: str, id: str, geometry: dict[str, object] | None = None, **properties: object) -> dict[str, object]:
    geometry = geometry or {"type": "Point", "coordinates": [127.07, 37.15]}
    return {"type": "Feature", "properties": {"kind": kind, "id": id, **properties}, "geometry": geometry}


def event(type: str, source: str = "/device/x", **data: object) -> SimpleNamespace:
    return SimpleNamespace(type=type, source=source, data=SimpleNamespace(**data))


# ---- the file ----


def test_osan_is_whole(osan: City) -> None:
    elementary = [s for s in osan.schools.values() if s.level == "초등학교"]
    gates = [s for s in osan.sites if not s.startswith(("XW-DUT", "XW-TEST"))]
    assert len(elementary) >= 25 and len(gates) >= 60 and len(osan.households) == 200
    assert {f"XW-DUT-{n:02d}" for n in range(1, 12)} | {"XW-TEST-01"} <= set(osan.sites)
    assert {a.agency for a in osan.agencies.values()} == {"112", "119"}
    assert {"오산천"} == {f.typed.name for f in osan.features if f.kind == "water"}
    names = {f.typed.name for f in osan.features}
    assert {"오산시청", "오산역", "오산대역", "세마역", "스마트시티통합운영센터", "경기대로", "오산동"} <= names


def test_every_elementary_school_has_a_watched_crosswalk_within_reach(osan: City) -> None:
    for school in (s for s in osan.schools.values() if s.level == "초등학교"):
        nearest = min(metres(school.lon, school.lat, s.lon, s.lat) for s in osan.sites.values())
        assert nearest < 450, school.name


def test_everything_that_stands_somewhere_stands_in_osan(osan: City) -> None:
    kinds = {"site", "household", "school", "agency", "place", "zone"}
    outside = [f.typed.id for f in osan.features if f.kind in kinds and not osan.dong_at(f.typed.lon, f.typed.lat)]
    assert outside == []


def test_the_dong_are_named_once_each(osan: City) -> None:
    names = osan.dongs()
    assert names == sorted(set(names)) and "궐동" in names
    assert all(osan.dong_place(name) for name in names)


def test_the_sites_are_their_crosswalks_and_stop_lines_stand_before_them(osan: City) -> None:
    def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)

    for site in osan.sites.values():
        assert site.crosswalk is not None and len(site.crosswalk) == 4
        x, y = middle(list(site.crosswalk))
        assert abs(x) < 0.2 and abs(y) < 0.2
        for x1, y1, x2, y2 in site.stop_lines:
            line = middle([(x1, y1), (x2, y2)])
            assert 3 < (line[0] ** 2 + line[1] ** 2) ** 0.5 < 20
    assert not osan.sites["XW-TEST-01"].stop_lines


def test_a_home_is_known_by_its_cell_only(osan: City) -> None:
    for home in osan.households.values():
        assert cell(home.lon, home.lat) == (home.lon, home.lat)
        assert home.dong == osan.dong_at(home.lon, home.lat) and home.name == ""


def test_coordinates_have_five_decimals(osan: City) -> None:
    west, south, east, north = osan.box
    assert all(round(v, 5) == v for v in (west, south, east, north))
    assert (126.99, 37.12) < (west, south) and (east, north) < (127.11, 37.21)


# ---- limits ----


def test_a_school_zone_is_30_at_any_hour_and_so_is_an_unknown_site(osan: City) -> None:
    for hour in (0, 8, 15, 23):
        assert osan.limit_kph("XW-DUT-01", KST_MIDNIGHT + hour * HOUR) == 30
        assert osan.limit_kph("XW-NOWHERE", KST_MIDNIGHT + hour * HOUR) == 30


def test_a_limit_by_hour_is_korean_time_and_goes_past_midnight(tmp_path: Path) -> None:
    zone = feature("zone", "Z", radius_m=300, limit_kph=30, limits=[["21:00", "07:00", 50], ["08:00", "09:00", 20]])
    city = written(tmp_path, zone, feature("site", "X", zone="Z"))
    at = {h: city.limit_kph("X", KST_MIDNIGHT + int(h * HOUR)) for h in (0, 6.99, 7, 8, 8.99, 9, 20.99, 21, 23.99)}
    assert at == {0: 50, 6.99: 50, 7: 30, 8: 20, 8.99: 20, 9: 30, 20.99: 30, 21: 50, 23.99: 50}


def test_a_site_that_names_no_zone_has_the_one_it_stands_in(tmp_path: Path) -> None:
    city = written(tmp_path, feature("zone", "Z", radius_m=300, limit_kph=50), feature("site", "X"))
    assert city.limit_kph("X", KST_MIDNIGHT) == 50
    place = city.place("X")
    assert place is not None and place.zone == "Z"


# ---- places ----


def test_subjects_have_places(osan: City) -> None:
    site, home = osan.place("XW-DUT-01"), osan.place("HH-0001")
    assert site is not None and site.site == "XW-DUT-01" and site.zone == "SZ-014" and site.dong == "원동"
    assert home is not None and home.household == "HH-0001" and home.dong == osan.households["HH-0001"].dong
    zone = osan.place("SZ-016")
    assert zone is not None and zone.zone == "SZ-016" and zone.name == "운암초등학교 어린이보호구역"
    assert osan.place("/device/hub-0001") == home and osan.place("HH-KC") is None


def test_a_camera_detection_stands_where_the_camera_saw_it(osan: City) -> None:
    place = osan.place_of(event("city.road.detection", site="XW-DUT-01", x=12.0, y=-5.0))
    assert place is not None and place.site == "XW-DUT-01"
    x, y = to_metres(osan.sites["XW-DUT-01"], place.lon, place.lat)
    assert (x, y) == pytest.approx((12, -5), abs=0.1)


def test_a_caller_is_kept_by_cell(osan: City) -> None:
    place = osan.place_of(event("city.sos", user="S-1", lon=127.07123, lat=37.14987))
    assert place == Place(*cell(127.07123, 37.14987), zone=place.zone if place else None, dong="오산동")
    outside = osan.place_of(event("city.sos", user="S-1", lon=127.2, lat=37.15))
    assert outside is not None and outside.dong is None


def test_a_welfare_case_is_at_its_home_or_in_its_dong(osan: City) -> None:
    home = osan.place_of(event("city.welfare.case", case="W-1", dong="궐동", household="HH-0002"))
    dong = osan.place_of(event("city.welfare.case", case="W-1", dong="궐동", household=None))
    assert home is not None and home.household == "HH-0002"
    assert dong is not None and is_area(dong) and osan.dong_at(dong.lon, dong.lat) == "궐동"
    assert osan.place_of(event("city.welfare.case", case="W-1", dong="강남구", household=None)) is None


def test_a_letter_that_names_an_administrative_dong_has_a_place_and_says_how_far_off_it_may_be(osan: City) -> None:
    wards = [name for one in osan.features if isinstance(one.typed, Boundary) for name in one.typed.wards]
    assert len(wards) == 10  # eight, and the two that were split
    for name in wards:
        place = osan.place_of(event("city.welfare.case", case="W-1", dong=f"오산시 {name}", household=None))
        assert place is not None and is_area(place) and (place.dong, place.name) == (name, name)
        assert osan.dong_at(place.lon, place.lat) in osan.parts(name)
        assert 2000 <= place.radius_m <= 4000
    assert osan.dong_place("두곡동").radius_m < 1000


def test_every_dong_lies_in_a_ward_and_an_area_holds_what_lies_in_it(osan: City) -> None:
    assert osan.parts("세마동") == {"세마동", "금암동", "서랑동", "세교동", "양산동", "외삼미동", "지곶동"}
    assert all(osan.parts(name) == {name} for name in ("궐동", "SZ-016", "HH-0001", "XW-DUT-01"))
    assert osan.parts("경기 남부") is None
    wards = ("중앙동", "대원동", "남촌동", "신장동", "세마동", "초평동")
    assert sorted({dong for ward in wards for dong in osan.wards.dongs(ward)}) == osan.dongs()


def test_what_nobody_knows_has_no_place(osan: City) -> None:
    assert osan.place_of(event("city.care.alarm", household="HH-9999", alarm="sos")) is None
    assert osan.place_of(event("city.road.frame", site="XW-?", objects=[])) is None


def test_far_is_20_km_beyond_the_box(osan: City) -> None:
    assert not osan.far(127.07, 37.15)
    assert not osan.far(127.07, osan.box[3] + 0.17) and osan.far(127.07, osan.box[3] + 0.19)
    assert osan.far(2.35, 48.85)


# ---- for others ----


def test_expected_names_sources_as_events_do(tmp_path: Path, osan: City) -> None:
    assert osan.expected()["/device/hub-0001"] == 3600
    short = feature("source", "r-1", of="X", type="radar", period_s=2)
    quiet = feature("source", "r-2", of="X", type="radar")
    city = written(tmp_path, feature("site", "X"), short, quiet)
    assert city.expected() == {"/device/r-1": 2.0}
    assert city.knows("/device/r-1") and city.knows("r-2") and not city.knows("/device/r-3")


def test_a_system_of_the_whole_city_is_known_and_is_nowhere(osan: City) -> None:
    assert osan.knows("/system/safecall") and osan.place("/system/safecall") is None


def test_geojson_gives_the_kinds_asked_for_and_unknown_kinds_as_points(tmp_path: Path, osan: City) -> None:
    drawn = osan.geojson({"zone", "road"})
    assert {f["properties"]["kind"] for f in drawn["features"]} == {"zone", "road"}
    line: dict[str, object] = {"type": "LineString", "coordinates": [[127.0, 37.1], [127.2, 37.1]]}
    city = written(tmp_path, feature("cable", "C", line))
    assert city.geojson()["features"][0]["geometry"]["type"] == "Point"
    assert city.features[0].raw["geometry"] == line


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    one, two = written(tmp_path, feature("site", "X")), written(tmp_path, feature("site", "Y"))
    assert len(one.digest) == 64 and one.digest != two.digest


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CityError) as told:
        load_city(tmp_path / "none.geojson")
    assert "none.geojson" in str(told.value)


def test_an_empty_city_is_a_city(tmp_path: Path) -> None:
    city = written(tmp_path)
    assert city.place("X") is None and city.dong_at(127, 37) is None and not city.far(127, 37)


def test_sites_are_typed(osan: City) -> None:
    assert isinstance(osan.sites["XW-TEST-01"], Site)


def test_dong_and_zone_of_many_points_are_those_of_each(osan: City) -> None:
    cells = [(site.lon, site.lat) for site in osan.sites.values()] + [(126.5, 36.9)]
    lons, lats = np.array(cells).T
    assert osan.parts_at(lons, lats) == [(osan.dong_at(x, y), osan.zone_at(x, y)) for x, y in cells]
