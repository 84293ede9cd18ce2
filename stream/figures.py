"""Small sums for the indicators: quantiles, rates with their interval, load in slots of ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from stream.schema import US, Priority
from stream.trust import wilson

SLOT_US = 600 * US
FLOOD = 10  # more than this many annunciations in a slot of ten minutes is a flood (EEMUA 191)


def quantiles(values: Iterable[float], *more: float) -> dict[str, Any]:
    """``{n, p50, p95}`` (and ``more``, such as 0.99) by nearest rank; None where there is no value.

    >>> quantiles([3.0, 1.0, 2.0, 4.0])
    {'n': 4, 'p50': 2.0, 'p95': 4.0}
    """
    ranked = sorted(values)
    table: dict[str, Any] = {"n": len(ranked)}
    for q in (0.5, 0.95, *more):
        table[f"p{round(q * 100)}"] = round(ranked[ceil(q * len(ranked)) - 1], 3) if ranked else None
    return table


def rate(k: int, n: int) -> dict[str, Any]:
    """``{k, n, rate, low, high}`` with the 95 % interval; the rate is None when nothing was counted.

    >>> rate(1, 4)
    {'k': 1, 'n': 4, 'rate': 0.25, 'low': 0.046, 'high': 0.699}
    """
    low, high = wilson(k, n)
    return {"k": k, "n": n, "rate": round(k / n, 4) if n else None, "low": round(low, 3), "high": round(high, 3)}


def load(sounded: Sequence[tuple[int, int]], frm: int, to: int) -> dict[str, Any]:
    """Alarm load of annunciations ``(at, priority)`` from ``frm`` to ``to``: by slot of ten minutes from ``frm`` on."""
    slots = [0] * max(1, ceil((to - frm) / SLOT_US))
    shares = dict.fromkeys((Priority.P1, Priority.P2, Priority.P3), 0)
    for at, priority in sounded:
        slots[(at - frm) // SLOT_US] += 1
        shares[Priority(priority)] = shares.get(Priority(priority), 0) + 1
    n = len(sounded)
    return {
        "n": n,
        "mean": round(n / len(slots), 3),
        "worst": max(slots),
        "flood_slots": sum(count > FLOOD for count in slots),
        "slots": slots,
        "share": {p.name: round(count / n, 4) if n else None for p, count in shares.items()},
    }
