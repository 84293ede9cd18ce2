"""Routes of drills: what can be drilled, begin one for a person, end it. The drill is a console of its own."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.api import Api, body_as, reply
from console.problems import Problem
from console.views import drill
from stream.bodies import Drill
from stream.kinds import draft
from stream.schema import SourceError

SUBJECT = "drill"


class DrillIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which story, who drills, and for how long."""

    story: str
    who: str
    minutes: float = 30


def blueprint(api: Api) -> Blueprint:
    """The routes; a console that is a drill's own has none to begin."""
    routes = Blueprint("drill", __name__, url_prefix="/api/v1/drills")
    drills = api.house.drills

    def remember(code: str, state: Any) -> None:
        body = Drill(code, state.story, state.who)
        api.house.note([draft("drill.noted", SUBJECT, api.house.clock.now(), body, state.by)])

    if drills is not None:
        drills.heard = remember

    def known() -> Any:
        if drills is None:
            raise Problem(404)
        return drills

    @routes.get("")
    def told() -> Response:
        return reply({"stories": sorted(known().stories()), "state": drill(drills)})

    @routes.post("")
    def begin() -> Response:
        asked = body_as(DrillIn)
        try:
            known().start(asked.story, asked.who, seat().user, asked.minutes)
        except SourceError as wrong:
            raise Problem(422, wrong.code, wrong.detail) from None
        return reply(drill(drills), 201)

    @routes.post("/end")
    def end() -> Response:
        known().end()
        return reply({"ok": True})

    return routes
