"""Coming in: a plain form and a JSON call, both slow for guessers, both written down; going out ends everything."""

from __future__ import annotations

import pytest

from console.login import own_path
from stream.schema import Record
from tests.console.conftest import ORIGIN, ZONE, Desk
from tests.console.livehouse import PASSWORD


@pytest.fixture(autouse=True)
def _accounts(desk: Desk) -> None:
    for role in ("operator", "supervisor", "school"):
        desk.account(role)


def access_records(desk: Desk) -> list[Record]:
    return [r for r in desk.live.journal.read() if r.kind.startswith("access.")]


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("operator", "/"),
        ("supervisor", "/"),
        ("liaison_112", "/liaison/112"),
        ("liaison_119", "/liaison/119"),
        ("school", f"/school/{ZONE}"),
        ("admin", "/admin"),
        ("auditor", "/audit"),
    ],
)
def test_the_form_leads_to_the_roles_first_page(desk: Desk, role: str, home: str) -> None:
    desk.account(role)
    client = desk.client()
    answer = client.post("/login", data={"user": role, "password": PASSWORD, "next": ""}, headers=ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, home)
    assert client.get(home).status_code == 200


def test_the_form_leads_back_to_what_was_asked_for_if_one_may(desk: Desk) -> None:
    def led(role: str, next: str) -> str:
        form = {"user": role, "password": PASSWORD, "next": next}
        return str(desk.client().post("/login", data=form, headers=ORIGIN).headers["Location"])

    assert led("supervisor", "/kpi?from=1") == "/kpi?from=1"
    assert led("supervisor", "/admin") == "/"
    assert led("supervisor", "https://evil.example/") == "/"
    assert led("supervisor", "//evil.example/") == "/"


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a\nb", "", "login", "/login?x"]
)
def test_only_our_own_paths_are_gone_to(path: str) -> None:
    assert own_path(path) == ""


def test_the_page_has_its_hooks_and_both_languages(desk: Desk) -> None:
    client = desk.client()
    ko = client.get("/login").text
    assert all(f'data-testid="login-{part}"' in ko for part in ("user", "password", "submit"))
    assert "통합관제 로그인" in ko
    en = client.get("/login?lang=en").text
    assert "Control room sign-in" in en
    assert "Control room sign-in" in client.get("/login").text  # it is remembered


def test_who_comes_with_a_one_time_secret_chooses_a_password_in_the_form(desk: Desk) -> None:
    secret, _ = desk.people.reset("operator")
    form, client = {"user": "operator", "password": secret}, desk.client()
    asked = client.post("/login", data=form, headers=ORIGIN)
    assert asked.status_code == 403 and 'data-testid="login-new"' in asked.text and 'role="alert"' not in asked.text
    differs = client.post("/login", data={**form, "new": "one long one", "again": "other long one"}, headers=ORIGIN)
    assert "두 비밀번호가 다릅니다" in differs.text and 'data-testid="login-new"' in differs.text
    good = client.post("/login", data={**form, "new": "one long one", "again": "one long one"}, headers=ORIGIN)
    assert (good.status_code, good.headers["Location"]) == (303, "/")


def test_what_was_typed_cannot_become_markup(desk: Desk) -> None:
    form = {"user": '"><script>alert(1)</script>', "password": "x", "next": '"><b>'}
    text = desk.client().post("/login", data=form, headers=ORIGIN).text
    assert "<script>alert" not in text
    assert "<b>" not in text


def test_wrong_is_wrong_whoever_it_is(desk: Desk) -> None:
    client = desk.client()
    answers = [
        client.post("/api/v1/login", json={"user": user, "password": "wrong password"})
        for user in ("operator", "nobody")
    ]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    page = client.post("/login", data={"user": "operator", "password": "x"}, headers=ORIGIN)
    assert page.status_code == 401
    assert "아이디 또는 비밀번호가 맞지 않습니다" in page.text
    assert 'value="operator"' in page.text


def test_each_try_is_a_record_and_an_unknown_name_is_not_kept(desk: Desk) -> None:
    client = desk.client()
    client.post("/api/v1/login", json={"user": "operator", "password": "wrong password"})
    client.post("/api/v1/login", json={"user": "my secret typed here", "password": "x"})
    client.post("/api/v1/login", json={"user": "operator", "password": PASSWORD})
    rows = [(r.kind, r.subject, r.body["code"], r.body["address"]) for r in access_records(desk)]
    assert rows == [
        ("access.refused", "operator", "wrong", "127.0.0.1"),
        ("access.refused", "unknown", "wrong", "127.0.0.1"),
        ("access.login", "operator", "operator", "127.0.0.1"),
    ]


def test_a_guesser_waits_even_with_the_right_password_and_elsewhere_one_comes_in(desk: Desk) -> None:
    client = desk.client()
    for _ in range(5):
        assert client.post("/api/v1/login", json={"user": "operator", "password": "wrong"}).status_code == 401
    slowed = client.post("/api/v1/login", json={"user": "operator", "password": PASSWORD})
    assert (slowed.status_code, slowed.headers["Retry-After"], slowed.json["code"]) == (429, "1", "slow_down")
    form = client.post("/login", data={"user": "operator", "password": PASSWORD}, headers=ORIGIN)
    assert (form.status_code, form.headers["Retry-After"]) == (429, "1")
    far = client.post(
        "/api/v1/login", json={"user": "operator", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.9.9.9"}
    )
    assert far.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user": "operator"}, 400),
        ([1], 400),
        ({"user": 1, "password": "x"}, 400),
        ({"user": "operator", "password": PASSWORD, "role": "admin"}, 400),
    ],
)
def test_a_malformed_try_says_which_field(desk: Desk, body: object, status: int) -> None:
    answer = desk.client().post("/api/v1/login", json=body)
    assert (answer.status_code, answer.json["code"]) == (status, "malformed")
    assert answer.json["detail"]


def test_another_sites_form_cannot_sign_anyone_in(desk: Desk) -> None:
    form = {"user": "operator", "password": PASSWORD}
    assert desk.client().post("/login", data=form, headers={"Origin": "http://evil.example"}).status_code == 403


def test_log_out_ends_the_session_and_its_sockets(desk: Desk) -> None:
    client = desk.client("operator")
    socket = desk.socket(client=client)
    assert socket.is_connected()
    assert client.post("/api/v1/logout").json == {"ok": True}
    assert client.get("/api/v1/incidents").status_code == 401
    assert not socket.is_connected()


def test_the_answer_of_a_login_says_where_to_go(desk: Desk) -> None:
    answer = desk.client().post("/api/v1/login", json={"user": "school", "password": PASSWORD})
    assert answer.json == {"user": "school", "role": "school", "scope": ZONE, "home": f"/school/{ZONE}"}
