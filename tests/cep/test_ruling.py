"""A threshold changed while the engine runs: what may be changed, and that nothing seen so far is forgotten."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.engine import Engine
from cep.kernels.care import judge_events
from cep.kernels.follow import judge_follow
from cep.kernels.road import judge_road
from cep.kernels.street import judge_street
from cep.rules import RuleTable, load_rules
from cep.ruling import LIFE, changeable, changed, span_of
from stream.proposals import Misfit
from stream.schema import US, CareAlarm, CareReading, Event, RoadDetection
from tests.cep import streams
from tests.naive import told_of
from tests.twins import TWIN

CITY, RULES = streams.PlainCity(), load_rules()
T0 = 1_772_000_000 * US
many = settings(TWIN, max_examples=min(TWIN.max_examples, 30))
EDITS: list[tuple[str, dict[str, Any]]] = [
    ("near_miss", {"ttc_s": 2.0, "gap_s": 2.0}),
    ("speeding", {"margin_kph": 0.0}),
    ("speeding_with_child", {"range_m": 20.0}),
    ("inactivity", {"limit_s": 20_000.0}),
    ("no_motion_after_fall", {"quiet_s": 30.0}),
    ("speeding_cluster", {"n": 3}),
    ("speeding_cluster", {"n": 8}),
    ("chattering", {"n": 2}),
    ("post_encroachment", {"cell_m": 0.5}),
    ("post_encroachment", {"pet_s": 3.0}),
    ("rhythm_break", {"least_h": 3.0}),
    ("safety_call_unanswered", {"attempts": 2}),
    ("source_silent", {"period_s": 60.0}),
    ("welfare_contact_overdue", {"first_h": 12.0}),
]


def event(n: int, at: int, data: Any, type_: str, source: str = "/device/h1") -> Event:
    return Event(str(n), source, type_, at, "", data, None, at, at)


def rules_told(engine: Engine, at: int) -> list[tuple[str, int]]:
    return [(one.rule, one.at) for one in engine.step([], at)]


@pytest.mark.parametrize(("rule", "to", "code"), [
    ("no_such_rule", {"ttc_s": 1.0}, "unknown_rule"),
    ("near_miss", {"speed": 1.0}, "unknown_threshold"),
    ("sos", {"value_max": 3.0}, "unknown_threshold"),  # a bound that the rule does not have
    ("near_miss", {"ttc_s": 61.0}, "life_rule"),
    ("near_miss", {"ttc_s": 1.0}, "life_rule"),
    ("speeding", {"margin_kph": -1.0}, "bad_threshold"),
    ("speeding", {"margin_kph": True}, "bad_threshold"),
    ("speeding", {"margin_kph": float("nan")}, "bad_threshold"),
    ("speeding", {"margin_kph": "5"}, "bad_threshold"),
    ("speeding", {"margin_kph": 5.0}, "no_change"),
    ("speeding", {}, "no_change"),
    ("speeding_cluster", {"n": 2.5}, "bad_threshold"),
    ("smoke_or_gas", {"conf_min": 0.2}, "life_rule"),
    ("sos", {"conf_min": 1.0}, "life_rule"),
    ("no_motion_after_fall", {"quiet_s": 61.0}, "life_rule"),
    ("no_motion_after_fall", {"quiet_s": 0.0}, "life_rule"),
    ("inactivity", {"limit_s": 50_000.0}, "life_rule"),
    ("near_miss", {"severe_ttc_s": 2.0}, "bad_threshold"),  # above ttc_s
    ("welfare_contact_overdue", {"first_h": 50.0}, "bad_threshold"),  # after the second
])  # fmt: skip
def test_what_does_not_fit_is_refused(rule: str, to: dict[str, Any], code: str) -> None:
    with pytest.raises(Misfit) as refused:
        changed(RULES, rule, to)
    assert refused.value.code == code


def test_a_change_is_a_new_version_of_one_rule() -> None:
    new = changed(RULES, "near_miss", {"ttc_s": 2.0})
    was, now = RULES.get("near_miss"), new.get("near_miss")
    assert was and now and now.thresholds == was.thresholds | {"ttc_s": 2.0}
    assert now.version == was.version + 1
    later = changed(RULES, "near_miss", {"ttc_s": 2.0}, 9).get("near_miss")
    assert later and later.version == 9
    assert [r for r in new.rules if r.id != "near_miss"] == [r for r in RULES.rules if r.id != "near_miss"]
    assert new.digest != RULES.digest


def test_every_threshold_of_a_life_rule_is_as_the_contract_has_it_at_worst() -> None:
    for (id, name), span in LIFE.items():
        rule = RULES.get(id)
        assert rule is not None and span.holds(rule.thresholds[name]), (id, name)
        assert span_of(rule, name) is not None
        assert next(row for row in changeable(rule) if row["name"] == name)["life"]


@pytest.mark.parametrize(("rule", "to"), EDITS)
def test_from_the_start_it_is_as_if_the_file_had_said_so(rule: str, to: dict[str, Any]) -> None:
    new = changed(RULES, rule, to)

    @settings(many, max_examples=10)
    @given(st.one_of(streams.road(), streams.home()))
    def same(events: list[Event]) -> None:
        edited, read = Engine(CITY, RULES), Engine(CITY, new)
        edited.use(new, 0)
        end = events[-1].at + 86_400 * US
        assert [told_of(d) for d in edited.step(events) + edited.step([], end)] == [
            told_of(d) for d in read.step(events) + read.step([], end)
        ]

    same()


@many
@given(st.data())
def test_in_the_middle_a_restart_goes_on_with_the_same_memory(data: st.DataObject) -> None:
    events = data.draw(streams.life())
    table: RuleTable = RULES
    engine = Engine(CITY, table)
    for batch in data.draw(streams.cut(events)):
        engine.step(batch)
        rule, to = data.draw(st.sampled_from(EDITS))
        try:
            table = changed(table, rule, to)
        except Misfit:
            continue
        engine.use(table, batch[-1].at)
        again = Engine(CITY, table)
        again.load(engine.save())
        assert again.save() == engine.save()
        engine = again
    end = events[-1].at + 2 * 86_400 * US
    other = Engine(CITY, table)
    other.load(engine.save())
    assert [told_of(d) for d in engine.step([], end)] == [told_of(d) for d in other.step([], end)]


def test_a_deadline_that_waits_moves_and_none_falls_into_the_past() -> None:
    engine = Engine(CITY, RULES)
    for n, home in enumerate(("A", "B")):
        engine.step([event(n, T0 + n * 3600 * US, CareReading(home, "pir", True), "city.care.reading")])
    now = T0 + 4 * 3600 * US
    engine.step([], now)
    engine.use(changed(RULES, "inactivity", {"limit_s": 3.5 * 3600}), now)
    assert ("inactivity", now) in rules_told(engine, now)  # still for four hours: told now, not earlier
    assert ("inactivity", T0 + int(4.5 * 3600) * US) in rules_told(engine, now + 3600 * US)


def test_a_longer_wait_holds_for_what_waits_already() -> None:
    shorter = changed(RULES, "no_motion_after_fall", {"quiet_s": 30.0})
    engine = Engine(CITY, shorter)
    engine.step([event(1, T0, CareAlarm("A", "fall"), "city.care.alarm")])
    engine.use(changed(shorter, "no_motion_after_fall", {"quiet_s": 60.0}), T0 + 10 * US)
    assert rules_told(engine, T0 + 59 * US) == []
    assert rules_told(engine, T0 + 60 * US) == [("no_motion_after_fall", T0 + 60 * US)]


def test_what_was_counted_still_counts() -> None:
    def passes(n: int, at: int) -> Event:
        data = RoadDetection("S", "speed_violation", speed_kph=60.0, limit_kph=30.0)
        return event(n, at, data, "city.road.detection", "/device/cam")

    for n, left in ((3, 1), (8, 4)):
        engine = Engine(CITY, RULES)
        seen = n - left
        engine.step([passes(i, T0 + i * US) for i in range(seen)])
        engine.use(changed(RULES, "speeding_cluster", {"n": n}), T0 + seen * US)
        found = engine.step([passes(50 + i, T0 + (seen + i) * US) for i in range(left)])
        assert [d.at for d in found if d.rule == "speeding_cluster"] == [T0 + (n - 1) * US]


def test_a_change_compiles_nothing() -> None:
    engine = Engine(CITY, RULES)
    engine.warm()
    kernels = [k for k in (judge_events, judge_follow, judge_road, judge_street) if hasattr(k, "signatures")]
    before = [len(k.signatures) for k in kernels]
    engine.step([event(1, T0, CareReading("A", "pir", True), "city.care.reading")])
    engine.use(changed(RULES, "inactivity", {"limit_s": 30_000.0}), T0)
    engine.step([], T0 + 86_400 * US)
    assert [len(k.signatures) for k in kernels] == before
