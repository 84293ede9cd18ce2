"""Encounters: frames in a row, once at each level, ended by a gap or by the end of a track."""

import numpy as np
import pytest

from cep.kernels.pairs import advance, find_meeting, meet
from cep.state import MEETING
from stream.schema import US

GAP = 3 * US


def encounter(*holds: tuple[float, int, bool]) -> list[int]:
    """Levels told for (second, number of the frame, severe) of the frames in which a pair holds."""
    one = np.zeros(1, MEETING)[0]
    told = []
    for s, frame, severe in holds:
        meet(one, 1, 2, 0, round(s * US), GAP, 1, 1)
        told.append(int(advance(one, round(s * US), frame, severe, 2)))
    return told


@pytest.mark.parametrize(
    ("holds", "told"),
    [
        ([(0.0, 1, False), (0.1, 2, False), (0.2, 3, False)], [0, 2, 0]),
        ([(0.0, 1, True), (0.1, 2, True), (0.2, 3, True)], [0, 3, 0]),
        ([(0.0, 1, False), (0.1, 2, True), (0.2, 3, True), (0.3, 4, False)], [0, 2, 3, 0]),
        ([(0.0, 1, True), (0.1, 2, False), (0.2, 3, True), (0.3, 4, True)], [0, 2, 0, 3]),
        ([(0.0, 1, False), (0.2, 3, False), (0.3, 4, False)], [0, 0, 2]),
        ([(0.0, 1, True), (0.1, 2, True), (0.3, 4, False), (0.4, 5, False)], [0, 3, 0, 0]),
        ([(0.0, 1, False), (0.1, 2, False), (3.0, 30, False), (3.1, 31, False)], [0, 2, 0, 0]),
        ([(0.0, 1, False), (0.1, 2, False), (3.1, 30, False), (3.2, 31, False)], [0, 2, 0, 2]),
        ([(0.0, 1, False), (0.0, 1, False), (0.1, 2, False)], [0, 0, 2]),
    ],
)
def test_levels_of_an_encounter(holds: list[tuple[float, int, bool]], told: list[int]) -> None:
    assert encounter(*holds) == told


def test_a_track_born_again_meets_anew() -> None:
    one = np.zeros(1, MEETING)[0]
    assert meet(one, 1, 2, 0, 0, GAP, 1, 1) == 1
    assert [int(advance(one, t, t, False, 2)) for t in (1, 2)] == [0, 2]
    assert meet(one, 1, 2, 0, 3, GAP, 1, 2) == 0
    assert [int(advance(one, t, t, False, 2)) for t in (3, 4)] == [0, 2]


def test_pairs_that_fall_on_one_slot_are_kept_apart() -> None:
    meetings = np.zeros(8, MEETING)
    pairs = [(0, 1), (1, 0), (8, 1), (16, 1)]
    for vehicle, person in pairs:
        meet(meetings[find_meeting(meetings, vehicle, person, 0)], vehicle, person, 0, 0, GAP, 1, 1)
    slots = {int(find_meeting(meetings, *pair, 0)) for pair in pairs}
    assert len(slots) == 4 and all(meetings[slot]["used"] for slot in slots)
