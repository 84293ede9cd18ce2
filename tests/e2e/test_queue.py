"""Search, conditions and saved views of the queue in a real browser; no P1 is hidden by any of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from stream.schema import Draft


@pytest.fixture(scope="module")
def room(console):
    """A queue of several kinds, places and states: names to ids."""
    live = console.live
    return {
        "urgent": live.opened("HH-0050", "smoke_or_gas", 1),
        "quiet": live.opened("HH-0051", "inactivity", 3, score=50),
        "road": live.opened("XW-GASU-1", "near_miss", 2, domain="road", score=60),
        "case": live.opened("case-51", "welfare_urgent", 2, domain="welfare", score=55),
    }


def shown(page):
    """Ids in the queue, in order, once what was asked for is drawn (in the frame after)."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)")


def test_a_search_finds_by_household_place_kind_and_number(screen, room):
    seat = screen()
    page = seat.open("/")
    for words, found in (("hh-0051", "quiet"), ("가수초", "road"), ("위기가구", "case"), (room["road"], "road")):
        page.fill("#search", words)
        expect(page.locator("[data-incident]")).to_have_count(2)
        assert shown(page) == [room["urgent"], room[found]], words  # the unacknowledged P1 stays on top
        expect(page.locator("[data-filter=all]")).to_have_text("전체 2/4")
    page.press("#search", "Escape")
    expect(page.locator("[data-filter=all]")).to_have_text("전체 4")
    assert page.input_value("#search") == ""
    page.fill("#search", "그런 것 없음")
    assert shown(page) == [room["urgent"]]
    expect(page.locator("#urgent-outside")).to_contain_text("필터 밖 긴급 1건")
    page.click("#urgent-outside")
    expect(page.locator("[data-incident]")).to_have_count(4)
    expect(page.locator("#urgent-outside")).to_be_hidden()


def test_conditions_by_keyboard_and_a_view_that_stays_in_this_browser(screen, room):
    seat = screen()
    page = seat.open("/")
    page.keyboard.press("KeyF")
    page.select_option("[data-by=domain]", "road")
    assert shown(page) == [room["urgent"], room["road"]]
    page.fill(".keep-view input", "도로 담당")
    page.press(".keep-view input", "Enter")
    page.click("#filter-clear")
    assert len(shown(page)) == 4
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.click("#filter-more")
    page.get_by_role("button", name="도로 담당", exact=True).click()
    assert shown(page) == [room["urgent"], room["road"]]
    page.get_by_role("button", name="보기 지우기: 도로 담당").click()
    expect(page.locator(".view-chip")).to_have_count(0)


def test_a_stored_view_that_is_broken_breaks_nothing(screen, room):
    seat = screen()
    page = seat.open("/")
    page.evaluate("localStorage.setItem('queue views', '[{\"name\":\"x\",\"wish\":{\"p\":7,\"dong\":[]}}, 3, null]')")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("KeyF")
    page.get_by_role("button", name="x", exact=True).click()
    assert len(shown(page)) == 4


def test_mine_priority_state_and_dong(console, screen, room):
    seat = screen()
    page = seat.open("/")
    seat.row(room["quiet"]).click()
    page.keyboard.press("KeyI")
    expect(seat.row(room["quiet"])).to_have_attribute("data-state", "in_progress")
    page.keyboard.press("Escape")
    page.keyboard.press("KeyF")
    page.click("[data-by=mine]")
    assert shown(page) == [room["urgent"], room["quiet"]]
    page.click("#filter-clear")
    page.click(".by-priority [data-p='2']")
    assert set(shown(page)) == {room["urgent"], room["road"], room["case"]}
    page.select_option("[data-by=dong]", console.live.board.get(room["road"]).place.dong)
    assert shown(page) == [room["urgent"], room["road"]]
    page.select_option("[data-by=dong]", label="초평동 (행정동)")  # its dong lies in it
    assert shown(page) == [room["urgent"], room["road"]]
    page.select_option("[data-by=dong]", "")
    page.fill("#search", "초평동")
    assert shown(page) == [room["urgent"], room["road"]]
    page.click("#filter-clear")
    page.select_option("[data-by=state]", "in_progress")
    assert shown(page) == [room["urgent"], room["quiet"]]


def test_a_tab_hides_no_unacknowledged_p1_and_one_that_comes_stands_on_top(console, screen, room):
    seat = screen()
    page = seat.open("/")
    page.click("[data-filter=shelved]")
    assert shown(page) == [room["urgent"]]
    page.fill("#search", "가수초")
    new = console.live.opened("HH-0052", "smoke_or_gas", 1, score=95)
    expect(seat.row(new)).to_be_visible()
    assert set(shown(page)) == {new, room["urgent"]}
    expect(page.locator("#urgent-outside")).to_contain_text("2건")


def test_each_row_shows_what_weighs_in_it(screen, room):
    seat = screen()
    seat.open("/")
    row = seat.row(room["urgent"])
    expect(row.locator(".row-factors")).to_contain_text("위협 50")
    expect(row.locator(".glance-bar i")).to_have_count(2)
    assert row.locator(".row-factors").get_attribute("title") == "생명 위협 50 · 취약성 37"


COUNT_TONES = """() => {
  const own = AudioContext.prototype.createOscillator;
  window.tones = 0;
  AudioContext.prototype.createOscillator = function () { window.tones += 1; return own.call(this); };
}"""


def test_what_was_silent_and_calls_now_is_heard_and_said_at_once(console, screen, room):
    live = console.live
    quiet = live.opened("XW-GASU-1", "illegal_parking", 4, domain="road", score=20, annunciated=False)
    seat = screen()
    page = seat.open("/")
    page.locator("#search").click()  # a browser lets nothing be heard before that
    expect(page.locator("#sound")).to_have_attribute("data-state", "on")
    page.evaluate(COUNT_TONES)
    factors = [{"name": "threat", "points": 60, "why": "kind"}]
    for priority, tones in ((2, 3), (2, 3)):  # the second one is no worse
        body = {"score": 60, "priority": priority, "factors": factors, "annunciated": True}
        live.turn([Draft("incident.scored", quiet, live.clock.now(), body)])
        expect(page.locator("#spoken")).to_contain_text("가수초 앞 1번 횡단보도")
        page.wait_for_function("n => window.tones % 5 === n % 5", arg=tones)
