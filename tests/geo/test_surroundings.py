"""What stands around a cell: from tables, from lines, from a city file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.city import City, load_city
from geo.features import CityError
from geo.opendata import Row, read_folder
from geo.read import read_features
from geo.surroundings import (
    CITY_FEATURES,
    FEATURES,
    cells_of,
    features,
    lines,
    none,
    number,
    of_city,
    of_folder,
    spots,
)

LAT = 37.15


def test_a_road_counts_its_length_whatever_its_pieces():
    along = {"type": "LineString", "coordinates": [[127.0, LAT], [127.01, LAT]]}
    split = {"type": "MultiLineString",
             "coordinates": [[[127.0, LAT], [127.004, LAT]], [[127.004, LAT], [127.01, LAT]]]}
    assert lines([along], LAT).amounts.sum() == pytest.approx(8.884, abs=0.001)  # hundreds of metres
    assert lines([split], LAT).amounts.sum() == pytest.approx(8.884, abs=0.001)
    assert len(lines([], LAT).at) == 0


def test_more_around_is_more_and_nothing_is_zero():
    at = spots([127.0, 127.0, 127.05], [LAT, LAT + 0.001, LAT], LAT).at
    things = {name: none() for name, _ in FEATURES.values()} | {"crossing": spots([127.0, 127.0], [LAT, LAT], LAT)}
    x = features(at, things, FEATURES)
    assert x["crossing"][0] == pytest.approx(np.log(3))
    assert x["crossing"][0] > x["crossing"][1] > 0 == x["crossing"][2]
    assert not x["people"].any()


def test_a_folder_gives_its_things(tmp_path: Path):
    (tmp_path / "grid.csv").write_text("gid,lon,lat,pop\na,127.0,37.15,120\nb,127.0,37.151,\n")
    (tmp_path / "zones.csv").write_text("시설종류,대상시설명,위도,경도\n유치원,하나,37.15,127.0\n")
    things = of_folder(read_folder(tmp_path), LAT)
    assert {of for of, _ in FEATURES.values()} == set(things)
    assert things["people"].amounts.tolist() == [120.0, 0.0]
    assert (len(things["zone"].at), len(things["road"].at)) == (1, 0)


def test_a_number_that_is_none_is_nothing():
    row = Row(127.0, LAT, {"a": "1.5", "b": "", "c": "많음"})
    assert [number(row, column) for column in "abcd"] == [1.5, 0.0, 0.0, 0.0]


def test_the_built_in_city_has_every_feature_and_cells_inside_its_line():
    city = load_city()
    things, cells = of_city(city, LAT), cells_of(city)
    assert {of for of, _ in CITY_FEATURES.values()} == set(things)
    assert len(things["elementary"].at) == 25
    assert 4000 < len(cells) < 4600  # 42.7 km2
    assert all(city.dong_at(*one) for one in cells[::50])
    assert len({tuple(one) for one in cells}) == len(cells)


def test_a_city_without_a_boundary_has_the_cells_of_its_box_and_the_whole_world_none():
    def city(*points: tuple[float, float]) -> City:
        rows = ",".join(f'{{"type":"Feature","properties":{{"kind":"place","id":"{n}"}},"geometry":'
                        f'{{"type":"Point","coordinates":[{x},{y}]}}}}' for n, (x, y) in enumerate(points))
        return City(read_features(f'{{"type":"FeatureCollection","features":[{rows}]}}'.encode(), "x"), "", "x")

    assert 9 <= len(cells_of(city((127.0, 37.15), (127.0025, 37.152)))) <= 16
    with pytest.raises(CityError, match="boundary"):
        cells_of(city())
