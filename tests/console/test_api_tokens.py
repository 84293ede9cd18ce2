"""Tokens are made by the admin, told once, listed without themselves, and end at once when they are revoked."""

from __future__ import annotations

from tests.console.conftest import ZONE, Desk

HALL = {"name": "hall", "role": "board", "prefix": ZONE, "days": 30}


def test_a_token_is_told_once_opens_its_board_and_ends(desk: Desk) -> None:
    admin = desk.client("admin")
    made = admin.post("/api/v1/tokens", json=HALL)
    token = made.json["token"]
    assert made.status_code == 201 and token not in admin.get("/api/v1/tokens").text
    (row,) = admin.get("/api/v1/tokens").json["items"]
    assert (row["name"], row["role"], row["prefix"]) == ("hall", "board", ZONE)
    assert row["until_ms"] - row["created_ms"] == 30 * 86_400_000
    board = desk.client()
    assert board.get(f"/school/{ZONE}?board={token}").status_code == 200
    assert admin.post("/api/v1/tokens/hall/revoke").json == {"ok": True}
    assert board.get(f"/api/v1/school/{ZONE}").status_code == 401
    assert admin.get("/api/v1/tokens").json["items"] == []
    assert admin.post("/api/v1/tokens/hall/revoke").status_code == 404
    assert [r.body["what"] for r in desk.live.journal.read(subject="hall")] == ["token.made", "token.ended"]


def test_a_wrong_token_is_refused_with_a_code(desk: Desk) -> None:
    admin = desk.client("admin")
    admin.post("/api/v1/tokens", json=HALL)
    for change, code in (
        ({}, "name_taken"),
        ({"name": "link-1"}, "name_taken"),
        ({"name": "b", "prefix": "SZ-999"}, "unknown_zone"),
        ({"name": "b", "role": "device", "prefix": "/"}, "bad_prefix"),
        ({"name": "b", "role": "supervisor"}, "malformed"),
        ({"name": "B b"}, "malformed"),
        ({"name": "b", "days": 0}, "malformed"),
    ):
        assert admin.post("/api/v1/tokens", json=HALL | change).json["code"] == code


def test_a_device_token_feeds_its_own_sources(desk: Desk) -> None:
    body = {"name": "radars", "role": "device", "prefix": "/device/radar-", "days": 365}
    token = desk.client("admin").post("/api/v1/tokens", json=body).json["token"]
    held = desk.people.bearer(token)
    assert held is not None and (held.role, held.prefix) == ("device", "/device/radar-")
