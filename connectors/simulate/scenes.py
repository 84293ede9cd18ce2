"""What goes wrong on a simulated day: a table of scenes, one of each kind.

A scene only plays what devices and people would send; the console's rules decide what it means. Scenes on the road
move real simulated cars and children (``acts``).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple, Protocol

from connectors.simulate import acts, welfare
from connectors.simulate.crossing import Act, Crossing
from connectors.simulate.messages import DEVICE, SYSTEM


class Stage(Protocol):
    """What a scene may use of the day it plays in."""

    rng: Random

    def later(self, seconds: float, source: str, type: str, subject: str, **data: Any) -> None:
        """A device or person sends this so many seconds from now."""

    def crossing(self, signalled: bool | None = None) -> Crossing:
        """A watched crossing where nothing is playing."""

    def home(self) -> str:
        """A home of somebody alone at high risk, not used lately."""

    def anyone(self) -> str:
        """A home of people who are not both alone and at high risk."""

    def hush(self, home: str, seconds: float) -> None:
        """Nobody moves in the home for so long."""

    def stir(self, home: str, seconds: float) -> None:
        """Somebody moves in the home so many seconds from now."""

    def silence(self, site: str, seconds: float) -> None:
        """The site's radar says nothing for so long."""

    def dong(self, home: str | None = None) -> str:
        """Name of a dong: of this home, or any."""

    def case(self) -> str:
        """The next welfare case's id."""

    def near_school(self) -> tuple[float, float]:
        """Degrees of a point on a pupil's way."""

    def degrees(self, site: str, x: float, y: float) -> tuple[float, float]:
        """Degrees of a point given in the metres of a site."""

    @property
    def season(self) -> str:
        """The weather that is warned of at this time of the year."""


class Scene(NamedTuple):
    """A row: domain, how often against the others, and the play."""

    domain: str
    weight: float
    play: Callable[[Stage], None]


# ---- the road ----------------------------------------------------------------------------------------------------


def _on_road(act: Callable[[Crossing], Act], signalled: bool | None = None) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        crossing = stage.crossing(signalled)
        crossing.acts.append(act(crossing))

    return play


def _seen(what: str, conf: float, where: tuple[float, float] = (0.0, 0.0)) -> Callable[[Stage], None]:
    """A camera reports something; ``where`` is along and right of the road (m)."""

    def play(stage: Stage) -> None:
        crossing = stage.crossing()
        x, y = crossing.place(*where)
        data = {"site": crossing.id, "what": what, "x": x, "y": y, "conf": conf}
        stage.later(0, camera(crossing.id), "city.road.detection", crossing.id, **data)

    return play


def _pupil_sos(stage: Stage) -> None:
    lon, lat = stage.near_school()
    user = f"ST-{stage.rng.randrange(1000, 9999)}"
    stage.later(0, f"{SYSTEM}schoolroute", "city.sos", user, user=user, lon=lon, lat=lat, accuracy_m=12.0)


def _radar_silent(stage: Stage) -> None:
    """A radar falls silent where nothing plays: with few live crossings it would swallow a scene half way."""
    crossing = stage.crossing()
    if not crossing.acts:
        stage.silence(crossing.id, 240)


# ---- homes -------------------------------------------------------------------------------------------------------


def alarm(stage: Stage, home: str, what: str, device: str, seconds: float = 0, **data: Any) -> None:
    """A device of this home raises an alarm so many seconds from now."""
    stage.later(seconds, device_of(home, device), "city.care.alarm", home, household=home, alarm=what, **data)


def call(stage: Stage, home: str, seconds: float, result: str, attempt: int) -> None:
    """A safety call of this home so many seconds from now."""
    data = {"household": home, "result": result, "attempt": attempt}
    stage.later(seconds, f"{SYSTEM}safecall", "city.care.call", home, **data)


def _smoke(stage: Stage) -> None:
    """Smoke, nobody moves, nobody answers."""
    home = stage.home()
    stage.hush(home, 1200)
    alarm(stage, home, "smoke", "smoke")
    for attempt, seconds in ((1, 20), (2, 50), (3, 85)):
        call(stage, home, seconds, "no_answer", attempt)


def _gas(stage: Stage) -> None:
    home = stage.home()
    alarm(stage, home, "gas", "smoke")
    call(stage, home, 30, "answered", 1)


def _fall_quiet(stage: Stage) -> None:
    """A fall, and then nothing."""
    home = stage.home()
    stage.hush(home, 900)
    alarm(stage, home, "fall", "worn", conf=0.86)
    call(stage, home, 40, "no_answer", 1)


def _fall_up_again(stage: Stage) -> None:
    """A fall, but the person gets up and answers."""
    home = stage.home()
    alarm(stage, home, "fall", "worn", conf=0.71)
    stage.stir(home, 22)
    call(stage, home, 45, "answered", 1)


def _sos(stage: Stage) -> None:
    alarm(stage, stage.home(), "sos", "worn")


