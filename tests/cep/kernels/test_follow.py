"""One after another, and n in a while: known answers on the bare kernels."""

from __future__ import annotations

import numpy as np

from cep.follow import AFTER, STAMPS, WINDOW
from cep.kernels.follow import begins, choose, counts_up, follows
from cep.state import filled

RULE = np.array([filled(WINDOW, n=3, window=10, cool=20)], WINDOW)


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
    counted = np.zeros((1, STAMPS + 2), np.int64)
    told = {t: counts_up(counted, 0, RULE[0], t) for t in (0, 6, 10, 11, 12, 29, 30, 31, 42, 43, 44, 50, 54)}
    assert {t: span for t, span in told.items() if span >= 0} == {10: 10, 31: 2, 54: 10}
    assert counts_up(counted, 0, RULE[0], 53) == -1, "late"


def chosen(**bounds: float) -> list[tuple[int, int]]:
    """(row, what it is to the rule) of five rows with values 10, 20, 30, none, 30 of kinds 0 1 1 1 2; 1 is both."""
    rule, mine = np.array([filled(WINDOW, **bounds)], WINDOW)[0], np.zeros(5, np.int64)
    kinds, values = np.array([0, 1, 1, 1, 2]), np.array([10, 20, 30, np.nan, 30])
    m = choose(np.arange(5), kinds, values, np.array([2, 3, 0]), rule, mine)
    return [(one >> 2, one & 3) for one in mine[:m].tolist()]


def test_a_rule_chooses_by_kind_and_by_the_bound_of_what_the_row_would_be() -> None:
    assert chosen(free=1, first_free=1) == [(0, 2), (1, 3), (2, 3), (3, 3)]
    assert chosen(low=25, first_low=15) == [(1, 2), (2, 3)], "no value reaches no bound"
    assert chosen(low=25, first_free=1) == [(0, 2), (1, 2), (2, 3), (3, 2)]
