"""`/liaison/112` and `/liaison/119`: what was handed to this agency, for a tablet under a thumb; no more is sent."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import page, testid, word

NAMES = ("liaison_112", "liaison_119")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Cards on the left, the chosen one with its small map, actions and talk beside them. `name`: whose page it is."""
    tabs = [
        html.Button(id=f"tab-{tab}", type="button", role="tab", **{"data-tab": tab, "aria-selected": first})
        for tab, first in (("open", "true"), ("over", "false"))
    ]
    return page(
        "liaison",
        html.Main(
            [
                html.Section(
                    [html.Div(tabs, className="tabs", role="tablist"), html.Div(id="cards")], className="handed-list"
                ),
                html.Section(
                    [
                        testid("handed", html.Div, id="handed"),
                        html.Div(city_map(), className="map-area"),
                        word("liaison.choose", html.P, id="choose", className="empty"),
                    ],
                    className="handed-one",
                ),
            ],
            className="liaison",
        ),
        live=True,
        agency=name.removeprefix("liaison_"),
    )
