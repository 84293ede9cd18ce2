"""Each role's work without a mouse: by the Tab key to the button, by Enter on it, and on from there.

The deeds of an operator that have keys of their own are in test_deeds.py and test_operator.py; docs/screens.md has the
table of all deeds and where each is done by mouse and by keyboard.
"""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from console.devices import wire
from stream.clock import format_kst
from stream.schema import Draft
from tests.console import test_api_scene
from tests.console.livehouse import PASSWORD
from tests.e2e.conftest import Console
from tests.e2e.test_liaison import left
from tests.e2e.test_office import _put_aside
from tests.e2e.test_rules import _trials

MOST = 120  # presses of Tab from one end of a page to the other


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """A console on which a report can be taken back for a minute."""
    made = Console(tmp_path_factory.mktemp("house"), undo_s=60.0)
    yield made
    made.close()


def reach(page, selector: str, backwards: bool = False) -> None:
    """Tab, as a person without a mouse does, until the keyboard stands on it."""
    page.locator(selector).first.wait_for()
    for _ in range(MOST):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"not to be reached by Tab: {selector}")


def press(page, selector: str, key: str = "Enter") -> None:
    """Go there and press."""
    reach(page, selector)
    page.keyboard.press(key)


def test_both_reports_are_confirmed_and_one_is_taken_back(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0061", "smoke_or_gas", 1)
    seat.row(id).wait_for()
    page.keyboard.press("KeyJ")
    for key, agency in (("Digit2", "112"), ("Digit9", "119")):
        page.keyboard.press(key)
        expect(page.locator("#sheet h2")).to_contain_text(agency)
        expect(seat.test("escalate-confirm")).to_be_focused()  # its words stand: the second step is Enter
        page.keyboard.press("KeyJ")  # leaves alone what is half done
        expect(page.locator("#toasts")).not_to_contain_text("한 번 더")  # who reads longer than 2 s
        page.keyboard.press(key)
        expect(page.locator("#toasts")).to_contain_text("한 번 더")
        expect(seat.test("escalate-confirm")).to_be_focused()  # the same sheet, not read anew
        page.keyboard.press("Enter")
        expect(page.locator(".report").first).to_contain_text(agency)
        expect(page.locator("#sheet")).to_be_hidden()
    press(page, ".report .undo")
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "cancelled")
    states = {e.agency: e.state for e in console.live.board.get(id).escalations}
    assert states == {"119": "cancelled", "112": "requested"}


def test_escape_gives_the_keyboard_back_and_an_answer_keeps_it(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0062", "inactivity", 3)
    seat.row(id).click()
    press(page, "[data-act=more]")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-act=more]")).to_be_focused()
    press(page, "[data-step='2'] [data-answer=yes]")
    expect(page.locator("[data-step='2'] [data-answer=yes]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-step='2'] [data-answer=yes]")).to_be_focused()  # drawn anew under the keyboard
    press(page, ".note textarea", "KeyA")
    reach(page, ".note button")
    page.keyboard.press("Space")
    expect(page.locator(".note textarea")).to_have_value("")
    assert console.live.board.get(id).notes == 1


def test_one_key_leads_to_the_open_steps_and_the_others_go_on_from_there(console, screen):
    seat = screen()
    page = seat.open("/")
    id, other = (console.live.opened(subject, "inactivity", 3) for subject in ("HH-0065", "HH-0066"))
    for row in (id, other):
        seat.row(row).wait_for()
    seat.row(id).click()
    expect(page.locator(".steps h3 kbd")).to_have_text("C")
    page.keyboard.press("KeyC")
    expect(page.locator("[data-step='1'] input")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-step='1']")).to_have_attribute("data-done", "1")
    expect(page.locator("[data-step='1'] input")).to_be_focused()
    page.keyboard.press("KeyC")
    expect(page.locator("[data-step='2'] [data-answer=yes]")).to_be_focused()
    page.locator("[data-step='1'] input").focus()
    page.keyboard.press("KeyJ")
    expect(seat.row(id)).to_have_attribute("aria-selected", "false")


