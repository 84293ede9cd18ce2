"""The model against its slow twin, and what its formulas promise."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.risk import (
    ALIKE,
    density,
    dispersion,
    expected,
    fit,
    learn,
    lift,
    multiples,
    plane,
    predict,
    profile,
    shrunk,
)
from tests import naive_risk

SPOTS = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), max_size=12)


@given(SPOTS, SPOTS, st.sampled_from([60.0, 150.0]))
def test_density_is_the_sum_over_every_thing(at, things, width):
    amounts = [1.0 + i for i in range(len(things))]
    got = density(np.array(at).reshape(-1, 2), np.array(things).reshape(-1, 2), np.array(amounts), width)
    slow = naive_risk.density(at, [(x, y, w) for (x, y), w in zip(things, amounts, strict=True)], width)
    # what is left out beyond four widths is at most exp(-8) of each amount
    assert np.allclose(got, slow, rtol=1e-9, atol=sum(amounts) * exp(-8) + 1e-9)


@given(st.integers(0, 10_000), st.floats(0.1, 30))
def test_the_fit_ends_where_the_slow_slope_is_zero(seed, ridge):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(40, 3))
    y = rng.poisson(np.exp(0.2 + x @ [0.5, -0.3, 0.0])).astype(float)
    y[0] += 1  # something to learn from, whatever the draw
    base, weights = fit(x, y, ridge)
    assert np.abs(naive_risk.slope(x.tolist(), y.tolist(), base, weights.tolist(), ridge)).max() < 1e-6


def test_it_finds_again_what_made_the_counts():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(20_000, 2))
    base, weights = fit(x, rng.poisson(np.exp(-1.0 + x @ [0.8, -0.4])).astype(float))
    assert base == pytest.approx(-1.0, abs=0.05)
    assert weights == pytest.approx([0.8, -0.4], abs=0.05)


def test_features_that_say_the_same_share_the_weight_and_nothing_breaks():
    x = np.column_stack([np.arange(9.0)] * 2)
    _, weights = fit(x - x.mean(axis=0), np.arange(9.0))
    assert weights[0] == pytest.approx(weights[1])


def test_without_an_accident_there_is_nothing_to_learn():
    with pytest.raises(ValueError, match="no accident"):
        fit(np.zeros((5, 1)), np.zeros(5))


def test_the_average_cell_and_its_multiples_give_the_prediction():
    x = {"road": np.array([0.0, 1.0, 2.0, 3.0]), "people": np.array([1.0, 1.0, 5.0, 2.0])}
    model = learn(x, np.array([0.0, 1.0, 2.0, 4.0]))
    by = multiples(model, x)
    assert predict(model, x) == pytest.approx(exp(model.base) * by["road"] * by["people"])
    assert predict(model, x).sum() == pytest.approx(7.0)  # a Poisson fit keeps the total


def test_hauer_trusts_the_count_the_more_cells_differ_and_the_surroundings_when_they_do_not():
    mu, y = np.array([1.0]), np.array([5.0])
    assert expected(mu, y, 1.0) == pytest.approx([3.0])  # weight 1 / (1 + 1/1)
    assert expected(mu, y, 1e-9) == pytest.approx([5.0], abs=1e-6)
    assert expected(mu, y, ALIKE) == pytest.approx([1.0], abs=1e-4)


def test_dispersion_by_moments():
    rng = np.random.default_rng(3)
    mu = np.full(200_000, 2.0)
    y = rng.poisson(rng.gamma(0.5, 4.0, len(mu))).astype(float)  # phi 0.5
    assert dispersion(y, mu) == pytest.approx(0.5, rel=0.05)
    assert dispersion(mu, mu) == ALIKE < inf


def test_hours_are_multiples_of_the_mean_hour():
    hours = profile({(0, 12): 12, (12, 24): 36})
    assert (hours[0], hours[23], sum(hours) / 24) == (0.5, 1.5, 1.0)
    for bands in ({(0, 12): 1}, {(0, 13): 1, (12, 24): 1}, {(0, 24): 0}):
        with pytest.raises(ValueError, match="band"):
            profile(bands)


@given(st.floats(0.1, 10), st.floats(0, 1))
def test_a_condition_keeps_the_mean_of_the_year(ratio, share):
    assert share * lift(ratio, share, True) + (1 - share) * lift(ratio, share, False) == pytest.approx(1.0)


def test_a_place_must_show_much_before_it_is_believed():
    assert shrunk(0, 0, 5) == 1.0 == shrunk(3, 3, 5)
    assert 1 < shrunk(2, 1, 5) < shrunk(20, 10, 5) < 2


def test_the_plane_has_metres():
    a, b = plane([127.0, 127.01], [37.15, 37.15], 37.15)
    assert b[0] - a[0] == pytest.approx(888.46, abs=0.1)
