"""A person's own rhythm: what is learned, what teaches nothing, when a silence is too long."""

from typing import Any

import numpy as np
import pytest

from cep.encode import ROW
from cep.kernels.rhythm import (
    draw_band,
    korean_hour,
    learn,
    limit_at,
    longest,
    look_again,
    of_a_machine,
    sign_of_life,
    teaches,
)
from cep.rules import load_rules
from cep.state import FOUND, HOME, SENSOR
from cep.table import compile_rules
from stream.clock import parse_rfc3339
from stream.schema import US

HOUR, DAY = 3600 * US, 86_400 * US
MONDAY = parse_rfc3339("2026-03-02T00:00:00+09:00")
RULES = load_rules()
RULE = next(row for row in compile_rules(RULES).rhythms if RULES.rules[row["rule"]].id == "rhythm_break")


class Home:
    """One home's memory."""

    def __init__(self) -> None:
        self.state, self.habits = np.zeros(1, HOME)[0], np.zeros((3, 168), np.uint8)

    def live(self, t: int, off: bool = False, front: bool = False, dark: int = 0, sensor: int = 1) -> bool:
        if teaches(self.state, RULE, t, off, dark):
            learn(self.state, self.habits, self.state["last"], t)
        row, one = np.zeros(1, ROW)[0], np.zeros(1, SENSOR)[0]
        row["sensor"], one["front"] = sensor, front
        return bool(sign_of_life(self.state, t, off, row, one))

    def usual(self, t: int, days: int = 1) -> int:
        return int(longest(self.state, self.habits, korean_hour(t), days))


def test_a_silence_counts_in_every_hour_it_reaches_into_and_beside() -> None:
    home = Home()
    learn(home.state, home.habits, MONDAY + HOUR // 2, MONDAY + 3 * HOUR + HOUR // 4)
    first = int(korean_hour(MONDAY)) % 168
    row = int(korean_hour(MONDAY)) // 168 % 3
    assert home.habits[row, first : first + 5].tolist() == [5, 15, 25, 28, 0]
    assert [home.usual(MONDAY + h * HOUR) for h in (-2, -1, 1, 4, 5)] == [0, 5, 25, 28, 0]
    assert home.usual(MONDAY + DAY) == 0 and home.usual(MONDAY + DAY, 7) == 15


def test_what_was_three_weeks_ago_is_forgotten_even_when_nothing_came_since() -> None:
    home = Home()
    learn(home.state, home.habits, MONDAY, MONDAY + 2 * HOUR)
    assert [home.usual(MONDAY + HOUR + week * 7 * DAY) for week in range(4)] == [20, 20, 20, 0]
    learn(home.state, home.habits, MONDAY + 22 * DAY, MONDAY + 22 * DAY + HOUR)
    assert home.usual(MONDAY + 22 * DAY, 7) == 10


def test_what_teaches_nothing() -> None:
    ways: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
        "usual": ({}, {}, 20), "went out": ({"front": True}, {}, 0), "hub cut off": ({}, {"dark": MONDAY + HOUR}, 0),
        "wrong clock before": ({"off": True}, {}, 0), "wrong clock after": ({}, {"off": True}, 0),
    }  # fmt: skip
    for way, (before, after, learned) in ways.items():
        home = Home()
        home.live(MONDAY, **before)
        home.live(MONDAY + 2 * HOUR, **after)
        assert home.usual(MONDAY + HOUR) == learned, way
    home = Home()
    for t in (MONDAY, MONDAY + 13 * HOUR, MONDAY + 13 * HOUR + 29 * 60 * US, MONDAY):
        home.live(t)
    assert not home.habits.any() and home.state["last"] == MONDAY + 13 * HOUR + 29 * 60 * US


def out(home: Home, *signs: tuple[int, int]) -> list[bool]:
    """After the front door, still out at each of these signs (second, sensor)?"""
    home.live(MONDAY, front=True)
    told = []
    for s, sensor in signs:
        home.live(MONDAY + s * US, sensor=sensor)
        told.append(bool(home.state["away"]))
    return told


