"""The start and the end of a shift in a real browser: the sound is checked, what is open is signed by both."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.schema import Draft
from tests.console.livehouse import PASSWORD


def test_the_sound_is_checked_at_the_start_and_the_desk_says_so_until_it_is(console, screen):
    seat = screen()
    page = seat.open("/")
    expect(page.locator("#shift")).to_have_attribute("data-state", "unchecked")
    page.click("#shift")
    expect(page.get_by_role("button", name="세 소리 모두 들림")).to_be_disabled()
    for name in ("긴급", "높음", "보통"):
        page.locator(".shift-sounds").get_by_role("button", name=name).click()
    page.get_by_role("button", name="세 소리 모두 들림").click()
    expect(page.locator("#shift")).to_have_attribute("data-state", "good")
    (record,) = [r for r in console.live.journal.read() if r.kind == "shift.begun"]
    assert (record.by, record.body) == ("operator", {"heard": [1, 2, 3]})
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#shift")).to_have_attribute("data-state", "good")


def test_what_is_open_is_signed_by_who_goes_and_at_their_own_desk_by_who_comes(console, screen):
    going, coming = screen(), screen("second")
    page, other = going.open("/"), coming.open("/")
    id = console.live.opened("HH-0060", "inactivity", 3)
    going.row(id).click()
    page.keyboard.press("KeyI")
    expect(going.row(id)).to_contain_text("operator")
    urgent = console.live.opened("HH-0061", "smoke_or_gas", 1)
    page.keyboard.press("KeyH")
    expect(page.locator(".shift-rows")).to_contain_text(id)
    expect(page.locator(".shift-urgent")).to_contain_text("긴급 1건")
    console.live.turn([Draft("incident.acknowledged", urgent, console.live.clock.now(), {}, "kim")])
    page.locator("#sheet option[value=second]").wait_for(state="attached")
    hand = page.get_by_role("button", name="operator 서명하고 넘기기")
    hand.click()
    assert page.locator("#sheet select").evaluate("el => el.validationMessage") == "빈칸입니다. 입력하거나 고르십시오."
    page.get_by_label("전달 사항").fill("3층 공사, 경비실에 확인")
    page.select_option("#sheet select", "second")
    hand.click()
    expect(page.locator("#shift")).to_contain_text("인계 대기: second")
    page.get_by_role("button", name="인계 취소").click()
    expect(page.locator("#shift")).not_to_contain_text("인계 대기", timeout=10_000)
    page.locator("#sheet option[value=second]").wait_for(state="attached")
    page.get_by_label("전달 사항").fill("3층 공사, 경비실에 확인")
    page.select_option("#sheet select", "second")
    page.get_by_role("button", name="operator 서명하고 넘기기").click()
    expect(other.locator("#shift")).to_have_attribute("data-state", "waits", timeout=10_000)
    other.click("#shift")
    expect(other.locator("#sheet")).to_contain_text("인수 대기: operator → second")
    expect(other.locator(".shift-text")).to_contain_text("경비실에 확인")
    other.get_by_role("button", name="second 서명하고 인수").click()
    expect(going.row(id)).to_contain_text("second")
    signed = [(r.kind, r.by) for r in console.live.journal.read() if r.kind.startswith("shift.")]
    steps = [("handed", "operator"), ("withdrawn", "operator"), ("handed", "operator"), ("taken", "second")]
    assert [one for one in signed if one[0] != "shift.begun"] == [(f"shift.{step}", by) for step, by in steps]


def test_at_one_desk_a_wrong_password_signs_nothing(console, screen):
    seat = screen()
    page = seat.open("/")
    page.keyboard.press("KeyH")
    page.locator("#sheet option[value=supervisor]").wait_for(state="attached")
    page.select_option("#sheet select", "supervisor")
    page.get_by_role("button", name="operator 서명하고 넘기기").click()
    password = page.locator("#sheet input[type=password]")
    password.fill("not the one")
    password.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("비밀번호")
    seat.faults.clear()  # Chromium names the refusal
    before = console.live.kinds().count("shift.taken")
    password.fill(PASSWORD)
    password.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    assert console.live.kinds().count("shift.taken") == before + 1


def test_a_mute_is_seen_and_ends_by_itself(console, screen):
    seat = screen()
    seat.page.clock.install()
    page = seat.open("/")
    page.locator("#bar .city").click()  # a browser lets nothing be heard before a person has touched the page
    sound = page.locator("#sound")
    expect(sound).to_have_attribute("data-state", "on")
    sound.focus()
    page.keyboard.press("Enter")
    expect(sound).to_have_attribute("data-state", "muted")
    expect(sound).to_contain_text("120초")
    page.clock.fast_forward("02:01")
    expect(sound).to_have_attribute("data-state", "on")


def test_what_the_keys_do_is_told_by_a_key_and_by_a_press(console, screen):
    seat = screen()
    page = seat.open("/")
    page.keyboard.press("Shift+Slash")
    sheet = page.locator("#sheet")
    expect(sheet.locator("dt")).to_have_count(24)
    expect(sheet).to_contain_text("9 9")
    for sign in ("확인한 것·처리중인 것", "감지→팝업", "막대 7칸", "기록 번호"):
        expect(sheet.locator(".signs")).to_contain_text(sign)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.locator(".panel-empty button").click()
    expect(sheet).to_be_visible()
