"""The workload of ENGINE.md: a day, some keys, five kinds; and what its three rules find, in plain Python dicts.

R1 speed > 40 followed by a pedestrian of the same key within 2 s (the speed is used up by it); R2 five or more over
30 within a sliding minute, then a minute of rest; R3 no care signal for six hours. Times are whole ms, no two alike,
speeds halves (so that > 40 is >= 40.5), a value only on kind SPEED.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import Any

import numpy as np

SPEED, WALKER, CARE, TEMPERATURE, HUMIDITY = range(5)
DAY_MS, R1_MS, R2_MS, R3_MS = 86_400_000, 2_000, 60_000, 21_600_000
Found = dict[str, tuple[int, int]]  # rule -> (how many, checksum)


def make(n: int, keys: int, seed: int = 7) -> dict[str, np.ndarray]:
    """Columns ``t`` (ms), ``key``, ``kind``, ``value`` of n events in order of time.

    Most come from twenty keys that are busy just then (a crossing at its hour), the rest from any.
    """
    rnd = np.random.default_rng(seed)
    gaps = rnd.exponential(DAY_MS / n, n).astype(np.int64) + 1
    t = np.cumsum(gaps)
    busy = (np.arange(n) * (keys / n)).astype(np.int64) + rnd.integers(0, 20, n)
    key = np.where(rnd.random(n) < 0.7, busy % keys, rnd.integers(0, max(1, keys // 2), n)).astype(np.int32)
    kind = rnd.choice(5, n, p=[0.4, 0.1, 0.2, 0.15, 0.15]).astype(np.int8)
    value = np.where(kind == SPEED, rnd.integers(0, 60, n) + 0.5, np.nan)
    return {"t": t, "key": key, "kind": kind, "value": value}


def summed(matches: list[tuple[int, int]]) -> tuple[int, int]:
    """How many, and a sum over (key, ms) that does not depend on the order."""
    return len(matches), sum(key * 7919 + t for key, t in matches)


def twin(columns: dict[str, np.ndarray]) -> Found:
    """The three rules over dicts, one event after another."""
    rows = list(zip(*(columns[name].tolist() for name in ("t", "key", "kind", "value")), strict=True))
    return summed_all(*loop(rows))


def summed_all(r1: Any, r2: Any, r3: Any) -> Found:
    """Each rule's matches summed."""
    return {"r1": summed(r1), "r2": summed(r2), "r3": summed(r3)}


def loop(rows: list[tuple[int, int, int, float]]) -> tuple[list[Any], list[Any], list[Any]]:
    """Matches of R1, R2 and R3."""
    fast: dict[int, int] = {}
    times: dict[int, deque[int]] = {}
    rest: dict[int, int] = {}
    care: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    r1, r2, r3 = [], [], []

    def fire(until: int) -> None:
        while waiting and waiting[0][0] <= until:
            due, key = heapq.heappop(waiting)
            if care[key] + R3_MS == due:
                r3.append((key, due))
            else:
                heapq.heappush(waiting, (care[key] + R3_MS, key))

    for t, key, kind, value in rows:
        if waiting and waiting[0][0] < t:
            fire(t - 1)
        if kind == SPEED:
            if value > 40:
                fast[key] = t
            if value > 30:
                last = times.get(key)
                if last is None:
                    last = times[key] = deque(maxlen=5)
                last.append(t)
                if len(last) == 5 and t - last[0] <= R2_MS and t >= rest.get(key, 0):
                    rest[key] = t + R2_MS
                    r2.append((key, t))
        elif kind == WALKER:
            if t - fast.pop(key, -R1_MS - 1) <= R1_MS:
                r1.append((key, t))
        elif kind == CARE:
            if key not in care or care[key] + R3_MS < t:
                heapq.heappush(waiting, (t + R3_MS, key))
            care[key] = t
    fire(rows[-1][0])
    return r1, r2, r3
