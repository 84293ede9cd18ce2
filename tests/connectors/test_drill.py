"""A drill: its own console with its own store; the real one is not touched, and nothing leaves for a real address."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cep.engine import Engine
from cep.rules import load_rules
from connectors import drill
from connectors.decode import decode
from connectors.drill import Drills, acts, stories, tell
from console.accounts import Accounts
from console.sessions import Sessions, session_key
from geo.city import load_city
from stream import tables
from stream.clock import Clock, ManualClock
from stream.journal import Journal, verify
from stream.schema import Draft, SourceError
from stream.settings import Settings
from stream.store import Store, open_store

ROLES = ("operator", "supervisor", "admin")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


class Fake:
    """A console that only says that it is there."""

    said = '{"ready": true, "url": "http://127.0.0.1:4711"}'

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.folder, self.settings, self.says, self.stopped = folder, settings, self.said, False

    def stop(self) -> None:
        self.stopped = True


def drills(store: Store, folder: Path, clock: Any = None, **how: Any) -> tuple[Drills, Accounts, str]:
    """Drills of a console with three accounts; the operator's cookie."""
    clock = clock or ManualClock(1_790_000_000_000_000)
    people = Accounts(store, clock.now, ROLES)
    for user in ("kim", "lee"):
        people.add(user, "correct horse battery", "operator", "")
    kim = people.get("kim")
    assert kim is not None
    people.add("park", "correct horse battery", "supervisor", "")
    sessions = Sessions(store, people, session_key(folder), clock.now, 3600.0, 3600.0)
    return Drills(store, folder, clock, Settings(data=str(folder)), **how), people, sessions.open(kim)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story is told."""
    monkeypatch.setattr(drill, "Child", lambda *a, **k: Fake(Path(), 0))


@pytest.mark.parametrize("name", stories())
def test_each_story_is_events_of_this_city_that_the_rules_see(name: str) -> None:
    sent: list[bytes] = []
    clock = ManualClock(1_790_000_000_000_000)
    tell(stories()[name], sent.append, clock)
    city = load_city()
    events = [event for body in sent for event in decode(body, clock.now(), None, check_clock=False, far=city.far)[0]]
    assert len(events) == len(sent) > 0
    assert all(city.place_of(event) for event in events)
    assert Engine(city, load_rules()).step(events)


def test_a_story_is_told_at_its_moments() -> None:
    car = {"x": 0.0, "y": 1.0, "vx": 10.0, "vy": 0.0}
    frames = [{"at": 1, "until": 1.2, "site": "X", "source": "r", "objects": [car]}]
    rows = list(acts({"events": [{"at": 3, "type": "t", "source": "s", "data": {}}], "frames": frames}))
    assert [s for s, _ in rows] == [3, 1.0, 1.1, 1.2]
    assert [said["data"]["objects"][0]["x"] for _, said in rows[1:]] == [0.0, 1.0, 2.0]


def test_only_who_is_in_the_drill_comes_into_its_empty_store(store: Store, tmp_path: Path, silent: None) -> None:
    one, _, _cookie = drills(store, tmp_path, spawn=Fake)
    told: list[str] = []
    one.heard = lambda code, state: told.append(f"{code} {state.story} {state.who}")
    state = one.start("home_fire", "kim", "park", 30)
    assert (state.port, state.over) == (4711, False)
    there = open_store(f"sqlite:///{tmp_path / 'drill' / 'store.db'}")
    with there.read() as conn:
        assert set(conn.execute(select(tables.accounts.c.user)).scalars()) == {"kim", "park"}
        assert set(conn.execute(select(tables.sessions.c.user)).scalars()) == {"kim"}
        assert conn.execute(select(tables.journal)).all() == []
    for name in ("session.key", "demo.json"):
        assert (tmp_path / "drill" / name).stat().st_mode & 0o077 == 0
    with pytest.raises(SourceError, match="drill_runs"):
        one.start("home_fire", "lee", "park", 30)
    console = one._parts[1]
    one.end()
    assert one.state is not None and one.state.over and not console.stopped
    with there.read() as conn:
        rows = conn.execute(select(tables.accounts.c.user, tables.accounts.c.disabled)).all()
    shut = {row.user: row.disabled for row in rows}
    assert shut == {"kim": True, "park": False}
    there.close()
    one.end()
    assert one.state is None and console.stopped
    assert told == ["begun home_fire kim", "ended home_fire kim"]


@pytest.mark.parametrize(("story", "who", "by", "minutes"), [
    ("none", "kim", "park", 30), ("home_fire", "nobody", "park", 30), ("home_fire", "park", "park", 30),
    ("home_fire", "kim", "park", 1), ("home_fire", "kim", "park", 1e9), ("home_fire", "kim", "park", float("nan")),
    ("../../x", "kim", "park", 30),
])  # fmt: skip
def test_what_can_not_be_drilled_begins_nothing(store, tmp_path, silent, story, who, by, minutes) -> None:
    one, _, _ = drills(store, tmp_path, spawn=Fake)
    with pytest.raises(SourceError):
        one.start(story, who, by, minutes)
    assert one.state is None


def test_a_console_that_does_not_start_is_said(store: Store, tmp_path: Path, silent: None) -> None:
    one, _, _ = drills(store, tmp_path, spawn=type("Dead", (Fake,), {"said": ""}))
    with pytest.raises(SourceError, match="drill_failed"):
        one.start("home_fire", "kim", "park", 30)
    assert one.state is None


class Real(BaseHTTPRequestHandler):
    """A real agency's address, which must never be called."""

    calls = 0

    def do_POST(self) -> None:
        Real.calls += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def ask(url: str, cookie: str, body: Any = None) -> Any:
    headers = {"Cookie": f"gwanje={cookie}", "Content-Type": "application/json", "Origin": url.rpartition("/api")[0]}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=20) as answer:
        return json.load(answer)


