"""The admin keeps the accounts; each change is a record; nothing secret comes back."""

from __future__ import annotations

from tests.console.conftest import Desk
from tests.console.livehouse import PASSWORD


def test_an_account_is_made_listed_and_shut(desk: Desk) -> None:
    admin = desk.client("admin")
    body = {"user": "park", "password": "a long password", "role": "operator"}
    made = admin.post("/api/v1/accounts", json=body)
    row = {"user": "park", "role": "operator", "scope": "", "disabled": False, "fresh": False}
    assert (made.status_code, made.json) == (201, row)
    assert row in admin.get("/api/v1/accounts").json["items"]
    assert "password" not in admin.get("/api/v1/accounts").text
    park = desk.client()
    assert park.post("/api/v1/login", json={"user": "park", "password": "a long password"}).status_code == 200
    assert admin.post("/api/v1/accounts/park/disable").json == {"ok": True}
    assert park.get("/api/v1/incidents").status_code == 401
    assert admin.post("/api/v1/accounts/park/enable").json == {"ok": True}
    assert park.post("/api/v1/login", json={"user": "park", "password": "a long password"}).status_code == 200
    assert admin.post("/api/v1/accounts/park/role", json={"role": "supervisor"}).json == {"ok": True}
    assert park.get("/api/v1/me").status_code == 401, "a role is never changed under an open session"
    noted = [(r.subject, r.body["what"], r.by) for r in desk.live.journal.read() if r.kind == "access.looked"]
    assert noted == [("park", f"account.{what}", "admin") for what in ("added", "disabled", "enabled", "role")]


def test_a_lost_password_is_replaced_by_a_secret_that_counts_once(desk: Desk) -> None:
    admin, park = desk.client("admin"), desk.client()
    admin.post("/api/v1/accounts", json={"user": "park", "role": "operator"})
    secret = admin.post("/api/v1/accounts/park/reset").json["secret"]
    asked = {"user": "park", "password": secret}
    assert park.post("/api/v1/login", json=asked).json["code"] == "password_needed"
    assert park.post("/api/v1/login", json={**asked, "new": "short"}).json["code"] == "password_weak"
    assert park.post("/api/v1/login", json={**asked, "new": secret}).json["code"] == "password_weak"
    assert park.get("/api/v1/me").status_code == 401
    assert park.post("/api/v1/login", json={**asked, "new": "my own long one"}).status_code == 200
    assert desk.client().post("/api/v1/login", json={**asked, "new": "another one"}).status_code == 401
    assert [r.body["what"] for r in desk.live.journal.read(subject="park", kinds=["access.looked"])] == [
        "account.added", "account.reset", "account.chosen"]


def test_a_wrong_account_says_what_is_allowed(desk: Desk) -> None:
    admin = desk.client("admin")
    answer = admin.post("/api/v1/accounts", json={"user": "park", "password": PASSWORD, "role": "king"})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_account")
    assert "allowed: admin" in answer.json["detail"]
    assert admin.post("/api/v1/accounts", json={"user": "park"}).status_code == 400
    school = {"user": "hall", "role": "school", "scope": "SZ-999"}
    assert admin.post("/api/v1/accounts", json=school).json["detail"].startswith("scope")
    assert admin.post("/api/v1/accounts/nobody/role", json={"role": "king"}).status_code == 422
    assert admin.post("/api/v1/accounts/nobody/reset").status_code == 404
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
    admin = desk.client("admin")
    for verb, body in (("disable", {}), ("reset", {}), ("role", {"role": "operator"})):
        answer = admin.post(f"/api/v1/accounts/admin/{verb}", json=body)
        assert (answer.status_code, answer.json["code"]) == (422, "own_account")
