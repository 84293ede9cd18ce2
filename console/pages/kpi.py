"""`/kpi`: the indicators of the operation, each with its definition one click away."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, word

NAMES = ("kpi",)
SPANS = ("shift", "day", "week", "month")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Tiles of numbers and the load over time, for the span chosen above them."""
    spans = [
        html.Button(type="button", **{"data-span": span, "data-word": f"kpi.span_{span}"}) for span in SPANS
    ]
    head = html.Div([word("kpi.title", html.H1), html.Div(spans, className="spans", role="group")], className="head")
    return page(name, html.Main([head, html.Div(id="kpi-tiles")], className="sheet-page", tabIndex=0), live=True)
