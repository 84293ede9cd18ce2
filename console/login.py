"""Coming in and going out: the login page (a plain form, no script), the same over JSON, and the record of each try."""

from __future__ import annotations

from math import ceil
from typing import Any

import msgspec
from flask import Blueprint, Response, make_response, redirect, render_template_string, request

from console import words
from console.access import SECURE_COOKIE, Gate, Seat, cookie_name, language, seat
from console.accounts import Account, Throttle
from console.deeds import shaped
from console.house import House
from console.problems import Problem
from console.sockets import Sockets
from stream.schema import Draft

PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ say("login.title") }}</title><link rel="icon" href="data:,">
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #15181b; color: #e4e8eb;
  font: 16px/1.5 Pretendard, "Noto Sans CJK KR", sans-serif; word-break: keep-all; }
form { width: 20rem; padding: 2rem; background: #1d2125; border: 1px solid #3a4147; }
h1 { margin: 0 0 1.25rem; font-size: 1.25rem; font-weight: 600; }
label { display: block; margin-top: 1rem; color: #aab3ba; }
input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; color: inherit; background: #15181b; border: 1px solid #8a949c; }
button { width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 600; color: #15181b; background: #8ab4f8; border: 0; cursor: pointer; }
:focus-visible { outline: 2px solid #8ab4f8; outline-offset: 2px; }
.error { margin: 1rem 0 0; padding: .6rem; border-left: 4px solid #ff5a52; background: #3a1f1e; }
nav { margin-top: 1.25rem; text-align: right; } nav a { color: #aab3ba; margin-left: .75rem; } nav a[aria-current] { color: #e4e8eb; text-decoration: none; }
</style></head><body><main><form method="post" action="/login">
<h1>{{ say("login.title") }}</h1>
<label for="user">{{ say("login.user") }}</label>
<input id="user" name="user" data-testid="login-user" autocomplete="username" required maxlength="64" value="{{ user }}" {{ "" if user else "autofocus" }}>
<label for="password">{{ say("login.password") }}</label>
<input id="password" name="password" type="password" data-testid="login-password" autocomplete="current-password" required maxlength="1024" {{ "autofocus" if user else "" }}>
<input type="hidden" name="next" value="{{ next }}">
<button data-testid="login-submit">{{ say("login.button") }}</button>
{% if error %}<p class="error" role="alert" data-testid="login-error">{{ error }}</p>{% endif %}
<nav>{% for code, name in langs %}<a href="/login?lang={{ code }}&amp;next={{ next|urlencode }}" lang="{{ code }}" data-testid="lang-{{ code }}"
 {{ "aria-current=true" if code == lang else "" }}>{{ name }}</a>{% endfor %}</nav>
</form></main></body></html>
"""
LANGS = (("ko", "한국어"), ("en", "English"))
YEAR_S = 365 * 24 * 3600


class LoginIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of POST /api/v1/login."""

    user: str
    password: str


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

    def enter(self, user: str, password: str, address: str) -> tuple[Account, str]:
        """The account and its cookie; Problem 429 while slowed, 401 when wrong. Known and unknown names go the same way."""
        user = user.strip()[:64]
        if wait := self._throttle.wait_s(user, address):
            raise Problem(429, headers={"Retry-After": str(ceil(wait))}, seconds=ceil(wait))
        account = self._gate.people.check(user, password[:1024])
        if account is None:
            self._throttle.wrong(user, address)
            self._note("access.refused", user if self._gate.people.get(user) else "unknown", address, "wrong")
            raise Problem(401, "wrong")
        self._throttle.right(user, address)
        self._note("access.login", account.user, address, account.role)
        return account, self._gate.sessions.open(account)

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

    def home(self, account: Account) -> str:
        """The account's first page."""
        return self._gate.matrix.home_of(account.role, account.scope)


def _page(error: str = "", user: str = "", next: str = "", status: int = 200) -> Response:
    lang = language(request)
    text = render_template_string(PAGE, lang=lang, say=lambda key: words.say(lang, key), error=error, user=user, next=next,
                                  langs=LANGS)
    answer = make_response(text, status)
    if request.args.get("lang") in words.LANGS:
        answer.set_cookie("lang", lang, max_age=YEAR_S, samesite="Strict", path="/")
    return answer


def blueprint(login: Login) -> Blueprint:
    """Routes of coming in and going out."""
    routes = Blueprint("login", __name__)

    @routes.get("/login")
    def login_page() -> Response:
        return _page(next=own_path(request.args.get("next", "")))

    @routes.post("/login")
    def login_form() -> Any:
        form, lang = request.form, language(request)
        user, next = form.get("user", ""), own_path(form.get("next", ""))
        try:
            account, cookie = login.enter(user, form.get("password", ""), request.remote_addr or "")
        except Problem as wrong:
            key = "login.locked" if wrong.status == 429 else "login.wrong"
            answer = _page(words.say(lang, key, **wrong.extra), user, next, wrong.status)
            answer.headers.extend(wrong.headers)
            return answer
        return login.keep(make_response(redirect(next or login.home(account), 303)), cookie)

    @routes.post("/api/v1/login")
    def login_json() -> Response:
        asked = shaped(request.get_json(), LoginIn)
        account, cookie = login.enter(asked.user, asked.password, request.remote_addr or "")
        body = {"user": account.user, "role": account.role, "scope": account.scope, "home": login.home(account)}
        return login.keep(Response(msgspec.json.encode(body), mimetype="application/json"), cookie)

    @routes.post("/api/v1/logout")
    def logout() -> Response:
        login.leave(seat())
        answer = Response(b'{"ok":true}', mimetype="application/json")
        answer.delete_cookie(cookie_name(request), path="/", samesite="Strict")
        return answer

    return routes
