"""A person's own judgement, as numbers that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.judge import HAND_KINDS, POINTS, operator_factor, priority_of
from stream.schema import Factor, Priority


@pytest.mark.parametrize(("word", "priority"), [
    ("P1", 1), ("P4", 4), (2, 2), ("2", None), (0, None), (5, None), (True, None), (None, None), ("p1", None)])
def test_a_priority_is_said_by_name_or_number(word, priority):
    assert priority_of(word) == priority


@given(st.lists(st.integers(-20, 50), max_size=5), st.sampled_from(list(Priority)))
def test_the_sum_carries_into_the_priority_and_stays_true(points, priority):
    factors = tuple(Factor(f"f{n}", p, "x") for n, p in enumerate(points))
    score, after = operator_factor(factors, priority, "operator")
    assert sum(f.points for f in after) == score
    assert next(p for p, lowest in POINTS.items() if score >= lowest) == priority and score <= 100
    assert operator_factor(after, priority, "operator") == (score, after)


def test_a_life_at_stake_is_a_p1_when_opened_by_hand():
    assert {kind for kind, (_, p) in HAND_KINDS.items() if p == Priority.P1} == {
        "fire_smoke", "assault", "collision", "sos", "self_harm"}
