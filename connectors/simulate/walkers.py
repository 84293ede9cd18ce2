"""People on foot at one crossing: along the pavement, wait at the kerb, across, and away.

``u`` is metres along the road, ``r`` metres to its right (0 in the middle of the road). Nobody steps towards the road
before stepping out, so that a waiting person is no collision course.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

KERB_M = 1.0  # people walk and wait this far from the edge of the road
SEEN_M = 22.0  # where they come into and go out of sight

# class, mean speed and spread in m/s (adults 1.3, children a little less steady, a bicycle pushed or ridden slowly)
PACE = {"pedestrian": (1.30, 0.15), "child": (1.25, 0.20), "bicycle": (2.2, 0.3)}


@dataclass(slots=True, eq=False)
class Walker:
    """One person: ``phase`` come, wait, cross, leave, or stand (in a scene); ``side`` +1 right of the road, -1 left."""

    id: int
    kind: str
    pace: float
    side: int
    u: float
    r: float
    goal_u: float  # where they cross
    away: int  # direction in which they leave
    phase: str = "come"
    vu: float = 0.0
    vr: float = 0.0
    waited: float = 0.0


def draw(rng: Random, id: int, kind: str, half: float, deep: float) -> Walker:
    """A person coming along one of the pavements; ``half`` and ``deep`` half the crosswalk's width and depth (m)."""
    mean, spread = PACE[kind]
    side, way = rng.choice((-1, 1)), rng.choice((-1, 1))
    goal = rng.uniform(-0.5, 0.5) * deep
    pace = min(max(rng.gauss(mean, spread), 0.8), 2.8)
    return Walker(id, kind, pace, side, goal - way * SEEN_M, side * (half + KERB_M), goal, rng.choice((-1, 1)))


def step(person: Walker, dt: float, half: float, may_cross: bool) -> bool:
    """Move a person on by dt seconds; False when they are out of sight."""
    MOVES[person.phase](person, dt, half, may_cross)
    person.u += person.vu * dt
    person.r += person.vr * dt
    return not (person.phase == "leave" and abs(person.u) > SEEN_M)


def _come(person: Walker, dt: float, half: float, may_cross: bool) -> None:
    left = person.goal_u - person.u
    if abs(left) <= person.pace * dt:
        person.vu, person.phase = 0.0, "wait"
    else:
        person.vu = person.pace if left > 0 else -person.pace


def _wait(person: Walker, dt: float, half: float, may_cross: bool) -> None:
    person.vu = person.vr = 0.0
    person.waited += dt
    if may_cross and person.waited >= 0.6:  # look first
        person.phase, person.vr = "cross", -person.side * person.pace


def _stand(person: Walker, dt: float, half: float, may_cross: bool) -> None:
    person.vu = person.vr = 0.0


def _cross(person: Walker, dt: float, half: float, may_cross: bool) -> None:
    person.vr = -person.side * person.pace
    if -person.side * person.r >= half + KERB_M:
        person.vr, person.phase = 0.0, "leave"


def _leave(person: Walker, dt: float, half: float, may_cross: bool) -> None:
    person.vu = person.away * person.pace


MOVES = {"come": _come, "wait": _wait, "cross": _cross, "leave": _leave, "stand": _stand}