def test_a_home_with_one_sensor_shows_somebody_by_three_uses() -> None:
    assert out(Home(), (1, 1), (2, 1), (70, 1), (71, 1), (300, 1)) == [True, True, True, True, False]


def test_a_home_with_more_shows_somebody_by_two_within_ten_minutes_however_often_one_fires() -> None:
    assert out(Home(), (1, 1), (2, 2), (3, 1)) == [True, False, False]
    home = Home()
    home.live(MONDAY - 200 * US, sensor=1)
    home.live(MONDAY - 100 * US, sensor=2)
    creaks = [(600 * n, 1) for n in range(1, 40)]
    assert out(home, *creaks, (23_999, 1), (24_600, 2), (25_200, 1)) == [True] * 41 + [False]


def test_a_second_sensor_that_is_silent_for_a_week_is_no_second_one() -> None:
    home = Home()
    home.live(MONDAY - 8 * DAY, sensor=2)
    home.live(MONDAY - 7 * DAY - US, sensor=1)
    assert out(home, (0, 1), (61, 1), (122, 1)) == [True, True, False]


def test_the_limit_is_the_own_hour_and_a_quarter_or_any_day_and_an_hour_on_top() -> None:
    home = Home()
    learn(home.state, home.habits, MONDAY, MONDAY + 8 * HOUR)
    at = int(korean_hour(MONDAY + 7 * HOUR))
    assert limit_at(home.state, home.habits, RULE, at) == 11 * HOUR
    assert limit_at(home.state, home.habits, RULE, at + 24) == 9 * HOUR
    assert limit_at(home.state, home.habits, RULE, at + 12) == 4 * HOUR


@pytest.mark.parametrize(("days", "fires"), [(14, False), (15, True)])
def test_no_alarm_before_two_weeks_are_known(days: int, fires: bool) -> None:
    home = Home()
    for day in range(days):
        home.live(MONDAY + day * DAY + HOUR)
        home.live(MONDAY + day * DAY + 2 * HOUR)
    due = int(home.state["last"]) + 4 * HOUR
    assert look_again(home.state, home.habits, RULE, due, 0, False) == (due if fires else 0)
    assert look_again(home.state, home.habits, RULE, due, 0, False) == 0  # told once


def test_a_hub_that_nobody_hears_is_looked_at_again_each_hour_and_counted_from_when_it_is_back() -> None:
    home = Home()
    for day in range(16):
        home.live(MONDAY + day * DAY)
    last = int(home.state["last"])
    due = last + 4 * HOUR + 60 * US
    assert look_again(home.state, home.habits, RULE, due, 0, True) == last + 5 * HOUR
    assert look_again(home.state, home.habits, RULE, due, last + 3 * HOUR, False) == last + 7 * HOUR


def test_uses_at_even_intervals_are_a_machines_until_one_is_out_of_step() -> None:
    def told(minutes: list[float]) -> list[bool]:
        sensor = np.zeros(1, SENSOR)[0]
        return [bool(of_a_machine(sensor, DAY + round(m * 60 * US))) for m in minutes]

    assert told([40 * n for n in range(9)]) == [False] * 6 + [True] * 3
    assert told([40 * n + n % 2 for n in range(9)])[-1] is True
    assert told([40 * n + 10 * (n % 2) for n in range(20)]) == [False] * 20
    assert told([*range(0, 320, 40), 300, 307]) == [False] * 6 + [True, True, False, False]


def test_the_band_keeps_every_hour_apart() -> None:
    home, found = Home(), np.zeros(1, FOUND)
    home.habits[int(korean_hour(MONDAY)) // 168 % 3, int(korean_hour(MONDAY)) % 168] = 200
    home.state["week"] = int(korean_hour(MONDAY)) // 168
    draw_band(found[0], home.state, home.habits, RULE, MONDAY + 6 * HOUR)
    words = [found[0][name] for name in ("band0", "band1", "band2")]
    bytes_ = np.array(words, "<i8").view(np.uint8).tolist()
    hours = [(MONDAY + (n - 11) * HOUR) for n in range(24)]
    assert bytes_ == [home.usual(t, 7) for t in hours] and sum(b == 200 for b in bytes_) == 3
    assert found[0]["v"] == 4 * 3600
