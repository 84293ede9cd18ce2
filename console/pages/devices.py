"""`/devices`: what each source does: state, last word, battery, clock, gaps; and messages put aside."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("devices",)
COLUMNS = ("devices.state", "devices.source", "devices.of", "devices.last", "devices.battery", "devices.clock", "devices.gaps")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Table of devices, sums above it."""
    return page(
        name,
        html.Main([word("devices.title", html.H1), html.Div(id="sums"), table("device-table", COLUMNS)], className="sheet-page"),
        live=True,
    )
