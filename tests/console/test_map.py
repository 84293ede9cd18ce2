"""The map calls no tile server of others."""

from __future__ import annotations

import pytest

from console.map import OSAN, city_map


def test_the_map_has_no_tile_layer_of_its_own_and_shows_osan():
    pane = city_map()
    assert pane.children.children == []
    assert pane.children.center == OSAN
    assert pane.to_plotly_json()["props"]["data-tiles"] == ""


def test_an_operator_s_own_tiles_come_through_this_server():
    assert city_map("/tiles/{z}/{x}/{y}").to_plotly_json()["props"]["data-tiles"] == "/tiles/{z}/{x}/{y}"


def test_tiles_of_another_server_are_refused():
    with pytest.raises(ValueError, match="not a path of this server"):
        city_map("https://tile.example/{z}/{x}/{y}.png")