def until(look: Any, seconds: float = 120.0) -> Any:
    """Wait for what another program does; fails when it never does."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if found := look():
            return found
        pause.wait(0.1)
    raise AssertionError("never so")


def test_a_whole_drill_leaves_the_real_journal_alone_and_reports_only_an_exercise(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = HTTPServer(("127.0.0.1", 0), Real)
    threading.Thread(target=real.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{real.server_port}/report"
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("fault.noted", "x", 1, {"code": "canary"}, "house"), 1)])
    before = (journal.last_seq, journal.chain)
    # Everything that would make a real report of it: the addresses, and exercise = false.
    for name, value in {"AGENCY_119": address, "AGENCY_112": address, "EXERCISE": "false",
                        "STORE": f"sqlite:///{tmp_path / 'store.db'}", "UNDO_S": "0"}.items():  # fmt: skip
        monkeypatch.setenv(f"GWANJE_{name}", value)
    one, _, cookie = drills(store, tmp_path, Clock())
    try:
        url = f"http://127.0.0.1:{one.start('two_at_once', 'kim', 'park', 30).port}/api/v1"
        found = until(lambda: ask(f"{url}/incidents", cookie)["items"])[0]
        done = ask(f"{url}/incidents/{found['id']}/commands", cookie, {
            "id": "6f6c1f7e-52d9-4f0a-9f0e-0f7f3c1f2a11", "verb": "escalate", "args": {"agency": "119"},
            "revision": found["revision"]})  # fmt: skip
        assert done["escalations"][0]["exercise"] is True
        told = until(lambda: [e for e in ask(f"{url}/incidents/{found['id']}", cookie)["escalations"]
                              if e["state"] in ("accepted", "dispatched")])
        assert told[0]["receipt"]
        one.end()
        with pytest.raises(urllib.error.HTTPError):
            until(lambda: ask(f"{url}/incidents", cookie) is None)
    finally:
        one.stop()
        real.shutdown()
    assert Real.calls == 0
    assert (journal.last_seq, journal.chain) == before
    assert verify(store).ok
    with store.read() as conn:
        assert conn.execute(select(tables.tape)).all() == []


