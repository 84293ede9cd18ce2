"""`/kpi`: every indicator of the city's plan with its definition one click away, by span and area, and its plots."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, dcc, html, no_update

from console import access, plots, words
from console.api_kpi import cut
from console.areas import areas_of
from console.parts import button, graph, page, table, word
from stream.kpi_span import PARTS
from stream.kpi_table import BY_NAME

NAMES = ("kpi",)
SPANS = ("shift", "day", "week", "month", "last_month")
RULE_COLUMNS = ("kpi.rule", "kpi.times", "kpi.false_alarms")
ZONE_COLUMNS = ("kpi.zone", "kpi.vehicles", "kpi.compliance", "kpi.mean_speed", "kpi.speeding", "kpi.signal",
                "kpi.jaywalking", "kpi.risk")  # fmt: skip
MARGIN_COLUMNS = ("kpi.site", "kpi.times", "kpi.pet", "kpi.vehicle_first", "kpi.pcr_high")
ALARM_COLUMNS = ("kpi.alarm", "kpi.alarm_n")
GRAPHS = ("kpi-load-graph", "kpi-trend-graph", "kpi-false-graph", "kpi-school-graph")
PX = (10, 40)  # bounds of the type size a browser may ask for


def layout(seat: Any, name: str, **_query: Any) -> Any:
    """Pickers, tiles of numbers, plots, tables."""
    spans = [html.Button(type="button", **{"data-span": s, "data-word": f"kpi.span_{s}"}) for s in SPANS]
    parts = [html.Button(type="button", **{"data-by": by, "data-word": f"kpi.by_{by}"}) for by in PARTS]
    area = html.Label([word("kpi.area"), html.Select(id="kpi-area")], className="picker")
    pickers = html.Div(
        [
            html.Div(spans, className="spans", role="group", **{"data-label": "kpi.span"}),
            html.Div(parts, className="spans", role="group", **{"data-label": "kpi.by"}),
            area,
            _link("kpi-csv", "/api/v1/kpi/export", "kpi.export_csv"),
            html.Label([word("kpi.month"), html.Select(id="kpi-month")], className="picker"),
            _link("kpi-pdf", "/api/v1/kpi/report", "kpi.export_pdf"),
            _link("kpi-open", "/open/kpi", "kpi.export_open"),
            html.Span(id="kpi-file", role="status", className="unseen"),
        ],
        className="pickers",
    )
    head = html.Div([word("kpi.title", html.H1), pickers], className="head")
    trouble = html.Div([word("kpi.error"), button("kpi-again", "kpi.again")], id="kpi-error", hidden=True, role="alert")
    waiting = word("load.waiting", html.P, className="empty")
    tiles = html.Div(waiting, id="kpi-tiles", **{"aria-busy": "true"})
    content = [
        head, trouble, tiles, dcc.Store(id="kpi-asked"),
        dcc.Store(id="kpi-trend"), html.Div([graph(one) for one in GRAPHS], className="plots"),
        html.Div(
            [
                _section("kpi.by_rule", table("kpi-rules", RULE_COLUMNS)),
                _section("kpi.alarms", table("kpi-alarms", ALARM_COLUMNS)),
            ],
            className="pair",
        ),
        _section("kpi.by_zone", table("kpi-zones", ZONE_COLUMNS)),
        _section("kpi.margins", table("kpi-margins", MARGIN_COLUMNS)),
    ]
    return page(name, html.Main(content, className="sheet-page", tabIndex=0), live=True, office=True)


def _link(id: str, href: str, key: str) -> Any:
    return word(key, html.A, id=id, href=href, className="push")


def _section(key: str, body: Any) -> Any:
    return html.Section([word(key, html.H2), body])


def span_of(asked: dict[str, Any]) -> tuple[int, int, str, str, int]:
    """What a page asked for: from and to (ms), area, language, type size; junk becomes what is usual."""
    lang = asked.get("lang") if asked.get("lang") in words.LANGS else access.seat().lang
    px = min(max(int(asked.get("px") or 15), PX[0]), PX[1])
    return int(asked["from"]), int(asked["to"]), str(asked.get("area") or ""), str(lang), px


def bind(app: Any, house: Any) -> None:
    """The plots are drawn when a person has chosen a span, area or tile (`assets/rooms/kpi.js` sets the stores)."""

    def view(asked: dict[str, Any]) -> dict[str, Any]:
        frm, to, area, _, _ = span_of(asked)
        known = area if area in {row["id"] for row in areas_of(house.city)} else ""
        return house.kpi.view(*cut(house, frm * 1000, to * 1000), known) | {"known": known}

    @app.callback(Output("kpi-load-graph", "figure"), Input("kpi-asked", "data"))
    def draw_load(asked: dict[str, Any] | None) -> Any:
        if not asked:
            return no_update
        *_, lang, px = span_of(asked)
        told = view(asked)
        return plots.load_figure(told["load"]["slots"], told["load"]["from_ms"], lang, px)

    @app.callback(Output("kpi-false-graph", "figure"), Input("kpi-asked", "data"))
    def draw_false(asked: dict[str, Any] | None) -> Any:
        if not asked:
            return no_update
        *_, lang, px = span_of(asked)
        return plots.false_figure(view(asked)["false_alarms"]["by_rule"], lang, px)

    @app.callback(Output("kpi-school-graph", "figure"), Input("kpi-asked", "data"))
    def draw_school(asked: dict[str, Any] | None) -> Any:
        if not asked:
            return no_update
        *_, lang, px = span_of(asked)
        return plots.school_figure(view(asked)["school"]["all"]["by_hour"], lang, px)

    @app.callback(Output("kpi-trend-graph", "figure"), Input("kpi-trend", "data"))
    def draw_trend(asked: dict[str, Any] | None) -> Any:
        if not asked or asked.get("name") not in BY_NAME or asked.get("by") not in PARTS:
            return no_update
        frm, to, area, lang, px = span_of(asked)
        known = area if area in {row["id"] for row in areas_of(house.city)} else ""
        series = house.kpi.series(*cut(house, frm * 1000, to * 1000), asked["by"], known)
        return plots.trend_figure(series, asked["name"], lang, px)
