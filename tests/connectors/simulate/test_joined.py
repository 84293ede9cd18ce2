"""Each scene in several places at once: one incident, named by its composite rule, in the simulated city itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from cep.rules import load_rules
from cep.threat import composite
from connectors.decode import decode
from connectors.simulate.day import Day
from connectors.simulate.joined import EVERY_S, FIRST_S, JOINED, WARNED_S
from replay.recorded import Turn
from replay.rerun import Result, rerun
from stream.crisis import crises
from stream.schema import US, Priority
from tests.connectors.simulate.sight import MORNING, OSAN
from tests.connectors.simulate.test_scenes import Bare

SCHOOL_RUN = MORNING + 50 * 60 * US


def turns(day: Day, seconds: int) -> Iterator[Turn]:
    """The next seconds of this day, a second a turn."""
    for _ in range(seconds):
        events = []
        for _ in range(10):
            at = day.at + US // 10
            events += [e for m in day.step(at) for e in decode(m.body, at, None)[0]]
        yield day.at, events


def lived(name: str, seconds: int = 600, live_sites: int = 2) -> Result:
    """Ten minutes of a city in which nothing but this goes wrong."""
    day = Bare(OSAN, 5, SCHOOL_RUN, live_sites=live_sites)
    JOINED[name].play(day)
    return rerun(turns(day, seconds), OSAN, load_rules())


@pytest.mark.parametrize("name", sorted(JOINED))
def test_it_is_one_incident_that_says_what_its_parts_are_together(name: str) -> None:
    (incident,) = lived(name).peaks.board.incidents.values()
    assert [d.rule for d in incident.detections if composite(d)] == [JOINED[name].rule]
    assert incident.annunciated and incident.priority <= Priority.P2


def test_every_composite_rule_has_its_scene() -> None:
    assert sorted(row.rule for row in JOINED.values()) == [r.id for r in load_rules().rules if r.pattern == "composite"]


@pytest.mark.parametrize(("seconds", "holds"), [(600, ["heatwave"]), (int(WARNED_S) + 60, [])])
def test_the_warning_is_a_crisis_that_raises_exposure_and_ends_by_itself(seconds: int, holds: list[str]) -> None:
    result = lived("cut_off", seconds, live_sites=0)
    board = result.peaks.board
    now = SCHOOL_RUN + seconds * US
    assert [one.value for one in crises(board.context, board.begun, now)] == holds
    (incident,) = board.incidents.values()
    assert ("exposure" in [factor.name for factor in incident.factors]) == bool(holds)


def test_they_come_seldom_and_each_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    day, played = Day(OSAN, 3, MORNING, live_sites=1), list[tuple[float, str]]()
    for name, row in list(JOINED.items()):
        note = partial(lambda stage, name: played.append(((stage.at - MORNING) / US, name)), name=name)
        monkeypatch.setitem(JOINED, name, row._replace(play=note))
    for seconds in range(10, int(FIRST_S + 9 * EVERY_S) + 20, 10):  # the road pauses, the plan does not
        day.step(MORNING + seconds * US)
    assert [at for at, _ in played] == [FIRST_S + n * EVERY_S for n in range(10)]
    assert {name for _, name in played[:5]} == set(JOINED) and played[5][1] == played[0][1]


def test_one_domain_alone_plays_only_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    for name, row in list(JOINED.items()):
        note = partial(lambda stage, name: played.append(name), name=name)
        monkeypatch.setitem(JOINED, name, row._replace(play=note))
    day = Day(OSAN, 3, MORNING, domains={"care"})
    for hours in range(9):
        day.step(MORNING + hours * 3600 * US)
    assert set(played) == {"fire_no_answer"}
