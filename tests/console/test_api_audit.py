"""The auditor's routes: what is searched, what is taken away, what is checked; each of the deeds is itself a record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from console import api_audit
from stream import tables
from stream.schema import Draft
from tests.console.conftest import Desk

KST = "%2B09:00"


def look(desk: Desk, by: str, subject: str = "HH-0001", what: str = "identity") -> None:
    desk.live.turn([Draft("access.looked", subject, desk.live.clock.now(), {"what": what, "purpose": "verify"}, by)])


def test_records_are_searched_newest_first_by_person_deed_and_span(desk: Desk) -> None:
    auditor = desk.client("auditor")
    for n in range(3):
        look(desk, "kim", f"HH-000{n}")
        desk.live.clock.advance(60_000_000)
    look(desk, "lee", "SZ-001", "board")
    page = auditor.get("/api/v1/access/search?limit=2").json
    assert [(r["by"], r["deed"]) for r in page["items"]] == [("lee", "board"), ("kim", "identity")]
    rest = auditor.get(f"/api/v1/access/search?limit=2&cursor={page['next']}").json
    assert [r["subject"] for r in rest["items"]] == ["HH-0001", "HH-0000"]
    kim = auditor.get(f"/api/v1/access/search?by=KIM&deed=identity&from=2026-09-21T23:14:00{KST}").json["items"]
    assert [r["subject"] for r in kim] == ["HH-0002", "HH-0001"]
    assert auditor.get("/api/v1/access/search?deed=gossip").status_code == 400


def test_what_a_person_did_is_found_with_the_incident_and_its_texts_stay_sealed(desk: Desk) -> None:
    id, verdict = desk.live.opened(), {"disposition": "false_alarm", "reason": "cooking"}
    desk.live.turn([
        Draft("incident.acknowledged", id, 1, {}, "operator-a"),
        Draft("incident.noted", id, 2, {"text_ref": "v-1"}, "operator-a"),
        Draft("incident.resolved", id, 3, verdict, "operator-a"),
        Draft("shift.begun", "desk-operator-a", 4, {"heard": [1]}, "operator-a"),
        Draft("incident.closed", id, 5, {"why": "settled"}),
    ])
    auditor = desk.client("auditor")
    theirs = auditor.get("/api/v1/access/search?by=operator-a").json["items"]
    assert [(r["deed"], r["subject"]) for r in theirs] == [
        ("shift.begun", "desk-operator-a"), ("incident.resolved", id), ("incident.noted", id),
        ("incident.acknowledged", id)]
    assert [r["body"] for r in theirs[1:3]] == [verdict, {}]
    about = auditor.get(f"/api/v1/access/search?deed=acts&subject={id}").json["items"]
    assert [r["by"] for r in about] == ["operator-a"] * 3, "what the engine did by itself is nobody's deed"
    assert [r["deed"] for r in auditor.get("/api/v1/access/search?deed=access").json["items"]] == ["access.login"]


def test_one_search_goes_through_so_many_records_and_says_where_it_goes_on(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(api_audit, "SCAN", 3)
    look(desk, "kim")
    for n in range(5):
        look(desk, "lee", f"HH-{n}")
    auditor = desk.client("auditor")
    rows, cursor, asked = [], "", 0
    while cursor is not None:
        page = auditor.get(f"/api/v1/access/search?by=kim&cursor={cursor or 0}").json
        rows, cursor, asked = [*rows, *page["items"]], page["next"], asked + 1
    assert ([r["seq"] for r in rows], asked) == ([1], 3), "seven records, three a time"


def test_a_table_needs_a_reason_and_is_itself_a_record(desk: Desk) -> None:
    auditor = desk.client("auditor")
    look(desk, "kim")
    assert auditor.post("/api/v1/access/export", json={}).status_code == 400
    answer = auditor.post("/api/v1/access/export?by=kim", json={"reason": "persons_request"})
    assert (answer.status_code, answer.mimetype, "kim" in answer.text) == (200, "text/csv", True)
    (last,) = auditor.get("/api/v1/access/search?deed=export").json["items"]
    assert (last["by"], last["body"]) == ("auditor", {"what": "export", "code": "persons_request"})


def test_a_month_is_looked_through_and_signed(desk: Desk) -> None:
    auditor = desk.client("auditor")
    look(desk, "kim")
    month = auditor.get("/api/v1/access/review?month=2026-09").json
    assert (month["over"], month["reviewed"], month["people"][0]["looks"]) == (False, [], 1)
    assert auditor.get("/api/v1/access/review").json["month"] == "2026-08", "the last month that is over"
    assert auditor.post("/api/v1/access/review", json={"month": "2026-13", "found": "nothing"}).status_code == 400
    assert auditor.post("/api/v1/access/review", json={"month": "2026-08", "found": "nothing"}).status_code == 201
    (signed,) = auditor.get("/api/v1/access/review?month=2026-08").json["reviewed"]
    assert (signed["by"], signed["found"]) == ("auditor", "nothing")


def test_the_chain_is_checked_and_a_changed_record_is_named(desk: Desk) -> None:
    auditor = desk.client("auditor")
    look(desk, "kim")
    whole = auditor.post("/api/v1/access/verify", json={}).json
    assert (whole["ok"], whole["n"], whole["first_bad"]) == (True, 2, None)
    assert auditor.post("/api/v1/access/verify", json={"head": whole["head"]}).json["ok"] is True
    assert auditor.post("/api/v1/access/verify", json={"head": "nonsense"}).json["code"] == "bad_head"
    with desk.live.store.begin() as conn:
        conn.execute(update(tables.journal).where(tables.journal.c.seq == 2).values(by="nobody"))
    broken = auditor.post("/api/v1/access/verify", json={}).json
    assert (broken["ok"], broken["first_bad"], broken["why"]) == (False, 2, "changed")
    assert [r["body"]["code"] for r in auditor.get("/api/v1/access/search?deed=chain").json["items"]] == [
        "changed", "whole", "whole"]
