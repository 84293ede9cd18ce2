"""Drills over the API: for supervisors alone, remembered in the journal, told to the control room's screens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.drill import State
from stream.schema import SourceError
from tests.console.conftest import Desk
from tests.console.livehouse import LiveHouse


class Drills:
    """The seam to the drills of `connectors/drill.py`."""

    state: State | None = None

    def __init__(self) -> None:
        self.heard: Any = None

    @staticmethod
    def stories() -> list[str]:
        return ["home_fire"]

    def start(self, story: str, who: str, by: str, minutes: float) -> State:
        if self.state is not None:
            raise SourceError("drill_runs", story)
        self.state = State(story, who, by, 4711, 5_000_000)
        self.heard("begun", self.state)
        return self.state

    def end(self) -> None:
        self.state = None


@pytest.fixture
def drilling(tmp_path: Path):
    live = LiveHouse(tmp_path)
    live.house = replace(live.house, drills=Drills())
    made = Desk(live)
    yield made
    made.close()
    live.close()


def test_a_supervisor_begins_and_ends_one(drilling: Desk) -> None:
    client = drilling.client("supervisor")
    assert client.get("/api/v1/drills").json == {"stories": ["home_fire"], "state": None}
    began = client.post("/api/v1/drills", json={"story": "home_fire", "who": "operator", "minutes": 20})
    assert (began.status_code, began.json["port"], began.json["until_ms"]) == (201, 4711, 5000)
    noted = [r for r in drilling.live.journal.read() if r.kind == "drill.noted"]
    assert [(r.by, r.body) for r in noted] == [
        ("supervisor", {"code": "begun", "story": "home_fire", "who": "operator"})]
    again = client.post("/api/v1/drills", json={"story": "home_fire", "who": "operator"})
    assert (again.status_code, again.json["code"]) == (422, "drill_runs")
    assert client.post("/api/v1/drills/end").status_code == 200
    assert client.get("/api/v1/drills").json["state"] is None


@pytest.mark.parametrize("role", ["operator", "admin", "liaison_119"])
def test_nobody_else_may(drilling: Desk, role: str) -> None:
    client = drilling.client(role)
    assert client.get("/api/v1/drills").status_code == 403
    assert client.post("/api/v1/drills", json={"story": "home_fire", "who": "x"}).status_code == 403


def test_the_beat_tells_the_control_room_and_no_other(drilling: Desk, wait: Any) -> None:
    drilling.client("supervisor").post("/api/v1/drills", json={"story": "home_fire", "who": "operator"})
    heard: dict[str, Any] = {}
    for role in ("operator", "liaison_119"):
        screen = drilling.socket(role)
        screen.emit("hello", {})

        def beats(screen: Any = screen, role: str = role) -> Any:
            found = [e["args"][0] for e in screen.get_received() if e["name"] == "beat"]
            heard.setdefault(role, []).extend(found)
            return found

        drilling.parts["push"].beat()
        wait(beats)
    assert heard["operator"][-1]["drill"]["who"] == "operator"
    assert all("drill" not in beat for beat in heard["liaison_119"])


def test_a_drill_s_own_console_has_none_to_begin_and_says_what_it_is(tmp_path: Path) -> None:
    live = LiveHouse(tmp_path, drill="home_fire")
    made = Desk(live)
    client = made.client("supervisor")
    assert client.get("/api/v1/drills").status_code == 404
    assert 'data-drill="home_fire"' in client.get("/").text
    made.close()
    live.close()
