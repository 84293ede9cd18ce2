"""What the house knows, over HTTP."""

from __future__ import annotations

import pytest

from tests.console.conftest import ZONE, Desk


def test_records_come_in_order_after_a_number(desk: Desk) -> None:
    for n in range(5):
        desk.live.opened(f"HH-{n + 1:04d}")
    client = desk.client("supervisor")
    page = client.get("/api/v1/records?after=2&limit=2").json
    assert ([r["seq"] for r in page["items"]], page["next"]) == ([3, 4], "4")
    rest = client.get(f"/api/v1/records?after={page['next']}").json
    assert [r["kind"] for r in rest["items"]] == ["incident.opened", "access.login"]
    assert rest["next"] is None
    assert rest["items"][0]["noted_at"] == "2026-09-21T23:13:20+09:00"
    assert len(rest["items"][0]["chain"]) == 64
    assert client.get("/api/v1/records?after=x").status_code == 400


def test_the_auditor_gets_records_of_access_only(desk: Desk) -> None:
    desk.live.opened()
    page = desk.client("auditor").get("/api/v1/access").json
    assert [(r["kind"], r["by"]) for r in page["items"]] == [("access.login", "auditor")]


def test_key_figures_of_a_span(desk: Desk) -> None:
    desk.live.opened()
    client = desk.client("operator")
    desk.live.clock.advance(1_000_000)
    view = client.get("/api/v1/kpi").json
    assert (view["from"], view["to"]) == ("2026-09-21T00:00:00+09:00", "2026-09-21T23:13:21+09:00")
    assert "popup_to_ack_s" in view
    assert client.get("/api/v1/kpi?from=2026-09-21T10:00:00%2B09:00&to=2026-09-21T09:00:00%2B09:00").status_code == 400
    assert client.get("/api/v1/kpi?from=yesterday").status_code == 400


def test_devices_page_by_id(desk: Desk) -> None:
    client, seen, cursor = desk.client("operator"), [], ""
    while cursor is not None:
        page = client.get("/api/v1/devices", query_string={"limit": 200, "cursor": cursor}).json
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == len(desk.live.house.city.sources)


@pytest.mark.parametrize(
    ("role", "there", "absent"),
    [("operator", "household", ""), ("liaison_119", "road", "household"), ("school", "zone", "site")],
)
def test_the_city_is_what_one_may_see_of_it(desk: Desk, role: str, there: str, absent: str) -> None:
    answer = desk.client(role).get("/api/v1/city")
    kinds = {f["properties"]["kind"] for f in answer.json["features"]}
    assert (answer.json["type"], answer.mimetype) == ("FeatureCollection", "application/geo+json")
    assert there in kinds
    assert absent not in kinds
    assert "source" not in kinds or role == "operator"


def test_procedures_and_rules_are_listed(desk: Desk) -> None:
    assert desk.client("operator").get("/api/v1/procedures").json["items"][0]["id"] == "smoke"
    rules = desk.client("auditor").get("/api/v1/rules").json["items"]
    assert {"id", "title", "thresholds", "changeable"} <= rules[0].keys() and "sos" in {r["id"] for r in rules}


def test_the_slider_knows_its_ends_and_its_marks(desk: Desk) -> None:
    id = desk.live.opened()
    span = desk.client("operator").get("/api/v1/replay/range").json
    start = desk.live.clock.now() // 1000
    assert (span["first_ms"], span["marks"]) == (start, [{"at_ms": start, "id": id, "priority": "P1"}])


def test_me_says_what_one_may_do(desk: Desk) -> None:
    me = desk.client("school").get("/api/v1/me").json
    assert (me["role"], me["scope"], me["home"], me["verbs"]) == ("school", ZONE, f"/school/{ZONE}", [])
    assert me["pages"] == [{"name": "school", "path": f"/school/{ZONE}"}]
    assert "escalate" in desk.client("operator").get("/api/v1/me").json["verbs"]


def test_words_are_one_flat_object(desk: Desk) -> None:
    client = desk.client("operator")
    assert client.get("/words/ko.json").json["state.new"] == "미확인"
    assert client.get("/words/fr.json").status_code == 404
