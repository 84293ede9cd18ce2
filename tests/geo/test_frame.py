"""Metres to degrees and back, held against the exact earth-centred geometry."""

from math import cos, hypot, pi, sin, sqrt

from hypothesis import given
from hypothesis import strategies as st

from geo.frame import A_M, CELL_LAT, E2, cell, metres_per_degree, to_lonlat, to_metres
from geo.near import metres
from geo.place import Place

OSAN = Place(127.07, 37.15)


def earth(lon: float, lat: float) -> tuple[float, float, float]:
    """Earth-centred metres of a point on the ellipsoid."""
    a, b = lon * pi / 180, lat * pi / 180
    n = A_M / sqrt(1 - E2 * sin(b) ** 2)
    return n * cos(b) * cos(a), n * cos(b) * sin(a), n * (1 - E2) * sin(b)


def exact(origin: Place, lon: float, lat: float) -> tuple[float, float]:
    """East and north of a point in the exact tangent frame of the origin."""
    dx, dy, dz = (p - q for p, q in zip(earth(lon, lat), earth(origin.lon, origin.lat), strict=True))
    a, b = origin.lon * pi / 180, origin.lat * pi / 180
    east = -sin(a) * dx + cos(a) * dy
    north = -sin(b) * cos(a) * dx - sin(b) * sin(a) * dy + cos(b) * dz
    return east, north


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_within_200_m_the_plane_is_true_to_a_centimetre(x: float, y: float) -> None:
    lon, lat = to_lonlat(OSAN, x, y)
    east, north = exact(OSAN, lon, lat)
    assert hypot(east - x, north - y) < 0.01


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_there_and_back(x: float, y: float) -> None:
    back = to_metres(OSAN, *to_lonlat(OSAN, x, y))
    assert hypot(back[0] - x, back[1] - y) < 1e-6


def test_x_is_east_and_y_is_north() -> None:
    lon, lat = to_lonlat(OSAN, 100, 0)
    assert lon > OSAN.lon and lat == OSAN.lat
    lon, lat = to_lonlat(OSAN, 0, 100)
    assert lon == OSAN.lon and lat > OSAN.lat


def test_a_degree_of_latitude_is_longer_at_the_pole() -> None:
    assert metres_per_degree(80)[1] > metres_per_degree(0)[1] > 110_000


@given(st.floats(126.9, 127.2), st.floats(37.05, 37.25))
def test_a_cell_hides_the_point_but_stays_within_its_100_m(lon: float, lat: float) -> None:
    middle = cell(lon, lat)
    assert cell(*middle) == middle
    assert metres(lon, lat, *middle) < 72  # half the diagonal of a 100 m square


def test_two_points_of_one_cell_cannot_be_told_apart() -> None:
    lon, lat = cell(127.07, 37.15)
    assert cell(lon + 0.0004, lat - CELL_LAT * 0.4) == (lon, lat)
