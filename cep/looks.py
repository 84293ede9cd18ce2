"""Which kernels look at which kinds: a table with a row a kind, made once from the rules.

A row of a batch that nothing looks at costs the walk of ``cep/kernels/pick.py`` and no more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cep.codes import ACTIVITY, DEVICE_DOWN, FRAME, KIND, KINDS, SIGNAL, life_modes
from cep.follow import FollowRules
from cep.state import FOUND
from cep.table import Arrays

LOOK = np.dtype(
    [("road", "i8"), ("care", "i8"), ("follow", "i8"), ("source", "i8"), ("least", "f8"), ("mode", "i8")], align=True
)


class Room(NamedTuple):
    """What the kernels write down while they judge a batch; nothing in it is remembered."""

    picks: np.ndarray  # five by ``pick``: lists of rows and moments; then kinds and the rows of one rule (``follow``)
    values: np.ndarray  # beside those kinds
    keys: np.ndarray  # what was found, in order (``in_order``)
    tidy: np.ndarray


def room_for(rows: int, found: int) -> Room:
    """Room for batches of so many rows and so many detections at a time.

    A little more than asked: lists that lie whole pages apart hinder each other.
    """
    return Room(np.zeros((7, rows + 84), np.int64), np.zeros(rows + 84, np.float64), **found_room(found))


def found_room(found: int) -> dict[str, np.ndarray]:
    """The part of it that so many detections take."""
    return {"keys": np.zeros(found, np.int64), "tidy": np.zeros(found, FOUND)}


def modes_asked(rules: Arrays) -> np.ndarray:
    """How each kind shows life (``codes.life_modes``), as far as some rule asks for it."""
    modes = life_modes()
    if not len(rules.rhythms):
        modes[modes >= DEVICE_DOWN] = 0
        if rules.visit_at[KIND[ACTIVITY]] == rules.visit_at[-1]:
            modes[:] = 0
    return modes


def compile_looks(rules: Arrays, follow: FollowRules) -> np.ndarray:
    """The table (LOOK). ``source``: an event of an expected source is looked at whatever its kind; ``mode``: how it
    shows life."""
    looks = np.zeros(len(KINDS), LOOK)
    looks["least"] = np.inf
    looks["road"][[FRAME, SIGNAL]] = 1
    looks["mode"] = modes_asked(rules)
    looks["care"] = (np.diff(rules.visit_at) > 0) | (looks["mode"] > 0)
    looks["source"] = len(rules.silences) > 0 or len(rules.rhythms) > 0
    for asks, rule in zip(follow.asks, [*follow.sequences, *follow.counts], strict=True):
        for bit, low, free in ((1, "low", "free"), (2, "first_low", "first_free")):
            mine = (asks & bit) > 0
            looks["follow"][mine] = 1
            looks["least"][mine] = np.minimum(looks["least"][mine], -np.inf if rule[free] else rule[low])
    return looks
