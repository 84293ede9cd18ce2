"""The console put together: pages from the matrix in the shell that the browser side counts on."""

from __future__ import annotations

import re

import msgspec
import pytest

from console.app import Wire
from console.matrix import matrix
from console.pages import PAGES
from tests.console.conftest import ZONE, Desk

LAYOUT = {
    "output": ".._pages_content.children..._pages_store.data..",
    "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
    "changedPropIds": ["_pages_location.pathname", "_pages_location.search"],
}


def test_every_page_of_the_matrix_has_its_module() -> None:
    assert sorted(name for module in PAGES for name in module.NAMES) == sorted(page.name for page in matrix().pages)


@pytest.mark.parametrize("page", matrix().pages, ids=lambda page: page.name)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_page_opens_for_its_role_in_each_language(desk: Desk, page, lang: str) -> None:
    role = next(r for r in matrix().roles if r in page.roles)
    client = desk.client(role)
    path = page.path.replace("<zone>", ZONE).replace("<id>", desk.live.opened())
    shell = client.get(f"{path}?lang={lang}&name=x&seat=y")
    assert shell.status_code == 200
    body = dict(re.findall(r'(data-[a-z]+)="([^"]*)"', re.search(r"<body[^>]*>", shell.text)[0]))
    assert body == {
        "data-page": page.name, "data-role": role, "data-user": role, "data-lang": lang,
        "data-scope": ZONE if role == "school" else "", "data-build": "dev", "data-tiles": "", "data-link": "down",
        "data-drill": "", **({"data-past": "1"} if page.name == "replay" else {}),
    }  # fmt: skip
    assert f'<html lang="{lang}">' in shell.text
    asked = [("pathname", path), ("search", "?at=1&name=x&seat=y")]
    inputs = [{"id": "_pages_location", "property": name, "value": value} for name, value in asked]
    drawn = client.post("/_dash-update-component", json={**LAYOUT, "inputs": inputs})
    assert drawn.status_code == 200, drawn.text[:500]
    assert drawn.json["response"]["_pages_content"]["children"]


def test_the_static_layout_holds_no_page_and_nobody(desk: Desk) -> None:
    desk.live.opened()
    client = desk.client("liaison_112")
    for path in ("/_dash-layout", "/_dash-dependencies"):
        text = client.get(path).text
        assert "HH-0001" not in text
        assert "incident-panel" not in text


def test_what_an_account_is_called_cannot_become_markup(desk: Desk) -> None:
    desk.people.add('"><img src=x>', "a long password", "operator")
    client = desk.client()
    client.post("/api/v1/login", json={"user": '"><img src=x>', "password": "a long password"})
    assert "<img" not in client.get("/").text


def test_the_page_loads_nothing_from_another_host(desk: Desk) -> None:
    text = desk.client("operator").get("/").text
    assert re.findall(r'(?:src|href)="(?!/|data:)[^"]*"', text) == []


def test_the_wire_passes_encoded_bytes_on() -> None:
    raw = msgspec.Raw(b'{"a":[1,2]}')
    assert Wire.dumps(["delta", raw], separators=(",", ":")) == '["delta",{"a":[1,2]}]'
    assert Wire.loads('["hello",{"at":"가"}]') == ["hello", {"at": "가"}]


@pytest.mark.parametrize("junk", ["{", "\ud800", "[" * 100_000])
def test_junk_on_the_wire_is_a_value_error(junk: str) -> None:
    with pytest.raises(ValueError):
        Wire.loads(junk)
