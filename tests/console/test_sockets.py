"""Screens over a real line: websocket only, signed in, from our own page; and cut when their right ends."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import socketio
from websocket import WebSocketBadStatusException, create_connection

from console.server import web_server
from stream.clock import format_kst
from tests.console.conftest import Desk
from tests.console.livehouse import PASSWORD

Wait = Callable[..., Any]


class Line:
    """The console on a port of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.server = web_server(desk.app, "127.0.0.1", 0)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.screens: list[Screen] = []

    def cookie(self, role: str) -> str:
        """The session cookie of somebody who signed in."""
        self.desk.account(role)
        answer = requests.post(f"{self.url}/api/v1/login", json={"user": role, "password": PASSWORD}, timeout=10)
        return "; ".join(f"{c.name}={c.value}" for c in answer.cookies)

    def screen(self, role: str) -> Screen:
        """A screen of this role that has said hello."""
        screen = Screen(self, {"Cookie": self.cookie(role)})
        self.screens.append(screen)
        return screen

    def close(self) -> None:
        """Hang up."""
        for screen in self.screens:
            screen.line.disconnect()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Screen:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, line: Line, headers: dict[str, str], **origin: object) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.line = socketio.Client(reconnection=False, websocket_extra_options=origin)  # by default: our own Origin
        self.line.on("*", lambda event, *body: self.heard.append((event, body[0] if body else None)))
        self.line.connect(line.url, headers=headers, transports=["websocket"], wait_timeout=10)

    def ask(self, event: str, body: Any) -> Any:
        """Send and wait for the answer."""
        return self.line.call(event, body, timeout=10)

    def bodies(self, event: str) -> list[Any]:
        """What it heard of this event."""
        return [body for name, body in self.heard if name == event]


@pytest.fixture
def line(desk: Desk) -> Iterator[Line]:
    made = Line(desk)
    yield made
    made.close()


def test_two_operators_see_each_others_deed_at_once(line: Line, wait: Wait) -> None:
    id = line.desk.live.opened()
    first, second = line.screen("operator"), line.screen("supervisor")
    for screen in (first, second):
        assert screen.ask("hello", {}) == {"status": 200}
    snapshot = wait(lambda: second.bodies("snapshot"))[0]
    assert [v["id"] for v in snapshot["incidents"]] == [id]
    answer = first.ask("command", {"id": str(uuid.uuid4()), "verb": "acknowledge", "incident": id, "revision": 1})
    assert (answer["status"], answer["incident"]["acknowledged_by"]) == (200, "operator")
    delta = wait(lambda: second.bodies("delta"))[0]
    assert delta["prev"] == snapshot["seq"]
    assert delta["changes"][0]["incident"]["acknowledged_by"] == "operator"
    late = second.ask("command", {"id": str(uuid.uuid4()), "verb": "escalate", "incident": id, "revision": 1,
                                  "args": {"agency": "119"}})  # fmt: skip
    assert (late["status"], late["problem"]["code"]) == (409, "stale")


def test_opening_by_hand_reaches_the_others(line: Line, wait: Wait) -> None:
    first, second = line.screen("operator"), line.screen("supervisor")
    second.ask("hello", {})
    answer = first.ask("open", {"id": str(uuid.uuid4()), "kind": "collision", "subject": "XW-GASU-1"})
    assert answer["status"] == 201
    delta = wait(lambda: second.bodies("delta"))[0]
    assert delta["changes"][0]["id"] == answer["incident"]["id"]


def test_the_beat_comes_each_second_with_the_latency(line: Line, wait: Wait) -> None:
    id = line.desk.live.opened()
    screen = line.screen("operator")
    screen.ask("hello", {})
    line.desk.live.clock.advance(30_000)
    screen.line.emit("paint", {"id": id, "painted_ms": 1000.0, "sent_ms": 1010.0})
    beat = wait(lambda: [b for b in screen.bodies("beat") if b["latency"]["n"]])[0]
    assert beat["latency"]["p95"] == 60.0  # 40 ms before it was opened, 30 since, 10 of them after the paint
    assert beat["counts"]["total"] == 1
    wait(lambda: "paint.noted" in line.desk.live.kinds())


