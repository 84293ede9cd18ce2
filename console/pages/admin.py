"""`/admin`: who may sign in and as what; tokens for events and boards; approvals that wait; zones and their limits."""

from __future__ import annotations

from typing import Any

from dash import html

from console.parts import page, table, word

NAMES = ("admin",)
COLUMNS = ("admin.user", "admin.role", "admin.state", "admin.act")
TOKENS = ("admin.token_name", "admin.token_kind", "admin.prefix", "admin.made_at", "admin.until", "admin.act")
ZONES = ("admin.zone", "admin.zone_id", "admin.limit", "admin.by_hour", "admin.crosswalks")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Accounts with the form for a new one, tokens likewise, what waits for a second person, the zones."""
    accounts = [word("admin.title", html.H1), word("admin.lead", html.P, className="lead"),
                word("admin.audit_by", html.P, className="hint"),
                word("quarantine.link", html.A, href="/quarantine", className="beside"), html.Div(id="new-account"),
                html.Div(id="account-secret"), table("account-table", COLUMNS)]  # fmt: skip
    waiting = [word("admin.approvals", html.H2), html.Div(id="approvals")]
    tokens = [word("admin.tokens", html.H2), word("admin.tokens_lead", html.P, className="lead"),
              html.Div(id="new-token"), html.Div(id="token-secret"), table("token-table", TOKENS)]  # fmt: skip
    zones = [word("admin.zones", html.H2), word("admin.zones_lead", html.P, className="lead"),
             table("zone-table", ZONES)]  # fmt: skip
    content = [html.Section(part, className="held") for part in (accounts, waiting, tokens, zones)]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)
