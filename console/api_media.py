"""Routes of pictures that devices named: what there is, and a still fetched by this server from hosts that are allowed.

The browser never speaks to a camera's host and never names an address: it asks for the n-th reference of an incident.
Only hosts of the setting ``media_hosts`` are asked, no redirect is followed, only images of a bounded size come back,
and each look is on record before anything is fetched. Clips are named only. An agency's liaison sees the stills of what
was handed to them, and neither which device took them nor where what they may not see lies.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response

from console.access import seat
from console.api import Api, reply
from console.api_incidents import found, looked
from console.problems import Problem
from console.shapes import Shape
from console.tiles import Straight
from console.views import AGENCY, ms
from replay.media import Reference, references
from stream.schema import Incident

TIMEOUT_S = 5.0
STILL_MAX = 8 * 1024 * 1024
PORTS = {"http": 80, "https": 443}
SHOWN = 60  # characters of a reference that is no address


class MediaRow(Shape):
    """A reference: ``n`` is its number, ``name`` what of it may be shown, ``open`` whether this server may fetch it."""

    n: int
    kind: str
    at_ms: int | None
    source: str
    name: str
    open: bool


class MediaList(Shape):
    """All of an incident."""

    items: list[MediaRow]
    next: str | None


def allowed(ref: str, hosts: Sequence[str]) -> bool:
    """Whether this is an address on a host that is set: ``host`` stands for its usual port, ``host:port`` for that one.

    >>> allowed("https://nvr.osan/a.jpg", ["nvr.osan"]), allowed("https://nvr.osan@evil.example/a.jpg", ["nvr.osan"])
    (True, False)
    """
    try:
        parts = urlsplit(ref)
        port = parts.port
    except ValueError:
        return False
    usual = PORTS.get(parts.scheme)
    if usual is None or not parts.hostname or parts.username is not None:
        return False
    return f"{parts.hostname}:{port or usual}" in hosts or (port in (None, usual) and parts.hostname in hosts)


def name(ref: str) -> str:
    """What may be shown of a reference: host and file of an address (its query may hold a key), else its beginning."""
    try:
        parts = urlsplit(ref)
    except ValueError:
        return ref[:SHOWN]
    return f"{parts.hostname or ''} · {parts.path.rsplit('/', 1)[-1][:SHOWN]}" if parts.netloc else ref[:SHOWN]


def of(api: Api, incident: Incident) -> list[Reference]:
    """The references of an incident at a crosswalk; none elsewhere."""
    site = incident.place.site if incident.place and incident.place.site else incident.subject
    return references(api.house.store, site, incident.detections) if site in api.house.city.sites else []


def fetch(ref: str) -> tuple[bytes, str]:
    """The picture and its media type; Problem 502 when it can't be had or is none."""
    try:
        with urllib.request.build_opener(Straight).open(ref, timeout=TIMEOUT_S) as answer:
            media, body = answer.headers.get_content_type(), answer.read(STILL_MAX + 1)
    except (OSError, HTTPException, ValueError):
        raise Problem(502, "no_picture") from None
    if not media.startswith("image/") or media == "image/svg+xml" or len(body) > STILL_MAX:
        raise Problem(502, "no_picture")
    return body, media


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("media", __name__, url_prefix="/api/v1/incidents")
    hosts = api.house.settings.media_hosts

    def row(n: int, one: Reference) -> dict[str, Any]:
        may = one.kind == "snapshot" and allowed(one.ref, hosts)
        return {"n": n, "kind": one.kind, "at_ms": ms(one.at), "source": one.source, "name": name(one.ref), "open": may}

    @routes.get("/<id>/media")
    def listed(id: str) -> Response:
        rows = [row(n, one) for n, one in enumerate(of(api, found(api, id, seat())))]
        if seat().role in AGENCY:
            rows = [one | {"source": "", "name": ""} for one in rows if one["open"]]
        return reply({"items": rows, "next": None})

    @routes.get("/<id>/media/<int:n>")
    def still(id: str, n: int) -> Response:
        all_ = of(api, found(api, id, seat()))
        if n >= len(all_) or not row(n, all_[n])["open"]:
            raise Problem(404)
        looked(api, id, seat().user, what="snapshot", purpose="handling", incident=id)
        body, media = fetch(all_[n].ref)
        return Response(body, mimetype=media, headers={"Cache-Control": "no-store"})

    return routes
