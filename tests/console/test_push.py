"""What a screen puts together from snapshot and deltas is what the board says, whatever happens between."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.matrix import matrix
from console.push import Push, homes
from stream.board import Board
from stream.schema import Command, Draft
from tests.console.livehouse import START, LiveHouse

Emitted = list[tuple[str, dict[str, Any], str]]


class Screen:
    """A screen of one role: holds what it was told, as assets/live/model.js does."""

    def __init__(self, push: Push, role: str) -> None:
        self.role, self.push = role, push
        self.incidents: dict[str, dict[str, Any]] = {}
        self.seq = -1
        self.lost = False

    def join(self) -> None:
        self.push.snapshot(self.role, lambda room: None, self._snapshot, user="kim", lang="ko", scope="")

    def _snapshot(self, body: dict[str, Any]) -> None:
        body = msgspec.json.decode(msgspec.json.encode(body))
        self.seq, self.incidents = body["seq"], {v["id"]: v for v in body["incidents"]}
        self.lost = False

    def hear(self, event: str, body: dict[str, Any], room: str) -> None:
        if event != "delta" or room != f"role:{self.role}" or self.seq < 0:
            return
        if body["prev"] != self.seq:
            self.lost = True  # it will say hello again, as soon as the line is free
        if self.lost:
            return
        self.seq = body["seq"]
        for change in body["changes"]:
            if change["op"] == "put":
                self.incidents[change["id"]] = change["incident"]
            else:
                self.incidents.pop(change["id"], None)


@pytest.fixture
def told() -> Emitted:
    return []


@pytest.fixture
def push(live: LiveHouse, told: Emitted) -> Iterator[Push]:
    def emit(event: str, body: msgspec.Raw, room: str) -> None:
        told.append((event, msgspec.json.decode(bytes(body)), room))

    made = Push(live.house, matrix(), emit)
    live.house.listen(made.on_turn)
    yield made
    made.stop()


def rooms_of(told: Emitted, event: str) -> list[str]:
    return [room for name, _, room in told if name == event]


def test_a_delta_goes_to_who_may_see_it(live: LiveHouse, push: Push, told: Emitted) -> None:
    id = live.opened()
    push.flush()
    assert rooms_of(told, "delta") == ["role:operator", "role:supervisor"]
    (body, _) = [b for _, b, _ in told]
    assert (body["prev"], body["seq"], [c["op"] for c in body["changes"]]) == (0, 1, ["put"])
    stamps = body["stamps"][id]
    assert stamps["arrival"] <= stamps["decided"] <= stamps["durable"]
    assert body["counts"]["total"] == 1


def test_many_turns_before_a_flush_are_one_delta_with_the_last_state(
    live: LiveHouse, push: Push, told: Emitted
) -> None:
    id = live.opened()
    live.submit(Command(str(uuid.uuid4()), "acknowledge", id, {}, "kim", "operator", 1)).result()
    push.flush()
    body = next(b for name, b, room in told if room == "role:operator")
    assert [(c["id"], c["incident"]["state"]) for c in body["changes"]] == [(id, "acknowledged")]


def test_a_flood_comes_in_parts_the_gravest_first(
    live: LiveHouse, push: Push, told: Emitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.push.FLUSH_MAX", 5)
    for n in range(12):
        live.opened(f"HH-{n + 1:04d}", priority=1 if n == 11 else 3)
    sizes = []
    for _ in range(4):
        told.clear()
        push.flush()
        mine = [body for _, body, room in told if room == "role:operator"]
        sizes += [[change["incident"]["priority"] for change in body["changes"]] for body in mine]
    assert sizes == [["P1", "P3", "P3", "P3", "P3"], ["P3"] * 5, ["P3"] * 2]


def test_nothing_new_sends_nothing(live: LiveHouse, push: Push, told: Emitted) -> None:
    push.flush()
    live.note([])
    push.flush()
    assert told == []


def test_the_beat_tells_the_figures_and_writes_the_first_paints(live: LiveHouse, push: Push, told: Emitted) -> None:
    id = live.opened()
    incident = live.board.get(id)
    push.paints.hear(incident, "kim", live.clock.now() + 8_000, 10.0, 10.0)
    push.beat()
    body = next(b for name, b, room in told if name == "beat" and room == "role:operator")
    assert body["latency"] == {"p50": 48.0, "p95": 48.0, "p99": 48.0, "n": 1}
    assert body["sources"]["total"] == body["sources"]["unheard"] > 0 == body["sources"]["well"]
    assert (body["counts"]["P1"]["new"], body["order"], body["health"]["ok"]) == (1, [id], True)
    assert live.kinds()[-1] == "paint.noted"
    told.clear()
    push.beat()
    assert "order" not in next(b for name, b, room in told if room == "role:operator")
    assert live.kinds().count("paint.noted") == 1


def test_a_machine_in_trouble_says_so_on_every_screen(live: LiveHouse, push: Push, told: Emitted) -> None:
    live.health |= {"recorded": False, "loop_age_ms": 9000, "broker": False}
    push.beat()
    for body in (body for name, body, _ in told if name == "beat"):
        assert body["health"]["faults"] == ["store", "loop", "broker"]
        assert body["age_ms"] == 9000


def test_an_incident_of_a_lost_commit_is_shown_and_marked(live: LiveHouse, push: Push, told: Emitted) -> None:
    id = live.opened()
    incident = msgspec.structs.replace(live.board.get(id), unrecorded=True)
    live.board.incidents[id] = incident
    from stream.pipeline import Turn
    from stream.schema import Change

    push.on_turn(Turn(2, live.clock.now(), [Change("put", id, incident)], [], [], recorded=False))
    push.flush()
    assert all(body["changes"][0]["incident"]["unrecorded"] is True for _, body, _ in told)


def test_one_fault_does_not_silence_the_screens(live: LiveHouse, told: Emitted, wait: Callable[..., Any]) -> None:
    broken = [True]

    def emit(event: str, body: msgspec.Raw, room: str) -> None:
        if broken[0]:
            raise OSError("socket")
        told.append((event, msgspec.json.decode(bytes(body)), room))

    push = Push(live.house, matrix(), emit)
    live.house.listen(push.on_turn)
    push.start()
    live.opened()
    wait(lambda: push.faults)
    broken[0] = False
    live.opened("HH-0002")
    wait(lambda: any(name == "delta" for name, _, _ in told))
    push.stop()


def test_admin_and_auditor_get_the_beat_and_no_incident(live: LiveHouse, push: Push) -> None:
    live.opened()
    got: list[dict[str, Any]] = []
    push.snapshot("auditor", lambda room: None, got.append, user="a", lang="ko", scope="")
    assert got[0]["incidents"] == []
    assert "counts" not in got[0]


def test_a_school_gets_counts_of_its_zone_only(live: LiveHouse, push: Push, told: Emitted) -> None:
    rooms: list[str] = []
    got: list[dict[str, Any]] = []
    push.snapshot("school", rooms.append, got.append, user="s", lang="ko", scope="SZ-001")
    assert rooms == ["zone:SZ-001"]
    assert (got[0]["incidents"], got[0]["school"]["zone"]) == ([], "SZ-001")
    assert "counts" not in got[0]
    push.beat()
    body = next(b for name, b, room in told if room == "zone:SZ-001")
    assert "counts" not in body
    assert "order" not in body


def test_a_screen_that_shows_the_past_hears_what_calls_now(live: LiveHouse, push: Push, told: Emitted) -> None:
    quiet, seen = live.opened("HH-0001", priority=2), live.opened("HH-0002", priority=1)
    calls, called = live.opened("HH-0003", priority=1), live.opened("HH-0004", priority=3)
    live.turn([Draft("incident.acknowledged", seen, live.clock.now(), {}, "kim"),
               Draft("incident.unattended", called, live.clock.now(), {"level": 3, "to": "supervisors"})])
    push.beat()
    heard = {room: [v["id"] for v in b["incidents"]] for name, b, room in told if name == "calling"}
    assert heard == {"past:operator": [calls, called], "past:supervisor": [calls, called]}, quiet
    then = push.past(Board(), START - 60_000_000, "supervisor", user="s", lang="ko")
    assert (then["incidents"], len(then["calling"])) == ([], 2)
    assert (then["at"], then["now"]) == ((START - 60_000_000) // 1000, live.clock.now() // 1000)


STEPS = st.lists(
    st.sampled_from(["open", "ack", "report", "resolve", "reopen", "flush", "lose", "join", "beat"]), max_size=25
)


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_screens_end_up_with_what_the_board_shows(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    live = LiveHouse(tmp_path_factory.mktemp("house"))
    screens: list[Screen] = []
    losing = [False]

    def emit(event: str, body: msgspec.Raw, room: str) -> None:
        if losing[0]:
            return
        for screen in screens:
            screen.hear(event, msgspec.json.decode(bytes(body)), room)

    push = Push(live.house, matrix(), emit)
    live.house.listen(push.on_turn)
    screens += [Screen(push, role) for role in ("operator", "liaison_119", "liaison_112")]
    for screen in screens:
        screen.join()
    for n, step in enumerate(steps):
        ids = list(live.board.incidents)
        id = ids[n % len(ids)] if ids else ""
        if step == "open":
            live.opened(f"HH-{n + 1:04d}")
        elif step == "report" and id:
            command = Command(str(uuid.uuid4()), "escalate", id, {"agency": "119"}, "k", "operator", None)
            live.submit(msgspec.structs.replace(command, revision=live.board.get(id).revision))
            if live.board.get(id).escalations:
                key = live.board.get(id).escalations[0].key
                from stream.schema import Draft

                body = {"agency": "119", "generation": 1, "key": key}
                live.turn([Draft("escalation.sent", id, live.clock.now(), body)])
        elif step in ("ack", "resolve", "reopen") and id:
            verb = {"ack": "acknowledge"}.get(step, step)
            args = {"disposition": "test", "reason": "drill"} if verb == "resolve" else {}
            live.submit(Command(str(uuid.uuid4()), verb, id, args, "k", "operator"))
        elif step == "join":
            screens[n % 3].join()
        elif step == "beat":
            push.beat()
        losing[0] = step == "lose"
        if step in ("flush", "lose"):
            push.flush()
        losing[0] = False
    push.flush()
    live.opened("HH-0199")  # one more delta: who missed one notices the gap now
    live.reported(live.board.open(live.clock.now())[0].id, "119")
    live.reported(live.board.open(live.clock.now())[0].id, "112")
    push.flush()
    for screen in screens:
        if screen.lost:
            screen.join()
        fresh = Screen(push, screen.role)
        fresh.join()
        assert screen.seq == fresh.seq
        assert screen.incidents == fresh.incidents
    live.close()


def test_the_homes_of_a_warning_are_those_of_its_dong_its_ward_or_the_city(live: LiveHouse) -> None:
    city = live.house.city
    assert homes(city, "경기 남부") == len(city.households)
    by_dong = {dong: homes(city, dong) for dong in city.dongs()}
    assert sum(by_dong.values()) == len(city.households)
    assert homes(city, "초평동") == sum(by_dong[dong] for dong in city.wards.dongs("초평동")) > 0
