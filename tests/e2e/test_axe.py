"""What axe-core calls serious where `test_rooms.py` does not look: without an account, one incident, open sheets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import eyes

SHEETS = (("help", "Shift+Slash"), ("report to 119", "Digit9"), ("resolve", "KeyX"), ("assign", "KeyW"),
          ("all deeds", "KeyE"), ("open by hand", "KeyO"), ("shelve", "KeyS"), ("priority", "KeyP"))


@pytest.mark.parametrize("path", ["/login", "/open/kpi"])
def test_a_page_without_an_account(console, chromium, path):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(console.url + path)
    found = eyes.grave(page)
    found += [] if page.evaluate("document.body.offsetHeight >= innerHeight") else ["the page ends above the window's"]
    context.close()
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def calling(console):
    """An incident that calls, with a place."""
    return console.live.opened("XW-GASU-1", "near_miss", 2, domain="road")


def test_one_incident(screen, calling):
    page = screen().open(f"/incident/{calling}")
    expect(page.get_by_test_id("timeline").locator("li")).not_to_have_count(0)
    found = eyes.grave(page)
    assert not found, "\n".join(found)


def test_every_sheet_that_a_key_opens(screen, calling):
    seat = screen()
    page = seat.open("/")
    seat.row(calling).click()
    sheet, found = page.locator("#sheet"), []
    for name, key in SHEETS:
        page.keyboard.press(key)
        expect(sheet, name).to_be_visible()
        found += [f"{name}: {fault}" for fault in eyes.grave(page)]
        page.keyboard.press("Escape")
        expect(sheet, name).to_be_hidden()
    assert not found, "\n".join(found)
