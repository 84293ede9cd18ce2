"""Nothing on a screen moves by itself while data come: told by the count of layout shifts that the browser keeps."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from stream.schema import Draft

ALLOWED = 0.001  # of a page, all shifts together; what browsers call good is 0.1
FILLING = 0.02  # while a page opens: a panel's sections below its buttons may still grow
WATCH = """
window.moved = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => window.moved.push(
  [e.value, ...e.sources.map((s) => (s.node && (s.node.id || s.node.className || s.node.nodeName)) || "gone")])))
  .observe({type: "layout-shift"});
"""


KNOWN = """([id, state]) => import("/assets/live/model.js").then(
  ({ model }) => (model.incidents.get(id) || { state: "gone" }).state === state)"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.moved), 50)))"


def late(route) -> None:
    """A busy machine: what the server rendered is painted before the page's own script runs."""
    time.sleep(0.4)
    route.continue_()


@pytest.mark.parametrize("path", ["/kpi", "/devices", "/replay", "/replay?at=2026-11-02T08:00:00%2B09:00"])
def test_a_page_that_fills_keeps_what_stands_where_it_is(console, screen, path):
    console.live.opened("HH-0020", "near_miss", 2)
    seat = screen("supervisor")
    seat.page.add_init_script(WATCH)
    seat.page.route("**/gwanje.mjs*", late)
    page = seat.open(path)
    found = page.evaluate(PAINTED)
    assert sum(shift[0] for shift in found) <= FILLING, found


def moves(page, live) -> list:
    """What an incident that opens, is acknowledged and closed moves on a page."""
    page.evaluate(WATCH)
    for kind, subject in (("near_miss", "HH-0021"), ("inactivity", "HH-0022")):
        id = live.opened(subject, kind, 2)
        page.wait_for_function(KNOWN, arg=[id, "new"])
        closed = {"disposition": "false_alarm", "reason": "cooking"}
        for verb, told, state in (("acknowledged", {}, "acknowledged"), ("resolved", closed, "gone")):
            page.evaluate(PAINTED)
            live.turn([Draft(f"incident.{verb}", id, live.clock.now(), told, "kim")])
            page.wait_for_function(KNOWN, arg=[id, state])
    return page.evaluate(PAINTED)


@pytest.mark.parametrize("path", ["/", "/wall"])
def test_data_that_come_move_nothing(console, screen, path):
    for i in range(12):
        console.live.opened(f"HH-{i:04d}", "inactivity", 3)
    page = screen().open(path)
    if path == "/":
        page.get_by_test_id("queue").hover()  # the hand on the list: rows wait in the pill
    found = moves(page, console.live)
    assert sum(shift[0] for shift in found) <= ALLOWED, found


def _called(live, subject: str, kind: str, priority: int) -> str:
    """An incident at which nobody looked until the supervisor was called."""
    id = live.opened(subject, kind, priority)
    live.turn([Draft("incident.unattended", id, live.clock.now(), {"level": 3, "to": "supervisors"})])
    return id


def test_the_buttons_stand_still_when_what_called_is_acknowledged_and_a_press_too_many_ends_nothing(console, screen):
    id = _called(console.live, "HH-0031", "near_miss", 2)
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    expect(page.locator(".panel-marks")).to_contain_text("3차")
    acts = page.locator(".actions button")
    boxes = [acts.nth(n).bounding_box() for n in range(acts.count())]
    seat.test("ack").click()
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")
    expect(page.locator(".panel-marks")).not_to_contain_text("3차")
    page.click("[data-act=take]")
    expect(seat.row(id)).to_have_attribute("data-state", "in_progress")
    assert [acts.nth(n).bounding_box() for n in range(acts.count())] == boxes
    ack, false = boxes[0], page.locator("[data-act=false]").bounding_box()
    assert false["x"] > ack["x"] + 2 * ack["width"] and false["y"] > ack["y"] + 2 * ack["height"]
    assert page.locator("[data-act=false]").get_attribute("hidden") is None


