"""Coming in and going out: the login page (a plain form, no script), the same over JSON, and the record of each try."""

from __future__ import annotations

from math import ceil
from typing import Any

import msgspec
from flask import Blueprint, Response, make_response, redirect, render_template, request

from console import words
from console.access import SECURE_COOKIE, Gate, Seat, cookie_name, language, seat
from console.accounts import MIN_PASSWORD, Account
from console.api import body_as
from console.house import House
from console.problems import Problem
from console.sockets import Sockets
from console.throttle import Throttle
from stream.schema import Draft

BYES = ("disabled", "expired")  # why somebody who was at work stands here
LANGS = (("ko", "한국어"), ("en", "English"))


class LoginIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of POST /api/v1/login; ``new`` is the password that somebody with a one-time secret chooses."""

    user: str
    password: str
    new: str = ""


def own_path(path: str) -> str:
    """``path`` when it is a path of this console, else "": nobody is led to another site after signing in.

    >>> own_path("/kpi?x=1"), own_path("//evil.example"), own_path("/\\\\evil.example"), own_path("https://evil.example")
    ('/kpi?x=1', '', '', '')
    """
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain and not path.startswith("/login") else ""


class Login:
    """Checks tries, slows guessing, opens and ends sessions, writes each down."""

    def __init__(self, house: House, gate: Gate, throttle: Throttle, sockets: Sockets) -> None:
        self._house = house
        self._gate = gate
        self._throttle = throttle
        self._sockets = sockets

    def enter(self, user: str, password: str, address: str, new: str = "") -> tuple[Account, str]:
        """The account and its cookie; Problem 429 while slowed, 401 when wrong, 403 while a password is to be chosen.

        Unknown names go the very same way.
        """
        user = user.strip()[:64]
        if wait := self._throttle.wait_s(user, address):
            raise Problem(429, headers={"Retry-After": str(ceil(wait))}, seconds=ceil(wait))
        account = self._gate.people.check(user, password[:1024], once=True)
        if account is None:
            self._throttle.wrong(user, address)
            self._note("access.refused", user if self._gate.people.get(user) else "unknown", address, "wrong")
            raise Problem(401, "wrong")
        self._throttle.right(user, address)
        if account.fresh:
            account = self._choose(account, password, new)
        self._note("access.login", account.user, address, account.role)
        return account, self._gate.sessions.open(account)

    def _choose(self, account: Account, secret: str, new: str) -> Account:
        """The account with the password that was chosen; from then on the secret is worth nothing."""
        if not new:
            raise Problem(403, "password_needed")
        if not MIN_PASSWORD <= len(new) <= 1024 or new == secret:
            raise Problem(403, "password_weak", str(MIN_PASSWORD))
        self._gate.people.set_password(account.user, new)
        body = {"what": "account.chosen"}
        self._house.note([Draft("access.looked", account.user, self._house.clock.now(), body, account.user)])
        return self._gate.people.get(account.user) or account

    def _note(self, kind: str, account: str, address: str, code: str) -> None:
        now = self._house.clock.now()
        self._house.note([Draft(kind, account, now, {"what": "login", "code": code, "address": address}, account)])

    def keep(self, answer: Response, cookie: str) -> Response:
        """Put the session cookie on the answer."""
        answer.set_cookie(cookie_name(request), cookie, httponly=True, samesite="Strict", path="/",
                          secure=cookie_name(request) == SECURE_COOKIE)
        return answer

    def leave(self, sitting: Seat) -> None:
        """End the session and cut its sockets."""
        if sitting.session:
            self._gate.sessions.end(sitting.session)
            self._sockets.cut_session(sitting.session, "logout")

    def first(self, account: Account, next: str) -> str:
        """Where to go after signing in: the page that was asked for if it is the account's to open, else its own."""
        may = self._gate.matrix.may_open(account.role, next.partition("?")[0])
        return next if next and may else self.home(account)

    def home(self, account: Account) -> str:
        """The account's first page."""
        return self._gate.matrix.home_of(account.role, account.scope)


def _page(error: str = "", user: str = "", next: str = "", status: int = 200, secret: str = "",
          why: str = "") -> Response:
    lang = language(request)
    told = words.say(lang, f"connection.bye_{why}") if why in BYES else ""
    text = render_template("login.html", lang=lang, say=lambda key: words.say(lang, key), error=error, told=told,
                           user=user, next=next, langs=LANGS, secret=secret, least=MIN_PASSWORD)
    return make_response(text, status)


def _again(wrong: Problem, user: str, password: str, next: str, lang: str) -> Response:
    """The form once more with what was wrong; who came with a one-time secret is asked for a password."""
    if wrong.status == 403:
        said = "" if wrong.code == "password_needed" else words.say(lang, f"error.{wrong.code}", detail=wrong.detail)
        return _page(said, user, next, 403, password)
    key = "login.locked" if wrong.status == 429 else "login.wrong"
    answer = _page(words.say(lang, key, **wrong.extra), user, next, wrong.status)
    answer.headers.extend(wrong.headers)
    return answer


def blueprint(login: Login) -> Blueprint:
    """Routes of coming in and going out."""
    routes = Blueprint("login", __name__)

    @routes.get("/login")
    def login_page() -> Response:
        return _page(next=own_path(request.args.get("next", "")), why=request.args.get("why", ""))

    @routes.post("/login")
    def login_form() -> Any:
        form, lang = request.form, language(request)
        user, next = form.get("user", ""), own_path(form.get("next", ""))
        password, new = form.get("password", ""), form.get("new", "")
        try:
            if new and new != form.get("again", ""):
                raise Problem(403, "password_differs")
            account, cookie = login.enter(user, password, request.remote_addr or "", new)
        except Problem as wrong:
            return _again(wrong, user, password, next, lang)
        return login.keep(make_response(redirect(login.first(account, next), 303)), cookie)

    @routes.post("/api/v1/login")
    def login_json() -> Response:
        asked = body_as(LoginIn)
        account, cookie = login.enter(asked.user, asked.password, request.remote_addr or "", asked.new)
        body = {"user": account.user, "role": account.role, "scope": account.scope, "home": login.home(account)}
        return login.keep(Response(msgspec.json.encode(body), mimetype="application/json"), cookie)

    @routes.post("/api/v1/logout")
    def logout() -> Response:
        login.leave(seat())
        answer = Response(b'{"ok":true}', mimetype="application/json")
        answer.delete_cookie(cookie_name(request), path="/", samesite="Strict")
        return answer

    return routes
