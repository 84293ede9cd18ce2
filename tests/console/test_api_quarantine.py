"""The quarantine over HTTP: looked at, handed in again, seen to, each on record; whose fault each reason is."""

from __future__ import annotations

import base64

from connectors.decode import REASONS
from console import words
from console.api_quarantine import FAULTS
from stream.quarantine import save
from stream.schema import Quarantined
from tests.console.conftest import Desk


def put_aside(desk: Desk, raw: bytes, source: str = "/device/d1") -> int:
    quarantine = desk.live.house.quarantine
    rows, more = quarantine.hold([Quarantined(raw, "no_json", "line 1", source, desk.live.clock.now())], 0)
    desk.live.vault.flush()
    with desk.live.store.begin() as conn:
        save(conn, rows, more)
    return int(rows[0]["n"])


def test_quarantine_can_be_looked_at_and_handed_in_again(desk: Desk) -> None:
    id = put_aside(desk, b"\xff{junk")
    client = desk.client("supervisor")
    (row,) = client.get("/api/v1/quarantine").json["items"]
    assert (row["id"], row["reason"], row["source"], row["size"]) == (id, "no_json", "/device/d1", 6)
    assert "raw" not in row
    assert base64.b64decode(client.get(f"/api/v1/quarantine/{id}").json["raw"]) == b"\xff{junk"
    assert desk.live.kinds()[-1] == "access.looked"
    assert client.get("/api/v1/quarantine/99").status_code == 404
    newer = put_aside(desk, b"")
    first = client.get("/api/v1/quarantine?limit=1").json
    assert [row["id"] for row in first["items"]] == [newer], "the newest is on the first page"
    following = desk.client("operator").get(f"/api/v1/quarantine?limit=1&cursor={first['next']}").json
    assert [row["id"] for row in following["items"]] == [id] and following["next"] is None
    assert client.post(f"/api/v1/quarantine/{id}/resubmit").json == {"ok": True}
    assert desk.live.resubmitted == [1]
    assert client.post("/api/v1/quarantine/99/resubmit").status_code == 404
    assert desk.live.kinds()[-1] == "access.looked"


def test_a_group_is_seen_to_at_once_and_waits_no_more(desk: Desk) -> None:
    ids = [put_aside(desk, b"{1"), put_aside(desk, b"{2"), put_aside(desk, b"", "/device/d2")]
    client = desk.client("supervisor")
    same = {"source": "/device/d1", "reason": "no_json"}
    first, second = client.get("/api/v1/quarantine/groups").json["items"]
    assert (first["source"], second["source"]) == ("/device/d2", "/device/d1"), "the newest first"
    assert (second["n"], second["waiting"], second["last"], second["fault"]) == (2, 2, ids[1], "sender")
    assert client.post("/api/v1/quarantine/resubmit", json=same).json == {"n": 1}
    assert desk.live.resubmitted == ids[:2]
    assert client.post("/api/v1/quarantine/settle", json=same | {"done": "gossip"}).status_code == 400
    assert client.post("/api/v1/quarantine/settle", json=same | {"done": "sender_mended"}).json == {"n": 2}
    assert desk.live.house.quarantine.depth == 1
    told = {g["source"]: g["waiting"] for g in client.get("/api/v1/quarantine/groups").json["items"]}
    assert told == {"/device/d1": 0, "/device/d2": 1}
    last = list(desk.live.journal.read(kinds=["access.looked"]))[-1]
    assert (last.subject, last.body) == ("/device/d1", {"what": "quarantine.settled", "code": "sender_mended"})
    assert desk.client("operator").post("/api/v1/quarantine/settle", json=same).status_code == 403


def test_every_reason_has_a_fault_and_its_words() -> None:
    assert {*REASONS} <= FAULTS.keys()
    for lang in words.LANGS:
        known = words.catalogue(lang)
        wanted = [f"quarantine.{prefix}{reason}" for reason in FAULTS for prefix in ("", "do_")]
        assert [key for key in wanted if key not in known] == []
