"""Building blocks of the pages: frames without words and without data.

A page's layout is static and the same for everyone: `data-word` names the catalogue key whose text the browser puts
in (so the language changes without a reload, and no layout route can leak anything). What changes by itself is drawn
by the modules of `assets/` into the empty elements that stand here.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

Part = Any  # a Dash component, a string or None


def word(key: str, tag: Any = html.Span, **attrs: Any) -> Part:
    """An element whose text is the catalogue's word `key`."""
    return tag(**{"data-word": key, **attrs})


def testid(name: str, tag: Any = html.Div, *children: Part, **attrs: Any) -> Part:
    """An element that browser tests hold on to by `data-testid` (CONTRACT section 5)."""
    return tag(list(children) or None, **{"data-testid": name, **attrs})


def icon(name: str) -> Part:
    """An icon of the sprite: a span that `dom.js` fills with `<use>` (Dash has no svg element of its own)."""
    return html.Span(className="icon", **{"data-icon": name})


def button(name: str, key: str, *, icon_name: str | None = None, **attrs: Any) -> Part:
    """A push button with id `name` and the word `key`, with an icon before it if named."""
    inside = ([icon(icon_name)] if icon_name else []) + [word(key)]
    return html.Button(inside, id=name, **{"type": "button", **attrs})


def bar(*middle: Part) -> Part:
    """The status bar of every page: city, clock, what the page adds, link, sound, person, language."""
    return html.Header(
        [
            html.Button([icon("menu")], id="menu", type="button", **{"data-label": "bar.menu"}),
            word("bar.city", className="city"),
            testid("clock", html.Span, className="clock"),
            html.Span(id="simulated", hidden=True, className="tag"),
            testid("crisis", html.Span, id="crisis", className="crisis", hidden=True, role="status"),
            html.Div(list(middle), className="middle"),
            testid("connection", html.Span, className="connection"),
            testid("latency", html.Span, className="latency"),
            html.Span(id="backlog", hidden=True, className="backlog"),
            html.Button(id="sound", type="button", hidden=True),
            html.Span(id="person", className="person"),
            html.Span(
                [
                    testid("lang-ko", html.Button, "한국어", type="button", lang="ko"),
                    testid("lang-en", html.Button, "EN", type="button", lang="en"),
                ],
                className="langs",
            ),
            html.Button([icon("log-out")], id="leave", type="button", **{"data-label": "bar.leave"}),
        ],
        id="bar",
    )


def page(name: str, *children: Part, live: bool = False, middle: tuple[Part, ...] = (), office: bool = False,
         **data: str) -> Part:
    """The frame of a page: bar, menu, stale banner, content. `live`: it holds a socket; `data`: its own `data-*`.

    `office`: no queue stands on it, so a strip of its own says what calls for a person now (`assets/live/alert.js`).
    """
    own = {f"data-{key}": value for key, value in data.items()}
    return html.Div(
        [
            bar(*middle),
            html.Nav(id="pages", hidden=True, **{"data-label": "bar.menu"}),
            testid("stale-banner", html.Div, className="stale-banner", hidden=True, role="alert"),
            html.Div(id="alert") if office else None,
            *children,
            html.Div(id="spoken", className="unseen", **{"aria-live": "assertive"}),
            html.Div(id="toasts", role="status"),
        ],
        id="page",
        className=f"page page-{name}",
        **{"data-page": name, "data-live": "1" if live else "", **own},
    )


def table(name: str, columns: tuple[str, ...], **attrs: Any) -> Part:
    """A table with its head that says it is being fetched; rows are drawn by the page's module into its body."""
    head = html.Thead(html.Tr([word(key, html.Th, scope="col") for key in columns]))
    waiting = html.Tr(word("load.waiting", html.Td, colSpan=len(columns), className="empty"))
    body = html.Tbody(waiting, id=f"{name}-rows")
    return html.Div(html.Table([head, body], id=name, **attrs), className="table-pane")


def graph(name: str) -> Part:
    """A plotly graph without tool bar, filled by a callback that a person starts; no white sheet until then."""
    axes = {axis: {"visible": False} for axis in ("xaxis", "yaxis")}
    bare = {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", **axes}}
    config = {"displayModeBar": False, "responsive": True}
    return dcc.Graph(id=name, figure=bare, config=config, style={"height": "22rem"})
