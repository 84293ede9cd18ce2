"""From a folder of open data to a city file that reads again."""

from math import cos, hypot, pi, sin
from pathlib import Path

import pytest

from geo.build import Crossing, crossings, import_city, outline, sites, zones
from geo.city import load_city
from geo.frame import to_lonlat
from geo.opendata import Row
from geo.place import Place

GATE = Place(127.07, 37.15)


def rectangle(across: float, deep: float, bearing: float) -> dict[str, object]:
    """A crosswalk polygon about the gate over a road of that bearing."""
    s, k = sin(bearing * pi / 180), cos(bearing * pi / 180)
    corners = [(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)]
    ring = [
        list(to_lonlat(GATE, a * deep / 2 * s + r * across / 2 * k, a * deep / 2 * k - r * across / 2 * s))
        for a, r in corners
    ]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}}


def road(bearing: float) -> dict[str, object]:
    s, k = sin(bearing * pi / 180), cos(bearing * pi / 180)
    ends = [list(to_lonlat(GATE, -90 * s, -90 * k)), list(to_lonlat(GATE, 90 * s, 90 * k))]
    return {"geometry": {"type": "LineString", "coordinates": ends}}


@pytest.mark.parametrize("bearing", [0.0, 30.0, 91.0, 150.0])
def test_a_crosswalk_takes_the_bearing_of_the_road_it_crosses(bearing: float) -> None:
    (found,) = crossings([rectangle(14, 5, bearing)], [road(bearing)])
    assert found.bearing_deg == pytest.approx(bearing, abs=0.2)
    assert (found.across_m, found.deep_m) == pytest.approx((14, 5), abs=0.1)


def test_what_is_no_crossing_of_the_road_is_left_out() -> None:
    assert crossings([rectangle(14, 5, 45)], [road(0)]) == []
    assert crossings([rectangle(60, 5, 0)], [road(0)]) == []


def test_stop_lines_stand_3_m_before_on_the_right_hand_side() -> None:
    corners, (north, south) = outline(Crossing(127.07, 37.15, 12, 4, 0.0))
    assert {tuple(c) for c in corners} == {(-6, -2), (6, -2), (6, 2), (-6, 2)}
    assert north == [0, -5, 6, -5] and south == [0, 5, -6, 5]  # north-bound traffic keeps east


def test_sites_are_the_nearest_and_apart() -> None:
    (zone,) = zones([Row(127.07, 37.15, {"대상시설명": "운암초등학교", "시설종류": "초등학교"})])
    at = [(0, 10), (0, 20), (0, 60), (0, 2000)]
    near = [Crossing(*to_lonlat(GATE, x, y), 12, 4, 90.0) for x, y in at]
    chosen = sites(near, zone, "XW-UNAM")
    assert [s["properties"]["id"] for s in chosen] == ["XW-UNAM-1", "XW-UNAM-2"]
    assert chosen[1]["geometry"]["coordinates"][1] == pytest.approx(37.15 + 60 / 110_983, abs=1e-5)
    assert hypot(*chosen[0]["properties"]["stop_lines"][0][:2]) == pytest.approx(5, abs=0.1)


def test_osans_open_data_become_a_city(tmp_path: Path, shared: Path) -> None:
    out = tmp_path / "city.geojson"
    city, complaints = import_city(shared / "osan", out)
    again = load_city(out)
    assert again.digest == city.digest and len(again.zones) == 91 and len(again.sites) > 40
    assert {s.zone for s in again.sites.values()} <= set(again.zones)
    swapped = [c for c in complaints if "swapped" in c.why]
    assert len(swapped) == 10
    assert sum("not in Korea" in c.why for c in complaints) == 1 and sum("twice" in c.why for c in complaints) == 1
    assert again.dong_at(127.0772, 37.1499) == "오산동"
