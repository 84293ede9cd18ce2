"""The pages of the office in a real browser: each deed once by mouse and once by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.schema import Draft


def test_an_auditor_searches_exports_checks_the_chain_and_signs_a_month(console, screen):
    now = console.live.clock.now()
    for by, what in (("kim", "identity"), ("lee", "board")):
        console.live.turn([Draft("access.looked", "HH-0031", now, {"what": what, "purpose": "verify"}, by)])
    page = screen("auditor").open("/audit")
    rows = page.locator("#audit-table-rows tr")
    page.locator("#search [name=by]").fill("kim")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("신원 열람")
    page.get_by_label("내보내는 사유").select_option("authority")
    with page.expect_download() as waited:
        page.locator("#audit-out button").click()
    assert "kim" in waited.value.path().read_text("utf-8-sig")
    page.locator("#search [name=by]").fill("")
    page.get_by_label("행위", exact=True).select_option("export")
    page.locator("#search [type=submit]").first.click()
    expect(rows).to_contain_text("감독기관 요구")
    page.locator("#chain button").press("Enter")
    expect(page.locator("#chain-result")).to_have_attribute("data-ok", "true")
    page.get_by_test_id("sign-review").click()
    expect(page.locator("#review-state")).to_contain_text("auditor 점검: 이상 없음")
