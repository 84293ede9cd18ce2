"""The alarm load of the simulated city in event time: an ordinary hour and the storm, as rerun would print them."""

import pytest

from cep.rules import load_rules
from connectors.simulate.scenes import SCENES
from replay.rerun import rerun
from stream.schema import Priority
from tests.bench.day import MINUTE_US, MORNING, by_second, hidden, lived
from tests.connectors.simulate.sight import OSAN
from tests.connectors.simulate.test_scenes import Bare

CALLS_AS = {  # how urgent a scene is when it first calls; the others call nobody, or only at the school run
    Priority.P3: ("wrong_way", "grave_signs", "late_answer", "no_answer"),  # the last is a P2 with its third call
    Priority.P2: ("run_out", "race_past", "run_the_light", "collision", "street_fall", "fall_up_again", "fall_quiet",
                  "vital", "urgent_letter", "distress"),
    Priority.P1: ("smoke", "gas", "sos", "pupil_sos"),
}  # fmt: skip
EEMUA = {Priority.P1: 5, Priority.P2: 15, Priority.P3: 80}  # shares in hundred of a healthy room (docs/queue.md 5)


@pytest.mark.parametrize("name", [*CALLS_AS[Priority.P3], "vital", "fall_quiet", "smoke", "sos"])
def test_a_scene_first_calls_as_urgently_as_the_split_counts_it(name: str) -> None:
    day = Bare(OSAN, 3, MORNING, live_sites=1)
    SCENES[name].play(day)
    result = rerun(by_second(day, MORNING + 10 * MINUTE_US), OSAN, load_rules())
    share = result.load.view(*result.span)["share"]
    assert [name in CALLS_AS[p] for p in Priority if share.get(p.name)] == [True]


def test_the_everyday_is_about_eighty_in_hundred_of_what_calls() -> None:
    """The weights of the scenes; what a whole day comes to is ``run.py bench day``."""
    weights = {p: sum(SCENES[name].weight for name in names) for p, names in CALLS_AS.items()}
    for priority, share in EEMUA.items():
        assert abs(100 * weights[priority] / sum(weights.values()) - share) <= 5


def test_an_ordinary_hour_calls_an_operator_less_than_once_in_ten_minutes() -> None:
    """The scenes are denser than life: something every 5 to 20 minutes. Still under the limit in every slot."""
    result = lived(MORNING, 60)
    told = result.load.view(*result.span)
    assert 0 < told["annunciated"] and told["mean"] < 1 and told["worst"] <= 1
    assert (told["flood_minutes"], told["chattering"]) == (0, 0)
    assert not hidden(result)


def test_a_storm_calls_an_operator_less_than_ten_times_and_keeps_every_p1() -> None:
    result = lived(MORNING, 14, written=0)
    told = result.load.view(*result.span)
    assert len(result.detections) > 500
    assert told["worst"] < 10 and told["flood_minutes"] == 0
    assert told["annunciated"] <= 12  # the whole room, not one operator
    assert not hidden(result)
    incidents = result.peaks.board.incidents.values()
    assert sum(i.priority == Priority.P1 for i in incidents) == 3  # smoke, a call for help, a fall and nothing after it


def test_citizens_letters_beside_it_call_for_those_in_danger_only() -> None:
    """At the rate of 2,000 an hour; the whole hour is ``run.py bench day --storm``."""
    without, result = lived(MORNING, 11, written=0), lived(MORNING, 11, written=330)
    told, before = result.load.view(*result.span), without.load.view(*without.span)
    letters = [d for d in result.detections if d.rule == "welfare_urgent"]
    assert len(letters) == 330 // 20
    assert told["worst"] < 10 and told["flood_minutes"] == 0 and not hidden(result)
    assert told["annunciated"] - before["annunciated"] <= len(letters), "no street full of water called anybody"
