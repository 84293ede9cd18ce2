"""Scenes on a crossing, as one would tell them: each is a generator that a crossing steps once a tick (0.1 s).

A scene first waits until the crossing is empty (``held`` stops arrivals), then plays, then lets life go on. Geometry
is chosen so that the pinned rules (CONTRACT 6) speak by themselves; no scene sends a verdict of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.simulate.crossing import Act, Crossing
from connectors.simulate.traffic import Vehicle
from connectors.simulate.walkers import KERB_M, Walker

TICK_S = 0.1


def _pause(seconds: float) -> Act:
    """Let ticks go by."""
    for _ in range(round(seconds / TICK_S)):
        yield


def _emptied(x: Crossing) -> Act:
    """Wait until the last vehicle and person have gone."""
    while not x.empty:
        yield


@contextmanager
def _alone(x: Crossing) -> Iterator[None]:
    """No arrivals meanwhile."""
    x.held = True
    try:
        yield
    finally:
        x.held = False


def _stand(x: Crossing, kind: str, side: int = 1, u: float = 0.0) -> Walker:
    """A person who stands at the kerb and waits."""
    person = Walker(x.number(), kind, 1.2, side, u, side * (x.half + KERB_M), u, 1, phase="stand")
    x.people.append(person)
    return person


def _stop(car: Vehicle) -> Act:
    """Brake until it stands."""
    while car.v > 0:
        yield
    car.braking = 0.0


def run_out(x: Crossing, fallen: Callable[[Walker], None] | None = None) -> Act:
    """A child runs out in front of a car, which brakes at the last moment: a near miss.

    With ``fallen`` the child goes down there, which ``fallen`` is told, and is helped up after half a minute.
    """
    with _alone(x):
        yield from _waiting(x)
        child = _stand(x, "child")
        car = x.spawn(0, 30.0, blind=True)
        to_lane = (x.half + KERB_M - x.off - car.width / 2 - 0.3) / 2.6  # seconds until the child is in its way
        while (-0.3 - car.front) / car.v > max(to_lane + 0.15, 1.2):
            yield
        child.pace, child.phase = 2.6, "cross"
        while (-0.3 - car.front) / car.v > 0.9:
            yield
        car.braking = 5.5
        yield from _stop(car)
        car.v0, car.s = 0.01, min(car.s, -0.5 - car.length / 2)
        if fallen is not None:
            fallen(child)
            child.pace = 0.0
            yield from _pause(30)
            child.pace = 1.0
        yield from _pause(4)
        while child.phase == "cross":
            yield
        car.v0, car.blind = 5.0, False


def _waiting(x: Crossing) -> Act:
    """Wait for an empty crossing whose light lets cars pass for a while."""
    yield from _emptied(x)
    while x.signalled and not (x.phase.vehicle == "green" and x.phase.seconds > 14):
        yield


def race_past(x: Crossing) -> Act:
    """A car races past a child who waits at the kerb."""
    with _alone(x):
        yield from _waiting(x)
        child = _stand(x, "child")
        yield from _race(x)
        child.phase = "wait"


def _race(x: Crossing) -> Act:
    """A car drives by, much too fast."""
    car = x.spawn(0, 47.0, blind=True)
    while car.rear < 25:
        yield


def race_thrice(x: Crossing) -> Act:
    """Three cars race past, one after another, the last one past a child who waits at the kerb."""
    with _alone(x):
        for _ in range(2):
            yield from _waiting(x)
            yield from _race(x)
    yield from race_past(x)


def run_the_light(x: Crossing) -> Act:
    """A car drives over the stop line while a pupil is on the crosswalk and the light says walk."""
    with _alone(x):
        yield from _emptied(x)
        while not (x.phase.pedestrian == "walk" and x.phase.seconds > 12):
            yield
        pupil = _stand(x, "child", side=1)
        pupil.phase = "cross"  # from the right, out of lane 0's way first
        while pupil.r > -min(x.off + 1.6, x.half - 0.6):
            yield
        pupil.pace = 0.02  # ties a shoe lace on the far half
        car = x.spawn(0, 26.0, blind=True)
        while car.rear < 12:
            yield
        pupil.pace = 1.3
        while pupil.phase == "cross":
            yield
