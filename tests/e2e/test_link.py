"""The line to the server is cut and comes back; a past moment; two languages; nothing polls."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from stream.clock import format_kst
from stream.schema import Draft
from tests.console.livehouse import PASSWORD

HANGUL = re.compile("[가-힣]")


def test_a_lost_line_is_said_and_the_picture_is_whole_again_after_it(console, screen):
    seat = screen()
    page = seat.open("/")
    before = console.live.opened("HH-0021", "inactivity", 3)
    expect(seat.row(before)).to_be_visible()
    console.stop()
    expect(page.locator("body")).to_have_attribute("data-link", "down", timeout=10_000)
    expect(seat.test("stale-banner")).to_contain_text("과거 값")
    during = console.live.opened("HH-0022", "smoke_or_gas", 1)
    console.start()
    expect(page.locator("body")).to_have_attribute("data-link", "up", timeout=15_000)
    expect(seat.row(during)).to_be_visible()
    expect(seat.row(before)).to_have_count(1)
    expect(seat.test("stale-banner")).to_be_hidden()
    seat.faults.clear()  # Chromium names each failed try to connect


def test_a_past_moment_shows_what_was_and_its_buttons_are_dead(console, screen):
    seat = screen()
    old = console.live.opened("HH-0023", "inactivity", 3)
    at = format_kst(console.live.clock.now())
    new = console.live.opened("HH-0024", "smoke_or_gas", 1)
    page = seat.open("/?at=" + at.replace("+", "%2B"))
    expect(seat.row(old)).to_be_visible()
    expect(seat.row(new)).to_have_count(0)
    expect(page.locator("#past-word")).to_contain_text("실시간 아님")
    expect(seat.test("replay-slider")).to_be_visible()
    seat.row(old).click()
    for name in ("ack", "escalate-119", "escalate-112"):
        expect(seat.test(name)).to_be_disabled()
    page.keyboard.press("KeyA")
    page.keyboard.press("Digit9")
    assert console.live.board.get(old).state == "new"
    slider = seat.test("replay-slider")
    slider.evaluate("s => { s.value = s.max; s.dispatchEvent(new Event('input')); }")
    expect(seat.row(new)).to_be_visible()
    page.click("#replay-live")
    page.wait_for_selector("body[data-ready]:not([data-past])")
    expect(seat.row(new)).to_be_visible()


def test_the_language_changes_without_a_reload_and_stays(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0025", "smoke_or_gas", 1)
    seat.row(id).click()
    page.evaluate("window.sameDocument = true")
    seat.test("lang-en").click()
    expect(seat.test("ack")).to_contain_text("Acknowledge")
    expect(seat.row(id)).to_contain_text("Smoke")
    assert page.evaluate("window.sameDocument") is True
    seat.open("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for part in ("#bar", ".tabs", "#strip"):
        text = page.locator(part).inner_text().replace("한국어", "")
        assert not HANGUL.search(text), text
    seat.test("lang-ko").click()


def test_a_still_console_asks_nobody_anything(console, screen):
    seat = screen()
    page = seat.open("/")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.wait_for_timeout(4000)
    assert asked == []


def test_what_comes_while_the_tab_sleeps_is_there_when_it_wakes(console, screen):
    seat = screen()
    page = seat.open("/")
    other = seat.context.new_page()
    other.bring_to_front()
    id = console.live.opened("HH-0026", "smoke_or_gas", 1)
    page.bring_to_front()
    expect(seat.row(id)).to_be_visible()


def test_a_tab_that_slept_through_a_lost_line_shows_the_present_when_it_wakes(console, screen):
    seat = screen()
    page = seat.open("/")
    before = console.live.opened("HH-0027", "inactivity", 3)
    expect(seat.row(before)).to_be_visible()
    asleep = "setTimeout(() => { const end = performance.now() + 3000; while (performance.now() < end); }, 0)"
    page.evaluate(asleep)  # nothing of the page runs, as when the machine's lid is shut
    console.stop()
    during = console.live.opened("HH-0028", "smoke_or_gas", 1)
    console.live.turn([Draft("incident.acknowledged", before, console.live.clock.now(), {}, "kim")])
    console.start()
    expect(seat.row(during)).to_be_visible(timeout=15_000)
    expect(seat.row(before)).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("body")).to_have_attribute("data-link", "up")
    expect(seat.test("stale-banner")).to_be_hidden()
    seat.faults.clear()  # Chromium names each failed try to connect


def test_an_account_that_was_shut_while_its_line_was_down_is_told_so_at_the_door(console, screen):
    people = console.app.extensions["gwanje"]["accounts"]
    people.add("gone", PASSWORD, "operator")
    seat = screen("gone")
    page = seat.open("/kpi")
    console.stop()
    expect(page.locator("body")).to_have_attribute("data-link", "down", timeout=10_000)
    people.disable("gone")
    console.start()
    expect(seat.test("login-told")).to_have_text("이 계정은 사용이 중지되었습니다.", timeout=10_000)
    assert "next=%2Fkpi" in page.url
    seat.faults.clear()  # Chromium names each failed try to connect


def test_a_liaison_s_line_is_lost_and_what_was_pressed_meanwhile_is_said_and_pressed_again(console, screen):
    id = console.live.opened("HH-0029", "smoke_or_gas", 1)
    console.live.reported(id, "119", "delivered")
    seat = screen("liaison_119", width=1024, height=768)
    page = seat.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    on_wall = screen("operator")
    wall = on_wall.open("/wall")  # nobody stands at it to press anything: it must come back by itself
    console.stop()
    expect(page.locator("body")).to_have_attribute("data-link", "down", timeout=10_000)
    expect(seat.test("stale-banner")).to_be_visible()
    expect(on_wall.test("stale-banner")).to_contain_text("과거 값")
    seat.test("liaison-accept").click()
    expect(page.locator("#toasts")).to_contain_text("연결할 수 없습니다")
    later = console.live.opened("HH-0030", "smoke_or_gas", 1)
    console.live.reported(later, "119", "delivered")
    console.start()
    expect(wall.locator("body")).to_have_attribute("data-link", "up", timeout=15_000)
    expect(on_wall.test("stale-banner")).to_be_hidden()
    expect(wall.locator("#wall-rows")).to_contain_text("HH-0030")
    expect(page.locator("body")).to_have_attribute("data-link", "up", timeout=15_000)
    expect(page.locator(f"[data-handed='{later}']")).to_be_visible()
    expect(seat.test("handed-state")).to_have_attribute("data-state", "delivered")
    seat.test("liaison-accept").click()
    expect(seat.test("handed-state")).to_have_attribute("data-state", "accepted")
    assert [r.kind for r in console.live.journal.read(subject=id)].count("escalation.accepted") == 1
    for one in (seat, on_wall):
        one.faults.clear()  # Chromium names each failed try to connect
