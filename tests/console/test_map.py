"""The map calls no tile server of others."""

from __future__ import annotations

from console.map import OSAN, city_map


def test_the_map_has_no_tile_layer_of_its_own_and_shows_osan():
    pane = city_map()
    assert pane.children.children == []
    assert pane.children.center == OSAN
    assert pane.to_plotly_json()["props"]["data-testid"] == "map"
