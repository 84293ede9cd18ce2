"""The wall's frame knows its screen."""

from __future__ import annotations

from console.pages import wall
from tests.console.pages.frames import assert_whole, attributes


def test_the_wall_is_told_its_size_and_distance():
    found = assert_whole(wall, diagonal="86", distance="5")
    assert attributes(found, "data-diagonal") == ["86"]
    assert attributes(found, "data-distance") == ["5"]
    assert {"wall-band", "wall-counts", "wall-oldest", "wall-rows", "wall-kpi"} <= set(attributes(found, "id"))
