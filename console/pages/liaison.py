"""`/liaison/112` and `/liaison/119`: what was handed to this agency, as cards for a tablet; no more is sent."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import page

NAMES = ("liaison_112", "liaison_119")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Cards on the left, the map on the right. `name` says which agency's page it is."""
    return page(
        "liaison",
        html.Main([html.Section(id="cards"), html.Div(city_map(), className="map-area")], className="liaison"),
        live=True,
        agency=name.removeprefix("liaison_"),
    )
