"""What anybody may read: small numbers are hidden, and no sum told beside a class of counts gives one away."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stream.kpi import Kpi
from stream.kpi_public import CLASSES, FEW, FIELDS, NAMES, by_dong, class_of, hidden, public
from tests.ledger import T0

EMPTY = Kpi().indicators(Kpi().view(T0, T0 + 1))


def row(unit: str, **more: Any) -> dict[str, Any]:
    none = dict.fromkeys(("value", "n", "k", "low", "high", "p95", "p99"))
    return {"name": "x", "group": "g", "unit": unit, **none, **more}


@pytest.mark.parametrize(("given", "away"), [
    (row("count", value=0), False), (row("count", value=4), True), (row("count", value=5), False),
    (row("s", value=8.0, n=4), True), (row("s", value=8.0, n=5), False), (row("s", n=0), False),
    (row("rate", value=0.1, k=1, n=10), True), (row("rate", value=0.9, k=9, n=10), True),
    (row("rate", value=0.5, k=5, n=10), False), (row("rate", value=0.0, k=0, n=10), False),
    (row("rate", value=1.0, k=3, n=3), True), (row("per_1000", value=4.0, k=2, n=500), True),
    (row("per_1000", value=12.0, k=6, n=500), False), (row("per_100000", value=1.0, n=3), True),
    (row("kph", value=27.0, n=3), True), (row("share", value=0.99, n=2), False)])
def test_what_tells_of_few_is_hidden(given, away):
    assert hidden(given) is away


def test_a_hidden_figure_tells_neither_value_nor_sample_and_no_interval_is_ever_told():
    rows = [r | ({"value": 0.5, "k": 2, "n": 4, "low": 0.1, "high": 0.9, "p95": 1.0} if r["name"] == "missed" else {})
            for r in EMPTY]
    told = public(rows)
    assert [r["name"] for r in told] == list(NAMES)
    assert all(set(r) == {*FIELDS, "few"} for r in told)
    (missed,) = [r for r in told if r["name"] == "missed"]
    assert (missed["value"], missed["n"], missed["few"]) == (None, None, True)


@given(st.integers(0, 10_000))
def test_every_count_has_one_class_that_is_wider_than_one_number(n):
    found = class_of(n)
    assert found["least"] <= n and (found["most"] is None or n <= found["most"])
    assert found["most"] is None or found["most"] - found["least"] >= FEW - 1
    assert found["least"] in CLASSES and not 0 < found["least"] < FEW


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
@example([4, 9])
@example([1, 5])
def test_classes_and_their_sum_give_no_small_count_away(counts):
    """Whatever fits the classes and the sum is tried out: a small count has always another value that fits as well."""
    told = by_dong({str(i): {"road": n} for i, n in enumerate(counts)})
    classes = [row["road"] for row in told.values()]
    if None in classes:
        assert set(map(str, classes)) == {"None"}
        return
    spans = [range(c["least"], (c["most"] or 0) + 1) for c in classes]
    fits = [guess for guess in product(*spans) if sum(guess) == sum(counts)]
    for at, n in enumerate(counts):
        assert not 0 < n < FEW or len({guess[at] for guess in fits}) > 1


def test_dong_are_told_by_class_in_every_column():
    assert by_dong({}) == {}
    assert by_dong({"궐동": {"road": 3, "care": 7}}) == {"궐동": {"road": {"least": 0, "most": 4},
                                                              "care": {"least": 5, "most": 9}}}
