"""A warning that begins or ends scores the open incidents of its area anew: bounded, and nothing gets less urgent."""

from __future__ import annotations

import pytest

from cep.rescore import MOST
from stream.heard import hear
from stream.schema import Context, Draft, Event, Incident, Priority, State
from tests.cep.fusetown import FRAIL_HOME, HOME, SITE, Town


def weather(town: Town, level: str, value: str = "heatwave", area: str = "오산시") -> list[Draft]:
    """A word on the weather, heard and then asked what it changes, as the loop does."""
    told = Context("weather", area, level, value)
    event = Event("w", "/system/kma", "city.context", town.now, "", told, None, town.now, town.now)
    town.note(hear(town.board, event, town.now))
    drafts = town.fuse.rescore(town.board, event, town.now)
    town.note(drafts)
    return drafts


def names(incident: Incident) -> dict[str, int]:
    assert sum(f.points for f in incident.factors) == incident.score
    return {f.name: f.points for f in incident.factors}


def test_a_warning_that_begins_adds_its_points_and_one_that_ends_takes_them_off():
    town = Town()
    town.see("inactivity", HOME, source="")
    before = town.only()
    assert [d.kind for d in weather(town, "advisory")] == ["incident.scored"]
    assert names(town.only()) == names(before) | {"exposure": 3}
    assert weather(town, "advisory") == []
    weather(town, "warning")
    assert names(town.only()) == names(before) | {"exposure": 5}
    assert weather(town, "none") != [] and names(town.only()) == names(before)
    assert (town.only().score, town.only().priority) == (before.score, before.priority)


@pytest.mark.parametrize(("value", "area", "subject", "rule"), [
    ("heavy_rain", "오산시", HOME, "inactivity"), ("heatwave", "세교동", HOME, "inactivity"),
    ("heatwave", "오산시", SITE, "near_miss")])  # fmt: skip
def test_other_weather_another_dong_and_the_road_change_nothing(value, area, subject, rule):
    town = Town()
    town.see(rule, subject, source="")
    assert weather(town, "warning", value, area) == []


def test_a_warning_that_ends_makes_nothing_less_urgent():
    town = Town()
    weather(town, "warning")
    town.see("safety_call_unanswered", FRAIL_HOME, severity="serious")
    incident = town.only()
    names_before = names(incident)
    assert names_before["exposure"] == 5 and incident.priority == Priority.P2 and incident.score - 5 < 45
    assert weather(town, "none") == [] and names(town.only()) == names_before


def test_what_a_person_lowered_stays():
    town = Town()
    town.see("vital", FRAIL_HOME)
    town.do("change_priority", town.only().id, priority="P4", reason="known")
    was = town.only()
    assert weather(town, "warning") == [] and town.only() == was


def test_cut_off_and_silent_when_the_warning_begins_is_concluded_there_and_stays_in_hand():
    town = Town()
    town.see("power_stopped", HOME, source="", severity="moderate")
    town.see("inactivity", HOME, after=600, source="")
    town.do("acknowledge", town.only().id)
    assert [d.kind for d in weather(town, "warning")] == ["incident.attached", "incident.scored"]
    incident = town.only()
    assert incident.detections[-1].rule == "home_cut_off" and incident.kind == "inactivity"
    assert (incident.priority, incident.state) == (Priority.P2, State.acknowledged)


def test_what_a_warning_makes_a_p1_is_new_again():
    town = Town()
    town.see("vital", FRAIL_HOME, source="/device/a", severity="severe")
    town.see("welfare_urgent", FRAIL_HOME, source="/system/w", case="C")
    town.do("acknowledge", town.only().id)
    was = town.only()
    assert (was.priority, was.state) == (Priority.P2, State.acknowledged) and 65 <= was.score < 70
    assert [d.kind for d in weather(town, "warning")] == ["incident.scored", "incident.returned"]
    assert (town.only().priority, town.only().state) == (Priority.P1, State.new)


def test_one_change_scores_so_many_the_gravest_first(monkeypatch):
    assert MOST == 500
    monkeypatch.setattr("cep.rescore.MOST", 2)
    town = Town()
    for n, severity in enumerate(("moderate", "serious", "severe")):
        town.see("inactivity", f"HH-000{n + 1}", source="", severity=severity)
    drafts = weather(town, "warning")
    assert [d.kind for d in drafts] == ["incident.scored"] * 2
    scored = {town.get(d.subject).detections[0].severity for d in drafts}
    assert scored == {2, 3}
