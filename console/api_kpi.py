"""Routes of the figures: the indicators of a span, by day, week or month, of the whole city, a dong or a zone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from console.api import Api, chosen, moment, reply
from console.house import House
from console.problems import Problem
from console.school import DAY_US, day_start
from stream.clock import format_kst
from stream.kpi_span import PARTS


def areas(house: House) -> list[dict[str, str]]:
    """What figures can be asked for one by one: the dong, then the school zones."""
    zones = sorted(house.city.zones.values(), key=lambda z: z.name or z.id)
    dongs = [{"id": dong, "name": dong, "kind": "dong"} for dong in house.city.dongs()]
    return [*dongs, *({"id": z.id, "name": z.name or z.id, "kind": "zone"} for z in zones)]


def asked(house: House) -> tuple[int, int, str]:
    """From, to and area of the request; Problem 400 when they make no sense."""
    now = house.clock.now()
    frm, to = moment("from", day_start(now)), moment("to", now)
    if frm >= to:
        raise Problem(400, detail="from: not before to")
    area = request.args.get("area", "")
    if area and area not in {row["id"] for row in areas(house)}:
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
        "alarm_load": house.kpi.alarm_load(begin, end), "areas": areas(house),
    }


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("kpi", __name__)

    @routes.get("/api/v1/kpi")
    def kpi() -> Response:
        by = chosen("by", {part: part for part in PARTS})
        return reply(told(api.house, *asked(api.house), by))

    return routes
