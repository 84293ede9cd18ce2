"""The map's frame: dash-leaflet gives the Leaflet map, everything on it is drawn by `assets/live/map.js`.

No tile layer stands in it: `dl.TileLayer` without an address would call the internet. The base map is drawn from
`GET /api/v1/city` as canvas layers. An operator's own tiles come from `data-tiles`, an address on this server.
"""

from __future__ import annotations

from typing import Any

import dash_leaflet as dl
from dash import html

OSAN = (37.1523, 127.0703)  # lat, lon of the middle of Osan, shown until the city file is there


def city_map(tiles: str | None = None, **attrs: Any) -> Any:
    """A map pane. `tiles` is a path of this server (`/tiles/{z}/{x}/{y}`) when the operator has set own tiles."""
    if tiles is not None and not tiles.startswith("/"):
        raise ValueError(f"tiles: {tiles!r} is not a path of this server; browsers load tiles only from here")
    view = dl.Map(
        id="map",
        center=OSAN,
        zoom=13,
        minZoom=10,
        maxZoom=20,
        zoomSnap=0.25,
        zoomControl=False,
        attributionControl=False,
        keyboard=False,
        preferCanvas=True,
        children=[],
        style={"height": "100%", "width": "100%"},
    )
    return html.Section(view, className="map-pane", **{"data-testid": "map", "data-tiles": tiles or "", **attrs})
