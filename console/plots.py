"""Plots of the figures, drawn to be read across a room: dark, grey until it matters, one colour for what is compared.

``px`` is the size of the page's type, so that a plot grows with the screen it is on.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from console import words
from stream.clock import format_kst
from stream.kpi_road import EVENTS
from stream.kpi_use import CALM, FLOOD

SLOT_MS = 600_000
INK = {"text": "#e4e8eb", "text2": "#aab3ba", "line": "#3a4147", "grid": "#262b30", "bar": "#8a949c",
       "ground": "#1d2125", "flood": "#f08c3a", "pick": "#8ab4f8"}  # the tokens of assets/10-look.css
SHADES = ("#e4e8eb", "#aab3ba", "#8a949c", "#5b646b")
PATTERNS = ("", "/", ".", "x")
MOST_RULES, MOST_TICKS = 12, 7
FAMILY = "Pretendard Variable, Noto Sans CJK KR, sans-serif"


def plot(title: str, px: int, *traces: Any, **layout: Any) -> go.Figure:
    """A figure in the look of the house."""
    figure = go.Figure(list(traces))
    font = {"family": FAMILY, "color": INK["text2"], "size": px}
    figure.update_layout(
        title={"text": title, "font": {"size": round(px * 1.25), "color": INK["text"]}, "x": 0.02},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font=font, bargap=0.15, showlegend=False,
        margin={"l": px * 4, "r": px * 2, "t": px * 4, "b": px * 3}, **layout,
    )
    figure.update_xaxes(gridcolor=INK["grid"], linecolor=INK["line"], zeroline=False)
    figure.update_yaxes(gridcolor=INK["grid"], rangemode="tozero", zeroline=False)
    return figure


def nothing(title: str, lang: str, px: int) -> go.Figure:
    """The same plot when there is no sample: it says so and keeps its place."""
    figure = plot(title, px)
    figure.add_annotation(text=words.say(lang, "kpi.none"), showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5,
                          font={"size": px * 1.25, "color": INK["text2"]})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def load_figure(slots: list[int], frm_ms: int, lang: str, px: int = 15) -> go.Figure:
    """Annunciations by slot of ten minutes as bars, with EEMUA's two lines; times on the axis are Korea's."""
    # texts without a zone: numbers would be shifted by the browser's own
    at = [format_kst((frm_ms + n * SLOT_MS) * 1000)[:19] for n in range(len(slots))]
    bars = go.Bar(x=at, y=slots, marker_color=[INK["flood"] if n > FLOOD else INK["bar"] for n in slots])
    figure = plot(words.say(lang, "kpi.load_title"), px, bars)
    for value, key in ((CALM, "kpi.calm_line"), (FLOOD, "kpi.flood_line")):
        figure.add_hline(
            y=value, line={"color": INK["text2"], "dash": "dot"}, annotation_text=words.say(lang, key),
            annotation_font_color=INK["text"], annotation_position="top left", annotation_bgcolor=INK["ground"],
        )
    figure.update_xaxes(type="date", tickformat="%H:%M\n%m-%d")
    figure.update_yaxes(range=[0, max(FLOOD + 2, *slots)])
    return figure


def trend_figure(series: list[dict[str, Any]], name: str, lang: str, px: int = 15) -> go.Figure:
    """One indicator by day, week or month, with its 95 % interval where it has one; p95 beside a median."""
    rows = [(row["from"], next(f for f in row["figures"] if f["name"] == name)) for row in series]
    found = [(at, f) for at, f in rows if f["value"] is not None]
    title = f"{words.say(lang, 'kpi.trend')} · {words.say(lang, f'kpi.{name}')}"
    if not found:
        return nothing(title, lang, px)
    unit, scale, suffix = found[0][1]["unit"], *_scale(found[0][1]["unit"], lang)
    x = [format_kst(at)[:10] for at, _ in found]
    y = [f["value"] * scale for _, f in found]
    bars = None
    if unit == "rate":
        bars = {"type": "data", "symmetric": False, "color": INK["text2"], "thickness": 2,
                "array": [max(0.0, f["high"] * scale - v) for (_, f), v in zip(found, y, strict=True)],
                "arrayminus": [max(0.0, v - f["low"] * scale) for (_, f), v in zip(found, y, strict=True)]}
    line = go.Scatter(x=x, y=y, error_y=bars, mode="lines+markers", line={"color": INK["pick"], "width": 3},
                      marker={"size": px * 0.7})
    traces = [line]
    if found[0][1]["p95"] is not None:
        tail = [f["p95"] * scale for _, f in found]
        dots = {"color": INK["bar"], "dash": "dot"}
        traces.append(go.Scatter(x=x, y=tail, mode="lines+markers", name=words.say(lang, "kpi.csv_p95"), line=dots))
    figure = plot(title, px, *traces)
    step = -(-len(x) // MOST_TICKS)
    figure.update_xaxes(type="category", tickvals=x[::step], ticktext=[day[2:] for day in x[::step]], tickangle=0)
    figure.update_yaxes(ticksuffix=suffix)
    return figure


def false_figure(by_rule: dict[str, Any], lang: str, px: int = 15) -> go.Figure:
    """False-alarm rate by rule with its 95 % interval, the most verdicts on top."""
    title = words.say(lang, "kpi.false_title")
    rows = sorted(((rule, f) for rule, f in by_rule.items() if f["n"]), key=lambda r: (r[1]["n"], r[0]))[-MOST_RULES:]
    if not rows:
        return nothing(title, lang, px)
    rates = [f["rate"] * 100 for _, f in rows]
    names = [f"{_rule(rule, lang)} ({f['k']}/{f['n']})" for rule, f in rows]
    bars = {"type": "data", "symmetric": False, "color": INK["text2"], "thickness": 2,
            "array": [max(0.0, f["high"] * 100 - v) for (_, f), v in zip(rows, rates, strict=True)],
            "arrayminus": [max(0.0, v - f["low"] * 100) for (_, f), v in zip(rows, rates, strict=True)]}
    dots = go.Scatter(x=rates, y=names, error_x=bars, mode="markers", marker={"size": px, "color": INK["pick"]})
    figure = plot(title, px, dots)
    figure.update_xaxes(range=[0, 100], ticksuffix="%")
    figure.update_yaxes(automargin=True, rangemode="normal")
    return figure


def school_figure(by_hour: list[dict[str, Any]], lang: str, px: int = 15) -> go.Figure:
    """A school zone's day: events per 1,000 vehicles by hour, stacked, and the share that kept the limit as a line."""
    title = words.say(lang, "kpi.school_title")
    if not any(row["vehicles"] for row in by_hour):
        return nothing(title, lang, px)
    hours = list(range(24))
    traces: list[Any] = [
        go.Bar(x=hours, y=[row[name]["per_1000"] or 0 for row in by_hour], name=words.say(lang, f"kpi.{name}"),
               marker={"color": shade, "pattern": {"shape": pattern}})
        for name, shade, pattern in zip(EVENTS, SHADES, PATTERNS, strict=True)
    ]
    kept = [None if row["compliance"]["rate"] is None else row["compliance"]["rate"] * 100 for row in by_hour]
    traces.append(go.Scatter(x=hours, y=kept, name=words.say(lang, "kpi.compliance"), yaxis="y2", mode="lines+markers",
                             line={"color": INK["pick"], "width": 3}, marker={"size": px * 0.6}))
    second = {"overlaying": "y", "side": "right", "range": [0, 105], "showgrid": False,
              "tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}
    figure = plot(title, px, *traces, barmode="stack", yaxis2=second)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.2})
    figure.update_xaxes(tickvals=hours[::2], range=[-0.6, 23.6])
    return figure


def _scale(unit: str, lang: str) -> tuple[float, str]:
    """By what a value is multiplied for the axis, and what stands behind it."""
    seconds = words.say(lang, "unit.seconds", n="")
    return {"rate": (100.0, "%"), "share": (100.0, "%"), "ms": (1.0, "ms"), "s": (1.0, seconds),
            "kph": (1.0, "km/h")}.get(unit, (1.0, ""))


def _rule(rule: str, lang: str) -> str:
    found = words.say(lang, f"rule.{rule}")
    return rule if found == f"rule.{rule}" else found
