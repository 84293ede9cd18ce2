"""A reading out of range: beyond fixed limits, or beyond what this person's sensor usually says."""

from __future__ import annotations

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def out_of_range(rule, state, t, value):
    """True when ``in_row`` readings in a row were outside, once until one is inside. An older reading says nothing.

    The own range is the mean ± ``times`` mean distances (at least ``margin``), both over the last 256 readings or so
    (each counts 1/256, at first 1/n). It is asked once ``readings`` were seen over ``learn`` µs, and learns what lies
    outside only up to its edge: a fever moves it slowly.
    """
    if state["n"] > 0 and t < state["at"]:
        return False
    if state["n"] == 0:
        state["born"] = t
        state["mean"] = value
    state["at"] = t
    low, high = rule["low"], rule["high"]
    if state["n"] >= rule["readings"] and t - state["born"] >= rule["learn"]:
        reach = max(rule["times"] * state["apart"], rule["margin"])
        low, high = max(low, state["mean"] - reach), min(high, state["mean"] + reach)
    state["low"] = low
    state["high"] = high
    outside = value < low or value > high
    state["n"] = min(state["n"] + 1, 1_000_000)
    share = float(min(state["n"], 256))
    taken = min(max(value, low), high)
    state["apart"] += (abs(taken - state["mean"]) - state["apart"]) / share
    state["mean"] += (taken - state["mean"]) / share
    if not outside:
        state["run"] = 0
        state["told"] = 0
        return False
    state["run"] = min(state["run"] + 1, 100)
    if state["run"] < rule["in_row"] or state["told"]:
        return False
    state["told"] = 1
    return True
