"""`/incident/<id>`: one incident on a page of its own, open or closed: a link that can be sent to a colleague."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import page, testid

NAMES = ("incident",)


def layout(seat: Any, name: str, id: str = "", **_query: Any) -> Any:
    """Panel and map of the incident `id`; the browser asks the API for it (and is refused what it may not see)."""
    return page(
        name,
        html.Main(
            [
                testid("incident-panel", html.Aside, **{"data-label": "panel.title"}),
                html.Div(city_map(), className="map-area"),
            ],
            className="one-incident",
            **{"data-id": id},
        ),
        html.Dialog(id="sheet"),
        live=True, office=True,
    )
