"""Incidents over HTTP, as the contract says them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from geo.near import metres
from stream.clock import format_kst
from stream.schema import US
from stream.vault import Identity
from tests.console.conftest import Desk


def command(client: Any, id: str, verb: str, revision: int | None = None, **args: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "verb": verb, "args": args, "revision": revision}
    return client.post(f"/api/v1/incidents/{id}/commands", json=body)


def test_the_list_is_newest_first_and_pages_without_gap_or_repeat(desk: Desk) -> None:
    ids = []
    for n in range(7):
        ids.append(desk.live.opened(f"HH-{n + 1:04d}"))
        desk.live.clock.advance(1_000_000)
    client, seen, cursor = desk.client("operator"), [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/incidents?limit=3&cursor={cursor}").json
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        desk.live.opened("HH-0100")  # what comes meanwhile disturbs nobody
    assert seen == ids[::-1]


def test_filters_narrow_the_list(desk: Desk) -> None:
    first = desk.live.opened("HH-0001", "smoke_or_gas", 1)
    second = desk.live.opened("HH-0002", "inactivity", 2)
    client = desk.client("supervisor")
    command(client, second, "acknowledge", 1)
    third = desk.live.opened("HH-0003", "inactivity", 3)
    command(client, third, "resolve", 1, disposition="false_alarm", reason="pet")

    def ids(query: str) -> list[str]:
        return [item["id"] for item in client.get(f"/api/v1/incidents?{query}").json["items"]]

    assert ids("") == [third, second, first]
    assert ids("state=open") == [second, first]
    assert ids("state=resolved") == [third]
    assert ids("state=acknowledged&kind=inactivity") == [second]
    assert ids("priority=P1") == ids("priority=1") == [first]
    assert ids("kind=nothing") == []


def test_a_liaison_finds_by_its_day_what_was_handed_over_also_when_memory_has_let_go_of_it(desk: Desk) -> None:
    operator, liaison = desk.client("operator"), desk.client("liaison_119")
    own, other, later = (desk.live.opened(f"HH-000{n}") for n in (1, 2, 3))
    desk.live.reported(own, "119", "closed")
    desk.live.reported(other, "112", "closed")
    for id in (own, other):
        command(operator, id, "resolve", desk.live.board.get(id).revision, disposition="confirmed", reason="fire")
    day = format_kst(desk.live.clock.now())[:10]
    desk.live.clock.advance(24 * 3600 * US)
    desk.live.reported(later, "119", "closed")  # opened on the day before

    def ids(client: Any, query: str) -> list[str]:
        return [item["id"] for item in client.get(f"/api/v1/incidents?{query}").json["items"]]

    next_day = format_kst(desk.live.clock.now())[:10]
    assert ids(liaison, f"handed={day}") == ids(liaison, f"handed={day}&state=over") == [own]
    assert ids(liaison, f"handed={next_day}") == [later] and ids(liaison, f"handed={next_day}&state=over") == []
    assert ids(operator, f"handed={day}&state=over") == [other, own]
    assert ids(liaison, "state=over") == [own]
    del desk.live.board.incidents[own]
    assert ids(liaison, f"handed={day}") == [own] and ids(liaison, "state=over") == []


@pytest.mark.parametrize(
    "query", ["state=gone", "priority=P9", "limit=0", "limit=501", "limit=x", "cursor=x", "cursor=1_", "cursor=-1_x",
              "handed=today", "handed=2026-02-30"]
)
def test_a_wrong_query_says_what_is_allowed(desk: Desk, query: str) -> None:
    answer = desk.client("operator").get(f"/api/v1/incidents?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert "allowed" in answer.json["detail"]


def test_one_incident_tells_its_story_and_its_procedure(desk: Desk) -> None:
    id, client = desk.live.opened(), desk.client("operator")
    command(client, id, "acknowledge", 1)
    command(client, id, "check", 2, step=1)
    view = client.get(f"/api/v1/incidents/{id}").json
    assert [(row["kind"], row["by"]) for row in view["timeline"]] == [
        ("incident.opened", "engine"),
        ("incident.acknowledged", "operator"),
        ("incident.checked", "operator"),
    ]
    assert all(row["key"] == f"record.{row['kind']}" for row in view["timeline"])
    assert [(s["n"], s["key"], s["done"]) for s in view["procedure_steps"]] == [
        (1, "step.call", True),
        (2, "step.visit", False),
    ]
    assert view["procedure"] == "smoke"


def test_an_incident_is_told_as_it_was_known_at_a_moment(desk: Desk) -> None:
    id, client = desk.live.opened(), desk.client("operator")
    opened = client.get(f"/api/v1/incidents/{id}").json
    moment = format_kst(desk.live.clock.now())
    desk.live.clock.advance(US)
    command(client, id, "acknowledge", 1)
    command(client, id, "check", 2, step=1)
    was = client.get(f"/api/v1/incidents/{id}", query_string={"at": moment}).json
    assert (was["state"], was["timeline"], was["procedure_steps"]) == (
        "new", opened["timeline"], opened["procedure_steps"])
    assert client.get(f"/api/v1/incidents/{id}").json["state"] == "in_progress"
    before = format_kst(desk.live.clock.now() - 3600 * US)
    assert client.get(f"/api/v1/incidents/{id}", query_string={"at": before}).status_code == 404
    assert client.get(f"/api/v1/incidents/{id}", query_string={"at": "then"}).status_code == 400


def test_an_incident_that_has_left_memory_is_read_from_the_journal(desk: Desk) -> None:
    id, client = desk.live.opened(), desk.client("operator")
    command(client, id, "resolve", 1, disposition="confirmed", reason="fire")
    before = client.get(f"/api/v1/incidents/{id}").json
    del desk.live.board.incidents[id]
    assert client.get(f"/api/v1/incidents/{id}").json == before
    assert client.get("/api/v1/incidents/operator").status_code == 404  # an account's records are no incident


def test_a_command_over_http_has_the_codes_of_the_contract(desk: Desk) -> None:
    id, client = desk.live.opened(), desk.client("operator")
    done = command(client, id, "acknowledge", 1)
    assert (done.status_code, done.json["state"], done.json["revision"]) == (200, "acknowledged", 2)
    stale = command(client, id, "escalate", 1, agency="119")
    assert (stale.status_code, stale.json["code"], stale.mimetype) == (409, "stale", "application/problem+json")
    refused = command(client, id, "unshelve", 2)
    assert (refused.status_code, refused.json["code"]) == (422, "wrong_state")
    assert command(client, "20200101-0001", "acknowledge").status_code == 404
    assert command(desk.client("school"), id, "acknowledge").status_code == 403
    assert client.post(f"/api/v1/incidents/{id}/commands", json={"verb": "acknowledge"}).status_code == 400
    sent = command(client, id, "escalate", 2, agency="119")
    assert [(e["agency"], e["state"]) for e in sent.json["escalations"]] == [("119", "requested")]


def test_one_opened_by_hand_is_created_with_its_address(desk: Desk) -> None:
    client = desk.client("operator")
    body = {"kind": "collision", "place": {"lon": 127.07, "lat": 37.15}, "text": "오토바이 사고 같아요"}
    made = client.post("/api/v1/incidents", json=body)
    assert made.status_code == 201
    assert client.get(made.headers["Location"]).json["kind"] == "collision"
    assert "오토바이" not in str(list(desk.live.journal.read()))
    long = client.post("/api/v1/incidents", json={"kind": "other", "text": "가" * 4001})
    assert (long.status_code, long.json["code"]) == (422, "too_long")
    far = client.post("/api/v1/incidents", json={"kind": "other", "place": {"lon": 200, "lat": 0}})
    assert far.status_code == 400


def test_a_liaison_sees_what_was_handed_to_it_and_no_story(desk: Desk) -> None:
    mine, other = desk.live.opened("HH-0001"), desk.live.opened("HH-0002")
    desk.live.reported(mine, "119")
    client = desk.client("liaison_119")
    assert [item["id"] for item in client.get("/api/v1/incidents").json["items"]] == [mine]
    looks = [(r.by, r.body) for r in desk.live.journal.read(kinds=["access.looked"])]
    assert looks == [("liaison_119", {"what": "handed_list"})]  # the list is a look, as the cards on the page are
    view = client.get(f"/api/v1/incidents/{mine}").json
    assert "timeline" not in view
    assert "HH-0001" not in str(view)
    assert client.get(f"/api/v1/incidents/{other}").status_code == 404
    assert desk.client("liaison_112").get(f"/api/v1/incidents/{mine}").status_code == 404


def test_a_person_is_shown_to_who_works_on_it_and_each_look_is_a_record(desk: Desk) -> None:
    desk.live.vault.put_identity("HH-0001", Identity("김철수", "오산시 궐동 1", "010-1234-5678", 1940))
    id, client = desk.live.opened(), desk.client("operator")
    path = f"/api/v1/incidents/{id}/identity?purpose=contact"
    assert (client.get(path).status_code, client.get(path).json["code"]) == (403, "not_assigned")
    command(client, id, "acknowledge", 1)
    assert client.get(path).json["identity"]["name"] == "김철수"
    (look,) = [r for r in desk.live.journal.read() if r.kind == "access.looked"]
    assert (look.subject, look.by, look.body) == (
        "HH-0001",
        "operator",
        {"what": "identity", "purpose": "contact", "incident": id},
    )
    assert desk.client("supervisor").get(path).status_code == 403  # has done nothing in it
    command(client, id, "resolve", 2, disposition="confirmed", reason="fire")
    assert client.get(path).status_code == 403  # it is over


@pytest.mark.parametrize("query", ["", "?purpose=", "?purpose=curious"])
def test_a_look_needs_a_purpose(desk: Desk, query: str) -> None:
    answer = desk.client("operator").get(f"/api/v1/incidents/{desk.live.opened()}/identity{query}")
    assert answer.status_code == 400
    assert "contact, dispatch, verify, guardian" in answer.json["detail"]


def test_a_look_that_cannot_be_written_down_shows_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import Future

    from console import api_incidents

    id, client = desk.live.opened(), desk.client("operator")
    command(client, id, "acknowledge", 1)
    monkeypatch.setattr(api_incidents, "WAIT_S", 0.01)
    object.__setattr__(desk.live.house, "note", lambda drafts: Future())
    answer = client.get(f"/api/v1/incidents/{id}/identity?purpose=contact")
    assert (answer.status_code, answer.json["code"]) == (503, "not_recorded")
    assert "identity" not in answer.json


def test_texts_come_from_the_vault_and_the_look_is_a_record(desk: Desk) -> None:
    id, client = desk.live.opened(), desk.client("operator")
    assert client.get(f"/api/v1/incidents/{id}/notes").json == {"items": [], "next": None}
    assert "access.looked" not in desk.live.kinds()
    command(client, id, "note", 1, text="문을 두드렸으나 대답 없음")
    (note,) = client.get(f"/api/v1/incidents/{id}/notes").json["items"]
    assert (note["text"], note["by"], note["kind"]) == ("문을 두드렸으나 대답 없음", "operator", "incident.noted")
    assert desk.live.kinds()[-1] == "access.looked"
    desk.live.vault.erase("HH-0001")
    assert client.get(f"/api/v1/incidents/{id}/notes").json["items"][0]["text"] is None


def test_a_confirm_can_show_the_very_words_of_the_report(desk: Desk) -> None:
    id = desk.live.opened("HH-0001")
    client = desk.client("operator")
    said = client.get(f"/api/v1/incidents/{id}/report?agency=119").json
    assert said["revision"] == 1 and said["status"] == "Exercise"
    assert "연기·가스 감지" in said["headline"] and said["place"] == "금암동"
    assert "HH-0001" not in str(said), "no crew finds a home by its pseudonym"
    desk.live.reported(id, "119", "sent")
    brief = desk.client("liaison_119").get(f"/api/v1/incidents/{id}").json["brief"]
    told = client.get(f"/api/v1/incidents/{id}/report?agency=119").json
    assert {name: told[name] for name in ("hazards", "people", "access")} == {
        name: brief[name] for name in ("hazards", "people", "access")}, "as the agency's screen"
    assert [row["code"] for row in told["access"]][-1] == "address"
    assert (brief["said"]["lon"], brief["said"]["radius_m"]) == (told["lon"], 100)
    assert said["radius_m"] == 100 and said["undo_s"] == desk.live.settings.undo_s
    assert client.get(f"/api/v1/incidents/{id}/report").status_code == 400
    assert client.get(f"/api/v1/incidents/{id}/report?agency=110").status_code == 400
    assert desk.client("liaison_119").get(f"/api/v1/incidents/{id}/report?agency=119").status_code == 403


def test_one_incident_names_the_nearest_stations_and_none_without_a_place(desk: Desk) -> None:
    placed, lost = desk.live.opened("HH-0001"), desk.live.opened("case-1", "welfare_urgent", 2)
    near = desk.client("operator").get(f"/api/v1/incidents/{placed}").json["nearest"]
    assert [(row["agency"], row["metres"] > 0) for row in near] == [("112", True), ("119", True)]
    city = desk.live.house.city
    place = desk.live.board.get(placed).place
    others = [metres(place.lon, place.lat, a.lon, a.lat) for a in city.agencies.values() if a.agency == "119"]
    assert near[1]["metres"] == round(min(others))
    assert desk.client("operator").get(f"/api/v1/incidents/{lost}").json["nearest"] == []
