"""Routes of tokens, for the admin: what feeds events and which school boards may look, made, told once, ended."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.accounts import BOARD, Accounts
from console.api import Api, body_as, reply
from console.api_incidents import looked
from console.problems import Problem
from console.shapes import Done
from stream.schema import US

DAY_US = 86_400 * US
LONGEST = 1825  # days: who wants more makes a new one


class TokenIn(msgspec.Struct, forbid_unknown_fields=True):
    """A new token: ``device`` speaks for sources that begin with ``prefix``, ``board`` shows the zone ``prefix``."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    role: Literal["device", "board"]
    prefix: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)]


class TokenMade(msgspec.Struct):
    """A token, told this once."""

    name: str
    token: str
    until_ms: int


class TokenShape(msgspec.Struct):
    """A token that is good now, without the token; ``until_ms`` 0: no end."""

    name: str
    role: str
    prefix: str
    created_ms: int
    until_ms: int


class TokenList(msgspec.Struct):
    """All of them, links to one incident left out."""

    items: list[TokenShape]
    next: str | None


def blueprint(api: Api, people: Accounts) -> Blueprint:
    """The routes."""
    routes = Blueprint("tokens", __name__, url_prefix="/api/v1/tokens")

    def named(name: str) -> bool:
        return any(t.name == name for t in people.bearers())

    @routes.get("")
    def tokens() -> Response:
        rows = [TokenShape(t.name, t.role, t.prefix, t.created_at // 1000, t.expires_at // 1000)
                for t in people.bearers()]
        return reply(TokenList(rows, None))

    @routes.post("")
    def make() -> Response:
        asked = body_as(TokenIn)
        if named(asked.name) or asked.name.startswith("link-"):
            raise Problem(422, "name_taken", asked.name)
        if asked.role == BOARD and asked.prefix not in api.house.city.zones:
            raise Problem(422, "unknown_zone", asked.prefix)
        if asked.role != BOARD and not asked.prefix.startswith(("/device/", "/system/")):
            raise Problem(422, "bad_prefix", asked.prefix)
        until = api.house.clock.now() + asked.days * DAY_US
        looked(api, asked.name, seat().user, what="token.made", code=asked.role)
        made = people.make_token(asked.name, asked.role, asked.prefix, until)
        return reply(TokenMade(asked.name, made, until // 1000), 201)

    @routes.post("/<name>/revoke")
    def revoke(name: str) -> Response:
        if not named(name):
            raise Problem(404)
        looked(api, name, seat().user, what="token.ended")
        people.revoke(name)
        return reply(Done(True))

    return routes
