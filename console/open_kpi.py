"""The public version of the figures: a plain page, the same as JSON, and as a table; of whole months that are over.

Anybody may read it, so it costs nothing to ask: a month is counted once a day and kept.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from console import words
from console.access import language
from console.api import reply
from console.figure_text import NONE, number, value
from console.house import House
from console.kpi_csv import BOM, safe
from console.problems import Problem
from console.school import day_start
from stream.kpi_public import by_dong, public
from stream.kpi_span import month_before, month_of, month_span
from stream.kpi_table import GROUPS

MONTHS = 24
COLUMNS = ("road", "care", "reports")
LANGS = (("ko", "한국어"), ("en", "English"))


class Public:
    """Months as anybody may read them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._held: dict[str, dict[str, Any]] = {}
        self._day = 0

    def months(self) -> list[str]:
        """The months there are, the newest first: over, within two years, not before the journal began."""
        found, at, first = list[str](), self._house.clock.now(), self._house.kpi.first
        month = month_before(at)
        while first and len(found) < MONTHS and month >= month_of(first):
            found.append(month)
            month = month_before(month_span(month)[0])
        return found

    def view(self, month: str) -> dict[str, Any]:
        """``{month, figures, dongs}``; Problem 404 for a month that is not there."""
        if month not in self.months():
            raise Problem(404)
        today = day_start(self._house.clock.now())
        if self._day != today:
            self._day, self._held = today, {}
        if month not in self._held:
            kpi, (frm, to) = self._house.kpi, month_span(month)
            self._held[month] = {
                "month": month,
                "figures": public(kpi.indicators(kpi.view(frm, to))),
                "dongs": by_dong(kpi.by_dong(frm, to, self._house.city.dongs())),
            }
        return self._held[month]

    def asked(self) -> dict[str, Any]:
        """The month of the request, the newest when it names none."""
        month = request.args.get("month") or next(iter(self.months()), "")
        return self.view(month)


def class_text(found: dict[str, Any] | None, lang: str) -> str:
    """A class of counts in words; a dash when the month's column is hidden."""
    if found is None:
        return NONE
    if not found["least"]:
        return words.say(lang, "kpi.few")
    return f"{found['least']}+" if found["most"] is None else f"{found['least']}–{found['most']}"


def figure_text(row: dict[str, Any], lang: str) -> str:
    """A public figure in words."""
    return words.say(lang, "kpi.few_hidden") if row["few"] else value(row, lang)


def table(view: dict[str, Any], lang: str) -> bytes:
    """The month for a spreadsheet: figures, then the dong."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([words.say(lang, f"kpi.csv_{c}") for c in ("name", "title", "unit", "value", "n")])
    for row in view["figures"]:
        told = ("", "") if row["few"] else ("" if row[f] is None else row[f] for f in ("value", "n"))
        rows.writerow([row["name"], words.say(lang, f"kpi.{row['name']}"), row["unit"], *told])
    rows.writerow([])
    rows.writerow([words.say(lang, "kpi.dongs"), *(words.say(lang, f"kpi.open_{c}") for c in COLUMNS)])
    for dong, row in view["dongs"].items():
        rows.writerow([safe(dong), *(class_text(row[c], lang) for c in COLUMNS)])
    return (BOM + out.getvalue()).encode()


def blueprint(house: House) -> Blueprint:
    """The routes; who may ask stands in the matrix."""
    routes, held = Blueprint("open_kpi", __name__), Public(house)

    @routes.get("/open/kpi")
    def page() -> Response:
        lang, months = language(request), held.months()
        view = held.asked() if months else None
        groups = [(g, [r for r in view["figures"] if r["group"] == g]) for g in GROUPS] if view else []
        return make_response(render_template(
            "open_kpi.html", lang=lang, langs=LANGS, say=lambda key, **a: words.say(lang, key, **a), months=months,
            view=view, groups=[(g, rows) for g, rows in groups if rows], columns=COLUMNS, simulated=house.simulated,
            told=lambda row: figure_text(row, lang), sample=lambda row: number(row["n"], 0) if row["n"] else NONE,
            class_text=lambda found: class_text(found, lang)))

    @routes.get("/api/v1/open/kpi")
    def figures() -> Response:
        return reply(held.asked() | {"months": held.months()})

    @routes.get("/api/v1/open/kpi/export")
    def export() -> Response:
        view = held.asked()
        return Response(table(view, language(request)), content_type="text/csv; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="open-kpi-{view["month"]}.csv"'})

    return routes
