"""The street rules say what their slow twin says: people and vehicles at crossings with and without drawn areas."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cep.engine import Engine
from cep.rules import RuleTable, load_rules
from stream.schema import US, Event, RoadFrame, RoadObject
from tests.cep import streams
from tests.naive import Naive
from tests.twins import TWIN, lived

CITY = streams.PlainCity()
QUICK: dict[str, dict[str, Any]] = {  # the same rules, so quick that random traffic fires them
    "jaywalking": {"hold_s": 0.2, "gap_s": 0.3, "margin_m": 1.0, "again_s": 1.0, "range_m": 12.0},
    "loitering": {"stay_s": 0.5, "radius_m": 2.0},
    "illegal_parking": {"stay_s": 0.4, "gap_s": 5.0},
    "harsh_braking": {"window_s": 0.4, "change_mps2": 2.0, "most_mps2": 50.0, "gap_s": 1.0},
    "harsh_acceleration": {"window_s": 0.4, "change_mps2": 2.0, "most_mps2": 50.0, "gap_s": 1.0},
    "wrong_way": {"run_m": 1.0},
    "crowd": {"n": 2, "hold_s": 0.3, "gap_s": 0.5, "range_m": 2.0},
}
RULES = RuleTable(
    replace(rule, thresholds=rule.thresholds | QUICK[rule.id]) if rule.id in QUICK else rule
    for rule in load_rules().rules
)
IDS = {1: "vehicle", "b": "bus", "p": "pedestrian", "c": "child", "q": "pedestrian", 7: "bicycle", "u": "unknown"}


@st.composite
def traffic(draw: st.DrawFn) -> list[Event]:
    """Frames of two sensors at one of three sites (one that nobody drew); things stand, move, stop and vanish."""
    t, events = 1_772_000_000 * US + draw(st.sampled_from([0, 12 * 3600 * US, 4 * 86_400 * US])), []
    site = draw(st.sampled_from(["S0", "S0", "S2", "S9"]))
    at = {id: [draw(streams.HALVES), draw(st.integers(-20, 20)) / 2] for id in IDS}
    speed = {id: [0.0, draw(st.sampled_from([0.0, 0.0, 1.0, 5.0, -5.0]))] for id in IDS}
    for n in range(draw(st.integers(2, 40))):
        dt = draw(st.sampled_from([0.1] * 8 + [0.2, 0.5, 3.0, 10.0, 30.0]))
        t += round(dt * US)
        moved = draw(st.sampled_from([None, *IDS]))
        if moved is not None:
            speed[moved] = [draw(st.integers(-1, 1)) * 1.0, draw(st.sampled_from([0.0, 0.5, 1.5, -4.0, 8.0, 12.0]))]
        for id in IDS:
            at[id] = [a + b * min(dt, 0.5) for a, b in zip(at[id], speed[id], strict=True)]
        there = [id for id in IDS if draw(st.integers(0, 9))]
        objects = [RoadObject(id, IDS[id], *at[id], *speed[id]) for id in there]  # type: ignore[arg-type]
        if objects and not draw(st.integers(0, 9)):
            objects.append(objects[0])
        source, late = draw(st.sampled_from(["/device/r0"] * 4 + ["/device/r1"])), draw(st.integers(0, 12)) == 0
        when = t - 200_000 if late else t
        events.append(Event(str(n), source, "city.road.frame", when, "", RoadFrame(site, objects), None, t, when))
    return events


@TWIN
@given(st.data())
def test_random_streets_in_any_batches_and_over_restarts(data: st.DataObject) -> None:
    events = data.draw(traffic())
    assert lived(data, CITY, RULES, events) == sorted(Naive(CITY, RULES).step(events))


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="three hundred lives, for their number alone")
def test_random_streets_fire_every_street_rule() -> None:
    """The comparison above is worth something only if each rule speaks in it."""
    seen: set[str] = set()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(traffic())
    def look(events: list[Event]) -> None:
        seen.update(d.rule for d in Engine(CITY, RULES).step(events))

    look()
    assert set(QUICK) <= seen


def test_more_detections_than_there_was_room_for() -> None:
    """A frame of five hundred people who all loiter at once."""
    people = [RoadObject(n, "pedestrian", n % 40 * 50.0, n // 40 * 50.0, 0.0, 0.0) for n in range(510)]
    monday = 1_772_000_000 * US + 2 * 86_400 * US
    times = [monday + n * US for n in range(4)]
    frame = RoadFrame("S0", people)
    events = [Event(str(t), "/device/r0", "city.road.frame", t, "", frame, None, t, t) for t in times]
    always = replace(load_rules().get("loitering"), thresholds={"stay_s": 0.5, "radius_m": 2.0})  # type: ignore[type-var]
    rules = RuleTable(replace(always, id=f"loitering_{n}") for n in range(4))
    assert len(Engine(CITY, rules).step(events)) == 4 * 510
