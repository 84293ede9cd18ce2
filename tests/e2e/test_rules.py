"""A threshold changed by two people in two browsers; the next event is judged by it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console.livehouse import PASSWORD


def test_one_supervisor_proposes_and_the_other_approves(console, screen):
    people = console.app.extensions["gwanje"]["accounts"]
    if people.get("sup2") is None:
        people.add("sup2", PASSWORD, "supervisor")
    one, two = screen("supervisor"), screen("sup2")
    page = one.open("/rules")
    card = page.locator("[data-rule='safety_call_unanswered']")
    expect(card.get_by_text("생명안전 한계")).to_have_count(0)
    card.get_by_test_id("edit-safety_call_unanswered").click()
    expect(card.get_by_text("생명안전 한계")).to_be_visible()
    field = card.locator("input[name=attempts]")
    field.fill("5")
    card.get_by_test_id("propose-safety_call_unanswered").click()
    expect(page.locator("#toasts")).to_contain_text("생명안전 기준보다 둔하게 바꿀 수 없습니다.")
    one.faults.clear()  # Chromium writes each answer of 422 down
    field.fill("2")
    card.get_by_label("사유").select_option("missed_one")
    card.get_by_test_id("propose-safety_call_unanswered").press("Enter")
    waiting = page.locator("[data-rule='safety_call_unanswered'] .waits")
    expect(waiting).to_contain_text("3 → 2")
    expect(waiting.get_by_test_id("approve")).to_have_count(0)
    other = two.open("/rules")
    first = other.locator("article.rule").first
    expect(first).to_have_attribute("data-rule", "safety_call_unanswered")  # what waits stands first
    first.get_by_test_id("approve").click()
    card = other.locator("[data-rule='safety_call_unanswered']")
    expect(card).to_contain_text("2판")
    expect(card.locator("details summary")).to_contain_text("변경 이력 1건")
    assert console.live.ruling.table.get("safety_call_unanswered").thresholds["attempts"] == 2
    admin = screen("admin").open("/admin")
    expect(admin.locator("#approvals")).to_contain_text("승인을 기다리는 규칙 변경이 없습니다.")
