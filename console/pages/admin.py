"""`/admin`: accounts: who may sign in, in which role; new ones and disabling."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("admin",)
COLUMNS = ("admin.user", "admin.role", "admin.scope", "admin.state", "admin.act")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """The list and the form for a new account."""
    content = [word("admin.title", html.H1), html.Div(id="new-account"), table("account-table", COLUMNS),
               word("admin.approvals", html.H2), html.Div(id="approvals")]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)
