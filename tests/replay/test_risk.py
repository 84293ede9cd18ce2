"""The index of a moment: a product whose every factor is told."""

from __future__ import annotations

import tomllib
from math import exp, prod

import pytest

from cep.exposure import hour
from geo.city import load_city
from geo.riskmap import OSAN_MODEL, from_city
from geo.surroundings import CITY_FEATURES, FEATURES
from replay.risk import CALM, CONDITIONS, GRAVE, PRIOR, RiskBook, Why, conditions, dark_share
from stream.bodies import ContextNoted
from stream.clock import parse_rfc3339
from stream.schema import Place
from stream.signs import WEIGHTS, Signs
from tests.servers import ROOT
from tests.stream.test_signs import Book

CITY = load_city()
BOOK = RiskBook(from_city(CITY), CITY)
SITE = "XW-GASU-1"
AFTERNOON = parse_rfc3339("2026-09-22T15:30:00+09:00")  # a Tuesday
NIGHT = parse_rfc3339("2026-09-22T03:30:00+09:00")
SUNDAY = parse_rfc3339("2026-09-20T15:30:00+09:00")


def shown(n: int, rule: str = "near_miss", site: str = SITE, at: int = AFTERNOON) -> Signs:
    """So many signs at a crosswalk, just now."""
    book, out = Book(), Signs()
    for _ in range(n):
        out.apply(book.add("detection.noted", site, at, {"rule": rule}))
    return out


def crossing(picture, site: str = SITE):
    """One crosswalk of a picture."""
    return next(one for one in picture.crossings if one.site == site)


def everything(at: int, signs: Signs | None = None, context=None):
    """A picture with all crosswalks in it."""
    return BOOK.picture(context or {}, signs or Signs(), at, top=1000)


def test_the_hour_moves_the_whole_city():
    day, night = everything(AFTERNOON), everything(NIGHT)
    assert (day.hour, night.hour) == (15, 3)
    assert sum(day.index) > 20 * sum(night.index)
    assert day.why[0] == Why("hour", BOOK.risk.hours[15])
    mean = sum(everything(AFTERNOON, context=None).index) / len(day.index)
    assert mean == pytest.approx(BOOK.risk.hours[15], rel=0.15)  # nothing but the hour and a school's way holds


def test_crosswalks_stand_in_order_and_each_says_why():
    found = BOOK.picture({}, Signs(), AFTERNOON).crossings
    assert len(found) == 20
    assert [one.index for one in found] == sorted((one.index for one in found), reverse=True)
    assert all(one.why and one.dong for one in found)
    assert {"road", "elementary"} <= {why.code for why in found[0].why}


def test_a_crosswalks_index_is_the_product_of_what_is_told_of_it():
    top = BOOK.picture({}, Signs(), AFTERNOON).crossings[0]
    one = crossing(everything(AFTERNOON, shown(10, site=top.site)), top.site)
    assert {"road", "elementary", "last_days", "near_miss", "school_run"} == {why.code for why in one.why}
    average = exp(OSAN_MODEL.base) / BOOK.risk.mean  # a cell with average surroundings
    told = prod(why.times for why in one.why if why.times)
    assert one.index == pytest.approx(told * BOOK.risk.hours[15] * average, rel=0.02)


def test_near_misses_raise_their_crosswalk_and_its_neighbourhood_only():
    quiet, after = everything(AFTERNOON), everything(AFTERNOON, shown(10))
    assert crossing(after).index > 2 * crossing(quiet).index
    assert Why("near_miss", 0.0, 10) in crossing(after).why
    site = CITY.sites[SITE]
    for cell, before, now in zip(BOOK.risk.cells, quiet.index, after.index, strict=True):
        near = abs(cell.lon - site.lon) < 0.003 and abs(cell.lat - site.lat) < 0.003
        if not near and now > before * 1.01:
            raise AssertionError(cell)
    raised = [now for before, now in zip(quiet.index, after.index, strict=True) if now > before * 1.05]
    assert 1 <= len(raised) <= 9


def test_the_last_days_stay_between_half_and_four_times_and_little_says_little():
    def times(signs: Signs) -> float:
        at = next(i for i, site in enumerate(CITY.sites.values()) if site.id == SITE)
        return BOOK.shown(signs, AFTERNOON)[at]

    assert times(Signs()) == 1.0
    assert 1.0 < times(shown(1)) < 1.25
    assert times(shown(1, "speeding")) < 1.03
    assert times(shown(int(PRIOR) * 100)) == GRAVE
    everywhere, book = Signs(), Book()
    for site in CITY.sites:
        for _ in range(50 if site != SITE else 0):
            everywhere.apply(book.add("detection.noted", site, AFTERNOON, {"rule": "near_miss"}))
    assert times(everywhere) == CALM


def test_weather_dark_works_and_school_multiply_where_they_hold():
    zone = CITY.sites[SITE].zone
    place = Place(127.0, 37.1, zone=zone, dong="가수동")

    def held(at: int, **rows: ContextNoted) -> dict[str, float]:
        context = {(area, row.what, str(row.value)): row for area, row in rows.items()}
        return {why.code: why.times for why in conditions(place, context, CITY, at)}

    assert held(NIGHT) == {}  # always dark at that hour: nothing new
    assert held(AFTERNOON) == {"school_run": 1.19}
    assert held(SUNDAY) == {"no_school": 0.79}
    rain = ContextNoted("weather", "warning", "heavy_rain")
    assert held(AFTERNOON, osan=rain)["heavy_rain"] == CONDITIONS["heavy_rain"]
    assert "heavy_rain" not in held(AFTERNOON, osan=ContextNoted("weather", "none", "heavy_rain"))
    assert held(AFTERNOON, 가수동=ContextNoted("roadworks"))["roadworks"] == CONDITIONS["roadworks"]
    assert "roadworks" not in held(AFTERNOON, 궐동=ContextNoted("roadworks"))
    winter = parse_rfc3339("2026-12-22T18:30:00+09:00")
    assert held(winter)["dark"] > 1.05
    assert "light" in {why.code for why in conditions(place, {}, CITY, parse_rfc3339("2026-06-22T18:30:00+09:00"))}


def test_what_holds_in_one_dong_is_not_said_of_the_whole_city():
    works = {("가수동", "roadworks", "None"): ContextNoted("roadworks")}
    told, quiet = everything(AFTERNOON, context=works), everything(AFTERNOON)
    assert "roadworks" not in {why.code for why in told.why}
    raised = sum(a > b for a, b in zip(told.index, quiet.index, strict=True))
    assert 0 < raised < len(told.index) / 5
    rain = {("osan", "weather", "heavy_rain"): ContextNoted("weather", "warning", "heavy_rain")}
    assert "heavy_rain" in {why.code for why in everything(AFTERNOON, context=rain).why}


def test_dark_share_is_of_the_year():
    assert dark_share(NIGHT) == 1.0
    assert dark_share(parse_rfc3339("2026-09-22T12:00:00+09:00")) == 0.0
    assert 0.3 < dark_share(parse_rfc3339("2026-09-22T18:30:00+09:00")) < 0.7
    assert hour(NIGHT) == 3.5


def test_every_reason_has_its_word():
    known = tomllib.loads((ROOT / "console/locale/ko.toml").read_text())["risk_why"]
    codes = {*FEATURES, *CITY_FEATURES, *CONDITIONS, *WEIGHTS, "hour", "dark", "light", "school_run", "no_school",
             "last_days", "accidents"}
    assert codes == set(known)
