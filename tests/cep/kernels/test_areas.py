"""Areas: how far a point is from one, and what lies in the road but not on the crosswalk."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.kernels.areas import among, area_m2, edge_m2, lane_at, strays
from cep.street import AREA, LANE, PLACE, STRAY, THRONG
from tests.naive_street import apart, from_area

WALK = [(-6.0, -2.0), (6.0, -2.0), (6.0, 2.0), (-6.0, 2.0)]
WAY = [(-6.0, -20.0), (6.0, -20.0), (6.0, 20.0), (-6.0, 20.0)]
POINTS = np.array(WALK + WAY)
SITE = np.zeros(1, PLACE)[0]
SITE["n_walk"], SITE["way"], SITE["n_way"] = 4, 4, 4
SPOTS = st.tuples(st.floats(-30, 30), st.floats(-30, 30))


@settings(deadline=None)
@given(SPOTS, st.lists(SPOTS, min_size=3, max_size=7))
def test_distances_are_those_of_the_twin(point: tuple[float, float], corners: list[tuple[float, float]]) -> None:
    table = np.array(corners)
    assert math.isclose(math.sqrt(edge_m2(*point, table, 0, len(table))), apart(point, corners), abs_tol=1e-6)
    assert math.isclose(math.sqrt(area_m2(*point, table, 0, len(table))), from_area(point, corners), abs_tol=1e-6)


@pytest.mark.parametrize(
    ("x", "y", "strayed"),
    [(0, 10, True), (0, 4.1, True), (0, 4, False), (5.5, 10, False), (5.2, 10, True), (7, 10, False), (0, 21, False)],
)
def test_who_strays_is_in_the_road_off_its_edge_and_not_near_the_crosswalk(x: float, y: float, strayed: bool) -> None:
    rule = np.zeros(1, STRAY)[0]
    rule["margin2"], rule["kerb2"] = 4.0, 0.7**2
    assert strays(rule, SITE, x, y, POINTS) == strayed


def test_people_wait_where_the_city_says_else_about_the_crosswalk() -> None:
    rule, waits, site = np.zeros(1, THRONG)[0], np.array([(4, 4)], AREA), SITE.copy()
    rule["range2"] = 9.0
    assert among(rule, site, 0.0, 5.0, waits, POINTS) and not among(rule, site, 0.0, 5.1, waits, POINTS)
    site["n_waits"] = 1
    assert among(rule, site, 0.0, 15.0, waits, POINTS) and not among(rule, site, 7.0, 0.0, waits, POINTS)
    assert not among(rule, np.zeros(1, PLACE)[0], 0.0, 0.0, waits, POINTS)


def test_the_lane_of_a_point_is_the_first_that_holds_it() -> None:
    lanes = np.zeros(2, LANE)
    lanes[0]["first"], lanes[0]["count"], lanes[1]["first"], lanes[1]["count"] = 0, 4, 4, 4
    found = [lane_at(0.0, y, lanes, 0, 2, POINTS) for y in (0.0, 10.0, 30.0)]
    assert found == [0, 1, -1]
