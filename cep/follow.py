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
from cep.rules import RuleTable
from cep.state import row
from stream.schema import US

THEN, FIRST, TALLY = range(3)  # what a visit does; within one event in this order, so that none follows itself

VISIT = np.dtype(
    [("does", "i1"), ("by", "i1"), ("bounded", "i1"), ("rule", "i2"), ("slot", "i2"), ("low", "f8")], align=True
)
WINDOW = np.dtype([("severity", "i1"), ("n", "i8"), ("window", "i8"), ("cool", "i8")], align=True)
AFTER = row(i8="at", i1="armed")
LAST, FIRED, FILLED, PLACE, STAMPS = range(5)  # words of a counted key; PLACE is twice the place, plus one once told


class FollowRules(NamedTuple):
    """Visits by kind in CSR form (``visit_at[kind]`` to ``visit_at[kind + 1]``), and the rows behind their slots."""

    visit_at: np.ndarray
    visits: np.ndarray
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
    visits: list[tuple[int, tuple[Any, ...]]] = []
    sequences: list[tuple[Any, ...]] = []
    counts: list[tuple[Any, ...]] = []
    for n, rule in rules.of("sequence"):
        t, m, slot = rule.thresholds, rule.match, len(sequences)
        sequences.append((rule.severity, 2, round(t["within_s"] * US), 0))
        visits += [(KIND[k], _visit(THEN, n, slot, m["by"], t["then_min"])) for k in m["then"]]
        visits += [(KIND[k], _visit(FIRST, n, slot, m["by"], t["first_min"])) for k in m["first"]]
    for n, rule in rules.of("count"):
        t, m, slot = rule.thresholds, rule.match, len(counts)
        counts.append((rule.severity, t["n"], round(t["window_s"] * US), round(t["cool_down_s"] * US)))
        visits += [(KIND[k], _visit(TALLY, n, slot, m["by"], t["value_min"])) for k in m["kinds"]]
    visits.sort(key=lambda visit: (visit[0], visit[1][0]))
    kinds = [kind for kind, _ in visits]
    at = np.searchsorted(kinds, np.arange(len(KINDS) + 1)).astype(np.int64)
    rows = np.array([row for _, row in visits], VISIT)
    return FollowRules(at, rows, np.array(sequences, WINDOW), np.array(counts, WINDOW))


def _visit(does: int, rule: int, slot: int, by: str, low: float | None) -> tuple[Any, ...]:
    return (does, KEYS.index(by), low is not None, rule, slot, 0.0 if low is None else float(low))


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
