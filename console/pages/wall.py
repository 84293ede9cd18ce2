"""`/wall`: the large screen: counts, the oldest unacknowledged, the map that frames what is open, at most nine rows."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import page

NAMES = ("wall",)


def layout(seat: Any, name: str, diagonal: str = "", distance: str = "", **_query: Any) -> Any:
    """The wall's frame; `diagonal` (inches) and `distance` (metres) of the address set the size of its type."""
    return page(
        name,
        html.Div(id="wall-band", hidden=True, role="alert"),
        html.Main(
            [
                html.Section(
                    [html.Div(id="wall-counts"), html.Div(id="wall-oldest"), html.Ol(id="wall-rows")],
                    className="wall-side",
                ),
                html.Div(city_map(), className="map-area"),
                html.Div(id="wall-areas"),
            ],
            className="wall",
            **{"data-diagonal": diagonal, "data-distance": distance},
        ),
        html.Div(id="wall-kpi"),
        live=True,
    )
