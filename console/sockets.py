"""The socket's events: who may connect, what a screen may say, and how an open socket is looked at again.

docs/console.md, section 2, is the protocol. Every event is judged by the matrix; what it does not name has no handler.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from flask import request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room, leave_room, rooms

from console.access import Gate, Seat, cookie_name, own_origin
from console.deeds import Deeds, OpenIn, SocketCommandIn, shaped
from console.problems import Problem
from console.push import Push, past_room
from replay.player import Player
from stream.agency import LIAISONS
from stream.clock import parse_rfc3339
from stream.schema import Draft, SourceError

LOG = structlog.get_logger("sockets")


class HelloIn(msgspec.Struct):
    """What a screen says first: ``at`` asks for a past moment."""

    last_seq: int | None = None
    run: str | None = None
    at: str | None = None


class WatchIn(msgspec.Struct):
    """Sites whose moving objects the screen shows."""

    sites: list[str] = []


class PaintIn(msgspec.Struct):
    """The first paint of an incident, both times of the browser's own clock in ms."""

    id: str
    painted_ms: float
    sent_ms: float


class Sitting(msgspec.Struct):
    """An open socket: who, with which cookie, in which mode."""

    seat: Seat
    cookie: str
    mode: str = "live"


class Sockets:
    """The open sockets of this process and their handlers."""

    def __init__(self, socketio: SocketIO, gate: Gate, push: Push, deeds: Deeds, player: Player) -> None:
        self._io = socketio
        self._gate = gate
        self._push = push
        self._deeds = deeds
        self._player = player
        self._open: dict[str, Sitting] = {}
        self._lock = threading.Lock()
        socketio.on_event("connect", self.connect)
        socketio.on_event("disconnect", self.disconnect)
        for event, handler in HANDLERS.items():
            socketio.on_event(event, self._judged(event, handler))
        push.on_beat.append(self.look_again)

    @property
    def count(self) -> int:
        """How many screens are connected."""
        return len(self._open)

    def connect(self, _auth: Any = None) -> bool:
        """Let a signed-in screen of our own pages in; everyone else is refused before anything is sent.

        A page that comes back after its account was shut has missed its "bye": the refusal says why.
        """
        seat = self._gate.identify(request)
        own = own_origin(request)
        foreign = own is False or (own is None and seat.via != "token")
        if not foreign and not seat.known:
            raise ConnectionRefusedError(self._gate.sessions.fate(request.cookies.get(cookie_name(request), "")))
        if foreign or not self._gate.matrix.may_send(seat.role, "connect"):
            return False
        with self._lock:
            self._open[_sid()] = Sitting(seat, request.cookies.get(cookie_name(request), ""))
        return True

    def disconnect(self, *_reason: Any) -> None:
        """A screen has gone."""
        with self._lock:
            self._open.pop(_sid(), None)
        self._push.frames.leave(_sid())

    def _judged(self, event: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        def hear(body: Any = None) -> Any:
            sitting = self._open.get(_sid())
            try:
                if sitting is None or self._gate.still(sitting.seat, sitting.cookie) is None:
                    raise Problem(401)
                if not self._gate.matrix.may_send(sitting.seat.role, event):
                    raise Problem(403)
                return handler(self, sitting, body)
            except Problem as problem:
                lang = sitting.seat.lang if sitting else "ko"
                return {"status": problem.status, "problem": problem.body(lang)}
            except Exception:
                LOG.exception("socket.fault", socket_event=event)
                return {"status": 500, "problem": Problem(500).body()}

        return hear

    def hello(self, sitting: Sitting, body: Any) -> Any:
        """Send the snapshot of now, or of a past moment (then the socket hears no deltas)."""
        asked = shaped(body or {}, HelloIn)
        if asked.at is not None:
            return self._past(sitting, asked.at)
        sitting.mode = "live"
        seat = sitting.seat
        leave_room(past_room(seat.role))
        if seat.role in LIAISONS:  # the cards are a look at what was handed over
            house = self._push.house
            house.note([Draft("access.looked", seat.role, house.clock.now(), {"what": "handed_list"}, seat.user)])
        self._push.snapshot(seat.role, join_room, lambda snapshot: self._io.emit("snapshot", _raw(snapshot), to=_sid()),
                            user=seat.user, lang=seat.lang, scope=seat.scope)
        return {"status": 200}

    def _past(self, sitting: Sitting, at: str) -> Any:
        seat = sitting.seat
        if not self._gate.matrix.may_send(seat.role, "replay"):
            raise Problem(403)
        try:
            moment = parse_rfc3339(at)
        except SourceError as wrong:
            raise Problem(400, detail=str(wrong)) from None
        sitting.mode = "replay"
        for room in rooms():
            if room != _sid():
                leave_room(room)
        self._push.frames.leave(_sid())
        then = self._push.past(self._player.board_at(moment), moment, seat.role, user=seat.user, lang=seat.lang)
        self._io.emit("snapshot", _raw(then), to=_sid())
        join_room(past_room(seat.role))
        return {"status": 200}

    def watch(self, sitting: Sitting, body: Any) -> Any:
        """Replace the list of watched sites."""
        asked = shaped(body or {}, WatchIn)
        if sitting.mode != "live":
            raise Problem(422, "in_replay")
        wanted = set(self._push.frames.watch(_sid(), asked.sites))
        for room in rooms():
            if room.startswith("site:") and room not in wanted:
                leave_room(room)
        for room in wanted:
            join_room(room)
        return {"status": 200}

    def command(self, sitting: Sitting, body: Any) -> Any:
        """A verb on an incident."""
        asked = shaped(body, SocketCommandIn)
        if sitting.mode != "live":
            raise Problem(422, "in_replay")
        return {"status": 200, "incident": self._deeds.command(sitting.seat, asked.incident, asked)}

    def open(self, sitting: Sitting, body: Any) -> Any:
        """An incident opened by hand."""
        asked = shaped(body, OpenIn)
        if sitting.mode != "live":
            raise Problem(422, "in_replay")
        return {"status": 201, "incident": self._deeds.open(sitting.seat, asked)}

    def paint(self, sitting: Sitting, body: Any) -> Any:
        """A screen has painted a new incident."""
        asked = shaped(body, PaintIn)
        now = self._push.house.clock.now()
        incident = self._push.house.board.get(asked.id)
        if incident is not None and sitting.mode == "live":
            self._push.paints.hear(incident, sitting.seat.user, now, asked.painted_ms, asked.sent_ms)
        return None

    def look_again(self) -> None:
        """Cut every socket whose session has ended or whose rights have changed."""
        for sid, sitting in list(self._open.items()):
            if self._gate.still(sitting.seat, sitting.cookie) is None:
                account = self._gate.people.get(sitting.seat.user)
                self.cut(sid, "disabled" if account is None or account.disabled else "expired")

    def cut(self, sid: str, reason: str) -> None:
        """Say why, then close."""
        with self._lock:
            self._open.pop(sid, None)
        self._push.frames.leave(sid)
        self._io.emit("bye", {"reason": reason}, to=sid)
        self._io.server.disconnect(sid, namespace="/")

    def cut_session(self, session: str, reason: str) -> None:
        """Cut all sockets of a session (log-out)."""
        for sid, sitting in list(self._open.items()):
            if sitting.seat.session == session and session:
                self.cut(sid, reason)


HANDLERS: dict[str, Callable[[Sockets, Sitting, Any], Any]] = {
    "hello": Sockets.hello, "watch": Sockets.watch, "command": Sockets.command, "open": Sockets.open,
    "paint": Sockets.paint,
}


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def _raw(body: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(body))
