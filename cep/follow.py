"""One event after another, and many events in a while: what the patterns ``sequence`` and ``count`` need as arrays.

Rules are rows, as in ``cep/table.py``; only events of kinds that some row looks at are handed to the kernel, so with no
such rule, or none of its kinds in a batch, nothing is spent. What is kept of a key does not depend on the length of a
window, only on the number that is counted up to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cep.codes import KIND, KINDS
from cep.patterns import KEYS
from cep.rules import Rule, RuleTable
from cep.state import filled, row
from stream.schema import US

# ``low``, ``free`` hold for what follows or is counted, the other two for what may be followed. What is free has no
# bound, so that an event without a value reaches it.
WINDOW = row(i8="n window cool", f8="low first_low", i4="rule slot", i1="severity by free first_free")
AFTER = row(i8="at", i1="armed")
LAST, FIRED, FILLED, PLACE, STAMPS = range(5)  # words of a counted key; PLACE is twice the place, plus one once told


class FollowRules(NamedTuple):
    """Rows of the rules, sequences first, and what each asks of an event, by (rule, kind): 1 to follow or to be
    counted, 2 to be followed, 3 both. ``kinds`` has a bit of each rule for each kind that it looks at."""

    kinds: np.ndarray
    asks: np.ndarray
    sequences: np.ndarray
    counts: np.ndarray


class Follow(NamedTuple):
    """What is kept, by (slot, entity): the last ``first`` event, and the words of what is counted (``LAST`` and on).

    By slot first, so that a rule that sees nothing takes up no room between those that do; a count up to five is 64
    bytes a key.
    """

    after: np.ndarray
    counted: np.ndarray


def compile_follow(rules: RuleTable) -> FollowRules:
    """The rows of these rules (times in µs)."""
    followed, counted = rules.of("sequence"), rules.of("count")
    asks = np.zeros((len(followed) + len(counted), len(KINDS)), np.int64)
    for ask, (_, rule) in zip(asks, followed, strict=False):
        ask[[KIND[k] for k in rule.match["then"]]] |= 1
        ask[[KIND[k] for k in rule.match["first"]]] |= 2
    for ask, (_, rule) in zip(asks[len(followed) :], counted, strict=True):
        ask[[KIND[k] for k in rule.match["kinds"]]] |= 1
    kinds = [sum(1 << int(kind) for kind in np.flatnonzero(ask)) for ask in asks]
    sequences, counts = [], []
    for slot, (number, rule) in enumerate(followed):
        t = rule.thresholds
        bounds = _bound("low", "free", t["then_min"]) | _bound("first_low", "first_free", t["first_min"])
        sequences.append(_window(number, slot, rule, 2, t["within_s"], 0, bounds))
    for slot, (number, rule) in enumerate(counted):
        t, bounds = rule.thresholds, _bound("low", "free", rule.thresholds["value_min"])
        counts.append(_window(number, slot, rule, t["n"], t["window_s"], t["cool_down_s"], bounds))
    return FollowRules(np.array(kinds, np.int64), asks, np.array(sequences, WINDOW), np.array(counts, WINDOW))


def _bound(low: str, free: str, least: float | None) -> dict[str, float]:
    return {low: 0.0 if least is None else float(least), free: least is None}


def _window(
    number: int, slot: int, rule: Rule, n: int, window_s: float, cool_s: float, bounds: dict[str, float]
) -> tuple[Any, ...]:
    return filled(
        WINDOW, n=n, window=round(window_s * US), cool=round(cool_s * US), rule=number, slot=slot,
        severity=rule.severity, by=KEYS.index(rule.match["by"]), **bounds,
    )  # fmt: skip


def empty(rules: FollowRules, entities: int) -> Follow:
    """Room for so many entities that have done nothing yet."""
    most = int(rules.counts["n"].max(initial=1)) - 1
    return Follow(
        np.zeros((len(rules.sequences), entities), AFTER),
        np.zeros((len(rules.counts), entities, STAMPS + most), np.int64),
    )


def wider(follow: Follow, entities: int) -> Follow:
    """The same with room for more."""
    new = Follow(*(np.zeros((len(old), entities, *old.shape[2:]), old.dtype) for old in follow))
    for old, wide in zip(follow, new, strict=True):
        wide[:, : old.shape[1]] = old
    return new


def used(follow: Follow, entities: int) -> Follow:
    """Only the rows of so many entities."""
    return Follow(*(np.ascontiguousarray(array[:, :entities]) for array in follow))


def forget(follow: Follow, slot: int) -> None:
    """A slot is another's now."""
    for array in follow:
        array[:, slot] = np.zeros((), array.dtype)


assert len(KINDS) < 63, "a kind has a bit of a number with a sign"
