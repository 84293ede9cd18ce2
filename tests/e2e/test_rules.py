"""A threshold changed by two people in two browsers; the next event is judged by it."""

from __future__ import annotations

import json
from threading import Event

from playwright.sync_api import expect

from replay.trial import Trials
from tests.console.livehouse import PASSWORD


def _trials(console, gate):
    """Trials of the console whose program is slow as long as the gate is shut."""
    told = {"events": 1200, "from_ms": 0, "to_ms": 3_600_000, "before": 2, "after": 9, "appears": 7, "vanishes": 0,
            "incidents_before": 2, "incidents_after": 5, "others": [], "confirmed": 1, "missed": ["20260921-0007"]}

    def start(*_words):
        gate.wait(30)
        return json.dumps(told)

    object.__setattr__(console.live.house, "trials", Trials(console.live.store, start, console.live.clock.now))


def test_one_supervisor_proposes_and_the_other_approves(console, screen):
    gate = Event()
    _trials(console, gate)
    people = console.app.extensions["gwanje"]["accounts"]
    if people.get("sup2") is None:
        people.add("sup2", PASSWORD, "supervisor")
    one, two = screen("supervisor"), screen("sup2")
    page = one.open("/rules")
    card = page.locator("[data-rule='safety_call_unanswered']")
    expect(card.get_by_text("생명안전 한계")).to_have_count(0)
    card.get_by_test_id("edit-safety_call_unanswered").click()
    expect(card.get_by_text("생명안전 한계")).to_be_visible()
    expect(card.get_by_text("= 1일")).to_be_visible()  # 24 in a field of hours is said in words
    field = card.locator("input[name=attempts]")
    expect(card.locator("form")).to_contain_text("다른 팀장이나 관리자")
    card.get_by_role("button", name="닫기").click()
    expect(card.locator("form")).to_have_count(0)
    card.get_by_test_id("edit-safety_call_unanswered").press("Enter")
    field.fill("5")
    card.get_by_test_id("propose-safety_call_unanswered").click()
    assert card.get_by_label("사유").evaluate("el => el.validationMessage") == "빈칸입니다. 입력하거나 고르십시오."
    card.get_by_label("사유").select_option("standard_changed")
    card.get_by_test_id("propose-safety_call_unanswered").click()
    expect(card.locator(".refused")).to_contain_text("생명안전 기준보다 둔하게 바꿀 수 없습니다.")
    one.faults.clear()  # Chromium writes each answer of 422 down
    field.fill("2")
    card.get_by_label("사유").select_option("missed_one")
    card.get_by_test_id("propose-safety_call_unanswered").click()
    waiting = page.locator("[data-rule='safety_call_unanswered'] .waits")
    expect(waiting).to_contain_text("3 → 2")
    expect(waiting.get_by_test_id("approve")).to_have_count(0)
    other = two.open("/rules")
    first = other.locator("article.rule").first
    expect(first).to_have_attribute("data-rule", "safety_call_unanswered")  # what waits stands first
    expect(first.get_by_test_id("approve")).to_be_disabled()
    expect(first).to_contain_text("지난 6시간의 기록으로 시험 중입니다")
    gate.set()
    expect(first).to_contain_text("지금 기준 2건 → 새 기준 9건")
    expect(first).to_contain_text("실제로 확인된 상황 1건을 놓치게 됩니다: 20260921-0007")
    first.get_by_test_id("approve").click()
    card = other.locator("[data-rule='safety_call_unanswered']")
    expect(card).to_contain_text("2판")
    expect(card.locator("details summary")).to_contain_text("변경 이력 1건")
    assert console.live.ruling.table.get("safety_call_unanswered").thresholds["attempts"] == 2
    admin = screen("admin").open("/admin")
    expect(admin.locator("#approvals")).to_contain_text("승인을 기다리는 규칙 변경이 없습니다.")


def test_a_rule_is_found_by_what_it_looks_at_and_says_no_code(console, screen):
    page = screen("supervisor").open("/rules")
    page.get_by_label("규칙 찾기").fill("낙상")
    expect(page.locator("[data-rule='home_fire_unanswered']")).to_have_count(1)  # by its parts alone
    page.get_by_label("규칙 찾기").fill("")
    text = page.locator("#register").inner_text()
    assert not [word for word in ("CONTRACT", "DESIGN", "ANCHORS", ".py", "no_motion", "_drawn") if word in text]
