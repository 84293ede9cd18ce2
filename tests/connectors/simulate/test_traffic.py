"""Cars in a lane: they follow, they hold for the line, they never drive into each other."""

from itertools import pairwise
from random import Random

import pytest

from connectors.simulate.traffic import FASTEST_KPH, GAP_M, REACH_M, Lane, Vehicle, draw, follow

STOP_S = -5.5


def car(s: float, v: float, v0: float = 7.0) -> Vehicle:
    return Vehicle(1, "vehicle", 4.5, 1.8, s, v, v0)


def test_alone_a_car_reaches_its_wished_speed_and_keeps_it() -> None:
    lane, one = Lane(STOP_S, 2.5), car(-45, 2.0)
    lane.enter(one)
    for _ in range(120):
        lane.step(0.1, False)
    assert one.v == pytest.approx(7.0, abs=0.3)


@pytest.mark.parametrize("v", [3.0, 5.0, 8.0])
def test_who_is_asked_in_time_stands_before_the_line(v: float) -> None:
    lane, one = Lane(STOP_S, 2.5), car(-40, v, max(v, 5.0))
    lane.enter(one)
    hardest = 0.0
    for _ in range(400):
        before = one.v
        lane.step(0.1, True)
        hardest = max(hardest, (before - one.v) / 0.1)
    assert one.v < 0.05 and STOP_S - 3 < one.front < STOP_S
    assert hardest < 4.0


def test_who_cannot_stop_at_ease_drives_on() -> None:
    lane, one = Lane(STOP_S, 2.5), car(-9.0, 7.0)
    lane.enter(one)
    for _ in range(30):
        lane.step(0.1, True)
    assert one.rear > 2.5 and one.v > 6


def test_a_blind_driver_sees_no_line() -> None:
    lane, one = Lane(STOP_S, 2.5), car(-40, 7.0)
    one.blind = True
    lane.enter(one)
    for _ in range(80):
        lane.step(0.1, True)
    assert one.s > 0


def test_nobody_overlaps_in_an_hour_of_stop_and_go() -> None:
    rng, lane = Random(5), Lane(STOP_S, 2.5)
    for tick in range(36_000):
        if rng.random() < 0.01 and lane.room():
            lane.enter(draw(rng, tick))
        lane.step(0.1, tick % 600 < 250)
        assert all(ahead.rear - behind.front > GAP_M / 4 for ahead, behind in pairwise(lane.vehicles))
        assert all(0 <= v.v <= FASTEST_KPH / 3.6 + 0.01 for v in lane.vehicles)
    assert all(v.rear <= REACH_M + 2 for v in lane.vehicles)


def test_it_is_safe_to_step_out_only_before_far_or_standing_cars() -> None:
    def safe(one: Vehicle) -> bool:
        lane = Lane(STOP_S, 2.5)
        lane.enter(one)
        return lane.safe_to_step_out()

    assert Lane(STOP_S, 2.5).safe_to_step_out()
    assert safe(car(-42, 7.0)) and safe(car(-9, 0.0)) and safe(car(8, 7.0))
    assert not safe(car(-15, 7.0)) and not safe(car(0, 0.0)) and not safe(car(-4, 7.0))


def test_closing_in_brakes_harder_than_following() -> None:
    assert follow(7, 7, 12, 5) < follow(7, 7, 12, 0) < follow(7, 7, 100, 0)


def test_the_fleet_keeps_below_the_limit() -> None:
    rng = Random(1)
    drawn = [draw(rng, n) for n in range(500)]
    assert {v.kind for v in drawn} == {"vehicle", "truck", "bus", "motorcycle"}
    assert max(v.v0 for v in drawn) * 3.6 <= FASTEST_KPH < 30
