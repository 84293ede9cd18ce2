"""Harsh changes of speed against noise, jumps and gaps; driving against a lane."""

import numpy as np
import pytest

from cep.kernels.moves import heads_against, jolt
from cep.street import AGAINST, HEADING, JOLT, JOLTING, LANE
from stream.schema import US

BRAKE = np.zeros(1, JOLT)[0]
BRAKE["half"], BRAKE["gap"], BRAKE["change"], BRAKE["most"] = US // 2, 5 * US, 4.5, 12.0
BRAKE["slip"], BRAKE["speed"], BRAKE["sign"] = 2.0, 2.8, -1.0


def drive(speeds: list[float], hz: float = 10.0, noise: float = 0.0, jump: int = -1) -> list[float]:
    """Changes told of a vehicle with these speeds (m/s), one a frame; its track may jump at a frame."""
    state, y, told, rng = np.zeros(1, JOLTING)[0], 0.0, [], np.random.default_rng(7)
    for n, v in enumerate(speeds):
        y += v / hz + (15.0 if n == jump else 0.0)
        seen, at = v + rng.normal(0, noise), y + rng.normal(0, noise / 2)
        if change := jolt(BRAKE, state, 1, round(n / hz * US), abs(seen), 0.0, at):
            told.append(float(change))
    return told


def slowing(start: float, rate: float, hz: float = 10.0) -> list[float]:
    """A second and a half at speed, then braking to a stand, then standing."""
    steps = int(start / rate * hz)
    return [start] * int(1.5 * hz) + [start - rate * n / hz for n in range(steps)] + [0.0] * int(2 * hz)


@pytest.mark.parametrize("hz", [5.0, 10.0, 24.0])
def test_a_steady_braking_is_told_by_its_rate_once(hz: float) -> None:
    (told,) = drive(slowing(14.0, 6.0, hz), hz)
    assert 4.5 <= told <= 6.2
    assert drive(slowing(14.0, 3.4, hz), hz) == []  # comfortable braking (AASHTO)


def test_noise_of_half_a_metre_a_second_makes_nothing_of_a_steady_drive() -> None:
    assert drive([12.0] * 3000, noise=0.5) == []
    assert len(drive(slowing(14.0, 6.5), noise=0.3)) == 1


def test_a_track_that_jumps_to_a_standing_car_did_not_brake() -> None:
    speeds = [12.0] * 20 + [0.0] * 20
    assert drive(speeds) == []  # 24 m/s²: no tyre does
    smooth = [12.0] * 20 + [9.0, 6.0, 3.0] + [0.0] * 20
    assert drive(smooth, jump=21) == []


def test_a_gap_longer_than_half_a_window_begins_anew() -> None:
    state = np.zeros(1, JOLTING)[0]
    frames = [(n / 10, 14.0) for n in range(15)] + [(2.6 + n / 10, 2.0) for n in range(15)]
    assert [jolt(BRAKE, state, 1, round(t * US), v, 0.0, t * v) for t, v in frames] == [0.0] * 30


def test_against_the_lane_for_long_enough_once_and_not_when_it_turns() -> None:
    rule, lane = np.zeros(1, AGAINST)[0], np.zeros(1, LANE)[0]
    rule["cosine"], rule["run"], rule["speed"], lane["uy"] = 0.7, 20.0, 2.0, 1.0

    def told(*steps: tuple[float, float]) -> list[float]:
        state = np.zeros(1, HEADING)[0]
        seen = ({"x": 0.0, "y": y, "vx": 0.0, "vy": vy} for y, vy in steps)
        return [float(heads_against(rule, state, lane, 0, 1, v, abs(v["vy"]))) for v in map(_row, seen)]

    assert told((30, -5), (20, -5), (10, -5), (0, -5)) == [0, 0, 20.0, 0]
    assert told((30, -5), (20, -5), (19, 3), (18, -5), (0, -5)) == [0, 0, 0, 0, 0]
    assert told((30, -1), (10, -1), (0, -1)) == [0, 0, 0]


def _row(values: dict[str, float]) -> np.void:
    row = np.zeros(1, [(name, "f8") for name in values])[0]
    for name, value in values.items():
        row[name] = value
    return row
