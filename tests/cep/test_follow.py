"""Sequences and counts say what their slow twin says; their bounds, keys and windows one by one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep import follow
from cep.codes import KIND, KINDS
from cep.engine import Engine
from cep.kernels.follow import judge_follow
from cep.looks import compile_looks
from cep.rules import RuleError, RuleTable, read_rule
from cep.table import compile_rules
from stream.schema import US, CareReading, Event, RoadDetection
from tests.cep import streams
from tests.naive import Naive, told_of
from tests.twins import TWIN, lived

CITY = streams.PlainCity()
HEAD = 'version = 1\ntitle = "시험"\ntitle_en = "trial"\nseverity = "moderate"\nwhy = "w"\nsource = "s"\n'
RULES = {
    "swift": 'pattern = "sequence"\n[thresholds]\nwithin_s = 2.0\nfirst_min = 40.0\n'
    '[match]\nfirst = ["road.detection.speed_violation"]\nthen = ["road.detection.jaywalking"]\n',
    "five": 'pattern = "count"\n[thresholds]\nn = 5\nwindow_s = 60.0\ncool_down_s = 60.0\nvalue_min = 30.0\n'
    '[match]\nkinds = ["road.detection.speed_violation"]\n',
    "restless": 'pattern = "count"\n[thresholds]\nn = 2\nwindow_s = 3.0\n'
    '[match]\nkinds = ["care.reading.pir", "care.call.no_answer"]\n',
    "again": 'pattern = "sequence"\n[thresholds]\nwithin_s = 60.0\nthen_min = 1.0\n'
    '[match]\nby = "source"\nfirst = ["care.reading.pir"]\nthen = ["care.reading.pir", "road.detection.fall"]\n',
    "case": 'pattern = "sequence"\n[thresholds]\nwithin_s = 3600.0\n'
    '[match]\nby = "case"\nfirst = ["welfare.case", "care.alarm.sos"]\nthen = ["welfare.contact.unreachable"]\n',
}  # fmt: skip


def table(folder: Path, **changes: str) -> RuleTable:
    """These rules, each with one replacement by name."""
    rules = []
    for id, body in RULES.items():
        file = folder / f"{id}.toml"
        old, _, new = changes.get(id, "=>").partition("=>")
        file.write_text(f'id = "{id}"\n{HEAD}{body.replace(old, new) if old else body}', encoding="utf-8")
        rules.append(read_rule(file)[0])
    return RuleTable(rules)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleTable:
    return table(tmp_path_factory.mktemp("rules"))


def seen(s: float, what: str, kph: float | None = None, site: str = "S0", n: int = 0) -> Event:
    at = round(s * US)
    data = RoadDetection(site, what, speed_kph=kph)  # type: ignore[arg-type]
    return Event(f"{s}-{what}-{n}", "/device/c", "city.road.detection", at, site, data, None, at, at)


def fast(s: float, kph: float | None = 41.0, **more: Any) -> Event:
    return seen(s, "speed_violation", kph, **more)


def walker(s: float, **more: Any) -> Event:
    return seen(s, "jaywalking", **more)


def found(rules: RuleTable, events: list[Event], rule: str) -> list[float]:
    return [d.at / US for d in Engine(CITY, rules).step(events) if d.rule == rule]


def test_a_walker_after_a_fast_car_of_the_same_site_and_once_for_each(rules: RuleTable) -> None:
    assert found(rules, [fast(0), walker(2.0)], "swift") == [2.0]
    assert found(rules, [fast(0), walker(2.000001)], "swift") == []
    assert found(rules, [fast(0), walker(1), walker(1.5)], "swift") == [1.0]
    assert found(rules, [fast(0), fast(1), walker(2.5), walker(2.6)], "swift") == [2.5], "the latest car counts"
    assert found(rules, [fast(0), walker(1, site="S1")], "swift") == found(rules, [walker(0), fast(0)], "swift") == []


@pytest.mark.parametrize("kph", [39.9, None])
def test_a_speed_that_is_lower_or_not_known_reaches_no_bound(rules: RuleTable, kph: float | None) -> None:
    assert found(rules, [fast(0, kph), walker(1)], "swift") == []


def test_five_in_a_minute_and_then_a_pause(rules: RuleTable) -> None:
    assert found(rules, [fast(10 * n, 30.0) for n in range(20)], "five") == [40.0, 100.0, 160.0]
    assert found(rules, [fast(15 * n, 30.0) for n in range(20)], "five") == [60.0, 120.0, 180.0, 240.0]
    assert found(rules, [fast(15.1 * n, 30.0) for n in range(20)], "five") == []
    assert found(rules, [fast(n, 29.0 if n % 2 else None) for n in range(20)], "five") == []


def test_late_ones_change_nothing(rules: RuleTable) -> None:
    engine = Engine(CITY, rules)
    told = [d.rule for e in (fast(10), fast(5), walker(11.5), walker(4)) for d in engine.step([e], 20 * US)]
    assert told == ["swift"]
    engine = Engine(CITY, rules)
    assert [d.rule for n in (10, 9, 11, 8, 12, 7, 13) for d in engine.step([fast(n, 33.0)], 20 * US)] == []
    assert [d.rule for d in engine.step([fast(14, 33.0)], 20 * US)] == ["five"]


def test_what_they_tell(rules: RuleTable) -> None:
    one, *_ = Engine(CITY, rules).step([fast(0), walker(0.5)])
    assert one.evidence == {"what": "jaywalking", "after_s": 0.5, "source": "/device/c"}
    *_, five = Engine(CITY, rules).step([fast(n, 33.0) for n in range(5)])
    assert (five.evidence["n"], five.evidence["span_s"], five.evidence["speed_kph"]) == (5, 4.0, 33.0)


def test_more_than_there_is_room_for_and_ever_new_names(rules: RuleTable) -> None:
    engine = Engine(CITY, rules)
    events = [e for n in range(3000) for e in (fast(n / 1000, site=f"S{n}"), walker(n / 1000 + 1, site=f"S{n}"))]
    assert sum(d.rule == "swift" for d in engine.step(sorted(events, key=lambda e: e.at))) == 3000
    engine.memory.entities.drop(np.array([engine.memory.entities.of["S7"]]))
    assert [d.rule for d in engine.step([fast(9, site="new"), walker(9.5, site="new")]) if d.subject == "new"] == [
        "swift"
    ]


def test_a_slot_that_is_anothers_now_remembers_nothing(rules: RuleTable) -> None:
    engine = Engine(CITY, rules)
    engine.step([fast(n, 33.0) for n in range(4)])
    slot = engine.memory.entities.of["S0"]
    follow.forget(engine.memory.follow, slot)
    assert engine.step([fast(4, 33.0)]) == []


def test_nothing_compiles_after_the_warm_up(rules: RuleTable) -> None:
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        pytest.skip("the JIT is off")
    engine = Engine(CITY, rules)
    engine.warm()
    before = len(judge_follow.signatures)
    assert before > 0
    engine.step([fast(0), walker(1)], 20 * US)
    assert len(judge_follow.signatures) == before


def test_only_kinds_that_a_rule_looks_at_are_looked_at(rules: RuleTable) -> None:
    looks = compile_looks(compile_rules(rules), follow.compile_follow(rules))
    kinds = {k for k in KINDS if looks[KIND[k]]["follow"]}
    assert {"road.detection.speed_violation", "care.reading.pir"} <= kinds and "road.frame" not in kinds
    least = {k: looks[KIND[k]]["least"] for k in ("road.detection.speed_violation", "care.reading.pir", "road.frame")}
    assert list(least.values()) == [30.0, -np.inf, np.inf]


@pytest.mark.parametrize(("change", "field"), [
    ({"swift": "within_s = 2.0=>within_s = 0"}, "within_s"), ({"five": "n = 5=>n = 1"}, "thresholds.n"),
    ({"five": "window_s = 60.0=>window_s = 0"}, "window_s"), ({"five": "window_s = 60.0=>window_m = 1"}, "window_m"),
    ({"five": "speed_violation=>speeding"}, "match.kinds"), ({"restless": "reading.pir=>activity"}, "match.kinds"),
    ({"swift": "within_s = 2.0=>within_s = '2 s'"}, "within_s"),
])  # fmt: skip
def test_a_window_of_zero_or_a_kind_that_nobody_knows_is_refused(
    tmp_path: Path, change: dict[str, str], field: str
) -> None:
    with pytest.raises(RuleError, match=field):
        table(tmp_path, **change)


SEEN = st.builds(
    RoadDetection, st.sampled_from(["S0", "S1"]), st.sampled_from(["speed_violation", "speed_violation", "jaywalking"]),
    speed_kph=st.none() | st.sampled_from([29.0, 30.0, 40.0, 50.0]),
)  # fmt: skip
MOTION = st.builds(CareReading, st.sampled_from(["H0", "S0"]), st.just("pir"), st.booleans())
PACE = st.sampled_from([0, 100_000, 1 * US, 2 * US, 5 * US, 15 * US, 60 * US])


@st.composite
def busy(draw: st.DrawFn) -> list[Event]:
    t, events = 1_772_000_000 * US, []
    for n in range(draw(st.integers(1, 40))):
        t += draw(PACE)
        one: Any = draw(SEEN) if draw(st.integers(0, 3)) else draw(MOTION)
        type_ = "city.road.detection" if isinstance(one, RoadDetection) else "city.care.reading"
        events.append(Event(str(n), f"/device/{draw(st.integers(0, 1))}", type_, t, "", one, None, t, t))
    return events


@TWIN
@given(st.data(), st.one_of(busy(), streams.life()))
def test_random_streams_in_any_batches_and_over_restarts(rules: RuleTable, data: st.DataObject, events: Any) -> None:
    wanted = sorted(Naive(CITY, rules).step(events))
    assert lived(data, CITY, rules, events) == wanted


@TWIN
@given(st.data(), busy())
def test_random_streams_as_they_arrive(rules: RuleTable, data: st.DataObject, events: list[Event]) -> None:
    engine, twin = Engine(CITY, rules), Naive(CITY, rules)
    for event in events:
        late = data.draw(st.sampled_from([0, 0, 0, -1 * US, -30 * US, 2 * US]))
        moved = Event(event.id, event.source, event.type, event.at + late, "", event.data, None, event.at,
                      event.at + late)  # fmt: skip
        assert sorted(map(told_of, engine.step([moved], event.at))) == sorted(twin.step([moved], event.at))
