"""`/quarantine`: what could not be taken in: from whom, why, whose fault that is, what to do."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("quarantine",)
COLUMNS = tuple(f"quarantine.{name}" for name in ("source", "n", "last", "why", "whose", "todo", "act"))


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """The groups by source and reason; beneath them the bytes of one that is looked at."""
    content = [word("quarantine.title", html.H1), word("quarantine.lead", html.P, className="lead"),
               html.Div(id="quarantine-sums", className="spans"), table("quarantine-table", COLUMNS),
               html.Section(id="quarantine-raw", hidden=True)]  # fmt: skip
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True, office=True)
