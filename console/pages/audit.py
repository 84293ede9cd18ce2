"""`/audit`: who looked at what, who did what, and when: search, a month's review, the check of the record chain."""

from __future__ import annotations

from typing import Any

from dash import html

from console.audit import GROUPS, REASONS
from console.parts import page, table, word

NAMES = ("audit",)
COLUMNS = ("audit.at", "audit.by", "audit.deed", "audit.subject", "audit.what", "audit.address")
REVIEW = ("audit.by", "audit.n", "audit.logins", "audit.looks", "audit.night", "audit.exports", "audit.refused")


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Search form and table; beside each other the review of a month and the check of the chain."""
    rows = html.Div(table("audit-table", COLUMNS), className="scroll-pane still", tabIndex=0)
    asked = {f"data-{group}": " ".join(deeds) for group, deeds in GROUPS.items()} | {"data-reasons": " ".join(REASONS)}
    search = [html.Div(id="search", **asked), rows, html.Div(id="audit-more")]
    review = [word("audit.review", html.H2), word("audit.review_lead", html.P, className="lead"),
              html.Div(id="month-review"), table("review-table", REVIEW), html.Div(id="review-often")]  # fmt: skip
    chain = [word("audit.chain", html.H2), word("audit.chain_lead", html.P, className="lead"), html.Div(id="chain")]
    checks = html.Div([html.Section(review), html.Section(chain)], className="checks")
    content = [word("audit.title", html.H1), html.Section(search), checks]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)
