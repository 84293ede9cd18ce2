"""Routes of accounts, for the admin: list, new, shut, open, another role, a one-time secret; for the room: who is here.

An admin never learns a password: who is new, or has lost theirs, gets a secret that is told once, counts once and
within a day, and only to choose a password (console/login.py). Nobody changes their own account here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.accounts import Account, AccountError, Accounts
from console.api import Api, body_as, reply
from console.api_incidents import looked
from console.problems import Problem


class AccountIn(msgspec.Struct, forbid_unknown_fields=True):
    """A new account; ``scope`` is the zone of a school's. Without a password nobody comes in before a reset."""

    user: str
    role: str
    password: str = ""
    scope: str = ""


class RoleIn(msgspec.Struct, forbid_unknown_fields=True):
    """Another role; ``scope`` is the zone of a school's."""

    role: str
    scope: str = ""


class SecretOnce(msgspec.Struct):
    """A one-time secret, told this once, and until when it counts."""

    secret: str
    until_ms: int


def row(account: Account) -> dict[str, Any]:
    """An account as it goes out: nothing secret."""
    return {"user": account.user, "role": account.role, "scope": account.scope, "disabled": account.disabled,
            "fresh": account.fresh}


class Office:
    """What is done to accounts: checked, written down, then done."""

    def __init__(self, api: Api, people: Accounts) -> None:
        self._api, self._people = api, people

    def can_be(self, role: str, scope: str) -> None:
        """Problem 422 when no account can have this role."""
        try:
            self._people.check_role(role, scope)
        except AccountError as wrong:
            raise Problem(422, "bad_account", str(wrong)) from None
        if role == "school" and scope not in self._api.house.city.zones:
            raise Problem(422, "bad_account", f"scope: {scope[:64]!r}; allowed: a zone of the city")

    def add(self, asked: AccountIn) -> Account:
        """A new account; without a password nobody can come in yet."""
        self.can_be(asked.role, asked.scope)
        if self._people.get(asked.user):
            raise Problem(422, "name_taken", asked.user)
        try:
            made = self._people.add(asked.user, asked.password or secrets.token_urlsafe(32), asked.role, asked.scope)
        except AccountError as wrong:
            raise Problem(422, "bad_account", str(wrong)) from None
        looked(self._api, made.user, seat().user, what="account.added", code=made.role)
        return made

    def change(self, what: str, user: str, deed: Callable[[], Any], **more: str) -> Any:
        """Do it to another's account, once it is written down."""
        if user == seat().user:
            raise Problem(422, "own_account")
        if self._people.get(user) is None:
            raise Problem(404)
        looked(self._api, user, seat().user, what=what, **more)
        return deed()


def blueprint(api: Api, people: Accounts) -> Blueprint:
    """The routes."""
    routes, office = Blueprint("accounts", __name__, url_prefix="/api/v1"), Office(api, people)

    @routes.get("/accounts")
    def accounts() -> Response:
        return reply({"items": [row(a) for a in people.all()], "next": None})

    @routes.get("/people")
    def at_work() -> Response:
        able = [a for a in people.all() if not a.disabled and api.matrix.may_do(a.role, "acknowledge")]
        return reply({"items": [{"user": a.user, "role": a.role} for a in able], "next": None})

    @routes.post("/accounts")
    def add() -> Response:
        return reply(row(office.add(body_as(AccountIn))), 201)

    @routes.post("/accounts/<user>/disable")
    def disable(user: str) -> Response:
        office.change("account.disabled", user, lambda: people.disable(user))
        return reply({"ok": True})

    @routes.post("/accounts/<user>/enable")
    def enable(user: str) -> Response:
        office.change("account.enabled", user, lambda: people.enable(user))
        return reply({"ok": True})

    @routes.post("/accounts/<user>/role")
    def role(user: str) -> Response:
        asked = body_as(RoleIn)
        office.can_be(asked.role, asked.scope)
        office.change("account.role", user, lambda: people.set_role(user, asked.role, asked.scope), code=asked.role)
        return reply({"ok": True})

    @routes.post("/accounts/<user>/reset")
    def reset(user: str) -> Response:
        told, until = office.change("account.reset", user, lambda: people.reset(user))
        return reply(SecretOnce(told, until // 1000))

    return routes
