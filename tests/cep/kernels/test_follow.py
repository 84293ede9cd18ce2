"""One after another, and n in a while: known answers on the bare kernels."""

from __future__ import annotations

import numpy as np

from cep.follow import AFTER, STAMPS, WINDOW
from cep.kernels.follow import begins, counts_up, follows

RULE = np.array([(1, 3, 10, 20)], WINDOW)


def test_the_latest_first_one_counts_and_is_used_up() -> None:
    state = np.zeros(1, AFTER)
    assert follows(state[0], RULE[0], 5) == -1
    begins(state[0], 5)
    begins(state[0], 3)  # late: the one at 5 stays
    assert follows(state[0], RULE[0], 4) == -1
    assert follows(state[0], RULE[0], 15) == 10
    assert follows(state[0], RULE[0], 15) == -1
    begins(state[0], 20)
    assert follows(state[0], RULE[0], 31) == -1


def test_three_in_ten_and_twenty_of_rest() -> None:
    counted = np.zeros((1, 1, STAMPS + 2), np.int64)
    told = {t: counts_up(counted, 0, 0, RULE[0], t) for t in (0, 6, 10, 11, 12, 29, 30, 31, 42, 43, 44, 50, 54)}
    assert {t: span for t, span in told.items() if span >= 0} == {10: 10, 31: 2, 54: 10}
    assert counts_up(counted, 0, 0, RULE[0], 53) == -1, "late"
