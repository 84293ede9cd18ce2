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
from cep.state import row, widened
from stream.schema import US

THEN, FIRST, TALLY = range(3)  # what a visit does; within one event in this order, so that none follows itself

VISIT = np.dtype(
    [("does", "i1"), ("by", "i1"), ("bounded", "i1"), ("rule", "i2"), ("slot", "i2"), ("low", "f8")], align=True
)
WINDOW = np.dtype([("severity", "i1"), ("n", "i8"), ("window", "i8"), ("cool", "i8")], align=True)
AFTER = row(i8="at", i1="armed")
COUNTED = row(i8="last fired", i4="place filled", i1="known told")


class FollowRules(NamedTuple):
    """Visits by kind in CSR form (``visit_at[kind]`` to ``visit_at[kind + 1]``), the rows behind their slots, and which
    kinds are looked at."""

    visit_at: np.ndarray
    visits: np.ndarray
    sequences: np.ndarray
    counts: np.ndarray
    looks: np.ndarray


class Follow(NamedTuple):
    """What is kept, by (entity, slot): the last ``first`` event, and the times of the last n - 1 counted ones."""

    after: np.ndarray
    counted: np.ndarray
    stamps: np.ndarray


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
    looks = np.zeros(len(KINDS), np.int64)
    looks[kinds] = 1
    rows = np.array([row for _, row in visits], VISIT)
    return FollowRules(at, rows, np.array(sequences, WINDOW), np.array(counts, WINDOW), looks)


def _visit(does: int, rule: int, slot: int, by: str, low: float | None) -> tuple[Any, ...]:
    return (does, KEYS.index(by), low is not None, rule, slot, 0.0 if low is None else float(low))


def empty(rules: FollowRules, entities: int) -> Follow:
    """Room for so many entities that have done nothing yet."""
    most = int(rules.counts["n"].max(initial=1)) - 1
    return Follow(
        np.zeros((entities, len(rules.sequences)), AFTER), np.zeros((entities, len(rules.counts)), COUNTED),
        np.zeros((entities, len(rules.counts), most), np.int64),
    )  # fmt: skip


def wider(follow: Follow, entities: int) -> Follow:
    """The same with room for more."""
    return Follow(*(widened(array, entities) for array in follow))


def forget(follow: Follow, slot: int) -> None:
    """A slot is another's now."""
    for array in follow:
        array[slot] = np.zeros((), array.dtype)
