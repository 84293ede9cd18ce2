"""Routes of what is held back (the one list, windows of maintenance and roadworks) and of tickets that are settled."""

from __future__ import annotations

from concurrent.futures import TimeoutError as Late
from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.api import Api, body_as, reply
from console.devices import wire
from console.problems import Problem
from console.views import ms
from stream.schema import Draft, Refusal
from stream.suppressed import Row, rows
from stream.works import end_window, set_window, settle

WAIT_S = 5.0


class WindowIn(msgspec.Struct, forbid_unknown_fields=True):
    """A new window: ``what`` is maintenance or roadworks, ``subject`` a source or a place, ``reason`` a code."""

    what: str
    subject: str
    reason: str
    minutes: float


class WindowEndIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which window to end."""

    what: str
    subject: str


class SettledIn(msgspec.Struct, forbid_unknown_fields=True):
    """Whose tickets are over, and how that came, as a code."""

    device: str
    reason: str


def row(one: Row) -> dict[str, Any]:
    """A suppression as it goes out."""
    told = msgspec.structs.asdict(one)
    since, until = told.pop("since"), told.pop("until")
    return told | {"since_ms": ms(since), "until_ms": ms(until)}


def known(api: Api, what: str, subject: str) -> bool:
    """A source that the city file or a record knows; for roadworks a site, a zone or another place of the city.

    No ward: a legal dong may lie in it in part only, and nothing is held back where nobody works.
    """
    city = api.house.city
    if what == "maintenance":
        return bool(city.knows(subject)) or api.house.board.devices.get(subject) is not None
    return subject not in city.households and subject not in city.wards and city.place(subject) is not None


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("windows", __name__, url_prefix="/api/v1")

    def put(drafts: list[Draft] | Refusal, status: int) -> Response:
        if not isinstance(drafts, Refusal):
            try:
                answer = api.house.note(drafts).result(WAIT_S)
            except Late:
                raise Problem(503, headers={"Retry-After": "1"}) from None
            if not isinstance(answer, Refusal):
                return reply({"ok": True}, status)
            drafts = answer
        raise Problem(422, drafts.code, drafts.detail)

    @routes.post("/devices/settle")
    def settled() -> Response:
        asked = msgspec.structs.asdict(body_as(SettledIn))
        return put(settle(api.house.board.devices, asked, seat().user, api.house.clock.now()), 200)

    @routes.get("/suppressed")
    def suppressed() -> Response:
        found = rows(api.house.board, api.house.clock.now())
        return reply({"items": [row(one) for one in found], "next": None})

    @routes.post("/windows")
    def begin() -> Response:
        asked = body_as(WindowIn)
        subject = wire(asked.subject) if asked.what == "maintenance" else asked.subject
        args = msgspec.structs.asdict(asked) | {"subject": subject}
        now = api.house.clock.now()
        return put(set_window(args, seat().user, now, lambda what, of: known(api, what, of)), 201)

    @routes.post("/windows/end")
    def end() -> Response:
        asked = msgspec.structs.asdict(body_as(WindowEndIn))
        return put(end_window(api.house.board.windows, asked, seat().user, api.house.clock.now()), 200)

    return routes