def _vital(stage: Stage) -> None:
    alarm(stage, stage.home(), "vital", "worn", conf=0.78)


def _no_answer(stage: Stage) -> None:
    home = stage.home()
    stage.hush(home, 1500)
    for attempt in (1, 2, 3):
        call(stage, home, 60 * (attempt - 1), "no_answer", attempt)


def _late_answer(stage: Stage) -> None:
    """Two calls unanswered, a care worker is to ask; the third is answered."""
    home = stage.home()
    for attempt, result in ((1, "no_answer"), (2, "no_answer"), (3, "answered")):
        call(stage, home, 240 * (attempt - 1), result, attempt)


def _distress(stage: Stage) -> None:
    call(stage, stage.home(), 0, "distress", 1)


# ---- welfare -----------------------------------------------------------------------------------------------------


def case(stage: Stage, channel_source: str, data: dict[str, Any], seconds: float = 0) -> None:
    """A welfare case so many seconds from now, and the contact within hours."""
    id = stage.case()
    stage.later(seconds, f"{SYSTEM}{channel_source}", "city.welfare.case", id, case=id, **data)
    contacted = seconds + stage.rng.uniform(40, 150) * 60
    data = {"case": id, "outcome": "contacted", "by": "dong-team"}
    stage.later(contacted, f"{SYSTEM}welfare", "city.welfare.contact", id, **data)


def _urgent_letter(stage: Stage) -> None:
    case(stage, "citizen-app", welfare.urgent_case(stage.rng, stage.dong()))


def _grave_signs(stage: Stage) -> None:
    home = stage.anyone()
    case(stage, "welfare", welfare.grave_case(stage.rng, stage.dong(home), home))


def quiet_letter(stage: Stage) -> None:
    """An ordinary case: somebody must be called within a day, nothing rings."""
    home = stage.home() if stage.rng.random() < 0.5 else None
    case(stage, "welfare", welfare.quiet_case(stage.rng, stage.dong(home), home))


def camera(site: str) -> str:
    """The source of a site's camera."""
    return f"{DEVICE}cam-{site.removeprefix('XW-').lower()}"


def radar(site: str) -> str:
    """The source of a site's radar."""
    return f"{DEVICE}radar-{site.removeprefix('XW-').lower()}"


def device_of(home: str, device: str) -> str:
    """A home's device: ``smoke`` on the ceiling, ``worn`` on the wrist."""
    return f"{DEVICE}{device}-{home.removeprefix('HH-').lower()}"


# Weights are shares in hundred. Of what calls an operator the everyday (P3) is to be about eighty, what cannot wait
# (P2) fifteen, danger to life (P1) five, as EEMUA 191 asks of a healthy room; real homes burn more seldom still.
SCENES: dict[str, Scene] = {
    # listed, nobody is called
    "jaywalking": Scene("school", 11, _seen("jaywalking", 0.82, (14.0, 0.5))),
    "illegal_parking": Scene("school", 7, _seen("illegal_parking", 0.9, (-9.0, 3.0))),
    "loitering": Scene("school", 2, _seen("loitering", 0.66, (-12.0, 7.0))),
    "obstruction": Scene("school", 2, _seen("obstruction", 0.75, (6.0, 2.0))),
    "crowd": Scene("school", 1, _seen("crowd", 0.7, (3.0, 8.0))),
    "radar_silent": Scene("school", 1, _radar_silent),
    # the everyday
    "wrong_way": Scene("school", 26, _seen("wrong_way", 0.8, (20.0, 1.5))),
    "grave_signs": Scene("welfare", 20, _grave_signs),
    "late_answer": Scene("care", 17, _late_answer),
    # what cannot wait
    "run_out": Scene("school", 2, _on_road(acts.run_out, signalled=False)),
    "race_past": Scene("school", 1.5, _on_road(acts.race_past)),
    "run_the_light": Scene("school", 1.5, _on_road(acts.run_the_light, signalled=True)),
    "collision": Scene("school", 0.3, _seen("collision", 0.88, (8.0, 1.0))),
    "street_fall": Scene("school", 0.8, _seen("fall", 0.74, (2.0, 7.5))),
    "fall_up_again": Scene("care", 2, _fall_up_again),
    "vital": Scene("care", 0.8, _vital),
    "urgent_letter": Scene("welfare", 1.5, _urgent_letter),
    # danger to life
    "smoke": Scene("care", 0.4, _smoke),
    "gas": Scene("care", 0.2, _gas),
    "fall_quiet": Scene("care", 0.6, _fall_quiet),
    "sos": Scene("care", 0.5, _sos),
    "pupil_sos": Scene("school", 0.4, _pupil_sos),
    "no_answer": Scene("care", 0.4, _no_answer),
    "distress": Scene("care", 0.2, _distress),
}

# What a newcomer sees: seconds after the start. The first within seconds, one of each domain and a P1 within 3 minutes.
OPENING = ((1, "run_out"), (20, "smoke"), (60, "urgent_letter"), (105, "jaywalking"), (140, "fall_quiet"))
