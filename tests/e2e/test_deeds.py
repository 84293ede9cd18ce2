"""The seldom deeds of an operator, each once by mouse and once by keyboard, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

WAYS = ("mouse", "keyboard")


def begin(seat, name, key, way):
    """Open the form of a seldom deed: by the list of deeds, or by its key."""
    page = seat.page
    if way == "keyboard":
        page.keyboard.press(key)
    else:
        page.click("[data-act=more]")
        page.locator("#sheet").get_by_role("button", name=name).click()
    expect(page.locator("#sheet h2")).to_have_text(name)


def because(page, reason, way):
    """Choose a reason among the buttons: by a click, or by the arrows and Enter."""
    page.locator("#sheet .reasons button").first.focus()
    wanted = page.locator(f"#sheet .reasons [value={reason}]")
    if way == "mouse":
        wanted.click()
    else:
        for _ in range(page.locator("#sheet .reasons button").count()):
            if wanted.evaluate("button => button === document.activeElement"):
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(wanted).to_have_attribute("aria-checked", "true")


def finish(seat, way):
    """Send the form."""
    page = seat.page
    if way == "mouse":
        page.click("#sheet button[type=submit]")
    else:
        page.locator("#sheet button[type=submit]").focus()
        page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()


@pytest.mark.parametrize("way", WAYS)
def test_put_aside_says_until_when_and_comes_back_by_hand(console, screen, way):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0030", "inactivity", 3)
    seat.row(id).click()
    begin(seat, "보류", "KeyS", way)
    expect(page.locator("#sheet option").first).to_have_text("10분")
    page.select_option("#sheet select", "60")
    page.click("#sheet button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("사유를 고르십시오")  # none is chosen beforehand
    reasons = page.locator("#sheet .reasons button")
    assert (reasons.first.get_attribute("value"), reasons.last.get_attribute("value")) == ("waiting_visit", "other")
    because(page, "known_work", way)
    expect(page.locator("#sheet .ends")).to_contain_text("다시 알림")
    finish(seat, way)
    expect(seat.row(id)).to_have_attribute("data-state", "shelved")
    found = console.live.board.get(id)
    assert (found.reason, found.shelved_until - found.shelved_at) == ("known_work", 3_600_000_000)
    begin(seat, "보류 해제", "KeyS", way)
    finish(seat, way)
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")


@pytest.mark.parametrize("way", WAYS)
def test_another_priority_has_a_reason_and_a_word_for_the_vault(console, screen, way):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0031", "inactivity", 3)
    seat.row(id).click()
    begin(seat, "등급 변경", "KeyP", way)
    page.select_option("#sheet select", "P2")
    because(page, "seen_worse", way)
    page.fill("#sheet textarea", "창문으로 쓰러진 사람이 보임")
    finish(seat, way)
    expect(seat.row(id)).to_have_attribute("data-priority", "P2")
    said = list(console.live.journal.read(subject=id))
    assert next(r for r in said if r.kind == "incident.priority_changed").body["reason"] == "seen_worse"
    text = next(r for r in said if r.kind == "incident.noted").body["text_ref"]
    assert console.live.vault.open(text) == "창문으로 쓰러진 사람이 보임"
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.startsWith('change_priority'))") == []


@pytest.mark.parametrize("way", WAYS)
def test_it_is_given_to_somebody_of_this_room_and_handed_on(console, screen, way):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0032", "inactivity", 3)
    seat.row(id).click()
    page.keyboard.press("KeyW") if way == "keyboard" else page.click("[data-act=assign]")
    page.locator("#sheet option[value=second]").wait_for(state="attached")
    assert page.locator("#sheet option[value=admin]").count() == 0
    page.select_option("#sheet select", "second")
    finish(seat, way)
    expect(seat.row(id)).to_contain_text("second")
    begin(seat, "인계", "KeyT", way)
    page.locator("#sheet option[value=supervisor]").wait_for(state="attached")
    page.select_option("#sheet select", "supervisor")
    because(page, "shift_end", way)
    finish(seat, way)
    expect(seat.row(id)).to_contain_text("supervisor")
    kinds = [r.kind for r in console.live.journal.read(subject=id) if r.kind.startswith("incident.")]
    assert kinds[-2:] == ["incident.assigned", "incident.transferred"]


@pytest.mark.parametrize("way", WAYS)
def test_joined_with_the_one_at_the_same_place_which_stands_first(console, screen, way):
    seat = screen()
    page = seat.open("/")
    far = console.live.opened("HH-0033", "smoke_or_gas", 1, score=99)
    into = console.live.opened("HH-0034", "inactivity", 3)
    id = console.live.opened("HH-0034", "smoke_or_gas", 2)
    seat.row(id).click()
    begin(seat, "병합", "KeyG", way)
    options = page.locator("#sheet .pick-list input")
    same = options.evaluate_all("all => all.map(i => i.value)")
    assert into in same[:2] and same.index(into) < same.index(far)
    expect(page.locator("#sheet .pick-list li").first).to_contain_text("같은 곳")
    page.locator(f"#sheet input[value='{into}']").check()
    finish(seat, way)
    expect(seat.row(id)).to_have_count(0)
    assert console.live.board.get(id).merged_into == into


@pytest.mark.parametrize("way", WAYS)
def test_divided_by_what_is_ticked_never_wholly(console, screen, way):
    seat = screen()
    page = seat.open("/")
    at = console.live.clock.now()
    seen = [{"rule": rule, "at": at, "subject": "HH-0035", "severity": 2, "evidence": {}}
            for rule in ("inactivity", "smoke_or_gas")]
    id = console.live.opened("HH-0035", "smoke_or_gas", 2, detections=seen)
    seat.row(id).click()
    begin(seat, "분리", "KeyD", way)
    page.click("#sheet button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("하나 이상 고르고")
    page.locator("#sheet input[value='0']").check()
    finish(seat, way)
    expect(seat.test("timeline")).to_contain_text("상황 분리")
    assert [d.rule for d in console.live.board.get(id).detections] == ["smoke_or_gas"]
    new = max(console.live.board.incidents)
    assert [d.rule for d in console.live.board.get(new).detections] == ["inactivity"]


@pytest.mark.parametrize("way", WAYS)
def test_closed_with_a_verdict_and_opened_again_with_a_reason(console, screen, way):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0036", "inactivity", 3)
    seat.row(id).click()
    page.keyboard.press("KeyX") if way == "keyboard" else page.click("[data-act=resolve]")
    if way == "mouse":
        page.locator("#sheet").get_by_role("radio", name="오탐").click()
        because(page, "pet", way)
        page.locator("#sheet .primary").click()
    else:
        for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Enter"):  # from the first reason to the second verdict
            page.keyboard.press(key)
        expect(page.locator("#sheet [role=radio][value=false_alarm]")).to_have_attribute("aria-checked", "true")
        because(page, "pet", way)
        expect(page.locator("#sheet .primary")).to_be_focused()
        page.keyboard.press("Enter")
    expect(seat.row(id)).to_have_count(0)
    assert console.live.board.get(id).disposition == "false_alarm"
    begin(seat, "다시 열기", "KeyR", way)
    because(page, "wrong_person", way)
    finish(seat, way)
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")


@pytest.mark.parametrize("way", WAYS)
def test_taken_and_acknowledging_taken_back(console, screen, way):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0037", "inactivity", 3)
    seat.row(id).click()
    page.keyboard.press("KeyI") if way == "keyboard" else page.click("[data-act=take]")
    expect(seat.row(id)).to_contain_text("operator")
    begin(seat, "확인 취소", "KeyU", way)
    finish(seat, way)
    expect(seat.row(id)).to_have_attribute("data-state", "new")


def test_a_deed_that_may_not_be_done_says_so(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0038", "smoke_or_gas", 1)
    seat.row(id).click()
    page.keyboard.press("KeyS")
    expect(page.locator("#toasts")).to_contain_text("보류")
    expect(page.locator("#sheet")).to_be_hidden()
    assert console.live.board.get(id).state == "new"


def test_the_procedure_branches_by_what_is_answered_and_the_other_operator_sees_it(console, screen):
    seat, other = screen(), screen("second")
    id = console.live.opened("HH-0039", "inactivity", 3)
    for one in (seat, other):
        one.open("/")
        one.row(id).click()
    call = seat.page.locator("[data-step='2']")
    asked = seat.page.locator("[data-step='3']")
    expect(call).to_contain_text("전화를 받았습니까")
    expect(asked).to_have_attribute("data-due", "maybe")
    call.get_by_role("button", name="예", exact=True).click()
    expect(asked).to_have_attribute("data-due", "no")
    expect(other.page.locator("[data-step='3']")).to_contain_text("해당 없음")
    expect(other.page.locator("[data-step='4']")).to_have_attribute("data-due", "no")  # hangs on what is not asked
    call.locator("[data-answer=no]").focus()
    seat.page.keyboard.press("Enter")
    expect(asked).to_have_attribute("data-due", "yes")
    assert console.live.board.get(id).answers == {"2": "no"}
    expect(seat.test("timeline")).to_contain_text("2단계, 아니오")
    call.locator("[data-answer=no]").click()
    expect(asked).to_have_attribute("data-due", "maybe")
    expect(seat.page.locator(".panel-near")).to_contain_text("119")
