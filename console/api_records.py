"""Routes of what the house knows: records, devices, city, procedures, rules, replay, schools."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, g, request

from console import words
from console.access import BOARD, seat
from console.api import LIMIT, LIMIT_MAX, Api, page_of, reply, whole
from console.areas import zones_of
from console.devices import rows as device_rows
from console.matrix import Matrix
from console.problems import Problem
from console.views import ms
from stream.clock import format_kst
from stream.schema import Record


def record_row(r: Record) -> dict[str, Any]:
    """A record as it goes out."""
    return {"seq": r.seq, "at": format_kst(r.at), "noted_at": format_kst(r.noted_at), "kind": r.kind,
            "subject": r.subject, "by": r.by, "cause": r.cause, "body": r.body, "chain": r.chain}


def records_after(api: Api, kinds: list[str] | None = None) -> dict[str, Any]:
    """Records after a number, in order."""
    given = request.args.get("cursor") or request.args.get("after") or "0"
    if not given.isdecimal():
        raise Problem(400, detail=f"after: {given!r}; allowed: the number of a record")
    limit = whole("limit", LIMIT, 1, LIMIT_MAX)
    rows = list(api.house.journal.read(after=int(given), limit=limit + 1, kinds=kinds))
    rows, next = page_of(rows, lambda r: str(r.seq), limit)
    return {"items": [record_row(r) for r in rows], "next": next}


def devices(api: Api) -> dict[str, Any]:
    """A page of the devices by id."""
    after, board = request.args.get("cursor", ""), api.house.board
    worked = {w.subject: w.until for w in board.windows.open(api.house.clock.now()) if w.what == "maintenance"}
    table = device_rows(api.house.city, board.devices, board.trust, worked, api.house.heard)
    limit = whole("limit", LIMIT, 1, LIMIT_MAX)
    rows, next = page_of([d for d in table if d["id"] > after], lambda d: str(d["id"]), limit)
    return {"items": rows, "next": next}


def city(api: Api, role: str) -> bytes:
    """GeoJSON of what this role may see."""
    kinds = api.matrix.features.get(role, ())
    return msgspec.json.encode(api.house.city.geojson(None if "*" in kinds else frozenset(kinds)))


def span(api: Api) -> dict[str, Any]:
    """Ends and openings for the replay slider."""
    found = api.player.span()
    marks = [{"at_ms": ms(m.at), "id": m.id, "priority": f"P{m.priority}"} for m in found.marks]
    return {"first_ms": ms(found.first), "last_ms": ms(found.last), "marks": marks}


def me(matrix: Matrix) -> dict[str, Any]:
    """Who asks and what they may do."""
    who = seat()
    pages = [{"name": p.name, "path": p.path.replace("<zone>", who.scope)}
             for p in matrix.pages_of(who.role) if "<id>" not in p.path]
    return {"user": who.user, "role": who.role, "scope": who.scope, "lang": who.lang,
            "home": matrix.home_of(who.role, who.scope), "verbs": matrix.verbs_of(who.role), "pages": pages}


def _routes_of_figures(routes: Blueprint, api: Api) -> None:
    @routes.get("/api/v1/records")
    def records() -> Response:
        return reply(records_after(api))

    @routes.get("/api/v1/replay/range")
    def replay_range() -> Response:
        return reply(span(api))

    @routes.get("/api/v1/school/<zone>")
    def school(zone: str) -> Response:
        if seat().role in ("school", BOARD) and zone != seat().scope:
            raise Problem(403)
        api.push.schools.opened(zone, seat().user)
        return reply(api.push.schools.view(zone))


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("records", __name__)
    _routes_of_figures(routes, api)
    cities: dict[str, bytes] = {}

    @routes.get("/api/v1/devices")
    def device_list() -> Response:
        return reply(devices(api))

    @routes.get("/api/v1/zones")
    def zones() -> Response:
        return reply({"items": zones_of(api.house.city), "next": None})

    @routes.get("/api/v1/city")
    def city_features() -> Response:
        role = g.seat.role
        if role not in cities:
            cities[role] = city(api, role)
        return Response(cities[role], mimetype="application/geo+json")

    @routes.get("/api/v1/procedures")
    def procedures() -> Response:
        return reply({"items": list(api.house.procedures), "next": None})

    @routes.get("/api/v1/me")
    def who() -> Response:
        return reply(me(api.matrix))

    @routes.get("/words/<lang>.json")
    def catalogue(lang: str) -> Response:
        if lang not in words.LANGS:
            raise Problem(404)
        return reply(words.catalogue(lang))

    return routes
