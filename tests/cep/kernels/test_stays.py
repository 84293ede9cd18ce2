"""Who stays where: hours, spots of standing vehicles, streams of people told once."""

import numpy as np

from cep.kernels.stays import (
    astray,
    clear_spots,
    dwell,
    gather,
    is_news,
    occupy,
    remain,
    stand,
    within_hours,
)
from cep.street import DWELL, DWELLING, GATHERING, PARKING, SPOT, SPOTS, STRAY, STRAYING, THRONG, TOLD
from stream.schema import US

MONDAY = 1_772_377_200 * US  # 2026-03-02 00:00 in Korea


def test_hours_and_days_are_koreas_and_may_go_past_midnight() -> None:
    rule = np.zeros(1, DWELL)[0]
    rule["first"], rule["last"], rule["days"] = 8 * 3600 * US, 17 * 3600 * US, 0b1
    at = [within_hours(rule, MONDAY + h * 3600 * US) for h in (7, 8, 16, 17, 24 + 9)]
    assert at == [False, True, True, False, False]
    rule["first"], rule["last"], rule["days"] = 21 * 3600 * US, 7 * 3600 * US, 0b1111111
    assert [bool(within_hours(rule, MONDAY + h * 3600 * US)) for h in (6, 7, 20, 21)] == [True, False, False, True]


def test_a_stay_begins_anew_beyond_the_radius_and_in_another_life() -> None:
    rule, state = np.zeros(1, DWELL)[0], np.zeros(1, DWELLING)[0]
    rule["stay"], rule["radius2"] = 10 * US, 4.0
    told = [dwell(rule, state, 1, t * US, x, 0.0) for t, x in [(0, 0), (9, 2), (10, 2), (11, 2.1), (20, 2), (21, 2)]]
    assert told == [0, 0, 1, 0, 0, 1]
    assert [dwell(rule, state, 2, t * US, 2.0, 0.0) for t in (22, 31, 32)] == [0, 0, 1]


def test_straying_is_told_once_a_track_and_a_pause_begins_it_anew() -> None:
    rule, state = np.zeros(1, STRAY)[0], np.zeros(1, STRAYING)[0]
    rule["hold"], rule["gap"] = 1 * US, 1 * US
    assert [astray(rule, state, 1, round(t * US)) for t in (0, 0.9, 2.0, 3.0, 9.0, 9.9)] == [0, 0, 0, 1, 0, 0]


def test_a_stream_of_people_is_told_once_and_a_child_in_it_once_more() -> None:
    rule, told = np.zeros(1, STRAY)[0], np.zeros(1, TOLD)[0]
    rule["quiet"] = 60 * US
    said = [is_news(rule, told, t * US, s) for t, s in [(0, 0), (5, 0), (10, 1), (20, 1), (59, 0), (70, 0)]]
    assert said == [True, False, True, False, False, True]


def test_a_crowd_is_told_once_until_it_was_gone() -> None:
    rule, state = np.zeros(1, THRONG)[0], np.zeros(1, GATHERING)[0]
    rule["hold"], rule["gap"] = 10 * US, 60 * US
    assert [gather(rule, state, t * US) for t in (0, 10, 70, 131, 141)] == [0, 1, 0, 0, 1]


class Kerb:
    """One crosswalk's spots."""

    def __init__(self) -> None:
        self.rule = np.zeros(1, PARKING)[0]
        self.rule["stay"], self.rule["gap"], self.rule["radius2"] = 300 * US, 600 * US, 4.0
        self.spots, self.parked = np.zeros((1, 1, SPOTS), SPOT), np.zeros((1, 1), np.int64)

    def see(self, track: int, s: float, x: float, moving: bool = False) -> int:
        """One sight of a vehicle; 1 when it is told."""
        t, rule, spots, parked = round(s * US), self.rule, self.spots, self.parked
        clear_spots(rule, spots, parked, 0, 0, track, 1, t, x, 0.0, moving)
        at = -1 if moving else stand(rule, spots, parked, 0, 0, track, 1, t, x, 0.0)
        assert parked[0, 0] == spots["used"].sum()
        return int(remain(rule, spots[0, 0, at], track, 1, t)) if at >= 0 else 0


def test_who_stands_for_five_minutes_is_told_once_until_it_leaves() -> None:
    kerb = Kerb()
    assert [kerb.see(1, s, 0.0) for s in (0, 299, 300, 900, 1400)] == [0, 0, 1, 0, 0]
    assert kerb.see(1, 1401, 5.0, moving=True) == 0 and kerb.parked[0, 0] == 0
    assert [kerb.see(1, s, 0.0) for s in (1500, 1800)] == [0, 1]


def test_a_new_number_for_the_same_car_goes_on_and_another_car_in_its_place_begins_anew() -> None:
    kerb = Kerb()
    assert [kerb.see(1, 0, 0.0), kerb.see(2, 200, 0.5), kerb.see(2, 300, 0.5)] == [0, 0, 1]
    kerb = Kerb()
    kerb.see(1, 0, 0.0), kerb.see(1, 200, 0.0), kerb.see(1, 201, 3.0, moving=True)
    assert [kerb.see(2, 210, 0.0), kerb.see(2, 309, 0.0), kerb.see(2, 510, 0.0)] == [0, 0, 1]
    kerb = Kerb()
    kerb.see(1, 0, 0.0), kerb.see(3, 1, 1.0, moving=True)
    assert kerb.parked[0, 0] == 1  # it passes beside one that is seen
    kerb.see(3, 10, 1.0, moving=True)
    assert kerb.parked[0, 0] == 0  # it drives over where nobody is seen any more


def test_more_standing_cars_than_spots_wait_for_a_free_one() -> None:
    kerb = Kerb()
    for n in range(SPOTS + 3):
        kerb.see(n, 0, 10.0 * n)
    assert kerb.parked[0, 0] == SPOTS
    kerb.see(0, 1, 500.0, moving=True)
    kerb.see(SPOTS, 2, 10.0 * SPOTS)
    assert kerb.parked[0, 0] == SPOTS and kerb.spots["track"].max() == SPOTS


def test_an_occupied_spot_holds_nothing_of_the_one_before() -> None:
    one = np.zeros(1, SPOT)[0]
    one["told"], one["since"] = 1, 5
    occupy(one, 7, 2, 9, 1.0, 2.0)
    assert (one["used"], one["told"], one["since"], one["seen"], one["track"], one["life"]) == (1, 0, 9, 9, 7, 2)
