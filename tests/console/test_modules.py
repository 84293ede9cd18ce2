"""The modules that a page's HTML names are those that its entry asks for, with all that they import."""

from __future__ import annotations

import re

import pytest

from console import modules
from console.matrix import matrix
from tests.console.conftest import Desk


def test_the_entry_has_a_row_for_every_page_and_every_name_is_a_file():
    rows = modules.rows((modules.ASSETS / modules.ENTRY).read_text("utf-8"))
    assert set(rows) == {page.name for page in matrix().pages}
    for name in {name for names in rows.values() for name in names}:
        assert any((modules.ASSETS / folder / f"{name}.js").exists() for folder in modules.FOLDERS), name


def test_a_list_in_capitals_stands_for_its_names():
    entry = ['const DESK = ["bar", "queue"];', "const PAGES = {", "  one: { live: DESK, map: true },",
             '  two: { live: ["bar"], room: "kpi" },', "};"]
    assert modules.rows("\n".join(entry)) == {"one": ["bar", "queue", "map"], "two": ["bar", "kpi"]}


def test_what_a_module_imports_is_found_through_all_steps_and_once(tmp_path):
    first = ['import { b } from "./b.js";', 'import * as c from "./sub/c.js";', 'import("./late.js");']
    (tmp_path / "a.js").write_text("\n".join(first))
    (tmp_path / "b.js").write_text('import { c } from "./sub/c.js";\n')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.js").write_text('import { b } from "../b.js";\n')
    found = modules.closure([tmp_path / "a.js"])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["a.js", "b.js", "sub/c.js"]


@pytest.mark.parametrize(("page", "has", "lacks"), [
    ("operator", "live/queue.js", "rooms/wall.js"), ("wall", "rooms/wall.js", "live/keys.js"),
    ("kpi", "rooms/kpi.js", "live/map.js")])
def test_a_page_names_its_own_modules_and_not_those_of_others(page: str, has: str, lacks: str):
    links = modules.preloads(page)
    assert f'href="/assets/{has}"' in links
    assert 'href="/assets/vendor/socket.io.esm.min.js"' in links
    assert lacks not in links
    assert modules.ENTRY not in links


def test_the_html_names_them_and_each_answers(desk: Desk):
    client = desk.client("operator")
    html = client.get("/").text
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)">', html)
    assert named and len(named) == len(set(named))
    assert {client.get(path).status_code for path in named} == {200}


def test_an_unknown_page_names_none():
    assert modules.preloads("nowhere") == ""
