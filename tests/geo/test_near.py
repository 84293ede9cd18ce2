"""Distances, and the nearest station."""

import pytest

from geo.city import load_city
from geo.frame import to_lonlat
from geo.near import beyond_box, metres, nearest, nearest_agency
from geo.place import Place

OSAN = Place(127.07, 37.15)


@pytest.mark.parametrize("x, y", [(0, 0), (300, 0), (0, -400), (300, 400), (-1200, 900)])
def test_metres_are_those_of_the_frame(x: float, y: float) -> None:
    lon, lat = to_lonlat(OSAN, x, y)
    assert metres(OSAN.lon, OSAN.lat, lon, lat) == pytest.approx((x * x + y * y) ** 0.5, rel=1e-3, abs=1e-6)


def test_seoul_station_is_45_km_from_osan_station() -> None:
    assert metres(127.0670, 37.1456, 126.9707, 37.5547) == pytest.approx(46_200, rel=0.01)


def test_a_point_in_the_box_is_not_beyond_it() -> None:
    box = (127.0, 37.1, 127.1, 37.2)
    assert beyond_box(box, 127.05, 37.15) == 0
    assert beyond_box(box, 127.05, 37.3) == pytest.approx(11_098, rel=1e-3)


def test_the_nearest_of_none_is_none() -> None:
    assert nearest([], 127.0, 37.0) is None


def test_a_call_for_119_goes_to_a_fire_station_and_112_to_police() -> None:
    city = load_city()
    market = Place(127.0690, 37.1475)
    fire, police = nearest_agency(city, market, "119"), nearest_agency(city, market, "112")
    assert fire is not None and fire.name == "청학119안전센터"
    assert police is not None and police.name == "중앙파출소"
    assert nearest_agency(city, market, "110") is None
