"""The console put together: Flask behind the gate, Dash for frames and forms, Socket.IO for what changes by itself."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import dash
import msgspec
from flask import Flask, request
from flask_socketio import SocketIO

from console import (
    access,
    answers,
    api_accounts,
    api_audit,
    api_drill,
    api_handover,
    api_history,
    api_incidents,
    api_kpi,
    api_media,
    api_quarantine,
    api_records,
    api_replay,
    api_risk,
    api_rules,
    api_scene,
    api_shift,
    api_tokens,
    api_windows,
    guard,
    health,
    login,
    modules,
    open_kpi,
    openapi,
    tiles,
    words,
)
from console.access import Gate, seat
from console.accounts import Accounts
from console.api import Api
from console.deeds import Deeds
from console.house import House
from console.matrix import Matrix, Page, matrix
from console.pages import DASH, PAGES
from console.push import Push
from console.refusals import Refusals
from console.sessions import Sessions, session_key
from console.sockets import Sockets
from console.throttle import Throttle
from replay.player import Player
from stream.clock import monotonic

ROOT = Path(__file__).resolve().parent.parent
SHELL = """<!doctype html>
<html lang="{lang}"><head>{metas}<title>{title}</title>{favicon}{css}</head>
<body data-page="{page}" data-role="{role}" data-user="{user}" data-lang="{lang}" data-scope="{scope}"
 data-build="{build}" data-tiles="{tiles}" data-drill="{drill}"{past} data-link="down">
{app_entry}<footer>{config}{scripts}{renderer}{modules}</footer></body></html>"""
TILES = "/tiles/{z}/{x}/{y}"
REFRESH_S = 2.0  # how soon another process's "user disable" is seen; SAFETY S4 asks for 5
LOCAL_ARGS = ("seat", "name")


class Wire:
    """JSON of the socket, by msgspec; bytes that are encoded already (msgspec.Raw) go out as they are."""

    JSONDecodeError = ValueError

    @staticmethod
    def dumps(body: Any, **_options: Any) -> str:
        """Encode a packet."""
        return msgspec.json.encode(body).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        """Decode a packet; ValueError when it is no JSON."""
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as broken:
            raise ValueError(str(broken)) from None


def _layout(module: Any, page: Page, **parts: Any) -> Any:
    """A page's layout for the person who asks; query parameters can't pass for our own arguments."""
    return module.layout(seat(), page.name, **{k: v for k, v in parts.items() if k not in LOCAL_ARGS})


def _title(page: Page, **_parts: Any) -> str:
    return words.say(seat().lang, f"page.{page.name}")


def _pages(app: Flask, house: House, rights: Matrix) -> dash.Dash:
    """Dash with exactly our pages; paths come from the matrix."""
    dash.page_registry.clear()
    made = dash.Dash(
        "gwanje", server=app, use_pages=True, pages_folder="", assets_folder=str(ROOT / "assets"), serve_locally=True,
        enable_mcp=False, include_pages_meta=False, update_title="", suppress_callback_exceptions=True, **DASH,
    )
    made.interpolate_index = partial(_shell, house, rights)
    by_name = {page.name: page for page in rights.pages}
    for module in PAGES:
        for name in module.NAMES:
            page = by_name[name]
            path = {"path_template" if "<" in page.path else "path": page.path}
            layout, title = partial(_layout, module, page), partial(_title, page)
            dash.register_page(f"page.{name}", **path, layout=layout, title=title)
        if bind := getattr(module, "bind", None):
            bind(made, house)
    made.layout = dash.html.Div([dash.page_container])
    return made


def _shell(house: House, rights: Matrix, **parts: str) -> str:
    """The HTML around a page."""
    who = seat()
    found = rights.page(request.path)
    facts = {"page": found[0].name if found else "", "role": who.role, "user": who.user, "lang": who.lang,
             "scope": who.scope, "build": house.build, "drill": house.settings.drill,
             "tiles": TILES if house.settings.tile_url else "",
             "title": _title(found[0]) if found else ""}
    links = modules.preloads(found[0].name) if found else ""
    # The frame of a look back is there with the first paint: put on later, it moves the whole page.
    past = facts["page"] == "replay" or (facts["page"] == "operator" and "at" in request.args)
    ours = {"modules": links, "past": ' data-past="1"' if past else ""}
    return SHELL.format(**{**parts, **{name: escape(fact) for name, fact in facts.items()}, **ours})


def _watch(people: Accounts, sessions: Sessions, sockets: Sockets, push: Push) -> None:
    """Look again at who may be here, every other second; an account that another process shut is seen too."""
    due = [0.0]

    def look() -> None:
        if monotonic() >= due[0]:
            due[0] = monotonic() + REFRESH_S
            people.refresh()
            sessions.refresh()
        sockets.look_again()

    push.on_beat.append(look)


def make_app(house: House) -> tuple[Flask, SocketIO]:
    """The console of a house: the Flask app and its Socket.IO. Push begins when the first turn or second comes.

    ``app.extensions["gwanje"]`` holds the parts that ``run.py`` needs: accounts, push, sockets.
    """
    rights = matrix()
    app = Flask("gwanje", static_folder=None, template_folder=str(ROOT / "console" / "templates"))
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=16 * 1024 * 1024)
    people = Accounts(house.store, house.clock.now, rights.roles)
    s = house.settings
    sessions = Sessions(house.store, people, session_key(house.data), house.clock.now, s.session_max_h * 3600.0,
                        s.session_idle_min * 60.0, house.clock.speed)
    gate = Gate(rights, people, sessions)
    pages = _pages(app, house, rights)
    access.install(app, gate)
    guard.install(app, pages.csp_hashes)
    answers.install(app, house, rights, Refusals(house.note, house.clock.now))
    socketio = SocketIO(app, async_mode="threading", json=Wire, transports=["websocket"], ping_interval=10,
                        ping_timeout=10)
    push = Push(house, rights, lambda event, body, to: socketio.emit(event, body, to=to))
    player = Player(house.journal)
    deeds = Deeds(house, rights, people.get)
    sockets = Sockets(socketio, gate, push, deeds, player)
    _watch(people, sessions, sockets, push)
    api = Api(house, rights, deeds, push, player)
    throttle = Throttle()
    for routes in (
        login.blueprint(login.Login(house, gate, throttle, sockets)), api_incidents.blueprint(api),
        api_records.blueprint(api), api_quarantine.blueprint(api), api_audit.blueprint(api), api_kpi.blueprint(api),
        open_kpi.blueprint(house), api_scene.blueprint(api), api_media.blueprint(api), api_replay.blueprint(api),
        api_risk.blueprint(api), api_handover.blueprint(api, people), api_history.blueprint(api),
        api_accounts.blueprint(api, people), api_tokens.blueprint(api, people), api_drill.blueprint(api),
        api_windows.blueprint(api), api_rules.blueprint(api),
        api_shift.blueprint(api, people, throttle), openapi.blueprint(rights, house.build),
        health.blueprint(house, health.Figures(house, push)), tiles.blueprint(s), *house.blueprints,
    ):
        app.register_blueprint(routes)
    house.listen(push.on_turn)
    push.start()
    player.start(push.pause)
    app.extensions["gwanje"] = {"accounts": people, "push": push, "sockets": sockets, "pages": pages}
    app.test_client().get("/livez")  # Dash finishes its set-up with the first request: let it be ours
    return app, socketio
