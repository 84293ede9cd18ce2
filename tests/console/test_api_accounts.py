"""The admin keeps the accounts; each change is a record; nothing secret comes back."""

from __future__ import annotations

from tests.console.conftest import Desk
from tests.console.livehouse import PASSWORD


def test_an_account_is_made_listed_and_shut(desk: Desk) -> None:
    admin = desk.client("admin")
    body = {"user": "park", "password": "a long password", "role": "operator"}
    made = admin.post("/api/v1/accounts", json=body)
    row = {"user": "park", "role": "operator", "scope": "", "disabled": False}
    assert (made.status_code, made.json) == (201, row)
    assert row in admin.get("/api/v1/accounts").json["items"]
    assert "password" not in admin.get("/api/v1/accounts").text
    park = desk.client()
    assert park.post("/api/v1/login", json={"user": "park", "password": "a long password"}).status_code == 200
    assert admin.post("/api/v1/accounts/park/disable").json == {"ok": True}
    assert park.get("/api/v1/incidents").status_code == 401
    noted = [(r.subject, r.body["what"], r.by) for r in desk.live.journal.read() if r.kind == "access.looked"]
    assert noted == [("park", "account.added", "admin"), ("park", "account.disabled", "admin")]


def test_a_wrong_account_says_what_is_allowed(desk: Desk) -> None:
    admin = desk.client("admin")
    answer = admin.post("/api/v1/accounts", json={"user": "park", "password": PASSWORD, "role": "king"})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_account")
    assert "allowed: admin" in answer.json["detail"]
    assert admin.post("/api/v1/accounts", json={"user": "park"}).status_code == 400
    assert admin.post("/api/v1/accounts/nobody/disable").status_code == 404


def test_the_room_is_told_who_can_be_given_work_and_nothing_else(desk: Desk) -> None:
    admin = desk.client("admin")
    admin.post("/api/v1/accounts", json={"user": "gone", "password": PASSWORD, "role": "operator"})
    admin.post("/api/v1/accounts/gone/disable")
    desk.account("supervisor")
    rows = desk.client("operator").get("/api/v1/people").json["items"]
    assert {"user": "operator", "role": "operator"} in rows
    assert {row["role"] for row in rows} == {"operator", "supervisor"}
    assert "gone" not in {row["user"] for row in rows}
    assert desk.client("school").get("/api/v1/people").status_code == 403


def test_nobody_shuts_himself_out(desk: Desk) -> None:
    answer = desk.client("admin").post("/api/v1/accounts/admin/disable")
    assert (answer.status_code, answer.json["code"]) == (422, "own_account")
