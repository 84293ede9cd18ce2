"""`/audit`: who looked at what and when: search in the records of access, sign-ins and refusals."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("audit",)
COLUMNS = ("audit.at", "audit.kind", "audit.by", "audit.subject", "audit.what")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Search form and table."""
    content = [word("audit.title", html.H1), html.Div(id="search"), table("audit-table", COLUMNS)]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)
