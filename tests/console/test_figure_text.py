"""How a figure is told in words: value, sample, interval, change."""

from __future__ import annotations

import pytest

from console.figure_text import TELL, area_name, change, sample, spread, value
from stream.kpi_table import INDICATORS

NONE = dict.fromkeys(("value", "n", "k", "low", "high", "p95", "p99"))


def row(unit: str, **more: float) -> dict:
    return {"name": "x", "unit": unit, **NONE, **more}


@pytest.mark.parametrize(("unit", "given", "told"), [
    ("ms", 48.4, "48ms"), ("s", 8.0, "8초"), ("s", 420.0, "7분"), ("s", 7200.0, "2시간"), ("rate", 0.2134, "21.3%"),
    ("share", 0.99954, "99.95%"), ("kph", 27.5, "27.5km/h"), ("count", 12345.0, "12,345"), ("per_1000", 3.125, "3.12")])
def test_a_value_in_its_unit(unit, given, told):
    assert value(row(unit, value=given), "ko") == told


def test_sample_and_interval():
    rate = row("rate", value=0.25, k=1, n=4, low=0.046, high=0.699)
    assert (sample(rate), spread(rate, "ko")) == ("1/4", "4.6%–69.9%")
    time = row("s", value=8.0, n=1200, p95=30.0)
    assert (sample(time), spread(time, "en")) == ("1,200", "95% within 30 s")
    assert [f(row("rate")) for f in (sample, lambda r: spread(r, "ko"), lambda r: value(r, "ko"))] == ["–"] * 3


def test_change_is_in_points_for_a_rate_and_in_per_cent_else():
    assert change(row("rate", value=0.2), row("rate", value=0.25), "ko") == "-5.0%p"
    assert change(row("s", value=12.0), row("s", value=10.0), "ko") == "+20%"
    assert change(row("s", value=12.0), row("s"), "ko") == "–"
    assert change(row("count", value=1.0), row("count", value=0.0), "ko") == "–"


def test_every_unit_of_the_table_can_be_told():
    assert {i.unit for i in INDICATORS} - {"unrecorded"} <= set(TELL)
    assert value(row("unrecorded"), "ko") == "기록하지 않음"


def test_an_area_by_its_name():
    areas = [{"id": "SZ-1", "name": "가수초등학교", "kind": "zone"}]
    assert [area_name(a, areas, "ko") for a in ("SZ-1", "", "SZ-9")] == ["가수초등학교", "시 전체", "SZ-9"]
