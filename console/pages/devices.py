"""`/devices`: what each source does: state, last word, battery, clock, gaps; and messages put aside."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("devices",)
COLUMNS = tuple(f"devices.{name}" for name in ("state", "source", "of", "last", "battery", "clock", "gaps"))


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Table of devices, sums above it."""
    content = [word("devices.title", html.H1), html.Div(id="sums"), table("device-table", COLUMNS)]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)
