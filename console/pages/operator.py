"""`/`: the operator console: queue, map, incident panel, the last hour; `/?at=<time>` is the same at a past moment."""

from __future__ import annotations

from typing import Any

from dash import html

from console.map import city_map
from console.parts import button, icon, page, testid, word

NAMES = ("operator",)


def seek_row() -> Any:
    """The search, and the way to the other conditions."""
    more = html.Button([word("filter.more"), html.B()], id="filter-more", type="button", **{"aria-expanded": "false"})
    clear = button("filter-clear", "filter.clear", hidden=True)
    return html.Div([html.Span(id="seek"), more, clear], className="seek")


def queue_pane() -> Any:
    """Tabs, search and conditions, the pill of rows that wait, and the keyed list."""
    names = ("new", "work", "shelved", "all")
    tabs = [html.Button(type="button", role="tab", **{"data-filter": name}) for name in names]
    told = {"data-label": "queue.title", "data-total": "0"}
    by_hand = button("by-hand", "queue.by_hand", icon_name="plus", **{"data-title": "queue.by_hand"})
    return html.Section(
        [
            html.Div([html.Div(tabs, role="tablist", className="filters"), by_hand], className="tabs"),
            seek_row(),
            html.Div(id="filters", hidden=True),
            html.Button(id="urgent-outside", type="button", hidden=True),
            html.Button(id="pill", type="button", hidden=True),
            html.Div(testid("queue", html.Div, role="listbox", tabIndex=0, **told), className="queue-room"),
        ],
        className="queue-pane",
    )


def map_area() -> Any:
    """The map with what lies over it: the notice of new P1, the replay's time bar, map switches."""
    return html.Div(
        [
            city_map(),
            html.Div(id="notice", hidden=True, role="alert"),
            html.Div([html.Div(id="weather", hidden=True), html.Section(id="unplaced", hidden=True)], id="corner"),
            html.Div(id="layer-list", hidden=True, role="group", **{"data-label": "map.layers"}),
            html.Div(id="risk-legend", hidden=True, role="region", **{"data-label": "map.risk"}),
            html.Div(
                [
                    button("map-city", "map.city", icon_name="map-pin"),
                    button("map-follow", "map.follow", **{"aria-pressed": "true"}),
                    button("map-labels", "map.labels", **{"aria-pressed": "true"}),
                    button("map-risk", "map.risk", **{"aria-pressed": "false"}),
                    button("map-layers", "map.layers", **{"aria-expanded": "false"}),
                ],
                className="map-tools",
            ),
        ],
        className="map-area",
    )


def strip() -> Any:
    """The last 60 minutes by priority, and the way between now and then."""
    return html.Section(
        [
            html.Div([word("strip.title"), html.Span(id="strip-sum")], className="strip-head"),
            html.Div(id="strip-bars", role="img", **{"data-label": "strip.title"}),
            html.Div(
                [
                    word("replay.past", className="past-word", hidden=True, id="past-word"),
                    html.Span(id="replay-at"),
                    button("replay-back", "replay.rewind", icon_name="history"),
                    button("replay-live", "replay.live", icon_name="rotate-ccw", hidden=True),
                    html.Div(id="slider", hidden=True),
                    html.Button([icon("user"), html.Span()], id="shift", type="button"),
                ],
                className="conductor",
            ),
        ],
        id="strip",
        **{"data-label": "strip.title"},
    )


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """The console's frame; `at` of the address is read by the browser, which asks the server for that moment."""
    counts = html.Div(id="counts")
    devices = html.Span([icon("camera"), html.Span(id="devices")], className="devices")
    held = html.A(id="held", href="/devices", hidden=True, **{"data-title": "bar.held_title"})
    return page(
        name,
        html.Main(
            [
                queue_pane(),
                map_area(),
                testid("incident-panel", html.Aside, **{"data-label": "panel.title"}),
            ],
            className="console",
        ),
        strip(),
        html.Dialog(id="sheet"),
        live=True,
        middle=(counts, devices, held),
    )
