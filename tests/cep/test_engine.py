"""The engine says exactly what its slow twin says: on random life, in any batches, over a restart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cep.checkpoint import Unfit
from cep.engine import Engine
from cep.rules import load_rules
from geo.city import load_city
from stream.schema import US, CareAlarm, CareReading, DeviceStatus, Event, RoadFrame, RoadObject, Severity
from tests.cep import streams
from tests.naive import Naive, told_of
from tests.twins import TWIN, lived

CITY, RULES = streams.PlainCity(), load_rules()
DAY = 86_400 * US


@TWIN
@given(st.data())
def test_random_life_in_any_batches_and_over_restarts(data: st.DataObject) -> None:
    events = data.draw(streams.life())
    twin, end = Naive(CITY, RULES), events[-1].at + 2 * DAY
    wanted = sorted(twin.step(events) + twin.step([], end))
    assert lived(data, CITY, RULES, events, end) == wanted


@TWIN
@given(st.one_of(streams.road(), streams.moving(), streams.home()))
def test_random_traffic_and_random_days_at_home(events: list[Event]) -> None:
    engine, twin = Engine(CITY, RULES), Naive(CITY, RULES)
    assert sorted(map(told_of, engine.step(events))) == sorted(twin.step(events))


@TWIN
@given(st.data())
def test_random_life_as_it_arrives(data: st.DataObject) -> None:
    """Live: events come late and out of order, and the clock of the house drives the timers."""
    engine, twin, now = Engine(CITY, RULES), Naive(CITY, RULES), 1_772_000_000 * US
    shift = st.sampled_from([0, 0, 0, -100_000, -3 * US, 2 * US, -7 * 3600 * US])
    for _, type_, one in data.draw(st.lists(streams.data(), max_size=25)):
        now += data.draw(streams.STEPS) + (0 if data.draw(st.integers(0, 9)) else data.draw(streams.LONG))
        at = now + data.draw(shift)
        if abs(at - now) > 120 * US and type_ not in ("city.care.reading", "city.device.status"):
            at = now  # as decode has it (CONTRACT 1): only readings keep a time that far off
        source = data.draw(st.sampled_from(["/device/r0", "/device/h1"]))
        event = Event("x", source, type_, at, "", one, None, now, at)
        assert sorted(map(told_of, engine.step([event], now))) == sorted(twin.step([event], now))
    assert engine.counters()["late_frames"] == twin.road.late


@TWIN
@given(st.data())
def test_weeks_at_home_in_any_batches_and_over_restarts(data: st.DataObject) -> None:
    events = data.draw(streams.weeks())
    end = events[-1].at + 2 * DAY
    twin = Naive(CITY, RULES)
    wanted = sorted(twin.step(events) + twin.step([], end))
    whole = Engine(CITY, RULES)
    told = whole.step(events) + whole.step([], end)
    assert sorted(map(told_of, told)) == wanted
    engine, found = Engine(CITY, RULES), []
    for batch in data.draw(streams.cut(events)):
        found += engine.step(batch)
        saved = engine.save()
        engine = Engine(CITY, RULES)
        engine.load(saved)
    assert found + engine.step([], end) == told


def test_detections_stand_in_the_order_of_events_and_timers_before_what_came_after_them() -> None:
    fall, later = alarm(0, "H0", "fall"), alarm(61, "H1", "smoke")
    still = alarm(60, "H0", "smoke")
    engine = Engine(CITY, RULES)
    found = [d.rule for d in engine.step([fall, later])]
    assert found == ["fall_reported", "no_motion_after_fall", "smoke_or_gas"]
    engine = Engine(CITY, RULES)
    found = [d.rule for d in engine.step([fall, still], 60 * US)]
    assert found == ["fall_reported", "smoke_or_gas", "no_motion_after_fall"]


def alarm(s: float, household: str, what: str) -> Event:
    at = round(s * US)
    return Event(f"{household}{at}", "/device/h", "city.care.alarm", at, "", CareAlarm(household, what), None, at, at)


def reading(s: float, sensor: str, value: float, location: str | None = None, arrival: float | None = None) -> Event:
    at, data = round(s * US), CareReading("H0", sensor, value, location)
    return Event(f"{sensor}{s}", "/device/h", "city.care.reading", at, "", data, None, round((arrival or s) * US), at)


def test_due_tells_when_the_next_timer_may_fire() -> None:
    engine = Engine(CITY, RULES)
    assert engine.due() is None
    engine.step([alarm(10, "H0", "fall")], 10 * US)
    assert engine.due() == 70 * US
    assert engine.step([], 70 * US - 1) == []
    assert [d.at for d in engine.step([], 70 * US)] == [70 * US]
    assert engine.due() is None


def test_a_reading_from_the_future_puts_nothing_off() -> None:
    engine, half_day = Engine(CITY, RULES), 43_200
    engine.step([reading(20 * 3600, "pir", True, arrival=0.001)], 1000)
    found = engine.step([], half_day * US + 1000)
    assert [(d.rule, d.at) for d in found] == [("inactivity", half_day * US + 1000)]


def test_backfilled_readings_count_for_their_own_time_in_one_step() -> None:
    engine, hour = Engine(CITY, RULES), 3600
    engine.step([reading(0, "pir", True)], 0)
    backfill = [reading(h * hour, "pir", True, arrival=13 * hour) for h in range(1, 13)]
    engine.step([], 11 * hour * US)
    assert engine.step(backfill, 13 * hour * US) == []
    (found,) = engine.step([], 24 * hour * US)
    assert (found.rule, found.at, found.evidence) == ("inactivity", 24 * hour * US, {"waited_s": 43_200.0})


def test_what_never_spoke_is_silent_when_it_was_expected() -> None:
    engine = Engine(CITY, RULES)
    assert engine.step([], 1000 * US) == []
    engine.expect(1000 * US)
    engine.expect(1001 * US)
    found = engine.step([], 2000 * US)
    assert [(d.subject, d.at) for d in found] == [("/device/r0", 1007 * US), ("/device/h0", 1301 * US)]
    assert found[0].severity == Severity.notice and found[0].evidence == {"waited_s": 6.0, "source": "/device/r0"}


def test_memory_stays_bounded_under_ever_new_names() -> None:
    engine = Engine(CITY, RULES)
    for n in range(400):
        at = n * 60 * US
        people = [RoadObject(f"p{n}-{k}", "pedestrian", k, 0, 0, 0) for k in range(20)]
        car = RoadObject(f"v{n}", "vehicle", 1, 0, 3, 0)
        engine.step([Event("f", "/device/r", "city.road.frame", at, "", RoadFrame("S", [car, *people]), None, at, at)])
    assert engine.counters()["tracks"] <= 8 * 21
    assert len(engine.memory.road.meetings) <= 4096
    for n in range(100):
        at = 400 * 60 * US + n * DAY
        status = DeviceStatus("d", "online")
        engine.step([reading(at / US, "door", 1, f"room{n}")])
        engine.step([Event("s", f"/device/{n}", "city.device.status", at, "", status, None, at, at)])
    assert engine.counters()["entities"] <= 40 and engine.counters()["sensors"] <= 40


def test_a_checkpoint_of_other_rules_or_junk_is_refused() -> None:
    engine = Engine(CITY, RULES)
    engine.step([alarm(0, "H0", "fall")])
    with pytest.raises(Unfit, match="of rules and city"):
        Engine(load_city(), RULES).load(engine.save())
    for junk in (b"", b"junk", engine.save()[:-5]):
        with pytest.raises(Unfit):
            engine.load(junk)
    assert [d.rule for d in engine.step([], 60 * US)] == ["no_motion_after_fall"]
