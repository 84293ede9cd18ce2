"""A month's report on paper: A4, black on white, Korean type embedded, every figure with its sample and definition."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from console import words
from console.figure_text import NONE, change, number, sample, spread, value
from console.kpi_chart import Chart
from console.monthly import Month
from stream.clock import format_kst
from stream.kpi_road import EVENTS
from stream.kpi_table import GROUPS

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
INK, SOFT, LINE, TINT = (colors.HexColor(c) for c in ("#1b1f22", "#5b646b", "#c3c9ce", "#f4f5f6"))
WIDTH = A4[0] - 30 * mm
CHARTS = ("popup", "ack", "false_alarms", "load_operator", "uptime", "compliance", "risk", "reports")
TOP_RULES = 15
ALARMS = ("annunciated", "worst", "flood_minutes", "standing", "stale", "fleeting", "chattering")


@cache
def fonts() -> None:
    """Make the type known, once: a cut of Pretendard under a name of ours (docs/development.md)."""
    for name, cut in (("Print", "Regular"), ("Print-Bold", "Bold")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"GwanjePrint-{cut}.ttf")))
    pdfmetrics.registerFontFamily("Print", normal="Print", bold="Print-Bold", italic="Print", boldItalic="Print-Bold")


def _style(size: float, bold: bool = False, color: Any = INK, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"s{size}{bold}", fontName="Print-Bold" if bold else "Print", fontSize=size,
                          leading=size * 1.4, textColor=color, wordWrap="CJK", **more)


BODY, SMALL, HEAD, TITLE = (9.0, 7.5, 13.0, 20.0)


def text(said: str, size: float = BODY, bold: bool = False, color: Any = INK, **more: Any) -> Paragraph:
    """A paragraph of plain text: what stands in it is never markup."""
    return Paragraph(escape(said), _style(size, bold, color, **more))


def rows_table(rows: list[list[Any]], widths: list[float]) -> Table:
    """A table with a head that is repeated on each page; the first column is left, the rest right."""
    head = [text(cell, SMALL, True, SOFT) for cell in rows[0]]
    made = Table([head, *rows[1:]], colWidths=[WIDTH * w for w in widths], repeatRows=1)
    made.setStyle(TableStyle([
        ("FONT", (0, 0), (-1, -1), "Print", BODY), ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("BACKGROUND", (0, 0), (-1, 0), TINT),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]))
    return made


def report(month: Month, lang: str) -> bytes:
    """The PDF. The same month and moment give the same bytes."""
    fonts()
    out = io.BytesIO()
    title = words.say(lang, "kpi.report_title", city=words.say(lang, "bar.city"), month=month.month)
    made = SimpleDocTemplate(out, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=16 * mm,
                             bottomMargin=16 * mm, title=title, author=words.say(lang, "bar.city"), invariant=1)
    foot = _foot(title, lang)
    made.build([*_front(month, title, lang), *_summary(month, lang), PageBreak(), *_courses(month, lang),
                *_tables(month, lang), PageBreak(), *_definitions(month, lang)], onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _foot(title: str, lang: str) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont("Print", SMALL)
        canvas.setFillColor(SOFT)
        canvas.drawString(15 * mm, 9 * mm, title)
        canvas.drawRightString(A4[0] - 15 * mm, 9 * mm, str(document.page))

    return draw


def _front(month: Month, title: str, lang: str) -> list[Flowable]:
    span = words.say(lang, "kpi.report_span", frm=format_kst(month.frm)[:16].replace("T", " "),
                     to=format_kst(month.to)[:16].replace("T", " "), made=format_kst(month.made)[:16].replace("T", " "))
    marks = [text(words.say(lang, "kpi.report_simulated"), BODY, True)] if month.simulated else []
    return [text(title, TITLE, True), text(span, BODY, color=SOFT), *marks, Spacer(1, 4 * mm)]


def _summary(month: Month, lang: str) -> list[Flowable]:
    last, parts = {row["name"]: row for row in month.before}, list[Flowable]()
    columns = ("kpi.report_figure", "kpi.report_value", "kpi.report_sample", "kpi.report_spread", "kpi.report_before",
               "kpi.report_change")
    head = [words.say(lang, key) for key in columns]
    for group in GROUPS:
        rows: list[list[Any]] = [head]
        for row in (f for f in month.figures if f["group"] == group):
            before = last[row["name"]]
            rows.append([text(words.say(lang, f"kpi.{row['name']}")), text(value(row, lang), BODY, True), sample(row),
                         spread(row, lang), value(before, lang) if before["value"] is not None else NONE,
                         change(row, before, lang)])
        widths = [0.27, 0.15, 0.19, 0.17, 0.12, 0.10]
        heading = text(words.say(lang, f"kpi.group_{group}"), HEAD, True, spaceBefore=6, spaceAfter=3)
        parts.append(KeepTogether([heading, rows_table(rows, widths)]))
    return parts


def _courses(month: Month, lang: str) -> list[Flowable]:
    """Small charts by day, two in a row."""
    titles = {row["name"]: words.say(lang, f"kpi.{row['name']}") for row in month.figures}
    charts = [Chart(titles[name], name, month.days, WIDTH / 2 - 3 * mm, 42 * mm, lang) for name in CHARTS]
    pairs = [[charts[n], charts[n + 1]] for n in range(0, len(charts), 2)]
    grid = Table(pairs, colWidths=[WIDTH / 2] * 2)
    grid.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 8)]))
    return [text(words.say(lang, "kpi.report_courses"), HEAD, True, spaceAfter=4), grid]


def _tables(month: Month, lang: str) -> list[Flowable]:
    return [PageBreak(), *_rules(month, lang), *_alarms(month, lang), *_zones(month, lang)]


def _rules(month: Month, lang: str) -> list[Flowable]:
    told = month.view["false_alarms"]["by_rule"]
    keys = ("kpi.rule", "kpi.times", "kpi.false_alarms", "kpi.report_spread")
    rows: list[list[Any]] = [[words.say(lang, key) for key in keys]]
    for rule, seen in sorted(month.view["road"].items(), key=lambda r: (-r[1]["n"], r[0]))[:TOP_RULES]:
        f = told.get(rule)
        judged = f is not None and f["n"]
        rows.append([text(_rule(rule, lang)), number(seen["n"], 0),
                     f"{number(f['rate'] * 100)}% ({f['k']}/{f['n']})" if judged else NONE,
                     f"{number(f['low'] * 100)}%–{number(f['high'] * 100)}%" if judged else NONE])
    return [text(words.say(lang, "kpi.by_rule"), HEAD, True, spaceAfter=3), rows_table(rows, [0.4, 0.15, 0.25, 0.2])]


def _alarms(month: Month, lang: str) -> list[Flowable]:
    rows: list[list[Any]] = [[words.say(lang, "kpi.alarm"), words.say(lang, "kpi.alarm_n")]]
    for name in ALARMS:
        told = month.alarms[name]
        said = f"{told['k']} / {told['n']}" if isinstance(told, dict) else number(told, 2)
        rows.append([text(words.say(lang, f"kpi.alarm_{name}")), said])
    heading = text(words.say(lang, "kpi.alarms"), HEAD, True, spaceBefore=10, spaceAfter=3)
    return [KeepTogether([heading, rows_table(rows, [0.7, 0.3])])]


def _zones(month: Month, lang: str) -> list[Flowable]:
    names = {a["id"]: a["name"] for a in month.areas}
    keys = ("kpi.zone", "kpi.vehicles", "kpi.compliance", "kpi.mean_speed", *(f"kpi.{name}" for name in EVENTS))
    rows: list[list[Any]] = [[words.say(lang, key) for key in keys]]
    for id, zone in month.view["school"]["zones"].items():
        kept, kph = zone["compliance"]["rate"], zone["mean_kph"]
        rows.append([
            text(names.get(id, id)), number(zone["vehicles"], 0), NONE if kept is None else f"{number(kept * 100)}%",
            NONE if kph is None else number(kph),
            *(number(e["n"], 0) if e["per_1000"] is None else f"{number(e['per_1000'], 2)} ({number(e['n'], 0)})"
              for e in (zone[name] for name in EVENTS)),
        ])
    heading = text(words.say(lang, "kpi.by_zone"), HEAD, True, spaceBefore=10, spaceAfter=3)
    if len(rows) == 1:
        return [heading, text(words.say(lang, "kpi.none"))]
    return [heading, rows_table(rows, [0.28, 0.1, 0.09, 0.09, 0.13, 0.1, 0.11, 0.1])]


def _definitions(month: Month, lang: str) -> list[Flowable]:
    rows: list[list[Any]] = [[words.say(lang, "kpi.report_figure"), words.say(lang, "kpi.definition")]]
    for key in (f"kpi.{row['name']}" for row in month.figures):
        rows.append([text(words.say(lang, key), SMALL, True), text(words.say(lang, f"{key}_is"), SMALL)])
    return [text(words.say(lang, "kpi.report_definitions"), HEAD, True, spaceAfter=3), rows_table(rows, [0.28, 0.72])]


def _rule(rule: str, lang: str) -> str:
    found = words.say(lang, f"rule.{rule}")
    return rule if found == f"rule.{rule}" else found
