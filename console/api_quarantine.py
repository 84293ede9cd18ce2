"""Routes of the quarantine: what was put aside, by whose fault, its bytes; handed in again, or seen to by a person.

Whose fault a reason is stands in one table. The page (/quarantine) says it, and what to do, in words.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.api import LIMIT, LIMIT_MAX, Api, body_as, page_of, reply, whole
from console.api_incidents import looked
from console.problems import Problem
from console.shapes import Done
from stream.clock import format_kst

SENDER, SETUP, HOUSE = "sender", "setup", "house"
# sender: what was sent is broken; setup: city file, token or list of types does not fit the device; house: we are.
FAULTS = {
    "empty": SENDER, "wrong_encoding": SENDER, "no_json": SENDER, "too_deep": SENDER, "too_big": SENDER,
    "not_finite": SENDER, "missing_field": SENDER, "wrong_type": SENDER, "bad_text": SENDER, "bad_time": SENDER,
    "wrong_time": SENDER, "unknown_type": SETUP, "far_away": SETUP, "wrong_source": SETUP, "rule_crash": HOUSE,
    "fault": HOUSE,
}  # fmt: skip
AT_ONCE = 200  # messages of one group that are handed in again by one press


class GroupIn(msgspec.Struct, forbid_unknown_fields=True):
    """Messages of one source that were put aside for one reason."""

    source: Annotated[str, msgspec.Meta(max_length=128)]
    reason: Annotated[str, msgspec.Meta(max_length=64)]


class SettleIn(GroupIn, forbid_unknown_fields=True):
    """The same, and what was done about it."""

    done: Literal["sender_mended", "setup_mended", "known", "other"]


class Again(msgspec.Struct):
    """How many were handed in again."""

    n: int


def quarantined(api: Api) -> dict[str, Any]:
    """A page of the messages put aside, newest first."""
    limit = whole("limit", LIMIT, 1, LIMIT_MAX)
    rows = api.house.quarantine.list(whole("cursor", 0, 0, 2**62), limit + 1)
    rows, next = page_of(rows, lambda q: str(q.id), limit)
    return {"items": [msgspec.structs.asdict(q) | {"at": format_kst(q.at)} for q in rows], "next": next}


def grouped(api: Api) -> list[dict[str, Any]]:
    """What was put aside by source and reason, and whose fault that reason is."""
    return [
        msgspec.structs.asdict(g)
        | {"fault": FAULTS.get(g.reason, SENDER), "first_ms": g.first_at // 1000, "last_ms": g.last_at // 1000}
        for g in api.house.quarantine.groups()
    ]  # fmt: skip


def put_aside(api: Api, id: int, user: str) -> dict[str, Any]:
    """The bytes of one message put aside, as base64; the look is a record, for they may hold what a person wrote."""
    raw = api.house.quarantine.raw(id)
    if raw is None:
        raise Problem(404)
    looked(api, f"quarantine:{id}", user, what="quarantine", purpose="verify")
    return {"id": id, "raw": raw}


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("quarantine", __name__, url_prefix="/api/v1/quarantine")

    @routes.get("")
    def quarantine() -> Response:
        return reply(quarantined(api))

    @routes.get("/groups")
    def groups() -> Response:
        return reply({"items": grouped(api), "next": None})

    @routes.get("/<int:id>")
    def one(id: int) -> Response:
        return reply(put_aside(api, id, seat().user))

    @routes.post("/<int:id>/resubmit")
    def resubmit(id: int) -> Response:
        if not api.house.resubmit(id):
            raise Problem(404)
        looked(api, f"quarantine:{id}", seat().user, what="quarantine.again")
        return reply(Done(True))

    @routes.post("/resubmit")
    def resubmit_group() -> Response:
        asked = body_as(GroupIn)
        ids = api.house.quarantine.waiting(asked.source, asked.reason, AT_ONCE)
        looked(api, asked.source, seat().user, what="quarantine.again", code=asked.reason)
        return reply(Again(sum(api.house.resubmit(id) for id in ids)))

    @routes.post("/settle")
    def settle() -> Response:
        asked = body_as(SettleIn)
        looked(api, asked.source, seat().user, what="quarantine.settled", code=asked.done)
        return reply(Again(api.house.quarantine.settle(asked.source, asked.reason)))

    return routes
