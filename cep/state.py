"""Memory of the engine as arrays: one dtype a thing, one table of what is remembered where.

Times are int64 µs. A slot whose flags are zero has never been used; a track's ``life`` counts how often its slot was
born again, so that what hangs on a track (holds, memories, pairs) is known to be stale without being cleared.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


def row(**fields: str) -> np.dtype:
    """A dtype of these names by their sort, the wide ones first and filled up to whole words: no gaps, so that equal
    rows have equal bytes."""
    named = [(name, kind) for kind in ("i8", "f8", "i4", "i1") for name in fields.get(kind, "").split()]
    rest = -sum(np.dtype(kind).itemsize for _, kind in named) % 8
    return np.dtype([*named, *((f"rest{n}", "i1") for n in range(rest))], align=True)


def filled(dtype: np.dtype, **values: Any) -> tuple[Any, ...]:
    """A row of this dtype; what is not named is zero."""
    return tuple(values.get(name, 0) for name in dtype.names or ())


# an entity is a site, household, case, user or source: whatever a rule keeps something for
ENTITY = row(
    i8="seen period frame last signal_at spoke dark", f8="middle_x middle_y",
    i4="owner dong lines n_lines corners n_corners home", i1="signal heard down",
)  # fmt: skip
SENSOR = row(i8="seen sign begun every", f8="value", i1="known front signs even")
TRACK = row(i8="seen frame before life", f8="x y was_x was_y")
HOLDING = row(i8="frame start told_at life", f8="peak", i1="fired going")
NEARNESS = row(i8="near_at grave_at life", f8="near_m2 grave_m2", i4="near_track grave_track", i1="near grave fired")
MEETING = row(
    i8="frame held run severe_run vehicle_life person_life", i4="vehicle person rule", i1="told used"
)  # fmt: skip
WAITING = row(i8="last due order", i1="known armed queued")
CALLS = row(i8="last answered_at", f8="attempt", i1="known answered")
# a home's rhythm, one for each rule of that pattern (cep/kernels/rhythm.py)
RANGING = row(i8="at born n", f8="mean apart low high", i1="run told")
HOME = row(i8="last day days week used changed", i4="hub by before", i1="known away uses off told queued")
TIMER = row(i8="due at order", i4="entity slot")

# what a kernel concluded; ``before`` says that a timer fired before the row, so it stands before what the row caused
FOUND = row(i8="row at band0 band1 band2", f8="u v x y", i4="rule subject entity a b slot", i1="severity before")


class Road(NamedTuple):
    """What the road kernel keeps. ``n_meetings`` (one cell) counts the used slots of the hash table ``meetings``."""

    entities: np.ndarray
    tracks: np.ndarray
    holdings: np.ndarray
    nearness: np.ndarray
    meetings: np.ndarray
    n_meetings: np.ndarray
    stop_lines: np.ndarray
    corners: np.ndarray
    late: np.ndarray


class Care(NamedTuple):
    """What the kernel of single events and timers keeps. ``n_timers`` and ``order`` have one cell each."""

    entities: np.ndarray
    sensors: np.ndarray
    ranging: np.ndarray
    homes: np.ndarray
    habits: np.ndarray
    waiting: np.ndarray
    calls: np.ndarray
    timers: np.ndarray
    n_timers: np.ndarray
    order: np.ndarray


def widened(old: np.ndarray, length: int) -> np.ndarray:
    """The same array with room for ``length`` rows; new rows are zero."""
    new = np.zeros((length, *old.shape[1:]), old.dtype)
    new[: len(old)] = old
    return new
