"""What goes wrong at a desk: markup in a note, two tabs, the back button, a session that ends, a wrong clock."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.board import korean_time
from tests.console.livehouse import PASSWORD

NASTY = '<img src=x onerror="document.title=1"> <b>굵게</b> 🙂 \u202eabc\u202c'
WRONG_CLOCK = """(() => {
  const Real = Date, shift = 3 * 86400e3 + 12345678;
  window.Date = class extends Real {
    constructor(...a) { a.length ? super(...a) : super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})()"""


def test_markup_an_emoji_and_a_right_to_left_mark_stay_text(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0080", "inactivity", 3)
    seat.row(id).click()
    page.fill(".note textarea", NASTY)
    page.click(".note button")
    expect(page.locator(".note textarea")).to_have_value("")
    page.get_by_role("button", name="글 보기").click()
    text = page.locator(".note-texts p")
    expect(text).to_have_text(NASTY)
    assert text.locator("img, b").count() == 0
    assert page.locator(".note-texts li").get_attribute("dir") == "auto"  # and it turns nothing round beside it
    assert page.title() != "1"


def test_two_tabs_of_one_operator_know_the_same_and_keep_their_own_drafts(console, screen):
    seat = screen()
    page = seat.open("/")
    other = seat.context.new_page()
    other.goto(console.url + "/")
    other.wait_for_selector("body[data-ready]")
    id = console.live.opened("HH-0081", "inactivity", 3)
    for tab in (page, other):
        tab.locator(f"[data-incident='{id}']").click()
    other.fill(".note textarea", "둘째 탭에서 쓰는 중")
    page.click("[data-testid=ack]")
    for tab in (page, other):
        expect(tab.locator(f"[data-incident='{id}']")).to_have_attribute("data-state", "acknowledged")
    expect(other.locator("[data-testid=ack]")).to_be_disabled()
    assert other.input_value(".note textarea") == "둘째 탭에서 쓰는 중"
    assert page.input_value(".note textarea") == ""
    assert console.live.kinds().count("incident.acknowledged") == 1


def test_the_back_button_in_the_middle_of_an_escalation_sends_nothing_and_loses_nothing(console, screen):
    seat = screen()
    seat.open("/devices")
    page = seat.open("/")
    id = console.live.opened("HH-0082", "smoke_or_gas", 1)
    seat.row(id).click()
    page.keyboard.press("Digit9")
    expect(seat.test("escalate-confirm")).to_be_enabled()
    page.go_back()
    page.wait_for_url("**/devices")
    page.wait_for_selector("body[data-ready]")
    assert console.live.board.get(id).escalations == ()
    page.go_forward()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(seat.row(id)).to_have_attribute("data-state", "new")
    seat.row(id).click()
    seat.test("escalate-119").click()
    seat.test("escalate-confirm").click()
    page.go_back()  # at once: what was confirmed is one report, however the page went
    page.wait_for_selector("body[data-ready]")
    page.go_forward()
    page.wait_for_selector("body[data-ready]")
    seat.row(id).click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")
    assert len(console.live.board.get(id).escalations) == 1


def test_a_session_that_ends_in_the_middle_of_a_sentence_keeps_the_sentence(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0083", "inactivity", 3)
    seat.row(id).click()
    page.fill(".note textarea", "보호자와 통화했고, 지금")
    answer = page.request.post(f"{console.url}/api/v1/logout", data={}, headers={"Origin": console.url})
    assert answer.ok
    page.wait_for_url("**/login**", timeout=15_000)
    page.fill("[data-testid=login-user]", "operator")
    page.fill("[data-testid=login-password]", PASSWORD)
    page.press("[data-testid=login-password]", "Enter")
    page.wait_for_selector("body[data-ready]")
    seat.row(id).click()
    assert page.input_value(".note textarea") == "보호자와 통화했고, 지금"


def test_a_browser_whose_clock_is_days_off_shows_the_room_s_time_and_true_ages(console, screen):
    seat = screen()
    seat.context.add_init_script(WRONG_CLOCK)
    page = seat.open("/")
    assert page.evaluate("Date.now()") / 1000 - console.live.clock.now() / 1e6 > 86_400
    id = console.live.opened("HH-0084", "inactivity", 3)
    expect(seat.row(id).locator(".row-age")).to_have_text("0:02", timeout=10_000)
    shown = page.evaluate("document.querySelector('[data-testid=clock]').textContent")
    near = [korean_time(console.live.clock.now() + d * 1_000_000) for d in (-2, -1, 0, 1)]
    assert shown in near
    expect(page.locator("[data-testid=stale-banner]")).to_be_hidden()
