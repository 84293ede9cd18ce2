"""One track: its lives, its stretch above a limit, its signal."""

import numpy as np

from cep.kernels.tracks import hear_signal, hold, touch_track, walk_says
from cep.state import ENTITY, HOLDING, TRACK
from cep.table import CROSS, HOLD
from stream.schema import US

RULE = np.zeros(1, HOLD)[0]
RULE["margin"], RULE["hold"], RULE["share"] = 5.0, 500_000, 1.0
FAST, SLOW = 9.73, 9.72  # 35 km/h is 9.7222 m/s


def test_a_track_unseen_for_half_a_minute_is_a_new_one() -> None:
    one = np.zeros(1, TRACK)[0]
    for frame, (s, x) in enumerate([(0, 1.0), (29.999, 2.0), (59.999, 3.0)], 1):
        touch_track(one, round(s * US), frame, x, 0.0)
        assert int(one["life"]) == (2 if s > 59 else 1)
    touch_track(one, 60 * US, 4, 4.0, 0.0)
    touch_track(one, 60 * US, 4, 9.0, 0.0)  # twice in one frame: the first counts
    assert (one["before"], one["was_x"], one["x"]) == (3, 3.0, 4.0)


def stretch(*frames: tuple[float, int, float], life: int = 1) -> list[int]:
    """What the rule says to (second, number of the frame, m/s)."""
    state = np.zeros(1, HOLDING)[0]
    return [int(hold(RULE, state, life, round(s * US), n, speed, 30.0)) for s, n, speed in frames]


def test_a_stretch_is_unbroken_long_enough_and_told_once() -> None:
    assert stretch((0, 1, FAST), (0.4, 2, FAST), (0.5, 3, FAST), (9.0, 4, FAST)) == [0, 0, 1, 0]
    assert stretch((0, 1, FAST), (0.3, 2, SLOW), (0.5, 3, FAST), (1.0, 4, FAST)) == [0, 0, 0, 1]
    assert stretch((0, 1, FAST), (0.3, 3, FAST), (0.6, 4, FAST), (0.8, 5, FAST)) == [0, 0, 0, 1]
    assert stretch((0, 1, SLOW), (9, 2, SLOW)) == [0, 0]
    assert stretch((0, 1, float("nan")), (1, 2, float("nan"))) == [0, 0]


def test_a_share_of_the_limit_is_the_limit_of_a_wet_road() -> None:
    rule, state = RULE.copy(), np.zeros(1, HOLDING)[0]
    rule["share"] = 0.8  # 24 and 5 are 29 km/h, 8.056 m/s
    told = [int(hold(rule, state, 1, n * US, n, speed, 30.0)) for n, speed in enumerate([8.05, 8.05, 8.06, 8.06])]
    assert told == [0, 0, 0, 1]


def test_a_new_life_may_be_told_again() -> None:
    state = np.zeros(1, HOLDING)[0]
    told = [int(hold(RULE, state, life, n * US, n, FAST, 30.0)) for n, life in enumerate([1, 1, 1, 2, 2])]
    assert told == [0, 1, 0, 0, 1]


def test_a_signal_is_trusted_for_its_time_and_an_older_word_changes_nothing() -> None:
    rule, site = np.zeros(1, CROSS)[0], np.zeros(1, ENTITY)[0]
    rule["signals"], rule["age"] = 1 << 1, 5 * US
    assert not walk_says(rule, site, 0)
    hear_signal(site, 10 * US, 1.0)
    hear_signal(site, 9 * US, 0.0)
    assert walk_says(rule, site, 15 * US) and not walk_says(rule, site, 15 * US + 1)
    hear_signal(site, 10 * US, 0.0)
    assert not walk_says(rule, site, 10 * US)