def test_a_step_that_is_a_report_is_done_by_the_report_or_by_word_that_it_was_phoned(console, screen):
    seat = screen()
    page = seat.open("/")
    id, phoned = (console.live.opened(subject, "inactivity", 3) for subject in ("HH-0067", "HH-0068"))
    seat.row(id).click()
    step = page.locator("[data-step]:has(.step-report)").first
    step.locator("input").click()
    expect(page.locator("#sheet")).to_contain_text("119 신고 기록이 없습니다")
    expect(step).not_to_have_attribute("data-done", "1")
    page.locator("#sheet .primary").click()
    seat.test("escalate-confirm").click()
    expect(step).to_have_attribute("data-done", "1")
    assert console.live.board.get(id).steps == ()
    seat.row(phoned).click()
    step.locator("input").click()
    page.click("[data-act=phoned]")
    expect(step).to_have_attribute("data-done", "1")
    assert console.live.board.get(phoned).escalations == ()


def test_escape_closes_the_menu_alone_and_leaves_no_frame_that_looks_like_a_choice(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0069", "inactivity", 3)
    seat.row(id).click()
    page.click("#menu")
    expect(page.locator("#pages")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pages")).to_be_hidden()
    expect(page.locator("#menu")).to_be_focused()
    expect(seat.row(id)).to_have_attribute("aria-selected", "true")
    seat.row(id).click()
    page.keyboard.press("Escape")
    expect(seat.row(id)).to_have_attribute("aria-selected", "false")
    assert page.locator(":focus-visible").count() == 0
    page.click("#menu")
    page.click("#menu-shift")
    expect(page.locator("#sheet h2")).to_have_text("근무 교대")


def test_the_moment_is_seen_again(console, screen):
    id = test_api_scene.seen(SimpleNamespace(live=console.live))
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    press(page, ".scene-ask")
    expect(page.locator("canvas.scene")).to_be_visible()
    expect(page.locator(".scene-acts button")).to_be_focused()
    page.keyboard.press("Tab")
    before = page.locator(".scene-acts span").inner_text()
    page.keyboard.press("Home")
    expect(page.locator(".scene-acts span")).not_to_have_text(before)


def test_a_liaison_s_whole_answer(console, screen):
    id = console.live.opened("HH-0063", "smoke_or_gas", 1)
    console.live.reported(id, "119", "sent")
    left(console, id)
    seat = screen("liaison_119", width=1024, height=768)
    page = seat.open("/liaison/119")
    state = seat.test("handed-state")
    press(page, f"[data-handed='{id}']")
    expect(state).to_be_visible()
    press(page, "[data-testid=liaison-accept]")
    expect(state).to_have_attribute("data-state", "accepted")
    press(page, "[data-testid=liaison-dispatch]")
    expect(page.locator("input[name=unit]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(seat.test("liaison-dispatch")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("119-1")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # ten minutes
    page.keyboard.press("Enter")
    expect(state).to_have_attribute("data-state", "dispatched")
    (report,) = console.live.board.get(id).escalations
    assert (report.unit, report.eta_s) == ("119-1", 600)
    press(page, "[data-testid=liaison-message]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(seat.test("talk-119")).to_contain_text("사람 수·상태")
    press(page, ".talk-form textarea", "KeyO")
    press(page, ".talk-form button", "Space")
    expect(page.locator(".talk-form textarea")).to_have_value("")
    reach(page, "[data-testid=liaison-arrive]", backwards=True)
    page.keyboard.press("Enter")
    expect(state).to_have_attribute("data-state", "arrived")
    reach(page, "[data-testid=liaison-close]")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(state).to_have_attribute("data-state", "closed")
    reach(page, "#tab-open", backwards=True)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-past")).to_be_focused()  # round the end, and nothing was asked for
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    press(page, f"[data-handed='{id}']")
    press(page, ".talk-form textarea", "KeyK")
    reach(page, "#tab-talk", backwards=True)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    press(page, ".pin")
    expect(page.locator("#tab-open")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".talk-form textarea")).to_have_value("k")


def test_a_supervisor_plays_jumps_and_notes(console, screen):
    id = console.live.opened("HH-0064", "smoke_or_gas", 1)
    seat = screen("supervisor")
    page = seat.open("/replay?at=" + format_kst(console.live.clock.now()).replace("+", "%2B"))
    press(page, "[data-speed='4']", "Space")
    expect(page.locator("[data-speed='4']")).to_have_attribute("aria-pressed", "true")
    reach(page, "#slider form input")
    page.keyboard.type(id)
    page.keyboard.press("Enter")
    expect(seat.row(id)).to_have_attribute("aria-selected", "true")
    reach(page, "#review [data-part=notes]", backwards=True)
    page.keyboard.press("Enter")
    press(page, "#review textarea", "KeyX")
    press(page, ".training-form button")
    expect(page.locator(".training li p")).to_have_text("x")


def test_a_rule_is_proposed_and_approved(console, screen):
    open_gate = Event()
    open_gate.set()
    _trials(console, open_gate)
    people = console.app.extensions["gwanje"]["accounts"]
    people.add("sup3", PASSWORD, "supervisor")
    rule = "safety_call_unanswered"
    page = screen("supervisor").open("/rules")
    reach(page, "input[type=search]")
    page.keyboard.type(rule)
    press(page, f"[data-testid=edit-{rule}]")
    expect(page.locator("form.propose input").first).to_be_focused()
    page.keyboard.press("ArrowDown")  # 3 -> 2
    reach(page, "form.propose select")
    page.keyboard.press("ArrowDown")  # no reason is chosen beforehand
    press(page, f"[data-testid=propose-{rule}]")
    expect(page.locator(".waits")).to_contain_text("3 → 2")
    other = screen("sup3").open("/rules")
    expect(other.get_by_test_id("approve")).to_be_enabled()
    press(other, "[data-testid=approve]")
    expect(other.locator(f"[data-rule='{rule}']")).to_contain_text("2판")


def test_the_office_is_served(console, screen):
    """Quarantine, devices, accounts, tokens, audit, figures: what the other stories do by mouse."""
    live = console.live
    _put_aside(live, b"{junk", "/device/k1")
    page = screen("supervisor").open("/quarantine")
    press(page, "[data-act=look]")
    expect(page.locator("#quarantine-raw pre")).to_have_text("{junk")
    press(page, "[data-act=settle]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-source='/device/k1']")).to_have_count(0)

    device = wire(next(iter(live.house.city.sources)))
    live.turn([Draft("device.noted", device, live.clock.now(), {"code": "tamper"})])
    page = screen().open("/devices")
    press(page, f"[data-device='{device}'] [data-act=maintain]")
    press(page, "#new-window [type=submit]")
    expect(page.locator("[data-suppressed=maintenance]")).to_contain_text(device.removeprefix("/device/"))
    press(page, f"[data-device='{device}'] [data-act=settle]")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-device='{device}'] [data-act=settle]")).to_have_count(0)

    page = screen("admin").open("/admin")
    press(page, "[data-user=second] select")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-user=second] select").first).to_have_value("supervisor")
    press(page, "[data-user=second] [data-act=reset]")
    page.keyboard.press("Enter")
    expect(page.locator("#account-secret code")).to_be_visible()
    press(page, "[data-user=second] [data-act=disable]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-user=second] [data-act=enable]")).to_be_visible()

    page = screen("auditor").open("/audit")
    press(page, "#search [type=submit]")
    reach(page, "#audit-out select")
    page.keyboard.press("ArrowDown")
    reach(page, "#audit-out button")
    with page.expect_download():
        page.keyboard.press("Enter")
    press(page, "[data-testid=sign-review]")
    expect(page.locator("#review-state")).to_contain_text("이상 없음")

    page = screen().open("/kpi")
    press(page, '[data-span="week"]', "Space")
    expect(page.locator('[data-span="week"]')).to_have_attribute("aria-pressed", "true")
    for link, ends in (("#kpi-csv", ".csv"), ("#kpi-pdf", ".pdf")):
        reach(page, link)
        with page.expect_download() as waited:
            page.keyboard.press("Enter")
        assert waited.value.suggested_filename.endswith(ends)
