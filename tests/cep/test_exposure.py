"""Hours, seasons and warnings."""

from __future__ import annotations

import pytest

from cep.exposure import active, dark, exposure, hour, school_run, weekday
from stream.bodies import ContextNoted
from stream.clock import parse_rfc3339
from stream.schema import US, Place
from tests.cep.fusetown import SITE, osan
from tests.ledger import T0

DONG = "가수동"


def here() -> Place:
    known = osan().place(SITE)
    assert known is not None
    return Place(known.lon, known.lat, known.site, known.zone, None, known.dong, known.name)


def test_hours_and_days_are_korean():
    assert hour(T0) == 9.0 and weekday(T0) == 0  # 2026-03-02 is a Monday
    assert weekday(parse_rfc3339("2026-03-01T23:59:59+09:00")) == 6


@pytest.mark.parametrize(("at", "yes"), [
    ("2026-06-15T05:30:00+09:00", False), ("2026-12-15T05:30:00+09:00", True), ("2026-12-15T17:30:00+09:00", True),
    ("2026-06-15T19:30:00+09:00", False), ("2026-06-15T20:30:00+09:00", True)])
def test_dark_follows_the_season(at, yes):
    assert dark(parse_rfc3339(at)) == yes


@pytest.mark.parametrize(("at", "yes"), [
    ("2026-03-03T08:00:00+09:00", True), ("2026-03-03T09:00:00+09:00", False), ("2026-03-03T13:00:00+09:00", True),
    ("2026-03-07T08:30:00+09:00", False)])
def test_school_run_is_on_school_days_only(at, yes):
    moment = parse_rfc3339(at)
    assert school_run(moment, []) == yes
    assert not school_run(moment, [ContextNoted("calendar", value="vacation")])
    assert school_run(moment, [ContextNoted("calendar", "none", "school_day")]) == yes


def test_a_warning_holds_where_and_while_it_is_said_to():
    rows = {
        (DONG, "weather", "heavy_rain"): ContextNoted("weather", "warning", "heavy_rain", T0, T0 + 3600 * US),
        ("원동", "weather", "heavy_snow"): ContextNoted("weather", "warning", "heavy_snow"),
        ("오산시", "weather", "strong_wind"): ContextNoted("weather", "none", "strong_wind"),
        ("오산시", "calendar", ""): ContextNoted("calendar", "none", "holiday"),
        ("오산시", "weather", "fine_dust"): ContextNoted("weather", "advisory", "fine_dust"),
    }
    place = here()
    assert place.dong == DONG
    assert [r.value for r in active(rows, place, osan(), T0)] == ["heavy_rain", "holiday", "fine_dust"]
    assert [r.value for r in active(rows, place, osan(), T0 + 3600 * US)] == ["holiday", "fine_dust"]
    assert [r.value for r in active(rows, None, osan(), T0 - 1)] == ["holiday", "fine_dust"]


def test_a_warning_for_an_administrative_dong_holds_in_its_parts_and_nowhere_else():
    def holds(ward: str, place: Place | None) -> bool:
        rows = {(ward, "weather", "heatwave"): ContextNoted("weather", "warning", "heatwave")}
        return bool(active(rows, place, osan(), T0))

    assert holds("초평동", here()) and holds("오산시 초평동", here())
    assert not holds("세마동", here()) and not holds("남촌동", here())
    letter = osan().place("대원2동")
    assert letter is not None and holds("대원2동", letter) and holds("대원동", letter) and not holds("대원1동", letter)


def test_reasons_add_up_to_ten_and_the_strongest_is_named():
    rows = {(DONG, "weather", v): ContextNoted("weather", "warning", v) for v in ("heavy_rain", "heavy_snow")}
    found = exposure({"road"}, here(), rows, osan(), parse_rfc3339("2026-12-15T08:30:00+09:00"))
    assert found is not None and found.points == 10
    assert found.args == {"of": ["heavy_rain", "heavy_snow", "school_run"]} and found.why in found.args["of"]
    assert exposure({"care"}, here(), rows, osan(), T0) is None
