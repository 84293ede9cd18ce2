"""A rule holds at its hours and under its conditions; what holds is heard from the context, in the order of events."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep.engine import Engine
from cep.exposure import active
from cep.rules import BUILT_IN, RuleError, RuleTable, load_rules
from cep.when import CONDITIONS, DAYS, MOST, WHEN, Gate, Scene, holds
from stream.clock import parse_rfc3339
from stream.schema import CareAlarm, Context, Event
from tests.cep import streams
from tests.naive import Naive
from tests.twins import TWIN, lived

CITY = streams.PlainCity()
ALWAYS: dict[str, Any] = {name: [] for name in WHEN}
RUN = parse_rfc3339("2026-03-03T08:30:00+09:00")
NIGHT = parse_rfc3339("2026-03-03T23:30:00+09:00")


def scene(at: int = RUN, subject: str = "S0", *said: Context) -> Scene:
    gate = Gate(CITY, [])
    for one in said:
        gate.hear(context(one))
    place = CITY.place(subject)
    return Scene(at, place, active(gate.context, place, CITY, at), CITY)


def context(told: Context, at: int = RUN) -> Event:
    return Event("c", "/system/context", "city.context", at, "", told, None, at, at)


def so(when: dict[str, Any], *of: Any) -> bool:
    return holds(ALWAYS | when, scene(*of))


def test_hours_are_of_the_korean_day_and_may_go_over_midnight() -> None:
    assert so({}) and so({"hours": [[8, 9]]}) and not so({"hours": [[9, 10], [13, 18]]})
    assert so({"hours": [[8.5, 9]]}) and not so({"hours": [[8, 8.5]]})
    assert so({"hours": [[22, 6]]}, NIGHT) and not so({"hours": [[22, 6]]})


def test_days_and_the_school_calendar() -> None:
    assert so({"days": ["tue"]}) and not so({"days": ["sat", "sun"]})
    assert so({"all": ["school_run", "school_day", "school_zone"]})
    assert not so({"all": ["school_zone"]}, RUN, "S1") and not so({"all": ["school_zone"]}, RUN, "nowhere")
    off = Context("calendar", "오산시", None, "vacation", None, "2026-03-04T00:00:00+09:00")
    assert not so({"all": ["school_run"]}, RUN, "S0", off)
    assert so({"all": ["school_run"]}, RUN + 86_400_000_000, "S0", off)


@pytest.mark.parametrize(("name", "value"), [
    ("rain", "heavy_rain"), ("snow", "heavy_snow"), ("wind", "strong_wind"), ("heat", "heatwave"),
    ("cold", "coldwave"), ("low_light", "fine_dust")])  # fmt: skip
def test_weather_holds_where_it_is_said_to_until_it_is_called_off(name: str, value: str) -> None:
    warned = Context("weather", "D0", "warning", value)
    assert so({"all": [name]}, RUN, "S0", warned) and not so({"all": [name]})
    assert not so({"all": [name]}, RUN, "nowhere", warned)
    assert so({"none": [name]}, RUN, "S0", warned, Context("weather", "D0", "none", value))
    ward = Context("weather", "W0", "warning", value)  # an administrative dong: what lies in its dong, nothing else
    assert so({"all": [name]}, RUN, "S0", ward) and not so({"all": [name]}, RUN, "nowhere", ward)


def test_dark_works_and_events_and_any_all_none_together() -> None:
    assert so({"all": ["dark", "low_light"]}, NIGHT) and so({"none": ["dark", "low_light"]})
    works = Context("roadworks", "S0", None, None, "2026-03-03T08:00:00+09:00", "2026-03-03T17:00:00+09:00")
    assert so({"any": ["event", "roadworks"]}, RUN, "S0", works) and not so({"none": ["roadworks"]}, RUN, "S0", works)
    assert so({"none": ["roadworks"]}, RUN, "S1", works) and so({"all": ["event"]}, RUN, "S1", Context("event", "축제"))
    assert not so({"any": ["event", "roadworks"]}) and not so({"all": ["school_run", "event"]})


def test_times_that_cannot_be_read_say_nothing_and_memory_is_bounded() -> None:
    gate = Gate(CITY, [])
    gate.hear(context(Context("event", "x", None, None, "yesterday")))
    assert gate.context == {}
    for n in range(MOST + 5):
        gate.hear(context(Context("event", f"area {n}")))
    assert len(gate.context) == MOST and ("area 0", "event", "None") not in gate.context
    again = Gate(CITY, [])
    again.load(gate.save())
    assert again.context == gate.context


def sos(at: int, home: str = "H0") -> Event:
    return Event(f"{home}{at}", "/device/h", "city.care.alarm", at, "", CareAlarm(home, "vital"), None, at, at)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One rule of an operator's own: vital signs that count in snow only."""
    body = (BUILT_IN / "vital.toml").read_text().replace('id = "vital"', 'id = "vital_snow"')
    (tmp_path / "vital_snow.toml").write_text(body + '\n[when]\nall = ["snow"]\n')
    return tmp_path


