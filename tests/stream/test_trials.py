"""Trials as rows, on both databases: one begins it, all see it, none waits for a process that has ended."""

from __future__ import annotations

from stream import trials
from stream.store import Store
from stream.trials import GONE_US


def test_all_see_the_trial_that_one_began_and_what_came_of_it(store: Store) -> None:
    assert trials.get(store, 7, 10) is None
    assert trials.claim(store, 7, 6, 10) and not trials.claim(store, 7, 24, 11), "it is tried already"
    assert trials.get(store, 7, 12) == {"state": "running", "hours": 6}
    trials.end(store, 7, {"before": 5, "missed": ["a"]}, 20)
    assert trials.get(store, 7, 21) == {"state": "done", "hours": 6, "before": 5, "missed": ["a"]}
    assert trials.claim(store, 7, 24, 30), "it may be tried again, on more hours"
    assert trials.get(store, 7, 31) == {"state": "running", "hours": 24}
    trials.end(store, 7, None, 40)
    assert trials.get(store, 7, 41) == {"state": "failed", "hours": 24}


def test_a_trial_of_which_nobody_speaks_any_more_has_failed_and_may_be_begun_anew(store: Store) -> None:
    trials.claim(store, 7, 6, 0)
    trials.beat(store, 7, GONE_US)
    assert (trials.get(store, 7, 2 * GONE_US) or {})["state"] == "running"
    assert not trials.claim(store, 7, 6, 2 * GONE_US)
    assert (trials.get(store, 7, 2 * GONE_US + 1) or {})["state"] == "failed"
    assert trials.claim(store, 7, 6, 2 * GONE_US + 1)
