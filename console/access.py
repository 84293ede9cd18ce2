"""The door: who asks, and whether the matrix lets them. Runs before every request; what is not allowed is denied.

`identify` finds the seat (cookie session, bearer token, a school board's link), `Gate.check` judges the request by the
matrix. docs/access.md tells it in words.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import msgspec
from flask import Flask, Request, Response, current_app, g, has_request_context, request

from console import words
from console.accounts import BOARD, GUESTS, Accounts
from console.matrix import BY_CALLBACK, BY_PAGE, LOCAL, PUBLIC, Matrix
from console.problems import Problem
from console.sessions import Sessions

PLAIN_COOKIE, SECURE_COOKIE = "gwanje", "__Host-gwanje"
ROUTER = ".._pages_content.children..._pages_store.data.."
BODY_MAX = 256 * 1024
YEAR_S = 365 * 24 * 3600
SAFE = frozenset({"GET", "HEAD"})
HANDED = "/handed/<id>"  # the page of a link: its token counts here and nowhere else
DASH_INDEX = frozenset({"/", "/<path:path>"})


class Seat(msgspec.Struct, frozen=True):
    """Who asks. ``scope`` is a zone or a token's prefix; ``via`` is cookie, token, board, link or "" for nobody."""

    user: str = ""
    role: str = ""
    scope: str = ""
    lang: str = "ko"
    via: str = ""
    session: str = ""

    @property
    def known(self) -> bool:
        """Whether anybody is signed in."""
        return bool(self.role)


def seat() -> Seat:
    """The seat of the running request (nobody outside of one)."""
    return g.get("seat", Seat()) if has_request_context() else Seat()


def cookie_name(asked: Request) -> str:
    """Name of the session cookie: ``__Host-`` wherever the browser allows it (https only)."""
    return SECURE_COOKIE if asked.is_secure else PLAIN_COOKIE


def language(asked: Request) -> str:
    """Language of the request: ``?lang=``, then the cookie, then Korean."""
    said = (asked.args.get("lang"), asked.cookies.get("lang"))
    return next((lang for lang in said if lang in words.LANGS), words.LANGS[0])


def is_local(asked: Request) -> bool:
    """Whether the request comes from this machine itself and through no proxy."""
    try:
        address = ipaddress.ip_address(asked.remote_addr or "")
    except ValueError:
        return False
    return address.is_loopback and "X-Forwarded-For" not in asked.headers and "Forwarded" not in asked.headers


def own_origin(asked: Request) -> bool | None:
    """True: the console's own page asks; False: another site's; None: the request does not say."""
    if asked.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = asked.headers.get("Origin")
    return None if origin is None else origin.partition("://")[2] == asked.host and origin.startswith(("http://", "https://"))


