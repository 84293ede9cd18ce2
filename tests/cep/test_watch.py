"""A late bus, a harsh one, a sensor that sees nothing: engine and twin agree, over restarts, and memory is bounded."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep import watch
from cep.engine import Engine
from cep.rules import RuleTable, load_rules
from cep.when import WHEN
from stream.schema import US, BusPosition, Context, Event, RoadFrame, RoadObject
from tests.cep import streams
from tests.naive import Naive
from tests.twins import TWIN, lived

T = 1_772_000_000 * US


class Paired(streams.PlainCity):
    """A radar and a camera look at one crossing."""

    class Source:
        """One of them."""

        def __init__(self, of: str, type: str) -> None:
            self.of, self.type = of, type

    sources = {"/device/r0": Source("S0", "radar"), "/device/c0": Source("S0", "camera"),
               "/device/g0": Source("S0", "signal"), "/device/r1": Source("S1", "radar")}  # fmt: skip


def quick() -> RuleTable:
    """The built-in rules, the shared sight after three frames and five seconds."""
    rows = load_rules().rules
    short = {"window_s": 5.0, "frames": 3, "alive_s": 4.0}
    return RuleTable(
        msgspec.structs.replace(r, thresholds=r.thresholds | short) if r.pattern == "sight" else r for r in rows
    )


CITY, RULES = Paired(), quick()
MINE = {"school_bus_late", "school_bus_harsh", "blocked_view"}


def bus(s: float, kph: float = 20.0, stop: str | None = None, eta: float | None = None, name: str = "B") -> Event:
    at, data = T + round(s * US), BusPosition(name, 127.0, 37.1, kph, stop, eta)
    return Event(f"{s}", "/system/bus", "city.bus.position", at, "", data, None, at, at)


def frame(s: float, source: str, *places: float) -> Event:
    at = T + round(s * US)
    return Event(f"{s}", source, "city.road.frame", at, "", look(list(places)), None, at, at)


def look(places: list[float]) -> RoadFrame:
    """Somebody at each of these places on the x axis."""
    return RoadFrame("S0", [RoadObject(n, "pedestrian", x, 0, 0, 0) for n, x in enumerate(places)])


def told(events: list[Event], rule: str) -> list[Any]:
    return [(round((d.at - T) / US, 1), d.evidence) for d in Engine(CITY, RULES).step(events) if d.rule == rule]


def test_a_bus_is_late_against_what_it_first_said_once_a_run() -> None:
    run = [bus(s, stop="A", eta=eta) for s, eta in ((0, 600), (60, 839), (120, 780), (180, 900))]
    ((at, evidence),) = told([*run, bus(190, stop="B", eta=50)], "school_bus_late")
    assert at == 120.0 and (evidence["bus"], evidence["stop"], evidence["late_s"]) == ("B", "A", 300.0)
    assert told([bus(0, stop="A", eta=60), bus(1900, stop="A", eta=60)], "school_bus_late") == []
    assert told([bus(0, stop="A"), bus(9000, eta=60.0)], "school_bus_late") == []


def test_a_bus_that_brakes_hard_starts_hard_or_is_too_fast_twice() -> None:
    for events, manner in (
        ([bus(0, 50), bus(2, 31)], "braking"), ([bus(0, 0), bus(1, 7)], "acceleration"),
        ([bus(0, 61), bus(3, 62)], "overspeed"),
    ):  # fmt: skip
        ((_, evidence),) = told(events, "school_bus_harsh")
        assert evidence["manner"] == manner and evidence["limit_kph"] == 50.0
    for quiet in ([bus(0, 50), bus(6, 0)], [bus(0, 61), bus(3, 59)], [bus(0, 50), bus(0, 0)], [bus(0, 50), bus(2, 33)]):
        assert told(quiet, "school_bus_harsh") == []
    again = [bus(0, 50), bus(2, 20), bus(100, 50), bus(102, 20), bus(302, 50), bus(304, 20)]
    assert [at for at, _ in told(again, "school_bus_harsh")] == [2.0, 304.0]


def seen(blind: list[float] | None = None) -> list[Event]:
    rows = [frame(s, "/device/r0", 3.0) for s in range(8)]
    return sorted(rows + [frame(s + 0.5, "/device/c0") for s in blind or []], key=lambda e: e.at)


def test_a_sensor_that_sees_nothing_beside_one_that_does_is_named() -> None:
    ((at, evidence),) = told(seen([0, 1, 2, 3, 4, 5, 6]), "blocked_view")
    assert at == 6.0 and evidence == {"source": "/device/c0", "seen_by": "/device/r0", "waited_s": 5.5, "n": 6}


def test_a_silent_one_one_of_another_sort_and_what_is_far_away_are_no_reason() -> None:
    assert told(seen([0]), "blocked_view") == [] and told(seen(), "blocked_view") == []
    lights = [frame(s + 0.5, "/device/g0") for s in range(8)]
    assert told(sorted(seen() + lights, key=lambda e: e.at), "blocked_view") == []
    far = [frame(s, "/device/r0", 40.0) for s in range(8)] + [frame(s + 0.5, "/device/c0") for s in range(8)]
    assert told(sorted(far, key=lambda e: e.at), "blocked_view") == []
    sees = [*seen([0, 1, 2]), frame(3.6, "/device/c0", 70.0), frame(4.5, "/device/c0"), frame(6.5, "/device/c0")]
    assert told(sorted(sees, key=lambda e: e.at), "blocked_view") == []


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST", 3)
    engine = Engine(CITY, RULES)
    engine.step([bus(n, name=f"B{n}") for n in range(9)])
    assert [len(one.state) for _, one in engine.watch.all] == [0, 3, 0]


WHENS: list[dict[str, Any]] = [
    {}, {"all": ["school_zone"]}, {"any": ["rain", "event"]}, {"none": ["dark", "rain"]}, {"hours": [[15.25, 16]]},
]  # fmt: skip


@cache
def timed(n: int) -> RuleTable:
    """These rules, held under one of these conditions."""
    when = {name: [] for name in WHEN} | WHENS[n] if WHENS[n] else {}
    return RuleTable(msgspec.structs.replace(rule, when=when) if rule.id in MINE else rule for rule in RULES.rules)


def under(when: dict[str, Any], events: list[Event]) -> list[str]:
    """Which of the three rules speak of these events."""
    return [d.rule for d in Engine(CITY, timed(WHENS.index(when))).step(events) if d.rule in MINE]


def test_a_rule_of_the_bus_or_of_two_sensors_knows_the_hour_and_the_place_of_what_it_is_about() -> None:
    braking, blind = [bus(0, 50), bus(2, 20)], seen([0, 1, 2, 3, 4, 5, 6])
    assert under({"all": ["school_zone"]}, braking) == ["school_bus_harsh"]  # where the bus is, not where its sender is
    assert under({"all": ["school_zone"]}, blind) == ["blocked_view"]
    assert under({"hours": [[15.25, 16]]}, braking) == under({"any": ["rain", "event"]}, blind) == []
    rain = Event("c", "/system/kma", "city.context", T + US, "", Context("weather", "D0", "warning", "heavy_rain"),
                 None, T + US, T + US)  # fmt: skip
    assert under({"any": ["rain", "event"]}, [braking[0], rain, braking[1]]) == ["school_bus_harsh"]
    assert under({"any": ["rain", "event"]}, [*braking, rain]) == []  # heard after it
    assert under({"none": ["dark", "rain"]}, [braking[0], rain, braking[1]]) == []


def draws() -> st.SearchStrategy[Any]:
    names, kph = st.sampled_from(["B", "C"]), st.sampled_from([0.0, 20.0, 50.0, 59.0, 61.0, 62.0])
    stop, eta = st.sampled_from([None, "A", "Z"]), st.sampled_from([None, 0.0, 100.0, 500.0])
    position = st.builds(BusPosition, names, st.just(127.0), st.just(37.1), kph, stop, eta)
    place = st.sampled_from([[], [], [3.0], [40.0], [3.0, 40.0]])
    sight = st.builds(look, place)
    sources = st.sampled_from(["/device/r0", "/device/c0", "/device/c0"])
    weather = st.builds(Context, st.just("weather"), st.sampled_from(["D0", "Z0", "S0"]),
                        st.sampled_from(["none", "warning"]), st.just("heavy_rain"))  # fmt: skip
    return st.one_of(
        st.tuples(st.just("/system/kma"), st.just("city.context"), weather),
        st.tuples(st.sampled_from(["/system/b", "/system/c"]), st.just("city.bus.position"), position),
        st.tuples(sources, st.just("city.road.frame"), sight), st.tuples(sources, st.just("city.road.frame"), sight),
    )  # fmt: skip


@TWIN
@given(st.data())
def test_engine_and_twin_agree_in_any_batches_and_over_restarts(data: st.DataObject) -> None:
    t, events = T, []
    for n, (source, type_, one) in enumerate(data.draw(st.lists(draws(), min_size=2, max_size=40))):
        t += data.draw(st.sampled_from([0, US, US, US, 2 * US, 5 * US, -US, 300 * US, 1800 * US]))
        events.append(Event(str(n), source, type_, t, "", one, None, t, t))
    rules = timed(data.draw(st.integers(0, len(WHENS) - 1)))
    wanted = sorted(one for one in Naive(CITY, rules).step(events) if one[0] in MINE)
    assert [one for one in lived(data, CITY, rules, events) if one[0] in MINE] == wanted
