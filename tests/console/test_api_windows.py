"""The list of what is held back and the windows people set, over HTTP; who may not is refused, both are recorded."""

from __future__ import annotations

from console.devices import wire
from stream.schema import Draft
from tests.console.conftest import Desk

GOOD = {"what": "maintenance", "subject": "cam-gasu-1", "reason": "installation", "minutes": 60}


def test_a_window_is_set_listed_and_ended_and_each_is_a_record(desk: Desk) -> None:
    operator, admin = desk.client("operator"), desk.client("admin")
    source = next(iter(desk.live.house.city.sources))
    site = next(iter(desk.live.house.city.sites))
    made = operator.post("/api/v1/windows", json=GOOD | {"subject": source})
    assert (made.status_code, made.json) == (201, {"ok": True})
    assert admin.post("/api/v1/windows", json=GOOD | {"what": "roadworks", "subject": site}).status_code == 201
    items = operator.get("/api/v1/suppressed").json["items"]
    told = [(r["what"], r["subject"], r["by"], r["reason"], r["n"], r["until_ms"] - r["since_ms"]) for r in items]
    wire = source if source.startswith("/") else f"/device/{source}"
    assert told == [("maintenance", wire, "operator", "installation", 0, 3_600_000),
                    ("roadworks", site, "admin", "installation", 0, 3_600_000)]  # fmt: skip
    for row in items:
        body = {"what": row["what"], "subject": row["subject"]}
        assert operator.post("/api/v1/windows/end", json=body).status_code == 200
    assert operator.get("/api/v1/suppressed").json["items"] == []
    kinds = [(r.kind, r.by) for r in desk.live.journal.read() if r.kind.startswith("window.")]
    assert kinds == [("window.opened", "operator"), ("window.opened", "admin"),
                     ("window.ended", "operator"), ("window.ended", "operator")]  # fmt: skip


def test_a_ticket_is_settled_from_the_page_and_is_a_record(desk: Desk) -> None:
    source = wire(next(iter(desk.live.house.city.sources)))
    desk.live.turn([Draft("device.noted", source, desk.live.clock.now(), {"code": "tamper"})])
    operator, body = desk.client("operator"), {"device": source, "reason": "repaired"}
    assert operator.post("/api/v1/devices/settle", json=body).json == {"ok": True}
    row = next(d for d in operator.get("/api/v1/devices?limit=500").json["items"] if d["id"] == source)
    assert (row["asks"], row.get("tickets"), row["asked_at"]) == ([], None, None)
    assert operator.post("/api/v1/devices/settle", json=body).json["code"] == "no_ticket"
    (record,) = desk.live.journal.read(kinds=["device.settled"])
    assert (record.by, record.body) == ("operator", {"tickets": ["tamper"], "reason": "repaired"})


def test_what_does_not_fit_says_what_is_allowed_and_strangers_may_not(desk: Desk) -> None:
    operator = desk.client("operator")
    home = next(iter(desk.live.house.city.households))
    for more, code in (({"subject": "nothing"}, "unknown_subject"), ({"minutes": 99999}, "bad_minutes"),
                       ({"what": "roadworks", "subject": home}, "unknown_subject"),
                       ({"what": "roadworks", "subject": "세마동"}, "unknown_subject")):  # fmt: skip
        answer = operator.post("/api/v1/windows", json=GOOD | more)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert operator.post("/api/v1/windows", json={"what": "maintenance"}).status_code == 400
    body = {"what": "maintenance", "subject": "/device/x"}
    assert operator.post("/api/v1/windows/end", json=body).json["code"] == "no_window"
    for role in ("liaison_119", "school", "auditor"):
        client = desk.client(role)
        assert client.get("/api/v1/suppressed").status_code == 403
        assert client.post("/api/v1/windows", json=GOOD).status_code == 403
