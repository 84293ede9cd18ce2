"""Polygons and circles: inside, on the edge, outside, and of two the nearer."""

import numpy as np
from shapely.geometry import Polygon

from geo.zones import area, holds, in_polygon, joined, reach_m, which, which_each

RING = [[127.0, 37.0], [127.1, 37.0], [127.1, 37.1], [127.0, 37.1], [127.0, 37.0]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def test_the_edge_belongs_to_the_polygon() -> None:
    square = Polygon(RING)
    assert in_polygon(square, 127.0, 37.05)
    assert not in_polygon(square, 126.999999, 37.05)


def test_a_circle_is_measured_in_metres_not_in_degrees() -> None:
    gate = area("Z", {"type": "Point", "coordinates": [127.07, 37.15]}, 300)
    assert holds(gate, 127.07 + 0.00335, 37.15)  # 298 m east
    assert not holds(gate, 127.07 + 0.0034, 37.15)  # 302 m east
    assert not holds(gate, 127.07, 37.15 + 0.0028)  # 311 m north


def test_of_two_that_hold_it_the_nearer_middle_wins() -> None:
    wide = area("wide", {"type": "Point", "coordinates": [127.07, 37.15]}, 5000)
    near = area("near", {"type": "Point", "coordinates": [127.08, 37.15]}, 500)
    assert which([wide, near], 127.081, 37.15) == "near"
    assert which([wide, near], 127.069, 37.15) == "wide"
    assert which([wide, near], 128.0, 37.15) is None


def test_a_polygon_area_stands_for_a_point_inside_it() -> None:
    square = area("S", SQUARE)
    assert holds(square, square.lon, square.lat)


def test_many_points_at_once_have_the_answers_of_one_by_one() -> None:
    areas = [
        area("wide", {"type": "Point", "coordinates": [127.05, 37.05]}, 5000), area("square", SQUARE),
        area("near", {"type": "Point", "coordinates": [127.08, 37.08]}, 500),
    ]  # fmt: skip
    lons, lats = (grid.ravel() for grid in np.meshgrid(np.linspace(126.95, 127.15, 41), np.linspace(36.98, 37.12, 29)))
    got = which_each(areas, lons, lats)
    assert got == [which(areas, x, y) for x, y in zip(lons, lats, strict=True)]
    assert set(got) == {"wide", "square", "near", None}
    assert which_each([], lons, lats) == [None] * len(lons)


def test_areas_joined_are_one_area_and_its_reach_is_told_to_a_hundred_metres() -> None:
    east = [[lon + 0.1, lat] for lon, lat in RING]
    both = joined("both", [area("west", SQUARE), area("east", {"type": "Polygon", "coordinates": [east]})])
    assert both.id == "both" and holds(both, 127.05, 37.05) and holds(both, 127.15, 37.05)
    assert holds(both, both.lon, both.lat)
    assert reach_m(both) % 100 == 0 and 9_500 < reach_m(both) < 18_600
    alone = joined("alone", [area("west", SQUARE)])
    assert alone.id == "alone" and reach_m(alone) < reach_m(both)
    assert reach_m(area("Z", {"type": "Point", "coordinates": [127.07, 37.15]}, 300)) == 300
