"""The talk and the links over HTTP: who may, what is shown, what is written down."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.console.conftest import Desk

CANARY = "카나리아-말-7f3"


def command(client: Any, id: str, verb: str, **args: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "verb": verb, "args": args}
    return client.post(f"/api/v1/incidents/{id}/commands", json=body)


@pytest.fixture
def handed(desk: Desk) -> str:
    """An incident that 119 has."""
    id = desk.live.opened("HH-0007")
    desk.live.reported(id, "119", "sent")
    return id


def looks(desk: Desk, what: str) -> list[Any]:
    return [r for r in desk.live.journal.read(kinds=["access.looked"]) if r.body.get("what") == what]


def test_a_liaison_answers_and_the_control_room_sees_it(desk: Desk, handed: str) -> None:
    liaison, operator = desk.client("liaison_119"), desk.client("operator")
    assert command(liaison, handed, "accept").json["escalations"][0]["state"] == "accepted"
    answer = command(liaison, handed, "dispatch", unit="구조 1", eta_s=300)
    assert answer.status_code == 200 and "assigned_to" not in answer.json
    view = operator.get(f"/api/v1/incidents/{handed}").json
    assert (view["escalations"][0]["unit"], view["escalations"][0]["eta_s"]) == ("구조 1", 300)
    assert [row["kind"] for row in view["timeline"]][-2:] == ["escalation.accepted", "escalation.dispatched"]
    assert command(liaison, handed, "accept").json["code"] == "wrong_state"
    assert command(liaison, handed, "reject", reason="지금은 어렵습니다").json["escalations"][0]["state"] == "rejected"
    assert [r.body["reason"] for r in desk.live.journal.read(kinds=["escalation.rejected"])] == ["other"]


def test_a_liaison_does_nothing_else_and_nothing_of_others(desk: Desk, handed: str) -> None:
    liaison = desk.client("liaison_119")
    for verb in ("acknowledge", "resolve", "note", "escalate"):
        assert command(liaison, handed, verb).status_code == 403
    assert command(desk.client("liaison_112"), handed, "accept").status_code == 404
    assert command(desk.client("operator"), handed, "accept").status_code == 403
    other = desk.live.opened("HH-0008")
    assert command(liaison, other, "accept").status_code == 404


def test_messages_are_sealed_and_each_reading_is_a_record(desk: Desk, handed: str) -> None:
    liaison, operator = desk.client("liaison_119"), desk.client("operator")
    assert command(liaison, handed, "message", text=CANARY).status_code == 200
    assert command(operator, handed, "message", agency="119", text="101동 앞입니다").status_code == 200
    assert CANARY not in "".join(str(r.body) for r in desk.live.journal.read())
    got = operator.get(f"/api/v1/incidents/{handed}/messages").json["items"]
    assert [(m["side"], m["text"]) for m in got] == [("desk", CANARY), ("room", "101동 앞입니다")]
    mine = liaison.get(f"/api/v1/incidents/{handed}/messages").json["items"]
    assert [m["by"] for m in mine] == ["liaison_119", ""]
    assert [r.by for r in looks(desk, "messages")] == ["operator", "liaison_119"]
    assert desk.client("liaison_112").get(f"/api/v1/incidents/{handed}/messages").status_code == 404
    assert CANARY not in str(operator.get("/api/v1/incidents").json)


def test_a_liaison_s_look_is_written_down_and_holds_only_its_fields(desk: Desk, handed: str) -> None:
    got = desk.client("liaison_119").get(f"/api/v1/incidents/{handed}").json
    fields = {*desk.parts["sockets"]._gate.matrix.fields["liaison_119"], "brief"}
    assert set(got) == fields
    assert "HH-0007" not in str(got)
    assert [(r.subject, r.by) for r in looks(desk, "handed")] == [(handed, "liaison_119")]


def link(desk: Desk, id: str, role: str = "operator", **body: Any) -> Any:
    return desk.client(role).post(f"/api/v1/incidents/{id}/links", json={"agency": "119", **body})


def test_a_link_opens_one_incident_read_only_and_is_written_down(desk: Desk, handed: str) -> None:
    other = desk.live.opened("HH-0008")
    desk.live.reported(other, "119", "sent")
    command(desk.client("liaison_119"), handed, "dispatch", unit="구조 1", eta_s=290)
    made = link(desk, handed, hours=1)
    assert made.status_code == 201
    url, token = made.json["url"], made.json["url"].partition("link=")[2]
    guest = desk.client()
    page = guest.get(url)
    assert page.status_code == 200 and "연기·가스 감지" in page.text and "HH-0007" not in page.text
    assert "<script" not in page.text and "구조 1 · 도착까지 5분" in page.text
    assert [(r.subject, r.by) for r in looks(desk, "handed")] == [(handed, made.json["name"])]
    assert guest.get(f"/handed/{other}?link={token}").status_code == 403
    bearer = {"Authorization": f"Bearer {token}"}
    for path in (f"/api/v1/incidents/{handed}", "/api/v1/incidents", "/api/v1/city", "/", "/liaison/119"):
        assert guest.get(path, headers=bearer).status_code == 403, path
    assert token not in "".join(str(r.body) for r in desk.live.journal.read())
    for signed in ("operator", "admin"):  # who is signed in beside it sees no more than the link shows
        assert re.findall("HH-\\d+", desk.client(signed).get(url).text) == []


def test_a_link_ends_and_says_so(desk: Desk, handed: str) -> None:
    short, long = link(desk, handed, hours=0.5).json, link(desk, handed, role="liaison_119", hours=24).json
    operator = desk.client("operator")
    assert [row["name"] for row in operator.get(f"/api/v1/incidents/{handed}/links").json["items"]] == [
        short["name"], long["name"]]
    desk.live.clock.advance(31 * 60 * 1_000_000)
    over = desk.client().get(short["url"], headers={"Accept": "text/html"})
    assert over.status_code == 410 and "끝났습니다" in over.text
    assert operator.post(f"/api/v1/incidents/{handed}/links/{long['name']}/revoke", json={}).status_code == 200
    ended = desk.client().get(long["url"])
    assert (ended.status_code, ended.json["code"]) == (410, "link_revoked")
    assert desk.client().get(f"/handed/{handed}?link=nothing").json["code"] == "link_unknown"
    assert operator.get(f"/api/v1/incidents/{handed}/links").json["items"] == []
    kinds = desk.live.kinds()
    assert (kinds.count("access.linked"), kinds.count("access.unlinked")) == (2, 1)


def test_nobody_makes_a_link_to_what_is_not_theirs(desk: Desk, handed: str) -> None:
    assert link(desk, handed, role="liaison_112", agency="112").status_code == 404
    assert link(desk, handed, role="liaison_119", agency="112").status_code == 403
    assert link(desk, handed, agency="112").json["code"] == "not_reported"
    assert link(desk, handed, hours=25).status_code == 400
    assert link(desk, handed, role="school").status_code == 403
    made = link(desk, handed).json
    gone = desk.client("liaison_119").post(f"/api/v1/incidents/{handed}/links/other/revoke", json={})
    assert gone.status_code == 404
    both = desk.live.opened("HH-0009")
    desk.live.reported(both, "119", "sent")
    path = f"/api/v1/incidents/{both}/links/{made['name']}/revoke"
    assert desk.client("operator").post(path, json={}).status_code == 404
