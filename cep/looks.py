"""Which kernels look at which kinds: a table with a row a kind, made once from the rules.

A row of a batch that nothing looks at costs the walk of ``cep/kernels/pick.py`` and no more.
"""

from __future__ import annotations

import numpy as np

from cep.codes import ACTIVITY, DEVICE_DOWN, FRAME, KIND, KINDS, SIGNAL, life_modes
from cep.follow import FollowRules
from cep.table import Arrays

LOOK = np.dtype(
    [("road", "i8"), ("care", "i8"), ("follow", "i8"), ("source", "i8"), ("least", "f8")], align=True
)


def modes_asked(rules: Arrays) -> np.ndarray:
    """How each kind shows life (``codes.life_modes``), as far as some rule asks for it."""
    modes = life_modes()
    if not len(rules.rhythms):
        modes[modes >= DEVICE_DOWN] = 0
        if rules.visit_at[KIND[ACTIVITY]] == rules.visit_at[-1]:
            modes[:] = 0
    return modes


def compile_looks(rules: Arrays, follow: FollowRules) -> np.ndarray:
    """The table (LOOK). ``source``: an event of an expected source is looked at whatever its kind."""
    looks = np.zeros(len(KINDS), LOOK)
    looks["road"][[FRAME, SIGNAL]] = 1
    looks["care"] = (np.diff(rules.visit_at) > 0) | (modes_asked(rules) > 0)
    looks["source"] = len(rules.silences) > 0 or len(rules.rhythms) > 0
    for kind, (first, last) in enumerate(zip(follow.visit_at[:-1], follow.visit_at[1:], strict=True)):
        visits = follow.visits[first:last]
        looks[kind]["follow"] = len(visits) > 0
        looks[kind]["least"] = np.where(visits["bounded"], visits["low"], -np.inf).min(initial=np.inf)
    return looks
