"""The indicators in a real browser: chosen, followed over time, taken away as files, and what an error looks like."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from stream.clock import format_kst
from tests.e2e.test_still import ALLOWED, PAINTED, WATCH


@pytest.fixture
def seat(console, screen):
    if not console.live.board.incidents:
        console.live.opened("XW-GASU-1", "near_miss", 2)
    seat = screen("operator")
    seat.open("/kpi")
    return seat


def test_a_span_an_area_and_a_course_are_chosen_and_drawn(seat):
    page = seat.page
    assert seat.test("kpi-load").get_attribute("data-value") is not None
    page.locator('[data-span="week"]').click()
    expect(page.locator('[data-span="week"]')).to_have_attribute("aria-pressed", "true")
    page.locator("#kpi-area").select_option("궐동")
    expect(page.locator("#kpi-csv")).to_have_attribute("href", re.compile("area=%EA%B6%90"))
    seat.test("kpi-load").locator(".tile-course").click()
    expect(page.locator("#kpi-trend-graph .gtitle")).to_contain_text("10분당 알림")
    expect(page.locator("#kpi-school-graph")).to_contain_text("표본 없음")
    definition = seat.test("kpi-uptime").locator("details")
    page.evaluate(WATCH)
    definition.locator("summary").click()
    expect(definition.locator("p")).to_be_visible()
    assert sum(shift[0] for shift in page.evaluate(PAINTED)) <= ALLOWED  # it lies over what stands below
    page.locator('[data-span="day"]').click()
    expect(page.locator("#kpi-tiles")).to_have_attribute("aria-busy", "false")
    expect(definition.locator("p")).to_be_visible()  # until it is closed


def test_table_and_report_come_as_files(console, seat):
    this_month = format_kst(console.live.clock.now())[:7]
    expect(seat.page.locator("#kpi-month")).to_have_value(this_month)  # nothing was recorded in the one before
    for link, ends in (("#kpi-csv", ".csv"), ("#kpi-pdf", ".pdf")):
        with seat.page.expect_download() as waited:
            seat.page.locator(link).click()
        assert waited.value.suggested_filename.endswith(ends)
        expect(seat.page.locator(link)).to_have_text("내려받았습니다")


def test_what_could_not_be_loaded_is_said_and_can_be_asked_for_again(seat):
    page, figures = seat.page, "**/api/v1/kpi?*"
    page.route(figures, lambda route: route.fulfill(status=503, body="{}"))
    page.locator('[data-span="month"]').click()
    expect(page.locator("#kpi-error")).to_be_visible()
    page.unroute(figures)
    page.locator("#kpi-again").click()
    expect(page.locator("#kpi-error")).to_be_hidden()
    seat.faults.clear()  # the 503 was ours


def test_anybody_reads_the_public_page_without_a_script(console, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{console.url}/open/kpi")
    expect(page.locator("h1")).to_contain_text("공개 운영 지표")
    context.close()
