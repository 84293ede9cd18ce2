"""Crisis mode on the screen: a heat warning comes, is shown with its area and homes, and is gone by itself."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.bodies import ContextNoted
from stream.kinds import draft
from stream.schema import US


def test_a_heat_warning_is_in_the_bar_of_every_page_until_it_ends(console, screen):
    page = screen().open("/")
    bar = page.locator("[data-testid=crisis]")
    expect(bar).to_be_hidden()
    now = console.live.house.clock.now()
    said = ContextNoted("weather", "warning", "heatwave", 0, now + 3600 * US)
    console.live.turn([draft("context.noted", "오산시", now, said)])
    expect(bar).to_contain_text("폭염 경보 · 위기 모드")
    expect(bar).to_contain_text("오산시")
    expect(bar).to_contain_text(f"{len(console.live.house.city.households)}가구")
    expect(screen("supervisor").open("/wall").locator("[data-testid=crisis]")).to_be_visible()
    page.locator("[data-testid=lang-en]").click()
    expect(bar).to_contain_text("heat wave warning · crisis mode", ignore_case=True)
    now = console.live.house.clock.now()
    console.live.turn([draft("context.noted", "오산시", now, ContextNoted("weather", "none", "heatwave"))])
    expect(bar).to_be_hidden()
