"""The simulated day before the real engine: it concludes what a scene played, and nothing that nobody played."""

from collections.abc import Iterator

import pytest

from cep.engine import Engine
from cep.rules import load_rules
from connectors.decode import decode
from connectors.simulate.day import Day
from connectors.simulate.scenes import SCENES, quiet_letter
from stream.schema import US, Detection, Severity
from tests.connectors.simulate.sight import MORNING, OSAN
from tests.connectors.simulate.test_scenes import Bare

SCHOOL_RUN = MORNING + 50 * 60 * US  # 08:20


@pytest.fixture(scope="module")
def rules() -> object:
    return load_rules()


def judged(day: Day, engine: Engine, seconds: int) -> Iterator[Detection]:
    """What the engine concludes of the next seconds of this day."""
    for _ in range(seconds * 10):
        at = day.at + US // 10
        events = [e for m in day.step(at) for e in decode(m.body, at, None)[0]]
        yield from engine.step(events, at)


def test_twenty_minutes_of_school_run_without_a_scene_are_nothing_but_people_passed_closely(rules) -> None:
    found = list(judged(Bare(OSAN, 11, SCHOOL_RUN), Engine(OSAN, rules), 1200))
    assert {(d.rule, d.severity) for d in found} <= {("post_encroachment", Severity.notice)} and len(found) < 10


PLAYED = {
    "run_out": {("near_miss", Severity.severe)},
    "race_past": {("speeding", Severity.notice), ("speeding_with_child", Severity.severe)},
    "run_the_light": {("signal_violation_walk", Severity.severe)},
    "jaywalking": {("reported", Severity.moderate)},
    "collision": {("reported", Severity.severe)},
    "radar_silent": {("source_silent", Severity.notice)},
    "smoke": {("smoke_or_gas", Severity.severe), ("safety_call_unanswered", Severity.severe)},
    "fall_quiet": {("fall_reported", Severity.serious), ("no_motion_after_fall", Severity.severe)},
    "fall_up_again": {("fall_reported", Severity.serious)},
    "pupil_sos": {("sos", Severity.severe)},
    "vital": {("vital", Severity.serious)},
    "no_answer": {("safety_call_unanswered", Severity.severe)},
    "distress": {("safety_call_unanswered", Severity.severe)},
    "urgent_letter": {("welfare_urgent", Severity.severe)},
    "grave_signs": {("welfare_urgent", Severity.serious)},
}


BESIDE = {("near_miss", Severity.serious), ("post_encroachment", Severity.notice)}  # on its way to severe; evidence
CALLS = {("safety_call_first", Severity.notice), ("safety_call_second", Severity.moderate)}
ON_THE_WAY = {
    "run_out": {("harsh_braking", Severity.notice)},
    "race_past": {("speeding_school_run", Severity.notice)},
    "smoke": CALLS,
    "fall_quiet": CALLS,
    "no_answer": CALLS,
}


@pytest.mark.parametrize("name", sorted(PLAYED))
def test_a_scene_is_concluded_for_what_it_is(name: str, rules) -> None:
    day, engine = Bare(OSAN, 5, SCHOOL_RUN), Engine(OSAN, rules)
    assert list(judged(day, engine, 60)) == []
    SCENES[name].play(day)
    found = {(d.rule, d.severity) for d in judged(day, engine, 300)}
    assert found >= PLAYED[name]
    assert found - PLAYED[name] <= BESIDE | ON_THE_WAY.get(name, set())


def test_an_ordinary_case_rings_nowhere(rules) -> None:
    day, engine = Bare(OSAN, 5, SCHOOL_RUN), Engine(OSAN, rules)
    for _ in range(30):
        quiet_letter(day)
    assert list(judged(day, engine, 30)) == []
