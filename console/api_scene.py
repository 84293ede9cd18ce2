"""The route of the moment again: the pictures around an incident's gravest detection at its crosswalk."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.api import Api, reply
from console.api_incidents import found
from console.views import ms
from replay.scene import Picture, scene
from stream.schema import DetectionRef, Incident


class PictureShape(msgspec.Struct):
    """One frame: its time, per object ``[id, class, x, y, vx, vy]`` (m, m/s, the site's frame), the walk signal."""

    at_ms: int
    walk: str
    objects: list[list[Any]]


class SceneShape(msgspec.Struct):
    """Where and when, what lies on the ground there, who of the objects it is about, and the pictures."""

    site: str | None
    at_ms: int | None
    crosswalk: list[list[float]]
    stop_lines: list[list[float]]
    about: list[int | str]
    pictures: list[PictureShape]


def gravest(incident: Incident) -> DetectionRef | None:
    """The detection to look at again: the worst, of equals the first."""
    return max(incident.detections, key=lambda d: (d.severity, -d.at), default=None)


def told(api: Api, incident: Incident) -> SceneShape:
    """The scene of an incident; without pictures when it has no crosswalk or the tape has forgotten it."""
    name = incident.place.site if incident.place and incident.place.site else incident.subject
    site, detection = api.house.city.sites.get(name), gravest(incident)
    if site is None or detection is None:
        return SceneShape(None, None, [], [], [], [])
    about = [who for key in ("vehicle", "person", "object") if (who := detection.evidence.get(key)) is not None]
    ground = ([list(p) for p in site.crosswalk or ()], [list(s) for s in site.stop_lines])
    pictures = [_shape(p) for p in scene(api.house.store, name, detection.at)]
    return SceneShape(name, ms(detection.at), *ground, about, pictures)


def _shape(picture: Picture) -> PictureShape:
    return PictureShape(picture.at // 1000, picture.walk, picture.objects)


def blueprint(api: Api) -> Blueprint:
    """The route."""
    routes = Blueprint("scene", __name__)

    @routes.get("/api/v1/incidents/<id>/scene")
    def moment_again(id: str) -> Response:
        return reply(told(api, found(api, id, seat())))

    return routes
