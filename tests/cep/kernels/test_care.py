"""Single events: signs of life, calls, and the edges of each rule as the contract words them."""

from typing import Any

import numpy as np
import pytest

from cep.engine import Engine
from cep.kernels.care import life_of, missed_call
from cep.rules import load_rules
from cep.state import CALLS, SENSOR
from cep.table import SERIES
from stream.schema import (
    US,
    CareAlarm,
    CareCall,
    CareReading,
    Event,
    RoadDetection,
    Signal,
    WelfareCase,
    WelfareContact,
)
from tests.cep.streams import PlainCity

HOUR, NONE, SIGN, LEFT = 3600, 0, 1, 2
TRUE, CHANGED, ABOVE, POSITIVE = 1, 2, 3, 4


def lives(mode: int, *values: float, front: bool = False) -> list[int]:
    sensor = np.zeros(1, SENSOR)[0]
    sensor["front"] = front
    return [int(life_of(mode, sensor, t, float(value))) for t, value in enumerate(values)]


def test_what_counts_as_a_sign_of_life() -> None:
    assert lives(TRUE, 1, 1, 0, 1) == [SIGN, SIGN, NONE, SIGN]
    assert lives(CHANGED, 1, 1, 0, 0, 1) == [NONE, NONE, SIGN, NONE, SIGN]
    assert lives(CHANGED, 1, 0, 1, 0, front=True) == [NONE, LEFT, SIGN, LEFT]
    assert lives(ABOVE, 5, 5, 4, 6, 6.1) == [NONE, NONE, NONE, SIGN, SIGN]
    assert lives(POSITIVE, 0, 3, 0) == [NONE, SIGN, NONE]


def test_an_older_reading_is_no_change_and_a_month_forgets() -> None:
    sensor, month = np.zeros(1, SENSOR)[0], 30 * 86_400 * US
    readings = [(10, 1.0), (5, 0.0), (11, 1.0), (11 + month, 0.0), (12 + month, 1.0)]
    told = [int(life_of(CHANGED, sensor, t, value)) for t, value in readings]
    assert told == [NONE, NONE, NONE, NONE, SIGN]


@pytest.mark.parametrize(
    ("calls", "fires"),
    [
        ("m1@0 m2@1 m3@2", [2]), ("m3@5", [5]), ("m1@0 m2@1 a@1.5 m3@2", []), ("a@0 m1@1 m2@2 m3@3", [3]),
        ("m1@0 a@1 m1@10 m2@11 m3@12", [12]), ("m1@0 a@1 m3@26", [26]), ("m1@0 a@1 m3@24", []), ("m3@0 m4@1", [0, 1]),
        ("m2@0 a@1 m2@2 m3@3", [3]),
    ],
)  # fmt: skip
def test_calls_by_hour(calls: str, fires: list[float]) -> None:
    rule, state, told = np.zeros(1, SERIES)[0], np.zeros(1, CALLS)[0], []
    rule["attempts"], rule["within"] = 3, 24 * HOUR * US
    for word in calls.split():
        what, _, hour = word.partition("@")
        t = round(float(hour) * HOUR * US)
        if what == "a":
            state["answered"], state["answered_at"] = 1, t
        elif missed_call(rule, state, t, float(what[1:])):
            told.append(float(hour))
    assert told == fires


def run(*steps: tuple[float, Any], end: float = 0) -> list[tuple[str, float, str, str]]:
    """(rule, second, subject, severity) of these events (second, data)."""
    types = {
        CareAlarm: "care.alarm", CareCall: "care.call", CareReading: "care.reading", WelfareCase: "welfare.case",
        WelfareContact: "welfare.contact", RoadDetection: "road.detection",
    }  # fmt: skip
    engine, found = Engine(PlainCity(), load_rules()), []
    for n, (s, data) in enumerate(steps):
        at = round(s * US)
        found += engine.step([Event(str(n), "/device/d", f"city.{types[type(data)]}", at, "", data, None, at, at)])
    found += engine.step([], round(end * US))
    return [(d.rule, d.at / US, d.subject, d.severity.name) for d in found]


def motion(home: str = "H") -> CareReading:
    return CareReading(home, "pir", True)


def front(open_: bool) -> CareReading:
    return CareReading("H", "door", open_, "front")


def test_life_exactly_at_the_deadline_came_in_time() -> None:
    day = 12 * HOUR
    assert run((0, motion()), (day, motion()), end=2 * day - 1e-6) == []
    assert run((0, motion()), (day + 1e-6, motion())) == [("inactivity", day, "H", "serious")]
    once = run((0, motion()), (3 * day, motion()), (3 * day + 1, motion()), end=4 * day)
    assert once == [("inactivity", day, "H", "serious")]


def test_who_left_by_the_front_door_is_away_not_still() -> None:
    away = [(0, front(True)), (10, front(False))]
    assert run(*away, end=20 * HOUR) == []
    assert run(*away, end=30 * HOUR) == [("away_long", 24 * HOUR + 10, "H", "notice")]
    assert run(*away, (20, motion()), end=13 * HOUR) == [("inactivity", 12 * HOUR + 20, "H", "serious")]
    assert run(*away, (HOUR, front(True)), end=14 * HOUR) == [("inactivity", 13 * HOUR, "H", "serious")]


def test_each_fall_waits_for_its_own_minute() -> None:
    fall, still = CareAlarm("H", "fall"), "no_motion_after_fall"
    told = run((0, fall), (30, fall), (59, motion("other")), end=100)
    assert [one[:2] for one in told if one[0] == still] == [(still, 60), (still, 90)]
    assert still not in [one[0] for one in run((0, fall), (60, motion()), end=100)]
    assert (still, 60) in [one[:2] for one in run((0, fall), (60.5, motion()), end=100)]


def test_a_case_is_overdue_twice_and_unreachable_stops_nothing() -> None:
    case, rule = WelfareCase("C", "d", "citizen", [], "H"), "welfare_contact_overdue"
    both = [(rule, 24 * HOUR, "H", "moderate"), (rule, 48 * HOUR, "H", "serious")]
    assert run((0, case), (HOUR, WelfareContact("C", "unreachable", "t")), (2 * HOUR, case), end=60 * HOUR) == both
    assert run((0, case), (25 * HOUR, WelfareContact("C", "contacted", "t")), end=60 * HOUR) == both[:1]
    assert run((0, case), (24 * HOUR, WelfareContact("C", "contacted", "t")), end=60 * HOUR) == []
    assert run((0, case), (HOUR, WelfareContact("C", "closed", "t")), end=60 * HOUR) == []


@pytest.mark.parametrize(
    ("risk", "weights", "text", "severity"),
    [
        (80.0, [], None, "serious"), (79.9, [], "", None), (None, [0.7, 0.2, 0.1], None, "serious"),
        (None, [0.7, 0.2], "전기요금이 밀림", None), (10.0, [], "며칠째 굶었습니다", "severe"),
        (99.0, [2], "불이 났어요", "severe"),
    ],
)  # fmt: skip
def test_urgent_by_risk_by_weight_or_by_word(
    risk: float | None, weights: list[float], text: str | None, severity: str | None
) -> None:
    case = WelfareCase("C", "d", "citizen", [Signal("s", w) for w in weights], None, risk, text)
    assert [one[2:] for one in run((0, case))] == ([("C", severity)] if severity else [])


def test_a_doubtful_report_is_a_notice() -> None:
    told = [run((0, RoadDetection("S", "assault", conf=conf)))[0][3] for conf in (0.49, 0.5, None)]
    assert told == ["notice", "severe", "severe"]
