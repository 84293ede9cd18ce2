"""Memory of the engine as arrays: one dtype a thing, one table of what is remembered where.

Times are int64 µs. A slot whose flags are zero has never been used; a track's ``life`` counts how often its slot was
born again, so that what hangs on a track (holds, memories, pairs) is known to be stale without being cleared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# an entity is a site, household, case, user or source: whatever a rule keeps something for
ENTITY = np.dtype(
    [("seen", "i8"), ("period", "i8"), ("frame", "i8"), ("last", "i8"), ("signal_at", "i8"), ("owner", "i4"),
     ("dong", "i4"), ("lines", "i4"), ("n_lines", "i4"), ("corners", "i4"), ("n_corners", "i4"), ("signal", "i1"),
     ("heard", "i1"), ("started", "i1"), ("middle_x", "f8"), ("middle_y", "f8")], align=True,
)  # fmt: skip
SENSOR = np.dtype([("seen", "i8"), ("value", "f8"), ("known", "i1"), ("front", "i1")], align=True)
TRACK = np.dtype(
    [("seen", "i8"), ("frame", "i8"), ("before", "i8"), ("x", "f8"), ("y", "f8"), ("was_x", "f8"), ("was_y", "f8"),
     ("life", "i8")], align=True,
)  # fmt: skip
HOLDING = np.dtype(
    [("frame", "i8"), ("start", "i8"), ("told_at", "i8"), ("peak", "f8"), ("life", "i8"), ("fired", "i1"),
     ("going", "i1")], align=True,
)  # fmt: skip
NEARNESS = np.dtype(
    [("near_at", "i8"), ("grave_at", "i8"), ("near_m2", "f8"), ("grave_m2", "f8"), ("near_track", "i4"),
     ("grave_track", "i4"), ("life", "i8"), ("near", "i1"), ("grave", "i1"), ("fired", "i1")], align=True,
)  # fmt: skip
MEETING = np.dtype(
    [("frame", "i8"), ("held", "i8"), ("run", "i8"), ("severe_run", "i8"), ("vehicle_life", "i8"),
     ("person_life", "i8"), ("vehicle", "i4"), ("person", "i4"), ("rule", "i4"), ("told", "i1"), ("used", "i1")],
    align=True,
)  # fmt: skip
WAITING = np.dtype(
    [("last", "i8"), ("due", "i8"), ("order", "i8"), ("known", "i1"), ("armed", "i1"), ("queued", "i1")], align=True
)
CALLS = np.dtype(
    [("last", "i8"), ("answered_at", "i8"), ("attempt", "f8"), ("known", "i1"), ("answered", "i1")], align=True
)
TIMER = np.dtype([("due", "i8"), ("at", "i8"), ("order", "i8"), ("entity", "i4"), ("slot", "i4")], align=True)

# what a kernel concluded; ``before`` says that a timer fired before the row, so it stands before what the row caused
FOUND = np.dtype(
    [("row", "i8"), ("at", "i8"), ("rule", "i4"), ("subject", "i4"), ("entity", "i4"), ("a", "i4"), ("b", "i4"),
     ("slot", "i4"), ("severity", "i1"), ("before", "i1"), ("u", "f8"), ("v", "f8"), ("x", "f8"), ("y", "f8")],
    align=True,
)  # fmt: skip


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
