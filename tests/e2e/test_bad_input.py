"""What goes wrong at a desk: markup in a note, two tabs, the back button, a session that ends, a wrong clock."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.board import korean_time
from stream.clock import format_kst
from tests.console.livehouse import PASSWORD
from tests.e2e.conftest import ZONE

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
    page.locator(".timeline").get_by_role("button", name="글 보기 (열람 기록됨)").click()
    text = page.locator(".timeline .note-text")
    expect(text).to_have_text(NASTY)
    assert text.locator("img, b").count() == 0
    assert text.get_attribute("dir") == "auto"  # and it turns nothing round beside it
    page.fill(".note textarea", "또 하나")
    page.click(".note button")
    expect(text).to_have_text([NASTY, "또 하나"])  # opened once, it is followed; each opening is a record
    looks = [r for r in console.live.journal.read(kinds=["access.looked"]) if r.subject == id]
    assert [r.body["what"] for r in looks if r.body["what"] == "notes"] == ["notes", "notes"]
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
    expect(seat.row(id).locator(".row-age")).to_have_text("2초", timeout=10_000)
    shown = page.evaluate("document.querySelector('[data-testid=clock]').textContent")
    near = [korean_time(console.live.clock.now() + d * 1_000_000) for d in (-2, -1, 0, 1)]
    assert shown in near
    expect(page.locator("[data-testid=stale-banner]")).to_be_hidden()


def sign_in_again(page, user):
    """The session has ended; somebody signs in in the same tab."""
    page.wait_for_url("**/login**", timeout=15_000)
    page.fill("[data-testid=login-user]", user)
    page.fill("[data-testid=login-password]", PASSWORD)
    page.press("[data-testid=login-password]", "Enter")
    page.wait_for_selector("body[data-ready]")


def end_session(console, page):
    """As when the hours of a shift are over."""
    assert page.request.post(f"{console.url}/api/v1/logout", data={}, headers={"Origin": console.url}).ok


def test_fifty_thousand_characters_are_refused_by_every_field_and_stay_in_it(console, screen):
    long = (NASTY + " 긴 글 ") * 1200
    id = console.live.opened("HH-0085", "smoke_or_gas", 1)
    console.live.reported(id, "119", "accepted")
    seat, lead = screen(), screen("supervisor")
    page = seat.open("/")
    seat.row(id).click()
    page.fill(".talk-form textarea", long)
    page.click(".talk-form button")
    expect(page.locator("#toasts")).to_contain_text("4,000")
    page.click("#by-hand")
    page.fill("#sheet textarea", long)
    expect(page.locator("#sheet .too-long")).to_contain_text(f"{len(long):,}")
    page.click("#sheet button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("4,000")
    look = lead.open("/replay?at=" + format_kst(console.live.clock.now()).replace("+", "%2B"))
    look.click("#review [data-part=notes]")
    look.fill("#review textarea", long)
    look.click(".training-form button")
    expect(look.locator(".training-form [role=alert]")).to_contain_text("4,000")
    for at, field in ((page, "#sheet textarea"), (page, ".talk-form textarea"), (look, "#review textarea")):
        assert at.input_value(field) == long
    assert len(console.live.board.get(id).talk) == 0 and page.title() != "1"
    for one in (seat, lead):
        one.faults.clear()  # Chromium names each refusal


def test_what_was_half_written_is_there_again_for_who_wrote_it_and_for_nobody_else(console, screen):
    id = console.live.opened("HH-0086", "inactivity", 3)
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    page.fill(".note textarea", "딸이 곧 도착한다고 함")
    page.click("#by-hand")
    box = seat.test("map").bounding_box()
    seat.test("map").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    placed = page.locator("#sheet .hint").inner_text()
    page.fill("#sheet textarea", "공원에 아이가 혼자")
    end_session(console, page)
    sign_in_again(page, "operator")
    page.click("#by-hand")
    expect(page.locator("#sheet textarea")).to_have_value("공원에 아이가 혼자")
    expect(page.locator("#sheet .hint")).to_have_text(placed)
    end_session(console, page)
    sign_in_again(page, "second")
    page.click("#by-hand")
    expect(page.locator("#sheet textarea")).to_have_value("")
    page.keyboard.press("Escape")
    seat.row(id).click()
    expect(page.locator(".note textarea")).to_have_value("")


def test_a_liaison_s_words_outlive_the_session(console, screen):
    id = console.live.opened("HH-0087", "smoke_or_gas", 1)
    console.live.reported(id, "112", "accepted")
    seat = screen("liaison_112", width=1024, height=768)
    page = seat.open("/liaison/112")
    page.locator(f"[data-handed='{id}']").click()
    seat.test("liaison-reject").click()
    page.fill(".handed-form textarea", "관할이 아니고, 옆 서에")
    end_session(console, page)
    sign_in_again(page, "liaison_112")
    page.locator(f"[data-handed='{id}']").click()
    seat.test("liaison-reject").click()
    expect(page.locator(".handed-form textarea")).to_have_value("관할이 아니고, 옆 서에")
    seat.test("liaison-send").click()
    expect(seat.test("handed-state")).to_have_attribute("data-state", "rejected")
    assert page.evaluate("Object.keys(sessionStorage).filter((k) => k.startsWith('liaison reject'))") == []


def test_an_incident_without_a_place_is_on_every_screen_and_breaks_none(console, screen):
    id = console.live.opened("case-88", "welfare_urgent", 1, domain="welfare")
    console.live.reported(id, "119", "delivered")
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    page.keyboard.press("KeyM")  # to nowhere
    expect(page.locator(".panel-place")).to_contain_text("위치 미상")
    page = seat.open(f"/incident/{id}")
    expect(page.locator(".panel-place")).to_contain_text("위치 미상")
    wall = seat.open("/wall")
    expect(wall.locator("#wall-rows li", has_text="위치 미상")).to_be_visible()
    liaison = screen("liaison_119", width=1024, height=768)
    page = liaison.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    expect(page.locator("[data-fact=where]")).to_contain_text("위치 미상")
    liaison.test("liaison-accept").click()
    expect(liaison.test("handed-state")).to_have_attribute("data-state", "accepted")


def test_a_wrong_clock_changes_nothing_in_the_other_rooms(console, screen):
    for user, path in (("operator", "/wall"), ("liaison_119", "/liaison/119"), ("school", f"/school/{ZONE}")):
        seat = screen(user)
        seat.context.add_init_script(WRONG_CLOCK)
        page = seat.open(path)
        near = [korean_time(console.live.clock.now() + d * 1_000_000)[-8:-3] for d in (-2, 0, 60)]
        assert page.locator("[data-testid=clock]").inner_text()[:5] in near, path
        expect(page.locator("[data-testid=stale-banner]")).to_be_hidden()
    expect(page.locator("#board")).to_have_attribute("data-stale", "0")
