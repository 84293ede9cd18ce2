"""The register over HTTP: what each rule is, a change by two people, who may not; each is a record."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

from replay.trial import Trials
from stream.store import open_store
from tests.console.conftest import Desk
from tests.console.livehouse import LiveHouse

CHANGE = {"to": {"margin_kph": 8}, "reason": "too_many_false", "text": "김 팀장과 협의"}


def second(desk: Desk) -> object:
    desk.people.add("sup2", "correct horse battery", "supervisor")
    client = desk.app.test_client()
    assert client.post("/api/v1/login", json={"user": "sup2", "password": "correct horse battery"}).status_code == 200
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    return client


def test_a_supervisor_proposes_and_another_one_puts_it_in_force(desk: Desk) -> None:
    supervisor, other = desk.client("supervisor"), second(desk)
    made = supervisor.post("/api/v1/rules/speeding/proposals", json=CHANGE)
    assert made.status_code == 201
    n = made.json["proposal"]
    mine = supervisor.post(f"/api/v1/rules/proposals/{n}/approve", json={})
    assert (mine.status_code, mine.json["code"]) == (422, "own_proposal")
    row = other.get("/api/v1/rules/proposals").json["items"][0]
    assert (row["n"], row["rule"], row["to"], row["text"]) == (n, "speeding", {"margin_kph": 8.0}, "김 팀장과 협의")
    done = other.post(f"/api/v1/rules/proposals/{n}/approve", json={})
    assert (done.status_code, done.json["version"]) == (200, 2)
    rules = {r["id"]: r for r in supervisor.get("/api/v1/rules").json["items"]}
    speeding = rules["speeding"]
    assert (speeding["version"], speeding["thresholds"]["margin_kph"]) == (2, 8.0)
    assert [(p["state"], p["by"], p["decided_by"], p["made"]) for p in speeding["log"]] == [
        ("changed", "supervisor", "sup2", 2)
    ]
    kinds = [(r.kind, r.by, r.subject) for r in desk.live.journal.read() if r.kind.startswith("rule.")]
    assert kinds == [("rule.proposed", "supervisor", "speeding"), ("rule.changed", "sup2", "speeding")]
    assert "김 팀장" not in str([r.body for r in desk.live.journal.read()])  # texts are in the vault


def test_an_admin_may_be_the_second_person_and_may_refuse(desk: Desk) -> None:
    supervisor, admin = desk.client("supervisor"), desk.client("admin")
    n = supervisor.post("/api/v1/rules/speeding/proposals", json=CHANGE).json["proposal"]
    assert admin.post(f"/api/v1/rules/proposals/{n}/reject", json={"reason": "too_risky"}).json == {"ok": True}
    again = admin.post(f"/api/v1/rules/proposals/{n}/approve", json={})
    assert (again.status_code, again.json["code"]) == (422, "wrong_state")
    assert admin.get("/api/v1/rules/proposals").json["items"] == []


def test_what_does_not_fit_says_which_and_what_is_allowed(desk: Desk) -> None:
    supervisor = desk.client("supervisor")
    for rule, to, code, detail in (
        ("speeding", {"margin_kph": -1}, "bad_threshold", "margin_kph 0 ≤ x ≤ 300"),
        ("no_motion_after_fall", {"quiet_s": 300}, "life_rule", "quiet_s 0 < x ≤ 60"),
        ("speeding", {"enabled": 0}, "unknown_threshold", "enabled"),
        ("nothing", {"x": 1}, "unknown_rule", ""),
    ):
        answer = supervisor.post(f"/api/v1/rules/{rule}/proposals", json=CHANGE | {"to": to})
        assert (answer.status_code, answer.json["code"], answer.json.get("detail", "")) == (422, code, detail)
    for bad in ({"to": {}}, {"to": {"margin_kph": "8"}, "reason": "x"}, CHANGE | {"reason": "Because!"}):
        assert supervisor.post("/api/v1/rules/speeding/proposals", json=bad).status_code == 400
    assert supervisor.post("/api/v1/rules/proposals/99/approve", json={}).status_code == 404


def test_others_may_not(desk: Desk) -> None:
    for role in ("operator", "auditor", "liaison_119", "school"):
        client = desk.client(role)
        assert client.post("/api/v1/rules/speeding/proposals", json=CHANGE).status_code == 403
        assert client.post("/api/v1/rules/proposals/1/approve", json={}).status_code == 403
    assert desk.client("admin").post("/api/v1/rules/speeding/proposals", json=CHANGE).status_code == 403


def test_the_result_of_a_rule_is_its_false_alarms_with_interval(desk: Desk) -> None:
    for n, disposition in enumerate(("confirmed", "false_alarm", "false_alarm")):
        id = desk.live.opened(f"HH-000{n}", "smoke_or_gas", 1, detections=[
            {"rule": "smoke_or_gas", "at": desk.live.clock.now(), "subject": f"HH-000{n}", "severity": 3}])  # fmt: skip
        desk.live.turn([desk_draft(id, disposition, desk)])
    rows = {r["id"]: r["result"] for r in desk.client("auditor").get("/api/v1/rules").json["items"]}
    told = rows["smoke_or_gas"]
    assert (told["k"], told["n"]) == (2, 3) and told["low"] < told["rate"] < told["high"]
    assert rows["sos"] is None


def desk_draft(id: str, disposition: str, desk: Desk) -> object:
    from stream import bodies
    from stream.kinds import draft

    return draft("incident.resolved", id, desk.live.clock.now(), bodies.Resolved(disposition, "other"), "kim")


def test_a_change_is_tried_on_the_recorded_past_before_it_can_be_approved(live: LiveHouse, wait: Any) -> None:
    gate, told = Event(), []
    figures = {"events": 9, "before": 5, "after": 2, "missed": []}

    def start(*words: str) -> str:
        told.append(words)
        gate.wait(10)
        return json.dumps(figures)

    beside = open_store(live.store.url)  # two web processes: each its own app, trials and way to the store
    desk, desk2 = (two_webs := [
        Desk(cast(LiveHouse, SimpleNamespace(house=replace(live.house, trials=Trials(store, start, live.clock.now)))))
        for store in (live.store, beside)])
    supervisor, other = desk.client("supervisor"), second(desk2)
    n = supervisor.post("/api/v1/rules/speeding/proposals", json=CHANGE).json["proposal"]
    early = other.post(f"/api/v1/rules/proposals/{n}/approve", json={})
    assert (early.status_code, early.json["code"]) == (422, "trial_needed")
    assert other.get("/api/v1/rules/proposals").json["items"][0]["trial"] == {"state": "running", "hours": 6}
    gate.set()
    row = wait(lambda: next((p for p in other.get("/api/v1/rules/proposals").json["items"]
                             if p["trial"]["state"] == "done"), None))
    assert row["trial"] == {"state": "done", "hours": 6, **figures}
    assert told[0][:4] == ("--rule", "speeding", "--to", '{"margin_kph": 8.0}')
    assert other.post(f"/api/v1/rules/proposals/{n}/trial", json={"hours": 5}).status_code == 400
    assert other.post(f"/api/v1/rules/proposals/{n}/trial", json={"hours": 24}).status_code == 202
    wait(lambda: desk.live.house.trials.shown(n))
    assert told[1][-2:] == ("--hours", "24")
    assert other.post(f"/api/v1/rules/proposals/{n}/approve", json={}).status_code == 200
    assert other.post(f"/api/v1/rules/proposals/{n}/trial", json={}).status_code == 404
    for web in two_webs:
        web.close()
    beside.close()
