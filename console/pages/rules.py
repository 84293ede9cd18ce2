"""`/rules`: the algorithm register: each rule's purpose, thresholds and their source, severity, version, results."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, word

NAMES = ("rules",)


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """An entry a rule, drawn from the register."""
    return page(
        name,
        html.Main(
            [word("rules.title", html.H1), word("rules.lead", html.P, className="lead"),
             html.Div(id="register-search", className="line-form"), html.Div(id="register")],
            className="sheet-page", tabIndex=0,
        ),
        live=True, office=True,
    )
