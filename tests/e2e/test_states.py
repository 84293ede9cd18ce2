"""What a page says before it knows anything, and when something could not be had: never that all is calm."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

BROKEN = {"status": 500, "body": "{}"}


@pytest.mark.parametrize(("user", "path", "calm"), [
    ("operator", "/", "열린 상황이 없습니다"), ("operator", "/wall", "미확인 상황 없음"),
    ("liaison_119", "/liaison/119", "넘겨받은 상황이")])
def test_before_the_first_word_nothing_is_said_to_be_calm(console, screen, user, path, calm):
    seat = screen(user)
    page = seat.page
    silent = [True]  # a server that takes the call and says nothing
    page.route_web_socket("**/socket.io/**", lambda line: None if silent[0] else line.connect_to_server())
    page.goto(console.url + path)
    expect(page.locator("#page")).to_contain_text("불러오는 중입니다")
    expect(seat.test("connection")).to_have_text("연결 중")
    said = page.locator("#page").inner_text()
    assert calm not in said
    assert "과거 값" not in said
    silent.clear()
    silent.append(False)
    seat.open(path)
    expect(page.locator("#page")).to_contain_text(calm)
    expect(page.locator("[data-calling='1']")).to_have_count(0)  # all grey, the wall's tiles too


def test_a_list_that_could_not_be_had_does_not_say_that_there_is_none(console, screen):
    seat = screen("supervisor")
    page = seat.page
    page.route("**/api/v1/suppressed?*", lambda route: route.fulfill(**BROKEN))
    seat.open("/devices")
    expect(page.locator("#load-trouble")).to_be_visible()
    expect(page.locator("#suppressed-table-rows")).to_have_text("불러오지 못했습니다.")
    page.unroute_all()
    seat.faults.clear()  # the 500 was ours
    page.locator("#load-trouble button").click()
    expect(page.locator("#suppressed-table-rows")).to_have_text("없습니다.")
    expect(page.locator("#load-trouble")).to_have_count(0)


def test_a_detail_that_could_not_be_had_is_said_and_asked_for_again(console, screen):
    id = console.live.opened("HH-0031", "inactivity", 2)
    seat = screen()
    page = seat.open("/")
    page.route(f"**/api/v1/incidents/{id}", lambda route: route.fulfill(**BROKEN))
    seat.row(id).click()
    trouble = page.locator(".panel-trouble")
    expect(trouble).to_be_visible()
    page.unroute_all()
    seat.faults.clear()
    trouble.locator("button").click()
    expect(trouble).to_be_hidden()
    expect(page.get_by_test_id("timeline").locator("li")).not_to_have_count(0)
