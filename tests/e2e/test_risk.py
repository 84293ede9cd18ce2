"""The risk layer in a real browser: off until asked for, of the screen's moment, crosswalks with their reasons."""

from __future__ import annotations

from playwright.sync_api import expect


def drawn(page) -> int:
    """How many pixels of the layer are inked."""
    return page.locator(".leaflet-risk-pane canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length")


def test_the_layer_is_off_until_asked_for_and_off_again(screen):
    seat = screen()
    page = seat.open("/")
    expect(page.locator("#risk-legend")).to_be_hidden()
    assert drawn(page) == 0
    page.locator("#map-risk").click()
    expect(page.locator("#risk-legend")).to_contain_text("도시 평균의 배수")
    expect(page.locator("#risk-legend")).to_contain_text("시간대 ×", timeout=20_000)
    page.locator("#map-risk").click()
    expect(page.locator("#risk-legend")).to_be_hidden()
    assert drawn(page) == 0


def test_a_past_afternoon_has_its_own_cells_and_its_crosswalks_in_order(screen):
    seat = screen("supervisor")
    page = seat.open("/?at=2026-09-22T15:30:00%2B09:00")
    page.locator("#map-risk").click()
    expect(page.locator("#risk-legend")).to_have_attribute("data-hour", "15", timeout=20_000)
    assert drawn(page) > 10_000
    page.locator("#risk-list").click()
    rows = page.locator("#risk-order li")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("초등학교 가까움 ×")
    expect(rows.first).to_contain_text("등·하교 시간 ×1.19")
    rows.first.locator("button").click()
    expect(page.locator("[data-testid=map] .leaflet-container")).to_have_attribute("data-near", "1")


def test_an_index_that_cannot_be_had_is_said(screen):
    seat = screen()
    page = seat.open("/")
    page.route("**/api/v1/risk*", lambda route: route.abort())
    page.locator("#map-risk").click()
    expect(page.locator("#risk-legend [role=alert]")).to_be_visible()
    assert drawn(page) == 0
    seat.faults.clear()  # the browser tells of the request that was cut on purpose
