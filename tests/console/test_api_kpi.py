"""The figures over HTTP: a span, its parts, an area; absurd spans cost nothing."""

from __future__ import annotations

from urllib.parse import quote

from stream.kpi_table import INDICATORS
from tests.console.conftest import ZONE, Desk


def test_every_indicator_of_the_plan_is_told(desk: Desk) -> None:
    desk.live.opened()
    desk.live.clock.advance(1_000_000)
    view = desk.client("operator").get("/api/v1/kpi").json
    assert [row["name"] for row in view["indicators"]] == [row.name for row in INDICATORS]
    assert (view["alarm_load"]["positions"], view["alarm_load"]["standing"]) == (1, 1)
    assert view["series"] == [] and {"id": "궐동", "name": "궐동", "kind": "dong"} in view["areas"]
    assert ZONE in {row["id"] for row in view["areas"] if row["kind"] == "zone"}


def test_by_day_from_the_first_record_on(desk: Desk) -> None:
    desk.live.opened()
    desk.live.clock.advance(86_400_000_000)
    desk.live.opened("HH-0002")
    desk.live.clock.advance(1_000_000)
    url = "/api/v1/kpi?by=day&from=2026-09-01T00:00:00%2B09:00"
    series = desk.client("operator").get(url).json["series"]
    assert [row["from"][:10] for row in series] == ["2026-09-21", "2026-09-22"]
    assert all(len(row["figures"]) == len(INDICATORS) for row in series)
    assert [next(f["value"] for f in row["figures"] if f["name"] == "load") > 0 for row in series] == [True, True]


def test_an_area_is_one_of_the_city(desk: Desk) -> None:
    client = desk.client("operator")
    assert client.get(f"/api/v1/kpi?area={quote('궐동')}").json["area"] == "궐동"
    assert client.get(f"/api/v1/kpi?area={ZONE}").status_code == 200
    assert client.get("/api/v1/kpi?area=Atlantis").status_code == 400
    assert client.get("/api/v1/kpi?by=hour").status_code == 400


def test_a_span_of_centuries_is_answered_for_what_there_is(desk: Desk) -> None:
    desk.live.opened()
    url = "/api/v1/kpi?by=month&from=1900-01-01T00:00:00Z&to=2400-01-01T00:00:00Z"
    view = desk.client("operator").get(url).json
    assert view["load"]["n"] == 1 and len(view["load"]["slots"]) <= 2 * 144 + 1
    assert view["from"].startswith("1900") and len(view["series"]) == 1
    past = desk.client("operator").get("/api/v1/kpi?from=1900-01-01T00:00:00Z&to=1901-01-01T00:00:00Z")
    assert past.status_code == 200 and past.json["load"]["n"] == 0


def test_a_school_board_in_use_counts_once_a_day(desk: Desk) -> None:
    client = desk.client("school")
    for _ in range(3):
        assert client.get(f"/api/v1/school/{ZONE}").status_code == 200
    desk.live.clock.advance(1_000_000)
    assert [k for k in desk.live.kinds() if k == "access.looked"] == ["access.looked"]
    told = {r["name"]: r for r in desk.client("operator").get("/api/v1/kpi").json["indicators"]}
    assert told["boards"]["value"] == 1


def test_table_and_report_leave_as_files_and_each_is_a_record(desk: Desk) -> None:
    desk.live.opened()
    desk.live.clock.advance(1_000_000)
    client = desk.client("operator")
    files = (("export?by=week", "text/csv", b"\xef\xbb\xbf"), ("report?month=2026-09", "application/pdf", b"%PDF"))
    for path, kind, begins in files:
        answer = client.get(f"/api/v1/kpi/{path}")
        assert answer.status_code == 200 and answer.content_type.startswith(kind)
        assert answer.data.startswith(begins) and "attachment" in answer.headers["Content-Disposition"]
    desk.live.clock.advance(1_000_000)
    told = {r["name"]: r for r in client.get("/api/v1/kpi").json["indicators"]}
    assert told["exports"]["value"] == 2
    assert client.get("/api/v1/kpi/report?month=soon").status_code == 400
    for path in ("export", "report"):
        assert desk.client("auditor").get(f"/api/v1/kpi/{path}").status_code == 403
        assert desk.app.test_client().get(f"/api/v1/kpi/{path}").status_code == 401
