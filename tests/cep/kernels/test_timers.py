"""Deadlines: a heap that gives them in their order, and what calls them off."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.kernels.timers import arm, cancel, pop, push, stands, take, take_home
from cep.state import ENTITY, FOUND, HOME, TIMER, WAITING
from cep.table import RHYTHM, WAIT

LAST, EACH, FIRST = 0, 1, 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), max_size=40), st.data())
def test_the_heap_gives_the_earliest_first_whatever_comes_and_goes(dues: list[int], data: st.DataObject) -> None:
    timers, n, kept = np.zeros(64, TIMER), np.zeros(1, np.int64), []
    for due in dues:
        push(timers, n, due, 0, 0, due, 0)
        kept.append(due)
        if data.draw(st.booleans()):
            assert timers[0]["due"] == timers[0]["entity"] == min(kept)
            kept.remove(min(kept))
            pop(timers, n)
    while kept:
        assert int(timers[0]["due"]) == min(kept) and n[0] == len(kept)
        kept.remove(min(kept))
        pop(timers, n)
    assert n[0] == 0


def state() -> np.void:
    return np.zeros(1, WAITING)[0]


def test_in_mode_last_a_new_arm_moves_the_deadline_and_an_older_one_does_not() -> None:
    one = state()
    assert [int(arm(one, LAST, 100, t)) for t in (10, 30, 20)] == [2, 1, 0]
    assert (one["due"], one["armed"]) == (130, 1)
    cancel(one, LAST, 25, 1)
    assert one["armed"] == 1
    cancel(one, LAST, 30, 2)
    assert one["armed"] == 0 and not stands(one, LAST, 10, 0)


def test_in_mode_first_the_first_counts_until_a_month_has_gone() -> None:
    one, month = state(), 30 * 86_400_000_000
    assert arm(one, FIRST, 100, 10) and not arm(one, FIRST, 100, 50)
    assert one["due"] == 110 and stands(one, FIRST, 10, 0)
    assert not arm(one, FIRST, 100, 9 + month) and arm(one, FIRST, 100, 10 + month)


def test_in_mode_each_every_arm_is_judged_by_what_came_after_it() -> None:
    one = state()
    assert arm(one, EACH, 100, 10) and stands(one, EACH, 10, 1)
    cancel(one, EACH, 10, order=5)
    assert not stands(one, EACH, 10, order=4) and stands(one, EACH, 10, order=6) and stands(one, EACH, 11, order=4)
    cancel(one, EACH, 9, order=7)
    assert one["last"] == 10 and not arm(one, EACH, 100, 9) and arm(one, EACH, 100, 10)


def test_a_deadline_that_was_put_off_goes_back_and_one_called_off_is_dropped() -> None:
    waits, waiting, timers = np.zeros(1, WAIT), np.zeros((4, 1), WAITING), np.zeros(8, TIMER)
    n, entities, out = np.zeros(1, np.int64), np.zeros(4, ENTITY), np.zeros(4, FOUND)
    for entity in range(4):
        arm(waiting[entity, 0], LAST, 100, entity)
        push(timers, n, 100 + entity, entity, 0, entity, 0)
    arm(waiting[0, 0], LAST, 100, 50)
    cancel(waiting[3, 0], LAST, 60, 1)
    used = 0
    while timers[0]["due"] <= 120:
        used += take(timers, n, entities, waiting, waits, 7, out, used)
    assert [(int(f["subject"]), int(f["at"]), float(f["u"])) for f in out[:used]] == [(1, 101, 1e-4), (2, 102, 1e-4)]
    assert (n[0], timers[0]["due"], timers[0]["entity"]) == (1, 150, 0)
    assert take(timers, n, entities, waiting, waits, 7, out, used) == 1 and n[0] == 0


def test_a_home_that_was_forgotten_is_looked_at_no_more() -> None:
    timers, n, entities, out = np.zeros(8, TIMER), np.zeros(1, np.int64), np.zeros(1, ENTITY), np.zeros(1, FOUND)
    homes, habits, rhythms = np.zeros((1, 1), HOME), np.zeros((1, 1, 3, 168), np.uint8), np.zeros(1, RHYTHM)
    push(timers, n, 5, 0, 0, 0, -1)
    assert take_home(timers, n, entities, homes, habits, rhythms, 0, out, 0) == 0 and n[0] == 0
