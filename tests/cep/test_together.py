"""Composite rules: what they conclude, that they open nothing, hide nothing and agree with the slow twin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.fuse import Fuse
from cep.rules import RuleError, RuleTable, load_rules
from cep.together import Composite, composites, parts_of, together
from stream.bodies import ContextNoted
from stream.kinds import draft
from stream.schema import US, DetectionRef, Priority, State
from tests.cep.fusetown import HOME, SITE, Town, osan
from tests.ledger import T0
from tests.naive_together import holds

RULES = {rule.id: rule for rule in composites(load_rules())}
PLAIN = RuleTable(rule for rule in load_rules().rules if rule.pattern != "composite")


def weather(town: Town, value: str, level: str) -> None:
    town.note([draft("context.noted", "오산시", town.now, ContextNoted("weather", level, value))])


def test_the_five_of_the_design_are_there():
    assert RULES.keys() == {
        "home_fire_unanswered", "home_cut_off", "crossing_blocked_child", "crossing_victim", "fire_confirmed"}


def test_a_conclusion_is_named_explained_and_raises_the_one_incident():
    town = Town()
    town.see("inactivity", HOME, source="")
    town.see("safety_call_unanswered", HOME, after=60, source="/system/calls")
    before = town.only().score
    drafts = town.see("smoke_or_gas", HOME, after=120, source="/device/smoke-2")
    incident = town.only()
    assert [d.kind for d in drafts] == ["incident.attached", "incident.attached", "incident.scored"]
    made = incident.detections[-1]
    assert made.rule == "home_fire_unanswered" and incident.kind == "smoke_or_gas" and incident.score > before
    assert made.evidence["parts"] == ["inactivity", "safety_call_unanswered", "smoke_or_gas"]
    factor = next(f for f in incident.factors if f.name == "together")
    assert (factor.points, factor.args) == (15, {"rule": "home_fire_unanswered"})
    assert next(f for f in incident.factors if f.name == "corroboration").args["n"] == 3  # it is no opinion of its own
    assert sum(f.points for f in incident.factors) == incident.score


def test_it_is_told_once_and_again_only_in_another_incident():
    town = Town()
    for n in range(3):
        town.see("smoke_or_gas", HOME, after=3 * n, source="/device/smoke-2")
        town.see("welfare_urgent", HOME, after=3 * n + 1, source="/system/w", case="C", words=["fire"])
    assert [d.rule for d in town.only().detections] == ["smoke_or_gas", "welfare_urgent", "fire_confirmed"]


def test_heat_makes_a_cut_off_silent_home_urgent_and_without_it_nothing_is_concluded():
    for value, level, wanted in (("heatwave", "warning", True), ("coldwave", "advisory", True),
                                 ("heatwave", "none", False), ("heavy_rain", "warning", False)):  # fmt: skip
        town = Town()
        weather(town, value, level)
        town.see("welfare_urgent", HOME, source="/system/w", case="C", signals=["power_cut"])
        town.see("inactivity", HOME, after=600, source="")
        told = [d.rule for d in town.only().detections]
        assert ("home_cut_off" in told) is wanted, (value, level)
        assert ("together" in {f.name for f in town.only().factors}) is wanted


def test_a_cluster_counts_folded_passes():
    town = Town()
    town.see("reported", what="illegal_parking", source="/device/cam-1")
    for n in range(3):
        town.see("speeding", after=10 + n, kph=52, source="/device/r-1")
    assert "crossing_blocked_child" not in [d.rule for d in town.only().detections]
    town.see("near_miss", after=20, ttc_s=1.2, person_class="child", vehicle=1, person=2, source="/device/r-1")
    incident = town.only()
    assert "crossing_blocked_child" in [d.rule for d in incident.detections]
    assert incident.priority <= Priority.P2 and incident.kind == "near_miss"


def test_what_makes_an_acknowledged_incident_a_p1_brings_it_back():
    town = Town()
    town.see("reported", what="fall", source="/device/cam-1")
    town.see("near_miss", after=5, ttc_s=1.2, vehicle=1, person=2)
    town.do("acknowledge", town.only().id)
    site = osan().sites[SITE]
    town.see("sos", "u-1", after=20, source="/system/app", lon=site.lon, lat=site.lat)
    incident = town.only()
    assert "crossing_victim" in [d.rule for d in incident.detections]
    assert (incident.priority, incident.state) == (Priority.P1, State.new)


KINDS = sorted({kind for rule in RULES.values() for part in rule.parts for kind in part.kinds})
TOLD = st.sampled_from([{}, {"words": ["fire"]}, {"signals": ["smell", "power_cut"]}, {"person_class": "child"}])
ONE = st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 7200), st.integers(1, 3), TOLD)
SEEN = st.lists(ONE, max_size=6)


@settings(max_examples=150, deadline=None)
@given(SEEN, st.integers(0, 7200), st.sampled_from(sorted(RULES)))
def test_the_parts_agree_with_the_slow_twin(seen, at, id):
    whats = ("fall", "collision", "illegal_parking", "obstruction", "speed_violation")
    detections = [
        DetectionRef("reported" if kind in whats else kind, t * US, "S", severity,
                     {**told, "what": kind} if kind in whats else told, n=n)
        for kind, severity, t, n, told in seen
    ]  # fmt: skip
    rule: Composite = RULES[id]
    assert (parts_of(rule, detections, at * US) is not None) is holds(id, detections, at * US)


FLOOD = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from([SITE, HOME]), st.integers(0, 60)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(FLOOD)
def test_with_them_there_is_no_incident_more_and_none_is_less_urgent(flood):
    towns = Town(), Town()
    towns[1].fuse = Fuse(osan(), PLAIN)
    whats = ("fall", "collision", "illegal_parking", "obstruction", "speed_violation")
    for town in towns:
        for kind, subject, after in flood:
            rule, told = ("reported", {"what": kind}) if kind in whats else (kind, {"words": ["fire"], "ttc_s": 1.2})
            town.now += after * US
            town.see(rule, subject, source=f"/device/{kind}", **told)
    assert towns[0].board.incidents.keys() == towns[1].board.incidents.keys()
    for id, with_ in towns[0].board.incidents.items():
        assert with_.priority <= towns[1].board.incidents[id].priority
        assert with_.kind == towns[1].board.incidents[id].kind


def test_newest_must_be_a_part_and_an_old_part_is_none():
    old = DetectionRef("sos", T0, "S", 3, last_at=T0)
    late = T0 + 500 * US
    rest = (DetectionRef("near_miss", late, "S", 2), DetectionRef("reported", late, "S", 3, {"what": "fall"}))
    rules = [RULES["crossing_victim"]]
    assert together(rules, (old, *rest), rest[1], None, {}, osan()) == []
    stranger = DetectionRef("vital", T0 + 500 * US, "S", 2)
    fresh = DetectionRef("sos", T0 + 400 * US, "S", 3)
    assert together(rules, (fresh, *rest, stranger), stranger, None, {}, osan()) == []
    assert [d.rule for d in together(rules, (fresh, *rest), rest[1], None, {}, osan())] == ["crossing_victim"]


@pytest.mark.parametrize(("old", "new", "field"), [
    ('kinds = ["sos"]', 'kinds = ["nothing_of_ours"]', "match.parts"),
    ('kinds = ["sos"]', 'kinds = ["sos"]\nfoo = 1', "match.parts"),
    ("window_s = 300.0", "window_s = 0", "thresholds.window_s"),
    ('priority = "P1"', 'priority = "P3"', "match.priority"),
    ("points = 15", "points = 90", "thresholds.points"),
])  # fmt: skip
def test_a_broken_composite_is_refused_by_field(tmp_path, old, new, field):
    from cep.rules import BUILT_IN

    body = (BUILT_IN / "crossing_victim.toml").read_text("utf-8")
    assert old in body
    (tmp_path / "crossing_victim.toml").write_text(body.replace(old, new), "utf-8")
    with pytest.raises(RuleError) as error:
        load_rules(tmp_path)
    assert error.value.field == field
