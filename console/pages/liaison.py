"""`/liaison/112` and `/liaison/119`: what was handed to this agency, for a tablet under a thumb; no more is sent."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import button, page, testid

NAMES = ("liaison_112", "liaison_119")
TABS = ("open", "map", "talk", "past")


def _tab(name: str) -> Any:
    """A tab: its word with a count, and a place kept for what is new in it."""
    first = name == TABS[0]
    inside = [html.Span(className="tab-word"), html.Span(className="tab-new")]
    state = {"data-tab": name, "aria-selected": str(first).lower(), "aria-controls": "handed-panel"}
    return html.Button(inside, id=f"tab-{name}", type="button", role="tab", tabIndex=0 if first else -1, **state)


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Four looks at the same: the list on the left, the chosen one with its small map, actions and talk beside it.

    `name`: whose page it is.
    """
    area = html.Div(
        [city_map(), html.Div(id="map-lost", hidden=True), button("map-all", "liaison.map_all")], className="map-area"
    )
    one = [testid("handed", html.Div, id="handed"), area, html.P(id="choose", className="empty")]
    panel = [
        html.Section([html.Div(id="past-bar", hidden=True), html.Div(id="cards")], className="handed-list"),
        html.Section(one, className="handed-one"),
    ]
    return page(
        "liaison",
        html.Main(
            [
                html.Div([_tab(tab) for tab in TABS], className="tabs", role="tablist"),
                html.Div(panel, id="handed-panel", role="tabpanel", **{"aria-labelledby": f"tab-{TABS[0]}"}),
            ],
            className="liaison",
            **{"data-tab": TABS[0]},
        ),
        live=True,
        agency=name.removeprefix("liaison_"),
    )
