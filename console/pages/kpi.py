"""`/kpi`: the indicators of the operation, each with its definition one click away, and the load over time."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import Input, Output, dcc, html, no_update

from console import access, words
from console.parts import graph, page, table, word
from stream.clock import format_kst

NAMES = ("kpi",)
SPANS = ("shift", "day", "week", "month")
RULE_COLUMNS = ("kpi.rule", "kpi.times", "kpi.false_alarms")
FLOOD, CALM = 10, 1  # annunciations in ten minutes: a flood, and what one operator bears for long (EEMUA 191)
SLOT_MS = 600_000
INK = {"text": "#aab3ba", "line": "#3a4147", "grid": "#262b30", "bar": "#8a949c", "flood": "#f08c3a"}


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Tiles of numbers, the load, the rules; for the span chosen above them."""
    spans = [
        html.Button(type="button", **{"data-span": span, "data-word": f"kpi.span_{span}"}) for span in SPANS
    ]
    head = html.Div([word("kpi.title", html.H1), html.Div(spans, className="spans", role="group")], className="head")
    content = [
        head, html.Div(id="kpi-tiles"), dcc.Store(id="kpi-asked"), graph("kpi-load-graph"),
        table("kpi-rules", RULE_COLUMNS),
    ]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True)


def load_figure(slots: list[int], frm_ms: int, lang: str) -> go.Figure:
    """Annunciations by slot of ten minutes as bars, with EEMUA's two lines; times on the axis are Korea's."""
    # texts without a zone: numbers would be shifted by the browser's own
    at = [format_kst((frm_ms + n * SLOT_MS) * 1000)[:19] for n in range(len(slots))]
    figure = go.Figure(go.Bar(x=at, y=slots, marker_color=[INK["flood"] if n > FLOOD else INK["bar"] for n in slots]))
    for value, key in ((CALM, "kpi.calm_line"), (FLOOD, "kpi.flood_line")):
        figure.add_hline(
            y=value, line={"color": INK["line"], "dash": "dot"}, annotation_text=words.say(lang, key),
            annotation_font_color=INK["text"], annotation_position="top left",
        )
    font = {"family": "Pretendard Variable, Noto Sans CJK KR, sans-serif", "color": INK["text"], "size": 14}
    figure.update_layout(
        title=words.say(lang, "kpi.load_title"), paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font=font,
        margin={"l": 48, "r": 16, "t": 48, "b": 40}, bargap=0.1, showlegend=False,
    )
    figure.update_xaxes(type="date", tickformat="%H:%M\n%m-%d", gridcolor=INK["grid"])
    figure.update_yaxes(rangemode="tozero", range=[0, max(FLOOD + 2, *slots)], gridcolor=INK["grid"])
    return figure


def bind(app: Any, house: Any) -> None:
    """The graph is drawn when a person has chosen a span (`assets/rooms/kpi.js` sets the store)."""

    @app.callback(Output("kpi-load-graph", "figure"), Input("kpi-asked", "data"))
    def draw(asked: dict[str, Any] | None) -> Any:
        if not asked:
            return no_update
        frm, to = int(asked["from"]), int(asked["to"])
        figures = house.kpi.view(frm * 1000, to * 1000)
        lang = asked.get("lang") if asked.get("lang") in words.LANGS else access.seat().lang
        return load_figure(figures.get("load", {}).get("slots", [0]), frm, str(lang))
