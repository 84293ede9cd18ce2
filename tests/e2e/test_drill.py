"""A drill in the browser: begun and ended by a supervisor, the operator invited, its own console marked everywhere.

That nothing of it leaves for a real address is shown with real programs in tests/connectors/test_drill.py.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from connectors import drill
from stream.clock import format_kst
from tests.connectors.test_drill import Fake
from tests.e2e import eyes
from tests.e2e.conftest import Console, Screen
from tests.e2e.test_keyboard import press

SIZES = ((1920, 1080), (1024, 768))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The drill's own console: what is set to be one."""
    made = Console(tmp_path_factory.mktemp("drill"), drill="home_fire")
    made.live.opened("HH-0001", "smoke_or_gas", 1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def console(tmp_path_factory, theirs):
    """The real console: its drills open the other one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drill, "Child", lambda *a, **k: Fake(tmp_path_factory.mktemp("story"), 0))
        there = type("There", (Fake,), {"said": json.dumps({"ready": True, "url": theirs.url})})
        made = Console(tmp_path_factory.mktemp("house"), lambda live: drill.Drills(
            live.store, live.house.data, live.clock, live.settings, spawn=there))
        yield made
        made.close()


def test_a_supervisor_begins_and_ends_it_and_only_who_drills_is_invited(console, theirs, screen):
    lead, operator, other = screen("supervisor"), screen("operator"), screen("second")
    for one in (operator, other):
        one.open("/")
    page = lead.open("/replay?at=" + format_kst(console.live.clock.now()).replace("+", "%2B"))
    page.locator("#review [data-part=drill]").focus()
    page.keyboard.press("Enter")
    page.select_option("#review [name=story]", "home_fire")
    page.select_option("#review [name=who]", "operator")
    page.fill("#review [name=minutes]", "5")
    page.press("#review [name=minutes]", "Enter")
    expect(page.locator("#review-body")).to_contain_text("operator")
    invite = operator.page.locator("#drill-link")
    expect(invite).to_have_attribute("href", f"http://localhost:{theirs.port}/")
    expect(other.page.locator("#drill-link")).to_have_count(0)
    assert "실제 상황 아님" not in operator.page.locator("#bar").inner_text()  # the real screens are not marked
    page.get_by_role("button", name="훈련 끝내기").click()
    expect(invite).to_have_count(0)
    expect(page.locator("#review-body .drill-link")).to_have_attribute("href", f"http://localhost:{theirs.port}/replay")
    page.get_by_role("button", name="훈련 화면 닫기").click()
    expect(page.locator("#review [name=story]")).to_be_visible()
    page.get_by_role("button", name="훈련 시작").click()
    press(page, "#review-body [type=submit]")
    expect(page.get_by_role("button", name="훈련 화면 닫기")).to_be_visible()
    press(page, "#review-body [type=submit]")
    expect(page.locator("#review [name=story]")).to_be_visible()
    said = [(r.body["code"], r.by) for r in console.live.journal.read(kinds=["drill.noted"])]
    assert said == [("begun", "supervisor"), ("ended", "supervisor")] * 2
    assert console.live.board.incidents == {}


@pytest.mark.parametrize(("role", "paths"), [
    ("operator", ("/", "/wall", "/kpi", "/devices")), ("supervisor", ("/replay", "/rules")),
])  # fmt: skip
def test_each_screen_of_a_drill_says_so_in_both_languages_and_on_a_tablet(theirs, chromium, role, paths):
    seat = Screen(chromium, theirs, role, {"width": 1920, "height": 1080})
    for path in paths:
        page = seat.open(path)
        for lang, said in (("ko", "훈련 – 실제 상황 아님"), ("en", "Drill – not real")):
            seat.test(f"lang-{lang}").evaluate("button => button.click()")
            expect(page.locator("#drill-word")).to_contain_text(said)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                box = page.locator("#drill-word").evaluate("el => el.getBoundingClientRect().toJSON()")
                assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] < 60, (path, lang, width)
                assert [c for c in eyes.cut(page) if "drill" in c] == [], path
        seat.test("lang-ko").evaluate("button => button.click()")
    seat.context.close()
    assert seat.faults == [] and seat.outside == []


def test_what_a_drill_would_report_is_an_exercise(theirs, chromium):
    seat = Screen(chromium, theirs, "operator", {"width": 1024, "height": 768})
    page = seat.open("/")
    page.locator("[data-incident]").first.click()
    page.keyboard.press("Digit9")
    expect(page.locator("#sheet")).to_contain_text("훈련")
    expect(page.locator("#toasts")).to_contain_text("한 번 더")
    page.keyboard.press("Digit9")  # the second key within two seconds
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")
    assert "한 번 더" not in page.locator("#toasts").inner_text()  # it has been sent: nothing is left to press
    expect(seat.test("escalation-state")).to_contain_text("훈련")
    page.keyboard.press("Digit2")
    expect(page.locator("#sheet")).to_contain_text("112")
    expect(seat.test("escalate-confirm")).to_be_enabled()
    page.keyboard.press("Digit2")
    expect(page.locator(".report")).to_have_count(2)
    assert [e.exercise for e in next(iter(theirs.live.board.incidents.values())).escalations] == [True, True]
    seat.context.close()