def test_context_counts_from_its_own_place_in_the_order_of_events_on(folder: Path) -> None:
    rules = load_rules(folder)
    snow = context(Context("weather", "D0", "warning", "heavy_snow"))
    over = context(Context("weather", "D0", "none", "heavy_snow"))
    events = [sos(RUN), snow, sos(RUN + 1), over, sos(RUN + 2)]
    found = [(d.rule, d.at) for d in Engine(CITY, rules).step(events) if d.rule == "vital_snow"]
    assert found == [("vital_snow", RUN + 1)]
    engine = Engine(CITY, rules)
    engine.step([snow])
    again = Engine(CITY, rules)
    again.load(engine.save())
    assert [d.rule for d in again.step([sos(RUN)])] == ["vital", "vital_snow"]


@pytest.mark.parametrize(("text", "field"), [
    ("hours = [[8, 8]]", "when.hours"), ("hours = [[8, 25]]", "when.hours"), ("hours = [8, 9]", "when.hours"),
    ("hours = []", "when.hours"), ('days = ["monday"]', "when.days"), ('all = ["foggy"]', "when.all"),
    ('season = "spring"', "when.season"), ('any = ["rain"]\nnone = ["rain"]', "when.none"), ("", "when")])  # fmt: skip
def test_a_broken_when_is_refused_by_field(folder: Path, text: str, field: str) -> None:
    file = folder / "vital_snow.toml"
    file.write_text(file.read_text().replace('all = ["snow"]', text))
    with pytest.raises(RuleError) as caught:
        load_rules(folder)
    assert caught.value.field == field and caught.value.allowed


def test_a_call_for_help_holds_at_every_hour(tmp_path: Path) -> None:
    (tmp_path / "sos.toml").write_text((BUILT_IN / "sos.toml").read_text() + '\n[when]\nall = ["dark"]\n')
    with pytest.raises(RuleError, match="holds at every hour"):
        load_rules(tmp_path)


WHENS = [
    {"all": [name]} for name in sorted(CONDITIONS)
] + [{"hours": [[15.25, 15.5], [22, 3]]}, {"days": list(DAYS[2:4])}, {"none": ["rain", "event"]},
     {"any": ["snow", "dark"], "none": ["roadworks"]}]  # fmt: skip


@cache
def timed(n: int) -> RuleTable:
    """The built-in rules, all but the calls for help under this condition."""
    rules = load_rules().rules
    when = ALWAYS | WHENS[n]
    changed = [rule if rule.id in ("sos", "smoke_or_gas") else _with(rule, when) for rule in rules]
    return RuleTable(changed)


def _with(rule: Any, when: dict[str, Any]) -> Any:
    return msgspec.structs.replace(rule, when=when)


@TWIN
@given(st.data())
def test_engine_and_twin_agree_on_random_life_under_every_condition(data: st.DataObject) -> None:
    events = data.draw(streams.life())
    rules = timed(data.draw(st.integers(0, len(WHENS) - 1)))
    assert lived(data, CITY, rules, events) == sorted(Naive(CITY, rules).step(events))

