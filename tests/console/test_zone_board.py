"""A school's board beside its counts: yes or no, a week that gives nothing away, one sentence, an empty zone."""

from __future__ import annotations

from typing import Any

import pytest

from console.school import DELAY_US, Counter
from console.zone_board import ADVICE, COLUMNS, hide, over
from stream.clock import ManualClock, format_kst
from stream.schema import US, Draft
from stream.zoneday import DAY_US
from tests.console.livehouse import START, LiveHouse
from tests.console.test_school import site_of

ZONE = "SZ-002"
HOUR_US = 3600 * US


@pytest.fixture(autouse=True)
def heard(live: LiveHouse) -> None:
    """Every source spoke just now."""
    live.spoke = lambda source: live.clock.now()


def test_nobody_can_tell_none_from_one_to_four() -> None:
    assert hide(0) == hide(1) == hide(4) == {"n": None, "few": True}
    assert hide(5) == {"n": 5, "few": False}


def seen(live: LiveHouse, rule: str, n: int, at: int = START, zone: str = ZONE) -> None:
    body = {"rule": rule, "severity": 0}
    live.turn([Draft("detection.noted", site_of(live, zone), at, body) for _ in range(n)])


def said(live: LiveHouse, area: str, at: int = START, **body: Any) -> None:
    live.turn([Draft("context.noted", area, at, body)])


def view(live: LiveHouse, zone: str = ZONE, later_us: int = DELAY_US + 60 * US) -> dict[str, Any]:
    assert isinstance(live.clock, ManualClock)
    live.clock.advance(later_us)
    return Counter(live.house).view(zone)


def test_speeding_that_opened_nothing_is_counted_too(live: LiveHouse) -> None:
    seen(live, "speeding", 7)
    seen(live, "near_miss", 3)
    seen(live, "speeding", 9, zone="SZ-003")
    told = view(live)
    assert [(row["what"], row["n"], row["few"]) for row in told["today"]] == [
        ("speeding", 7, False), ("signal", None, True), ("risk", None, True), ("jaywalking", None, True)]
    assert told["advice"] == "speeding"


def test_a_bar_tells_nothing_that_the_counts_do_not() -> None:
    counts = {"speeding": 12, "signal": 2, "risk": 0, "jaywalking": 5}
    assert over(counts) == {"n": 17, "few": True}
    assert over(counts | {"signal": 4}) == over(counts), "the sum gives a hidden count away"
    assert over(dict.fromkeys(COLUMNS, 0)) == {"n": 0, "few": True}


def test_the_week_has_the_days_there_are(live: LiveHouse) -> None:
    seen(live, "speeding", 6, START - 2 * DAY_US)
    seen(live, "speeding", 8)
    rows = view(live)["week"]
    assert [row["n"] for row in rows] == [None] * 5 + [6, 0]
    assert rows[-1]["day"] == format_kst(START - DAY_US)[:10]


def test_parking_and_works_are_a_yes_or_no_and_late(live: LiveHouse) -> None:
    live.opened(site_of(live, ZONE), "illegal_parking", 3, domain="road")
    assert view(live, later_us=60 * US)["now"] == {"parking": False, "works": False}
    told = view(live)
    assert (told["now"], told["advice"]) == ({"parking": True, "works": False}, "parking")
    said(live, ZONE, what="roadworks", value="window", frm=live.clock.now(), to=live.clock.now() + HOUR_US)
    told = view(live)
    assert (told["now"]["works"], told["advice"]) == (True, "works")
    assert view(live, later_us=HOUR_US)["now"]["works"] is False


def test_weather_of_the_city_is_shown_and_that_of_elsewhere_is_not(live: LiveHouse) -> None:
    said(live, "osan", what="weather", value="heatwave", level="advisory")
    said(live, "osan", what="weather", value="fine_dust", level="none")
    elsewhere = next(d for d in live.house.city.dongs() if d != live.house.city.place(site_of(live, ZONE)).dong)
    said(live, elsewhere, what="weather", value="heavy_rain", level="warning")
    told = view(live)
    assert told["weather"] == [{"value": "heatwave", "level": "advisory"}]
    said(live, "osan", what="weather", value="heavy_rain", level="warning")
    assert view(live)["advice"] == "weather"


def test_going_home_is_said_by_the_schools_own_calendar_or_not_at_all(live: LiveHouse) -> None:
    assert view(live)["home"] is None
    said(live, "osan", what="calendar", level="none", value="school_day")
    assert view(live)["home"] is None
    ends = live.clock.now() + HOUR_US // 3  # of the same Korean day
    said(live, ZONE, what="calendar", value="school_day", frm=live.clock.now(), to=ends)
    assert view(live)["home"] == {"school": True, "at": format_kst(ends)}
    said(live, ZONE, what="calendar", value="vacation", frm=live.clock.now())
    told = view(live)
    assert (told["home"], told["advice"]) == ({"school": False, "at": None}, "few_no_school")
    seen(live, "speeding", 2)
    assert view(live)["advice"] == "few_no_school"


def test_a_zone_without_sensors_says_so_and_a_silent_one_too(live: LiveHouse) -> None:
    city = live.house.city
    watched = {s.zone for s in city.sites.values()}
    bare = next((z for z in city.zones if z not in watched), None)
    if bare is not None:
        assert (view(live, bare)["state"], view(live, bare)["advice"]) == ("none", "none")
    assert view(live)["state"] == "live"
    live.spoke = lambda source: START - DAY_US
    told = view(live)
    assert (told["state"], told["advice"]) == ("unheard", "none")
    assert {row["n"] for row in told["today"]} == {None}  # nobody looked: that is not "nothing seen"
    sites = {s.id for s in city.sites.values() if s.zone == ZONE}
    for source in [s.id for s in city.sources.values() if s.of in sites]:
        live.turn([Draft("device.noted", source, START, {"code": "silent"})])
    assert (view(live)["state"], view(live)["advice"]) == ("silent", "none")


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_each_advice_has_its_sentence(lang: str) -> None:
    from console import words

    assert all(f"school.advice_{code}" in words.catalogue(lang) for code, _ in ADVICE)


def test_what_a_board_gets_names_no_place_person_or_incident(live: LiveHouse) -> None:
    live.opened(site_of(live, ZONE), "near_miss", 2, domain="road")
    live.opened("HH-0001")
    seen(live, "speeding", 9)
    text = str(view(live))
    for canary in ("XW-", "HH-", "lon", "lat", "20260921-", "kim"):
        assert canary not in text.replace(ZONE, "")
