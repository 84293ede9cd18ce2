"""Routes of accounts: the list, a new one, shutting one, for the admin; for the room, who can be given work."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.accounts import Account, AccountError, Accounts
from console.api import Api, body_as, reply
from console.problems import Problem
from stream.schema import Draft


class AccountIn(msgspec.Struct, forbid_unknown_fields=True):
    """A new account; ``scope`` is the zone of a school's."""

    user: str
    password: str
    role: str
    scope: str = ""


def row(account: Account) -> dict[str, Any]:
    """An account as it goes out: nothing secret."""
    return {"user": account.user, "role": account.role, "scope": account.scope, "disabled": account.disabled}


def blueprint(api: Api, people: Accounts) -> Blueprint:
    """The routes."""
    routes = Blueprint("accounts", __name__, url_prefix="/api/v1")

    def noted(what: str, user: str) -> None:
        draft = Draft("access.looked", user, api.house.clock.now(), {"what": what}, seat().user)
        api.house.note([draft])

    @routes.get("/accounts")
    def accounts() -> Response:
        return reply({"items": [row(a) for a in people.all()], "next": None})

    @routes.get("/people")
    def at_work() -> Response:
        able = [a for a in people.all() if not a.disabled and api.matrix.may_do(a.role, "acknowledge")]
        return reply({"items": [{"user": a.user, "role": a.role} for a in able], "next": None})

    @routes.post("/accounts")
    def add() -> Response:
        asked = body_as(AccountIn)
        try:
            account = people.add(asked.user, asked.password, asked.role, asked.scope)
        except AccountError as wrong:
            raise Problem(422, "bad_account", str(wrong)) from None
        noted("account.added", account.user)
        return reply(row(account), 201)

    @routes.post("/accounts/<user>/disable")
    def disable(user: str) -> Response:
        if user == seat().user:
            raise Problem(422, "own_account")
        try:
            people.disable(user)
        except AccountError:
            raise Problem(404) from None
        noted("account.disabled", user)
        return reply({"ok": True})

    return routes
