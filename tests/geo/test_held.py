"""Held-back blocks: nothing of a half is in its own scores, and the figures are what they say."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.held import auc, colours, held_back, jackknife, scores, top_share
from tests import naive_risk

GRID = np.array([(x * 100.0 + 50, y * 100.0 + 50) for x in range(40) for y in range(40)])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs_in_order(rows):
    score, y = [float(s) for s, _ in rows], [float(n) for _, n in rows]
    if any(y) and not all(y):
        assert auc(np.array(score), np.array(y)) == pytest.approx(naive_risk.auc(score, y))
    else:
        assert isnan(auc(np.array(score), np.array(y)))


def test_the_top_tenth_holds_its_accidents():
    assert top_share(np.arange(10.0), np.array([5.0, 0, 0, 0, 0, 0, 0, 0, 0, 15.0])) == 0.75


def test_blocks_are_a_checkerboard():
    colour, blocks = colours(GRID, 1000.0)
    assert len(set(blocks)) == 16
    assert {frozenset(colour[blocks == b]) for b in set(blocks)} == {frozenset({0}), frozenset({1})}
    east = {tuple(p): c for p, c in zip(GRID, colour, strict=True)}
    assert all(east[x, y] != east[x + 1000, y] for x, y in east if x < 3000)
    assert (colours(GRID, 1000.0, (1000.0, 0.0))[0] == 1 - colour).all()


def test_a_half_is_scored_without_its_own_accidents():
    rng = np.random.default_rng(1)
    x, y = {"f": rng.normal(size=len(GRID))}, rng.poisson(0.3, len(GRID)).astype(float)
    colour = colours(GRID)[0]
    before = scores(x, y, colour)
    y[colour == 0] = rng.permutation(y[colour == 0]) + 3
    after = scores(x, y, colour)
    assert (after[colour == 0] == before[colour == 0]).all()
    assert (after[colour == 1] != before[colour == 1]).all()


def test_a_feature_that_tells_nothing_is_at_chance_and_one_that_tells_is_above():
    rng = np.random.default_rng(2)
    real, noise = rng.normal(size=len(GRID)), rng.normal(size=len(GRID))
    y = rng.poisson(np.exp(-2 + real)).astype(float)
    none, some = held_back({"noise": noise}, y, GRID), held_back({"real": real}, y, GRID)
    assert none.auc.low < 0.5 < none.auc.high
    assert some.auc.low > 0.65
    assert some.top.value > 0.25
    with pytest.raises(ValueError, match="no accident"):
        held_back({"real": real}, np.where(colours(GRID)[0] == 0, y, 0.0), GRID)


def test_the_interval_is_the_jackknifes():
    y, blocks = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 2, 3])
    got = jackknife(lambda kept: float(y[kept].mean()), blocks)
    assert got.value == 2.5
    assert got.high - got.value == pytest.approx(1.96 * y.std(ddof=1) / 2)  # of a mean: the standard error itself
