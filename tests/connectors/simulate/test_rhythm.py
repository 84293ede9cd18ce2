"""The school day's shape."""

import pytest

from connectors.simulate.rhythm import CHILDREN, INDOORS, VEHICLES, WALKERS, day_minute, is_school_day, rate, season
from stream.schema import US
from tests.connectors.simulate.sight import MORNING

DAY = 86_400 * US


def test_children_come_and_go_with_school() -> None:
    by_hour = {h: rate(CHILDREN, h * 60) for h in (3, 7, 8.5, 11, 14, 17, 22)}
    assert by_hour[3] == by_hour[7] == by_hour[22] == 0
    assert by_hour[8.5] == 150 and by_hour[14] > 20 * by_hour[11] and by_hour[17] < by_hour[14] / 3


@pytest.mark.parametrize("rows", [CHILDREN, WALKERS, VEHICLES, INDOORS])
def test_every_minute_has_a_rate(rows: tuple[tuple[float, float], ...]) -> None:
    assert rows[0][0] == 0 and rows[-1][0] == 24
    assert all(0 <= rate(rows, minute) <= 400 for minute in range(1440))
    assert rate(rows, 0) == rate(rows, 1440)  # midnight is one moment


def test_minutes_are_korean() -> None:
    assert day_minute(MORNING) == 450 and day_minute(MORNING - 450 * 60 * US) == 0


def test_there_is_no_school_on_saturday() -> None:
    assert [is_school_day(MORNING + n * DAY) for n in range(5)] == [True, True, True, False, False]


def test_heat_is_of_the_summer_and_cold_of_the_winter() -> None:
    assert [season(MORNING + days * DAY) for days in (0, 100, 150, 230, 300)] == [  # from the first of July
        "heatwave", "heatwave", "coldwave", "coldwave", "heatwave"]  # fmt: skip