def test_a_past_moment_is_a_snapshot_and_commands_are_dead(line: Line, wait: Wait) -> None:
    live = line.desk.live
    id = live.opened()
    then = live.clock.now()
    live.clock.advance(60_000_000)
    screen = line.screen("operator")
    screen.ask("hello", {})
    command = {"id": str(uuid.uuid4()), "verb": "acknowledge", "incident": id, "revision": 1}
    assert screen.ask("command", command)["status"] == 200
    assert screen.ask("hello", {"at": format_kst(then)}) == {"status": 200}
    past = wait(lambda: [s for s in screen.bodies("snapshot") if s["mode"] == "replay"])[0]
    assert (past["at"], past["incidents"][0]["state"], past["counts"]["unacked"]) == (then // 1000, "new", 1)
    heard = len(screen.bodies("delta"))
    refused = screen.ask("command", {**command, "id": str(uuid.uuid4()), "verb": "unacknowledge"})
    assert (refused["status"], refused["problem"]["code"]) == (422, "in_replay")
    assert screen.ask("open", {"kind": "other", "subject": "x"})["problem"]["code"] == "in_replay"
    assert screen.ask("watch", {"sites": []})["problem"]["code"] == "in_replay"
    live.opened("HH-0002")
    assert screen.ask("watch", {"sites": []})["problem"]["code"] == "in_replay"
    assert len(screen.bodies("delta")) == heard  # nothing of now reaches a screen of then
    assert screen.ask("hello", {}) == {"status": 200}  # back to now
    assert len(wait(lambda: [s for s in screen.bodies("snapshot") if len(s["incidents"]) == 2])) == 1


def test_moving_objects_come_for_the_watched_site_only(line: Line, wait: Wait) -> None:
    from stream.schema import Event, RoadFrame, RoadObject

    sites = list(line.desk.live.house.city.sites)[:2]
    screen = line.screen("operator")
    screen.ask("hello", {})
    assert screen.ask("watch", {"sites": sites[:1]}) == {"status": 200}
    events = [
        Event("e", "/device/r", "city.road.frame", 1, site, RoadFrame(site, [RoadObject(1, "child", 1, 1, 0, 1)]))
        for site in sites
    ]
    line.desk.live.turn([], events)
    frames = wait(lambda: screen.bodies("frames"))
    assert [list(body["sites"]) for body in frames] == [sites[:1]]


@pytest.mark.parametrize("headers", [{}, {"Cookie": "gwanje=forged"}])
def test_nobody_connects_without_a_session(line: Line, headers: dict[str, str]) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(line, headers)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_session_is_not_enough_from_another_page(line: Line, origin: str) -> None:
    said: dict[str, object] = {"origin": origin} if origin else {"suppress_origin": True}
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(line, {"Cookie": line.cookie("operator")}, **said)


def test_a_program_connects_with_its_token(line: Line, wait: Wait) -> None:
    token = line.desk.people.make_token("script", "operator")
    screen = Screen(line, {"Authorization": f"Bearer {token}"}, suppress_origin=True)
    line.screens.append(screen)
    assert screen.ask("hello", {}) == {"status": 200}
    assert wait(lambda: screen.bodies("snapshot"))[0]["user"] == "script"


def test_there_is_no_polling_transport(line: Line) -> None:
    answer = requests.get(f"{line.url}/socket.io/?EIO=4&transport=polling", timeout=10)
    assert answer.status_code == 400


def test_a_shut_account_is_cut_within_five_seconds(line: Line, wait: Wait) -> None:
    screen = line.screen("operator")
    screen.ask("hello", {})
    line.desk.people.disable("operator")
    wait(lambda: not screen.line.connected, 5.0)
    assert screen.bodies("bye") == [{"reason": "disabled"}]
    assert line.desk.parts["sockets"].count == 0


def test_an_account_shut_by_another_process_is_cut_too(line: Line, wait: Wait) -> None:
    from console.accounts import Accounts

    screen = line.screen("operator")
    screen.ask("hello", {})
    Accounts(line.desk.live.store, lambda: 7, ("operator",)).disable("operator")
    wait(lambda: not screen.line.connected, 5.0)


MALFORMED: list[tuple[str, Any]] = [
    ("command", {"id": "1", "verb": "note", "incident": "x"}),
    ("command", None),
    ("command", [1]),
    ("watch", {"sites": "all"}),
    ("hello", {"at": "yesterday"}),
    ("open", {"place": {"lon": 1000, "lat": 0}, "kind": "other"}),
]
JUNK = ("x", "4", "42", '42["', "42{}", "42[1]", '42["hello"', "45-", "9", "42[" * 3000, "2x", '42["nobody_hears",{}]')


def test_a_malformed_message_is_answered_and_the_line_stays(line: Line) -> None:
    screen = line.screen("operator")
    for event, body in MALFORMED:
        assert screen.ask(event, body)["problem"]["code"] == "malformed", (event, body)
    assert screen.ask("hello", {}) == {"status": 200}


def test_junk_on_a_raw_line_harms_no_other_screen(line: Line) -> None:
    screen, cookie = line.screen("operator"), line.cookie("operator")
    for junk in JUNK:
        raw = create_connection(
            line.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket",
            header={"Cookie": cookie}, origin=line.url, timeout=5,
        )  # fmt: skip
        raw.recv()
        raw.send("40")
        raw.recv()
        raw.send(junk)
        assert screen.ask("hello", {}) == {"status": 200}, junk
        raw.close()


def test_a_raw_line_without_session_never_opens(line: Line) -> None:
    raw = None
    try:
        raw = create_connection(
            line.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket", origin=line.url, timeout=5
        )
    except WebSocketBadStatusException:
        return
    raw.recv()
    raw.send("40")
    assert raw.recv().startswith("44")  # CONNECT_ERROR
    raw.close()


def test_a_liaison_s_list_is_a_look(desk: Desk) -> None:
    desk.socket("liaison_119").emit("hello", {}, callback=True)
    looks = [(r.subject, r.by, r.body) for r in desk.live.journal.read(kinds=["access.looked"])]
    assert looks == [("liaison_119", "liaison_119", {"what": "handed_list"})]
