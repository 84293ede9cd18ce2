"""Quantiles by nearest rank, rates with Wilson's interval, load by slots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.figures import load, quantiles, rate
from stream.schema import US
from stream.trust import wilson


def test_quantiles_are_values_that_were_measured():
    assert quantiles([], 0.99) == {"n": 0, "p50": None, "p95": None, "p99": None}
    assert quantiles(range(1, 101), 0.99) == {"n": 100, "p50": 50, "p95": 95, "p99": 99}
    assert quantiles([7.0])["p95"] == 7.0


@pytest.mark.parametrize(("k", "n", "low", "high"), [
    (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 10, 0.0179, 0.4042), (81, 263, 0.2553, 0.3662)])
def test_the_interval_is_wilsons(k, n, low, high):
    """81 of 263 is the worked example of Newcombe 1998 (method 3)."""
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_rate_and_stays_in_0_to_1(k, more):
    low, high = wilson(k, k + more)
    assert 0 <= low <= (k / (k + more) if k + more else 0.5) + 1e-12 and high <= 1 and low <= high
    assert rate(k, k + more)["n"] == k + more


def test_slots_begin_with_the_span_and_the_last_may_be_short():
    told = load([(0, 1), (600 * US - 1, 3), (600 * US, 3)], 0, 900 * US)
    assert told["slots"] == [2, 1] and told["share"] == {"P1": 0.3333, "P2": 0.0, "P3": 0.6667}
    assert load([], 5, 5)["slots"] == [0]
