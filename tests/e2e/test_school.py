"""The board in a teachers' room, in Chromium: by account and by link, old data grey, an empty zone."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.schema import US, Draft
from tests.console.livehouse import PASSWORD
from tests.console.test_school import site_of
from tests.e2e import eyes
from tests.e2e.conftest import ZONE


def seen(console, rule: str, n: int) -> None:
    at = console.live.clock.now() - 900 * US
    site = site_of(console.live, ZONE)
    console.live.turn([Draft("detection.noted", site, at, {"rule": rule, "severity": 0}) for _ in range(n)])


def test_the_day_stands_there_small_numbers_hidden_and_grey_when_the_line_is_lost(console, screen):
    seen(console, "speeding", 17)
    seen(console, "near_miss", 3)
    seat = screen("school")
    page = seat.open(f"/school/{ZONE}")
    expect(page.locator("[data-what=risk]")).to_contain_text("5건 미만")
    expect(page.locator(".week-none")).to_contain_text("내일부터")  # its first day: seven dashes look like a fault
    for width, height in ((1920, 1080), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        board = page.locator("#board")
        assert board.evaluate("e => e.scrollHeight - e.clientHeight") <= 0, width
    expect(page.locator("#board")).to_have_attribute("data-stale", "0")
    console.stop()
    try:
        expect(page.locator("#board")).to_have_attribute("data-stale", "1")
        expect(page.locator(".board-say")).to_contain_text("연결이 끊겼습니다")
    finally:
        console.start()
    expect(page.locator("#board")).to_have_attribute("data-stale", "0", timeout=20_000)
    seat.faults[:] = [f for f in seat.faults if "ERR_CONNECTION_REFUSED" not in f and "WebSocket" not in f]


def test_a_link_opens_an_empty_zone_and_ends_when_it_is_revoked(console, chromium):
    people, city = console.app.extensions["gwanje"]["accounts"], console.live.house.city
    bare = next(z for z in city.zones if z not in {s.zone for s in city.sites.values()})
    token = people.make_token("board-x", "board", bare)
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(f"{console.url}/school/{bare}?board={token}")
    expect(page.locator("#board")).to_contain_text("아직 감지 장비가 없습니다")
    assert page.goto(f"{console.url}/school/{ZONE}").status == 403
    page.goto(f"{console.url}/school/{bare}")
    page.wait_for_selector("body[data-ready][data-link=up]")
    people.revoke("board-x")
    page.wait_for_url(lambda url: "/login" in url)
    context.close()


def test_a_school_whose_sensors_said_nothing_today_is_not_called_safe(console, screen):
    heard, console.live.spoke = console.live.spoke, lambda source: 0
    people, zone = console.app.extensions["gwanje"]["accounts"], "SZ-003"
    people.add("school3", PASSWORD, "school", zone)
    console.live.kpi.days.first -= 1  # a journal that began yesterday
    try:
        seat = screen("school3", width=1024, height=768)
        page = seat.open(f"/school/{zone}")
        expect(page.locator(".board-say")).to_contain_text("오늘 아직 감지 장비에서 온 자료가 없습니다")
        expect(page.locator(".tile-n")).to_have_text(["–"] * 4)
        expect(page.locator(".bars li")).to_have_count(7)
        expect(page.locator("#board")).to_have_attribute("data-stale", "1")
        seat.test("lang-en").click()
        expect(page.locator(".board-say")).to_contain_text("Nothing has come from the sensors today")
        assert eyes.cut(page) == []
    finally:
        console.live.spoke = heard
