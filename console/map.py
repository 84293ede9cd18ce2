"""The map's frame: dash-leaflet gives the Leaflet map, everything on it is drawn by `assets/live/map.js`.

No tile layer stands in it: `dl.TileLayer` without an address would call the internet. The base map is drawn from
`GET /api/v1/city` as canvas layers; an operator's own tiles come from this server (`body[data-tiles]`).
"""

from __future__ import annotations

from typing import Any

import dash_leaflet as dl
from dash import html

OSAN = (37.1523, 127.0703)  # lat, lon of the middle of Osan, shown until the city file is there


def city_map() -> Any:
    """A map pane, empty until the browser's modules draw on it."""
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
        markerZoomAnimation=False,  # a hundred shapes would be a hundred animations at once
        trackViewport=False,  # no prop that changes by itself: each move would go through Dash for nobody
        children=[],
        style={"height": "100%", "width": "100%"},
    )
    return html.Section(view, className="map-pane", **{"data-testid": "map"})