def test_the_notice_is_one_line_in_its_own_colour_and_a_second_press_does_not_meet_the_next(console, screen):
    called = _called(console.live, "HH-0032", "near_miss", 2)
    seat = screen("supervisor")
    page = seat.open("/")
    notice = page.locator("#notice")
    expect(notice).to_have_attribute("data-p", "2")
    expect(notice).to_contain_text("높음")
    orange = notice.evaluate("el => getComputedStyle(el).borderTopColor")
    first, second = (console.live.opened(f"HH-003{n}", "smoke_or_gas", 1, score=99 - n) for n in (3, 4))
    expect(notice).to_have_attribute("data-p", "1")
    assert notice.evaluate("el => getComputedStyle(el).borderTopColor") != orange
    expect(page.locator(".notice-line")).to_have_count(1)
    expect(notice).to_contain_text("2건 더")
    expect(notice.locator("kbd")).to_have_text(["A"])  # nothing is chosen: the key takes this one
    seat.row(called).click()
    expect(notice.locator("kbd")).to_have_count(0)  # the keys are the chosen one's
    page.keyboard.press("Escape")
    ack = notice.get_by_role("button", name="확인")
    expect(notice).not_to_have_attribute("data-moved", "1")  # it stands for longer than a hand needs
    ack.click()
    expect(notice).to_contain_text("1건 더")
    ack.click()  # the next one's line stands there since a moment
    expect(page.locator("#toasts")).to_contain_text("이 누름은 쓰지 않았습니다")
    assert [console.live.board.get(id).state for id in (first, second)] == ["acknowledged", "new"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-testid=incident-panel]')?.dataset.id") == first


def test_under_the_hand_what_becomes_urgent_goes_on_top_and_any_other_change_of_order_is_counted(console, screen):
    live = console.live
    chosen, low, high = (live.opened(f"HH-004{n}", "inactivity", 3, score=48 - n) for n in range(3))
    aside = live.opened("HH-0044", "inactivity", 3, score=20)
    now = live.clock.now()
    live.turn([Draft("incident.shelved", aside, now, {"reason": "watched", "until": now + 3_600_000_000}, "kim")])
    seat = screen()
    page = seat.open("/")
    seat.row(chosen).click()
    pill = page.locator("#pill")
    expect(pill).to_be_hidden()

    def scored(id: str, score: int, priority: int) -> None:
        body = {"score": score, "priority": priority, "factors": [], "annunciated": True}
        live.turn([Draft("incident.scored", id, live.clock.now(), body)])
        expect(seat.row(id)).to_have_attribute("data-priority", f"P{priority}")

    scored(chosen, 30, 3)
    expect(seat.row(chosen)).to_contain_text("30점")
    expect(pill).to_be_hidden()  # what is in one's own hand is no news
    before = page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)")
    scored(high, 69, 2)
    expect(pill).to_have_text("순서 바뀜 1건 ↕")
    assert page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)") == before
    scored(low, 90, 1)
    assert page.locator("[data-incident]").first.get_attribute("data-incident") == low
    scored(aside, 80, 1)
    live.turn([Draft("incident.unshelved", aside, live.clock.now(), {"state": "new", "why": "ended"})])
    expect(seat.row(aside)).to_have_attribute("data-calling", "1")
    assert page.locator("[data-incident]").first.get_attribute("data-incident") == aside
    pill.click()
    expect(pill).to_be_hidden()
    order = page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)")
    assert order.index(high) < order.index(chosen)


def test_the_list_shows_whole_rows_and_the_pill_covers_none_of_them(console, screen):
    page = screen().open("/")
    rows = page.locator("[data-incident]")
    rows.last.click()
    console.live.opened("HH-0030", "inactivity", 3)
    pill = page.locator("#pill")
    expect(pill).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("j")
    end = page.get_by_test_id("queue").bounding_box()
    tall = rows.first.bounding_box()["height"]
    assert abs(end["height"] / tall - round(end["height"] / tall)) < 0.02  # no row is shown by half
    chosen = page.locator("[data-incident][aria-selected=true]").bounding_box()
    assert chosen["y"] + chosen["height"] <= pill.bounding_box()["y"] + 1
    assert end["y"] + end["height"] <= pill.bounding_box()["y"] + 1
