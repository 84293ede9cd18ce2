"""`/school/<zone>`: the board in a teachers' room: counts of the day, small numbers hidden, no people, no alarms."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page

NAMES = ("school",)


def layout(seat: Any, name: str, zone: str = "", **_query: Any) -> Any:
    """The board of `zone`, light by day."""
    return page(name, html.Main(id="board", className="board", **{"data-zone": zone}), live=True)
