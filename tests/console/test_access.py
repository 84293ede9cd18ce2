"""The door: every route, callback and socket event, for each role and nobody, is open exactly as the matrix says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from console.access import ROUTER, SECURE_COOKIE
from console.matrix import matrix
from tests.console.conftest import ZONE, Desk

NOBODY = ""
EVERYONE = (*matrix().roles, NOBODY)
DENIED_CODES = ("login_needed", "forbidden")
INSIDE = {
    "<id>": "20260921-0001",
    "<zone>": ZONE,
    "<lang>": "ko",
    "<path:filename>": "gwanje.mjs",
    "<int:id>": "1",
    "<int:n>": "1",
    "<user>": "nobody",
    "<rule>": "speeding",
    "<name>": "link-119-0",
    "<string:package_name>": "dash_html_components",
    "<path:fingerprinted_path>": "x.js",
    "<path:path>": "wall",
    "<int:z>": "1",
    "<int:x>": "1",
    "<int:y>": "1",
}
# The first would end the crawl's own session, the second answers 401 by itself to a wrong password (test_login).
LEFT_OUT = {"POST /api/v1/logout", "POST /login"}


def routes(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """(method, rule, path) of everything the app can answer."""
    for rule in desk.app.url_map.iter_rules():
        path = rule.rule
        for name, value in INSIDE.items():
            path = path.replace(name, value)
        assert "<" not in path, f"say in INSIDE what stands for the variable of {rule.rule}"
        for method in sorted(set(rule.methods or ()) - {"HEAD"}):
            yield method, rule.rule, path


def is_denied(answer: Any) -> bool:
    if answer.status_code in (401, 403):
        return not answer.is_json or answer.json["code"] in DENIED_CODES
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login")


def expected(method: str, rule: str, path: str, role: str) -> bool:
    allowed = matrix().routes.get(f"{method} {rule}", frozenset())
    if allowed == "page":
        return matrix().may_open(role, path)
    if allowed == "callback":
        return False  # an empty body names no callback
    return "public" in allowed or role in allowed or "local" in allowed  # the test client is this machine


def test_every_route_is_open_to_whom_the_matrix_says_and_to_nobody_else(desk: Desk) -> None:
    wrong, seen = [], 0
    for role in EVERYONE:
        client = desk.client(role or None)
        for method, rule, path in routes(desk):
            if f"{method} {rule}" in LEFT_OUT:
                continue
            body = {"json": {}} if method == "POST" else {}
            opened = not is_denied(client.open(path, method=method, **body))
            seen += 1
            if opened != expected(method, rule, path, role):
                wrong.append((role or "nobody", method, rule, opened))
    assert wrong == []
    assert seen > 8 * 35


def test_every_row_of_routes_is_a_route(desk: Desk) -> None:
    there = {f"{method} {rule}" for method, rule, _ in routes(desk)}
    assert set(matrix().routes) - there == {"POST /api/v1/events"}  # that one comes with run.py's blueprint


def test_every_callback_is_a_row_and_is_open_as_it_says(desk: Desk) -> None:
    rights, pages = matrix(), desk.app.extensions["gwanje"]["pages"]
    server_side = [o for o, c in pages.callback_map.items() if c.get("callback")]
    assert {o.partition("@")[0] for o in server_side} <= set(rights.callbacks)
    for role in EVERYONE:
        client = desk.client(role or None)
        for output in server_side:
            allowed = rights.callbacks[output.partition("@")[0]]
            for path in ("/", "/kpi", "/admin") if allowed == "page" else ("/",):
                body = {
                    "output": output,
                    "outputs": [],
                    "changedPropIds": [],
                    "inputs": [
                        {"id": "_pages_location", "property": "pathname", "value": path},
                        {"id": "_pages_location", "property": "search", "value": ""},
                    ],
                }
                answer = client.post("/_dash-update-component", json=body)
                wanted = rights.may_open(role, path) if allowed == "page" else role in allowed
                assert is_denied(answer) != wanted, (role, output, path, answer.status_code)


def test_a_callback_that_nobody_named_is_denied(desk: Desk) -> None:
    answer = desk.client("supervisor").post("/_dash-update-component", json={"output": "secret.children", "inputs": []})
    assert answer.status_code == 403
    assert desk.client("supervisor").post("/_dash-update-component", json=[1]).status_code == 403


def test_the_page_of_another_cannot_be_had_through_the_router(desk: Desk) -> None:
    body = {"output": ROUTER, "inputs": [{"id": "_pages_location", "property": "pathname", "value": "/admin"}]}
    assert desk.client("operator").post("/_dash-update-component", json=body).status_code == 403


def test_socket_events_are_the_rows_of_the_matrix(desk: Desk) -> None:
    assert set(desk.socketio.server.handlers["/"]) == set(matrix().events) - {"replay"}


@pytest.mark.parametrize("role", EVERYONE)
def test_every_socket_event_is_open_as_the_matrix_says(desk: Desk, role: str) -> None:
    rights = matrix()
    socket = desk.socket(client=desk.client(role or None))
    assert socket.is_connected() == rights.may_send(role, "connect")
    if not socket.is_connected():
        return
    bodies: dict[str, Any] = {
        "hello": {},
        "watch": {"sites": []},
        "open": {"kind": "other", "subject": "x"},
        "command": {"id": str(uuid.uuid4()), "verb": "message", "incident": "20260921-0001", "args": {}},
        "paint": {"id": "x", "painted_ms": 1, "sent_ms": 2},
    }
    for event, body in bodies.items():
        answer = socket.emit(event, body, callback=True)
        denied = bool(answer) and answer["status"] in (401, 403)
        assert denied != rights.may_send(role, event), (event, answer)
    past = socket.emit("hello", {"at": "2026-09-21T22:13:20+09:00"}, callback=True)
    assert (past["status"] == 200) == rights.may_send(role, "replay")


def test_nobody_is_led_to_the_login_and_back(desk: Desk) -> None:
    answer = desk.client().get("/kpi?from=2026-09-21")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/kpi%3Ffrom%3D2026-09-21")


def test_a_page_without_right_says_so_in_ones_language(desk: Desk) -> None:
    client = desk.client("liaison_119")
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "권한 없음" in answer.text
    assert 'href="/liaison/119"' in answer.text
    assert "No right" in client.get("/?lang=en").text


def test_a_school_sees_its_own_zone_only(desk: Desk) -> None:
    client = desk.client("school")
    assert client.get(f"/school/{ZONE}").status_code == 200
    assert client.get("/school/SZ-002").status_code == 403
    assert client.get("/api/v1/school/SZ-002").status_code == 403
    assert client.get(f"/api/v1/school/{ZONE}").json["zone"] == ZONE


def test_a_board_comes_in_by_its_link_and_sees_its_zone(desk: Desk) -> None:
    token = desk.people.make_token("hall", "board", ZONE)
    client = desk.client()
    assert client.get(f"/school/{ZONE}?board={token}").status_code == 200
    assert client.get(f"/api/v1/school/{ZONE}").status_code == 200  # the link left a cookie
    assert client.get("/school/SZ-002").status_code == 403
    assert client.get("/api/v1/incidents").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_an_unsafe_request_from_elsewhere_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    client = desk.client("operator")
    answer = client.post("/api/v1/incidents", json={"kind": "other", "subject": "x"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")
    assert desk.live.kinds().count("incident.opened") == 0


def test_an_unsafe_request_with_cookie_and_without_origin_is_refused(desk: Desk) -> None:
    client = desk.client("operator")
    del client.environ_base["HTTP_ORIGIN"]
    answer = client.post("/api/v1/incidents", json={"kind": "other", "subject": "x"})
    assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")


def test_a_bearer_needs_no_origin_and_its_role_counts(desk: Desk) -> None:
    token = desk.people.make_token("script", "supervisor")
    client, header = desk.client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/records", headers=header).status_code == 200
    body = {"kind": "other", "subject": "x"}
    assert client.post("/api/v1/incidents", json=body, headers=header).status_code == 201
    assert client.get("/api/v1/accounts", headers=header).status_code == 403
    assert client.get("/api/v1/records", headers={"Authorization": "Bearer guess"}).status_code == 401
    assert desk.client("supervisor").get("/api/v1/records", headers={"Authorization": "Basic eDp5"}).status_code == 401


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_only_json_comes_in(desk: Desk, kind: str) -> None:
    client = desk.client("operator")
    answer = client.post("/api/v1/incidents", data=b'{"kind": "other", "subject": "x"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json["code"]) == (415, "not_json")


@pytest.mark.parametrize("path", ["/api/v1/incidents/x/commands", "/api/v1/logout", "/api/v1/quarantine/1/resubmit"])
@pytest.mark.parametrize("role", ["operator", ""])
def test_a_command_cannot_be_given_by_a_link(desk: Desk, path: str, role: str) -> None:
    answer = desk.client(role or None).get(path)
    assert (answer.status_code, answer.headers["Allow"], answer.json["code"]) == (405, "POST", "method")


def test_metrics_and_readiness_are_for_this_machine_or_a_token(desk: Desk) -> None:
    far = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    proxied = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
    token = {"Authorization": f"Bearer {desk.people.make_token('prometheus', 'auditor')}"}
    for path in ("/metrics", "/readyz"):
        assert desk.client().get(path).status_code == 200
        assert desk.client().get(path, **far).status_code == 401
        assert desk.client().get(path, **proxied).status_code == 401
        assert desk.client().get(path, headers=token, **far).status_code == 200


def test_over_https_the_cookie_can_belong_to_this_host_only(desk: Desk) -> None:
    desk.account("operator")
    body = {"user": "operator", "password": "correct horse battery"}
    plain = desk.client().post("/api/v1/login", json=body).headers["Set-Cookie"]
    safe = desk.client().post("/api/v1/login", json=body, base_url="https://localhost").headers["Set-Cookie"]
    assert plain.startswith("gwanje=")
    assert all(part in plain for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert safe.startswith(f"{SECURE_COOKIE}=")
    assert all(part in safe for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Domain" not in safe


def test_a_shut_account_is_out_at_the_next_request(desk: Desk) -> None:
    client = desk.client("operator")
    assert client.get("/api/v1/incidents").status_code == 200
    desk.people.disable("operator")
    assert client.get("/api/v1/incidents").status_code == 401
