"""The words of alarm discipline as golden cases on both sides of each limit, and the engine's chatter by them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.chatter import Chatter
from cep.rules import load_rules
from stream.discipline import STALE_US, chattering, fleeting, flood, slots, stale, worst
from stream.schema import US, Detection, Severity

MINUTE = 60 * US
RULES = load_rules()


@pytest.mark.parametrize(("seconds", "begins"), [
    ([], []),
    ([0, 60], []),
    ([0, 30, 60], [60]),
    ([0, 30, 60.000001], []),
    ([0, 1, 2, 3, 4, 5], [2]),
    ([0, 1, 2, 90, 91, 92], [2, 92]),
    ([40, 0, 20], [40]),
])  # fmt: skip
def test_three_in_sixty_seconds_chatter_once_until_they_stop(seconds: list[float], begins: list[float]) -> None:
    assert chattering([round(s * US) for s in seconds]) == [b * US for b in begins]


@settings(deadline=None)
@given(st.lists(st.integers(0, 400 * US), max_size=40))
def test_the_engine_says_chattering_exactly_by_the_definition(times: list[int]) -> None:
    chatter = Chatter(RULES)
    said = [
        made.at for at in sorted(times)
        for made in chatter.hear(Detection("reported", 1, at, "XW-1", Severity.moderate, {}))
    ]  # fmt: skip
    assert said == chattering(times)


@pytest.mark.parametrize(("last_s", "worked", "disposition", "is_so"), [
    (0, False, "false_alarm", True), (60, False, "false_alarm", True), (60.000001, False, "false_alarm", False),
    (10, True, "false_alarm", False), (10, False, "confirmed", False), (10, False, "", True),
])  # fmt: skip
def test_fleeting_is_short_unworked_and_not_real(last_s: float, worked: bool, disposition: str, is_so: bool) -> None:
    assert fleeting(0, round(last_s * US), worked, disposition) is is_so


def test_stale_is_more_than_a_day() -> None:
    assert (stale(5, 5 + STALE_US), stale(5, 6 + STALE_US)) == (False, True)


@pytest.mark.parametrize(("counts", "positions", "states"), [
    ([10, 10], 1, [False, False]),
    ([11], 1, [True]),
    ([11, 5, 5, 4, 10], 1, [True, True, True, False, False]),
    ([0, 50, 51, 25, 24, 50], 5, [False, False, True, True, False, False]),
])  # fmt: skip
def test_a_flood_begins_above_ten_an_operator_and_ends_below_five(
    counts: list[int], positions: int, states: list[bool]
) -> None:
    assert flood(counts, positions) == states


def test_slots_are_those_of_the_clock_and_the_worst_ten_minutes_are_not() -> None:
    times = [9 * MINUTE, 10 * MINUTE, 18 * MINUTE, 25 * MINUTE]
    assert slots(times, 5 * MINUTE, 30 * MINUTE) == [1, 2, 1]
    assert slots([], 0, 0) == [0]
    assert worst(times, 0, 30 * MINUTE) == 3
    assert worst([0, 10 * MINUTE], 0, 20 * MINUTE) == 1  # ten minutes end before their last moment


@settings(deadline=None)
@given(st.lists(st.integers(0, 3600 * US - 1), max_size=60))
def test_no_slot_of_the_clock_holds_more_than_the_worst_ten_minutes(times: list[int]) -> None:
    counts = slots(times, 0, 3600 * US)
    assert sum(counts) == len(times) and max(counts) <= worst(times, 0, 3600 * US) <= len(times)
