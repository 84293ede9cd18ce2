"""Routes of what was handed to an agency: the talk, links that open one incident for one agency, and their page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response, make_response, render_template

from console import handover, views, words
from console.access import Seat, seat
from console.accounts import Accounts
from console.api import Api, body_as, chosen, reply
from console.api_incidents import AGENCIES, found, full, looked
from console.problems import Problem
from console.sketch import sketch
from stream.agency import LIAISONS, handed
from stream.clock import format_kst
from stream.schema import US, Draft

HOUR_US = 3600 * US
LINK_MAX_H = 24


class LinkIn(msgspec.Struct, forbid_unknown_fields=True):
    """A link for ``agency`` that ends after ``hours``."""

    agency: Literal["112", "119"]
    hours: Annotated[float, msgspec.Meta(gt=0, le=LINK_MAX_H)] = 8.0


def messages(api: Api, id: str, sitting: Seat) -> dict[str, Any]:
    """The talk with an agency; the reading is a record."""
    incident = found(api, id, sitting)
    agency = chosen("agency", {a: a for a in AGENCIES}) or ""
    rows = list(api.house.journal.read(subject=incident.id, kinds=handover.TALK))
    if rows:
        looked(api, id, sitting.user, what="messages", purpose="handling", incident=id)
    return {"items": handover.messages(rows, sitting.role, agency, api.house.vault.open), "next": None}


def _agency_of(sitting: Seat, asked: str) -> str:
    """A liaison makes and ends links of their own agency only."""
    if LIAISONS.get(sitting.role, asked) != asked:
        raise Problem(403)
    return asked


def make_link(api: Api, people: Accounts, id: str, sitting: Seat, body: LinkIn) -> dict[str, Any]:
    """A link to this incident for one agency: told once, kept as a hash; its making is a record."""
    agency = _agency_of(sitting, body.agency)
    incident = found(api, id, sitting)
    if handed(incident, agency) is None:
        raise Problem(422, "not_reported")
    now = api.house.clock.now()
    until = now + int(body.hours * HOUR_US)
    name, token = people.make_link(agency, id, until)
    api.house.note([Draft("access.linked", id, now, {"what": name, "purpose": agency, "incident": id}, sitting.user)])
    return {"name": name, "agency": agency, "url": f"/handed/{id}?link={token}", "until": format_kst(until)}


def links(people: Accounts, id: str, sitting: Seat) -> list[dict[str, Any]]:
    """The links of an incident that still open it."""
    own = LIAISONS.get(sitting.role)
    rows = [(t, views.GUESTS[t.role]) for t in people.links(id)]
    return [{"name": t.name, "agency": agency, "until": format_kst(t.expires_at)}
            for t, agency in rows if own in (None, agency)]


def revoke(api: Api, people: Accounts, id: str, name: str, sitting: Seat) -> None:
    """End a link at once; its ending is a record."""
    found(api, id, sitting)
    if name not in [row["name"] for row in links(people, id, sitting)]:
        raise Problem(404)
    people.revoke(name)
    api.house.note([Draft("access.unlinked", id, api.house.clock.now(), {"what": name, "incident": id}, sitting.user)])


def page(api: Api, people: Accounts, id: str, sitting: Seat) -> Response:
    """The incident for whoever holds the link: read-only, without a script; each opening is a record."""
    if sitting.scope != id:
        raise Problem(403)
    view = full(api, id, sitting)
    report = view["escalations"][-1]
    said, place = view["brief"]["said"], view["place"]
    at = (said["lon"], said["lat"]) if said["lon"] is not None else (place["lon"], place["lat"]) if place else None
    lang = sitting.lang
    return make_response(render_template(
        "handed.html", lang=lang, say=lambda key, **a: words.say(lang, key, **a), view=view, brief=view["brief"],
        report=report, agency=views.AGENCY[sitting.role], now=format_kst(api.house.clock.now()),
        where=" ".join(dict.fromkeys(filter(None, (place.get("dong"), place.get("name"))))) if place else "",
        until=format_kst(people.until(sitting.user)), simulated=api.house.simulated,
        map=sketch(api.house.city.features, *at, said["radius_m"]) if at else ""))


def blueprint(api: Api, people: Accounts) -> Blueprint:
    """The routes."""
    routes = Blueprint("handover", __name__)
    base = "/api/v1/incidents/<id>"

    @routes.get(f"{base}/messages")
    def talk(id: str) -> Response:
        return reply(messages(api, id, seat()))

    @routes.get(f"{base}/links")
    def list_links(id: str) -> Response:
        found(api, id, seat())
        return reply({"items": links(people, id, seat()), "next": None})

    @routes.post(f"{base}/links")
    def new_link(id: str) -> Response:
        return reply(make_link(api, people, id, seat(), body_as(LinkIn)), 201)

    @routes.post(f"{base}/links/<name>/revoke")
    def end_link(id: str, name: str) -> Response:
        revoke(api, people, id, name, seat())
        return reply({"ok": True})

    @routes.get("/handed/<id>")
    def handed_page(id: str) -> Response:
        return page(api, people, id, seat())

    return routes
