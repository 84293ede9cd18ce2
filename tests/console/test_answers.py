"""Errors are problem details for programs, a page for people, and a recorded fault when they are ours."""

from __future__ import annotations

import pytest

from console.problems import MIME
from tests.console.conftest import Desk


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/api/v1/incidents/20200101-0001", 404, "not_found"),
        ("DELETE", "/api/v1/incidents", 405, "method"),
        ("OPTIONS", "/api/v1/incidents", 405, "method"),
        ("GET", "/_dash-component-suites/nothing/x.js", 404, "not_found"),
        ("GET", "/words/fr.json", 404, "not_found"),
    ],
)
def test_a_program_gets_problem_details(desk: Desk, method: str, path: str, status: int, code: str) -> None:
    answer = desk.client("operator").open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, MIME)
    assert (answer.json["status"], answer.json["code"], answer.json["type"]) == (status, code, "about:blank")


def test_a_body_that_is_too_large_is_413(desk: Desk) -> None:
    answer = desk.client("operator").post(
        "/api/v1/incidents", data=b"x" * (256 * 1024 + 1), content_type="application/json"
    )
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_person_gets_a_page(desk: Desk) -> None:
    answer = desk.client("operator").get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "없는 화면" in answer.text


def test_a_fault_of_ours_is_recorded_without_what_was_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("secret 010-1234-5678")

    client = desk.client("operator")
    monkeypatch.setattr(desk.live.house.kpi, "view", broken)
    answer = client.get("/api/v1/kpi?from=2026-09-21T00:00:00%2B09:00")
    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "secret" not in answer.text
    (fault,) = [r for r in desk.live.journal.read() if r.kind == "fault.noted"]
    assert fault.body == {"code": "console", "detail": "ZeroDivisionError /api/v1/kpi"}
    assert client.get("/api/v1/me").status_code == 200  # the next request goes through


def test_refused_rights_are_written_down_once_in_a_while(desk: Desk) -> None:
    client = desk.client("liaison_112")
    for _ in range(5):
        assert client.get("/api/v1/records").status_code == 403
    refused = [r for r in desk.live.journal.read() if r.kind == "access.refused"]
    assert [(r.by, r.body["what"], r.body["code"]) for r in refused] == [
        ("liaison_112", "GET /api/v1/records", "forbidden")
    ]
