"""Routes of the figures: the indicators of a span, by day, week or month, of the whole city, a dong or a zone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from console.access import seat
from console.api import Api, chosen, moment, reply
from console.api_incidents import looked
from console.areas import areas_of
from console.house import House
from console.kpi_csv import table
from console.kpi_pdf import report
from console.monthly import gather
from console.problems import Problem
from console.school import DAY_US, day_start
from stream.clock import format_kst
from stream.kpi_span import PARTS, month_before, month_span


def asked(house: House) -> tuple[int, int, str]:
    """From, to and area of the request; Problem 400 when they make no sense."""
    now = house.clock.now()
    frm, to = moment("from", day_start(now)), moment("to", now)
    if frm >= to:
        raise Problem(400, detail="from: not before to")
    area = request.args.get("area", "")
    if area and area not in {row["id"] for row in areas_of(house.city)}:
        raise Problem(400, detail=f"area: {area[:80]!r}; allowed: a dong or a zone of the city")
    return frm, to, area


def cut(house: House, frm: int, to: int) -> tuple[int, int]:
    """The part of a span that anything can be known of: from the day before the journal began to a day from now."""
    begin = max(frm, house.kpi.first - DAY_US)
    end = min(to, house.clock.now() + DAY_US)
    return (begin, end) if begin < end else (frm, frm + 1)


def told(house: House, frm: int, to: int, area: str, by: str | None) -> dict[str, Any]:
    """The figures as the API tells them."""
    begin, end = cut(house, frm, to)
    view = house.kpi.view(begin, end, area)
    series = house.kpi.series(begin, end, by, area) if by else []
    rows = [row | {"from": format_kst(row["from"]), "to": format_kst(row["to"])} for row in series]
    return view | {
        "from": format_kst(frm), "to": format_kst(to), "indicators": house.kpi.indicators(view), "series": rows,
        "first_ms": house.kpi.first // 1000 or None, "alarm_load": house.kpi.alarm_load(begin, end),
        "areas": areas_of(house.city),
        "sites": {site: house.city.sites[site].name for site in view["margins"] if site in house.city.sites},
    }


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("kpi", __name__)

    @routes.get("/api/v1/kpi")
    def kpi() -> Response:
        by = chosen("by", {part: part for part in PARTS})
        return reply(told(api.house, *asked(api.house), by))

    @routes.get("/api/v1/kpi/export")
    def export() -> Response:
        frm, to, area = asked(api.house)
        by = chosen("by", {part: part for part in PARTS}) or "day"
        spans = api.house.kpi.series(*cut(api.house, frm, to), by, area)
        looked(api, "kpi", seat().user, what="export", code="csv")
        name = f"kpi-{format_kst(frm)[:10]}-{format_kst(to)[:10]}.csv"
        return _file(table(spans, area, areas_of(api.house.city), seat().lang), "text/csv; charset=utf-8", name)

    @routes.get("/api/v1/kpi/report")
    def monthly() -> Response:
        now = api.house.clock.now()
        month = request.args.get("month") or month_before(now)
        try:
            month_span(month)
        except ValueError:
            raise Problem(400, detail=f"month: {month[:20]!r}; allowed: YYYY-MM") from None
        found = gather(api.house.kpi, api.house.city, month, now, api.house.simulated)
        looked(api, "kpi", seat().user, what="export", code="pdf")
        return _file(report(found, seat().lang), "application/pdf", f"kpi-{month}.pdf")

    return routes