class Gate:
    """Judges requests by the matrix. What it denies is a Problem; `console/app.py` answers and records it."""

    def __init__(self, matrix: Matrix, people: Accounts, sessions: Sessions) -> None:
        self.matrix = matrix
        self.people = people
        self.sessions = sessions

    def identify(self, asked: Request, touch: bool = True) -> Seat:
        """Who sends this request; nobody when the cookie or token is worth nothing."""
        lang = language(asked)
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        if scheme:
            held = self.people.bearer(token.strip()) if scheme.lower() == "bearer" else None
            return Seat(held.name, held.role, held.prefix, lang, "token") if held else Seat(lang=lang)
        if asked.url_rule and asked.url_rule.rule == HANDED and "link" in asked.args:
            held = self.people.bearer(asked.args["link"])  # whoever is signed in here as well sees what the link shows
            guest = held is not None and held.role in GUESTS.values()
            return Seat(held.name, held.role, held.prefix, lang, "link") if held and guest else Seat(lang=lang)
        found = self.sessions.find(asked.cookies.get(cookie_name(asked), ""), touch)
        if found:
            session, account = found
            return Seat(account.user, account.role, account.scope, lang, "cookie", session.key)
        board = self.people.bearer(asked.args.get("board") or asked.cookies.get("board", ""))
        if board and board.role == BOARD:
            return Seat(board.name, BOARD, board.prefix, lang, "board")
        return Seat(lang=lang)

    def still(self, sitting: Seat, cookie: str) -> Seat | None:
        """The seat of an open socket, looked at again: None when its session is over or its rights have changed."""
        if sitting.via != "cookie":
            return sitting if self.people.holds(sitting.user, sitting.role) else None
        found = self.sessions.find(cookie, touch=False)
        return sitting if found and found[1].role == sitting.role else None

    def check(self, asked: Request, sitting: Seat) -> None:
        """Let the request pass, or raise the Problem it is answered with."""
        rule = asked.url_rule
        if rule is None:
            return  # 404 and 405 are the router's own answer
        self._check_origin(asked, sitting)
        if rule.rule == HANDED and "link" in asked.args and not sitting.known:
            raise Problem(410, f"link_{self.people.fate(asked.args['link'])}")
        method = "GET" if asked.method == "HEAD" else asked.method
        allowed = self.matrix.routes.get(f"{method} {rule.rule}", frozenset())
        if allowed == BY_PAGE:
            self._check_page(asked, sitting)
        elif allowed == BY_CALLBACK:
            self._check_callback(asked, sitting)
        elif PUBLIC not in allowed and not (LOCAL in allowed and is_local(asked)):
            self._need(sitting, allowed)
        if asked.method not in SAFE:
            _check_form(asked, rule.rule)

    def _check_origin(self, asked: Request, sitting: Seat) -> None:
        own = own_origin(asked)
        if asked.method in SAFE or sitting.via == "token":
            return
        if own is False or (own is None and sitting.known):
            raise Problem(403, "foreign_origin")

    def _need(self, sitting: Seat, allowed: Any) -> None:
        if sitting.role in allowed:
            return
        raise Problem(403) if sitting.known else Problem(401, headers={"WWW-Authenticate": "Bearer"})

    def _check_page(self, asked: Request, sitting: Seat) -> None:
        found = self.matrix.page(asked.path)
        if found is None:
            self._unknown(asked)
        else:
            self.check_place(sitting, asked.path)

    def _unknown(self, asked: Request) -> None:
        """Dash's catch-all matched something that is no page: say 405 or 404 as the router would have."""
        adapter = current_app.create_url_adapter(asked)
        others = set(adapter.allowed_methods()) - {"GET", "HEAD", "OPTIONS"} if adapter else set()
        raise Problem(405, headers={"Allow": ", ".join(sorted(others))}) if others else Problem(404)

    def check_place(self, sitting: Seat, path: str) -> None:
        """Whether this seat may open the page at ``path``; a school only its own zone's."""
        found = self.matrix.page(path)
        if found is None:
            raise Problem(404)
        page, variables = found
        self._need(sitting, page.roles)
        if sitting.role in ("school", BOARD) and variables.get("zone", sitting.scope) != sitting.scope:
            raise Problem(403)

    def _check_callback(self, asked: Request, sitting: Seat) -> None:
        body = _decoded(asked)
        if not isinstance(body, dict) or not sitting.known:
            raise Problem(403) if sitting.known else Problem(401)
        output = "..".join(part.partition("@")[0] for part in str(body.get("output", "")).split(".."))
        allowed = self.matrix.callbacks.get(output, frozenset())
        if allowed == BY_PAGE:
            self._need(sitting, self.matrix.routes["GET /_dash-layout"])
            self.check_place(sitting, _pathname(body))
        else:
            self._need(sitting, allowed)
        if not all(isinstance(body.get(part), list) for part in ("inputs", "changedPropIds")):
            raise Problem(400, detail="no callback body")


def _decoded(asked: Request) -> Any:
    """The request's JSON, None when it is none (or nested beyond all reason)."""
    try:
        return msgspec.json.decode(asked.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _pathname(body: dict[str, Any]) -> str:
    """The address that the pages' router callback is asked for."""
    for given in body.get("inputs") or []:
        if isinstance(given, dict) and given.get("property") == "pathname":
            return str(given.get("value") or "/")
    return "/"


def _check_form(asked: Request, rule: str) -> None:
    """Only JSON comes in (a foreign form can't send that), and little of it; the login form alone is a form."""
    if rule == "/api/v1/events":
        return
    asked.max_content_length = BODY_MAX
    if (asked.content_length or 0) > BODY_MAX:
        raise Problem(413)
    if rule == "/login":
        return
    if (asked.content_length or asked.headers.get("Transfer-Encoding")) and not asked.is_json:
        raise Problem(415)


def install(app: Flask, gate: Gate) -> None:
    """Put the gate before every request of the app; what the address said once (board, language) stays as a cookie."""

    @app.before_request
    def _door() -> None:
        g.seat = gate.identify(request)
        gate.check(request, g.seat)

    @app.after_request
    def _keep(answer: Response) -> Response:
        def keep(name: str, value: str, httponly: bool) -> None:
            answer.set_cookie(name, value, YEAR_S, path="/", secure=request.is_secure, httponly=httponly,
                              samesite="Strict")

        if seat().via == "board" and (board := request.args.get("board")):
            keep("board", board, True)
        if request.args.get("lang") in words.LANGS:
            keep("lang", request.args["lang"], False)  # the page's own switch sets it too
        return answer
