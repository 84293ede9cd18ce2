"""A shift is handed over with two signatures, at two desks or at one; who is gone leaves no incident behind."""

from __future__ import annotations

from uuid import uuid4

from tests.console.conftest import Desk
from tests.console.livehouse import PASSWORD


def test_handed_by_one_taken_by_the_other_and_the_work_goes_with_it(desk: Desk) -> None:
    going, coming = desk.client("operator"), desk.client("supervisor")
    id = desk.live.opened()
    going.post(f"/api/v1/incidents/{id}/commands", json={"id": str(uuid4()), "verb": "assign"})
    assert going.get("/api/v1/shift").json["summary"]["open"]["P1"] == [0, 1, 0]
    assert going.post("/api/v1/shift/hand", json={"to": "supervisor"}).status_code == 201
    (waiting,) = coming.get("/api/v1/shift").json["waiting"]
    assert (waiting["by"], waiting["summary"]["rows"][0]["who"]) == ("operator", "operator")
    assert coming.post("/api/v1/shift/take", json={"id": waiting["id"]}).json == {"ok": True}
    assert desk.live.board.get(id).assigned_to == "supervisor"
    after = coming.get("/api/v1/shift").json
    assert after["waiting"] == [] and after["last"]["taken_ms"] is not None
    assert [k for k in desk.live.kinds() if k.startswith("shift.")] == ["shift.handed", "shift.taken"]


def test_at_one_desk_the_password_of_who_comes_is_the_second_signature(desk: Desk) -> None:
    desk.account("supervisor")
    going = desk.client("operator")
    going.post("/api/v1/shift/hand", json={"to": "supervisor"})
    (waiting,) = going.get("/api/v1/shift").json["waiting"]
    take = {"id": waiting["id"]}
    own = going.post("/api/v1/shift/take", json=take)
    assert (own.status_code, own.json["code"]) == (422, "not_yours")
    wrong = going.post("/api/v1/shift/take", json={**take, "password": "not the one"})
    assert (wrong.status_code, wrong.json["code"]) == (403, "wrong")
    assert going.get("/api/v1/shift").json["waiting"]
    assert going.post("/api/v1/shift/take", json={**take, "password": PASSWORD}).status_code == 200
    taken = [r for r in desk.live.journal.read() if r.kind == "shift.taken"]
    assert [(r.by, r.body) for r in taken] == [("supervisor", {"handed_by": "operator"})]


def test_what_is_written_is_read_by_the_two_and_lies_in_the_vault(desk: Desk) -> None:
    desk.account("supervisor")
    going, coming = desk.client("operator"), desk.client("supervisor")
    going.post("/api/v1/shift/hand", json={"to": "supervisor", "text": "궐동 정전, 한전 연락함"})
    (waiting,) = coming.get("/api/v1/shift").json["waiting"]
    assert waiting["text"] == "궐동 정전, 한전 연락함"
    assert "한전" not in str([r.body for r in desk.live.journal.read()])
    assert coming.post("/api/v1/shift/withdraw", json={"id": waiting["id"]}).json["code"] == "no_handover"
    assert going.post("/api/v1/shift/withdraw", json={"id": waiting["id"]}).json == {"ok": True}
    assert coming.get("/api/v1/shift").json["waiting"] == []
    assert desk.live.kinds()[-1] == "shift.withdrawn"


def test_devices_are_counted_as_on_their_page(desk: Desk) -> None:
    going = desk.client("operator")
    page = going.get("/api/v1/devices?limit=500").json["items"]
    told = going.get("/api/v1/shift").json["summary"]
    assert told["unheard"] >= sum(row["state"] == "unknown" for row in page) > 0
    assert (told["well"], told["devices"]) == (0, 0)


def test_guessing_the_second_signature_is_slowed(desk: Desk) -> None:
    desk.account("supervisor")
    going = desk.client("operator")
    going.post("/api/v1/shift/hand", json={"to": "supervisor"})
    id = going.get("/api/v1/shift").json["waiting"][0]["id"]
    tries = [going.post("/api/v1/shift/take", json={"id": id, "password": f"guess {n}"}).status_code for n in range(7)]
    assert tries[0] == 403 and tries[-1] == 429


def test_it_goes_only_to_who_can_work_and_is_seen_by_the_room_alone(desk: Desk) -> None:
    desk.account("supervisor")
    going = desk.client("operator")
    for to in ("admin", "nobody"):
        assert going.post("/api/v1/shift/hand", json={"to": to}).json["code"] == "unknown_person"
    assert going.post("/api/v1/shift/hand", json={"to": "operator"}).json["code"] == "same_person"
    going.post("/api/v1/shift/hand", json={"to": "supervisor"})
    push = desk.app.extensions["gwanje"]["push"]
    assert [one["to"] for one in push.shift("operator")] == ["supervisor"]
    assert push.shift("liaison_119") == push.shift("school") == []
    assert desk.client("liaison_119").get("/api/v1/shift").status_code == 403


def test_the_sound_check_is_on_record(desk: Desk) -> None:
    seat = desk.client("operator")
    assert seat.get("/api/v1/shift").json["checked_ms"] is None
    assert seat.post("/api/v1/shift/begin", json={"heard": [3, 1, 1]}).status_code == 201
    told = seat.get("/api/v1/shift").json
    assert told["heard"] == [1, 3] and told["checked_ms"] is not None
    assert seat.post("/api/v1/shift/begin", json={"heard": [4]}).status_code == 400
