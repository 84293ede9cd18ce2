"""`/devices`: what is held back now, and what each source does: state, last word, battery, clock, gaps."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("devices",)
COLUMNS = tuple(
    f"devices.{name}"
    for name in ("state", "source", "of", "last", "battery", "clock", "gaps", "verdicts", "window", "act")
)

HELD = tuple(f"suppressed.{name}" for name in ("what", "whom", "why", "since", "until", "n", "undo"))


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """The one list of what is held back with the form for windows; the table of devices, search and sums above it."""
    held = [word("suppressed.title", html.H1), word("suppressed.lead", html.P, className="lead"),
            html.Div(id="new-window"), table("suppressed-table", HELD)]  # fmt: skip
    sources = [word("devices.title", html.H1), word("quarantine.link", html.A, href="/quarantine", className="beside"),
               html.Div(id="device-search", className="line-form"), html.Div(id="sums"), table("device-table", COLUMNS)]
    content = [html.Section(held, className="held"), html.Section(sources)]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True, office=True)
