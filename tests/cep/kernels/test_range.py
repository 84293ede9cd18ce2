"""Readings out of range: fixed limits at once, the own range once it is known, told once until it is inside again."""

from typing import Any

import numpy as np

from cep.kernels.range import out_of_range
from cep.state import RANGING
from cep.table import RANGED
from stream.schema import US


def told(*values: float, every: int = 60, **more: Any) -> list[int]:
    """At which of these readings, ``every`` seconds apart, the rule fires."""
    rule, state = np.zeros(1, RANGED)[0], np.zeros(1, RANGING)[0]
    limits = {"low": 41.0, "high": 130.0, "in_row": 3, "times": 5.0, "margin": 20.0}
    for name, value in (limits | {"readings": 10, "learn": 5 * 60 * US} | more).items():
        rule[name] = value
    return [n for n, value in enumerate(values) if out_of_range(rule, state, n * every * US, float(value))]


def test_fixed_limits_hold_from_the_first_reading_and_three_in_a_row_are_told_once() -> None:
    assert told(140, 140, 140, 140, 140) == [2]
    assert told(140, 140, 100, 140, 140, 140, 100, 30, 30, 30) == [5, 9]
    assert told(140, in_row=1) == [0] and told(130, 41, in_row=1) == []


def test_the_own_range_counts_when_it_is_known() -> None:
    calm = [60.0, 64.0] * 10
    assert told(*calm, 95, 95, 95) == [22]
    assert told(*calm, 80, 80, 80) == []  # within the margin
    assert told(*calm[:6], 95, 95, 95) == []  # too few readings
    assert told(*calm, 95, 95, 95, every=1) == []  # too short a time


def test_a_lively_heart_has_a_wide_range_and_a_fever_moves_a_narrow_one_slowly() -> None:
    assert told(*[60.0, 90.0] * 20, 120, 120, 120) == []
    assert told(*[62.0] * 300, *[100.0] * 100) == [302]


def test_an_older_reading_says_nothing() -> None:
    rule, state = np.zeros(1, RANGED)[0], np.zeros(1, RANGING)[0]
    rule["high"], rule["in_row"], rule["readings"] = 10.0, 1, 100
    assert [bool(out_of_range(rule, state, t, v)) for t, v in ((5, 1.0), (3, 99.0), (5, 99.0))] == [False, False, True]
