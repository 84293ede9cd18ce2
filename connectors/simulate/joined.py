"""What goes wrong in several places at once: a table of scenes in which detections say more together than each alone.

Each plays what the devices and people of one matter would send; that it is one matter, and graver than its parts, is
for the console's composite rules to say. They are seldom: one in three hours, in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from connectors.simulate import acts, welfare
from connectors.simulate.messages import SYSTEM
from connectors.simulate.scenes import Stage, alarm, call, camera, case
from connectors.simulate.walkers import Walker

WARNED_S = 1500.0  # a simulated warning of heat or cold is called off after so long


class Joined(NamedTuple):
    """A row: the domains it needs, the composite rule it is meant for, and the play."""

    domains: frozenset[str]
    rule: str
    play: Callable[[Stage], None]


def _fire_no_answer(stage: Stage) -> None:
    """Smoke, somebody goes down in it, nobody answers."""
    home = stage.home()
    stage.hush(home, 1800)
    alarm(stage, home, "smoke", "smoke")
    alarm(stage, home, "fall", "worn", 15, conf=0.83)
    for attempt, seconds in ((1, 40), (2, 75), (3, 110)):
        call(stage, home, seconds, "no_answer", attempt)


def _fire_told(stage: Stage) -> None:
    """Smoke, and the neighbour of that home writes that it smells of burning."""
    home = stage.home()
    alarm(stage, home, "smoke", "smoke")
    stage.later(90, f"{SYSTEM}safecall", "city.care.call", home, household=home, result="no_answer", attempt=1)
    case(stage, "citizen-app", welfare.fire_case(stage.rng, stage.dong(home), home), 70)


def _cut_off(stage: Stage) -> None:
    """A warning of the season, a home whose power is cut off, and three calls that nobody answers; then it is over."""
    home, value = stage.home(), stage.season
    warned = {"what": "weather", "area": "오산시", "value": value}
    stage.later(0, f"{SYSTEM}weather", "city.context", "osan", level="warning", **warned)
    stage.later(WARNED_S, f"{SYSTEM}weather", "city.context", "osan", level="none", **warned)
    stage.hush(home, 2400)
    case(stage, "welfare", welfare.cut_off_case(stage.rng, stage.dong(home), home), 60)
    for attempt, seconds in ((1, 180), (2, 300), (3, 420)):
        call(stage, home, seconds, "no_answer", attempt)


def _blocked_child(stage: Stage) -> None:
    """A car parks by the crosswalk, others race past it, the last one past a child at the kerb."""
    crossing = stage.crossing(signalled=False)
    x, y = crossing.place(-9.0, 3.0)
    seen = {"site": crossing.id, "what": "illegal_parking", "x": x, "y": y, "conf": 0.9}
    stage.later(0, camera(crossing.id), "city.road.detection", crossing.id, **seen)
    crossing.acts.append(acts.race_thrice(crossing))


def _victim(stage: Stage) -> None:
    """A child goes down before a car: the radar sees it come, the camera sees the fall, a friend calls by the app."""
    crossing = stage.crossing(signalled=False)

    def fallen(child: Walker) -> None:
        x, y = crossing.place(child.u, child.r)
        seen = {"site": crossing.id, "what": "fall", "x": x, "y": y, "conf": 0.81}
        stage.later(1.5, camera(crossing.id), "city.road.detection", crossing.id, **seen)
        user, (lon, lat) = f"ST-{stage.rng.randrange(1000, 9999)}", stage.degrees(crossing.id, x, y)
        told = {"user": user, "lon": lon, "lat": lat, "accuracy_m": 9.0}
        stage.later(20, f"{SYSTEM}schoolroute", "city.sos", user, **told)

    crossing.acts.append(acts.run_out(crossing, fallen))


JOINED: dict[str, Joined] = {
    "victim": Joined(frozenset({"school"}), "crossing_victim", _victim),
    "fire_told": Joined(frozenset({"care", "welfare"}), "fire_confirmed", _fire_told),
    "cut_off": Joined(frozenset({"care", "welfare"}), "home_cut_off", _cut_off),
    "blocked_child": Joined(frozenset({"school"}), "crossing_blocked_child", _blocked_child),
    "fire_no_answer": Joined(frozenset({"care"}), "home_fire_unanswered", _fire_no_answer),
}
FIRST_S, EVERY_S = 900.0, 10_800.0  # the first after a quarter of an hour, the whole table in about half a day
