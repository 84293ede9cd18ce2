"""Events become columns and come back equal, whatever stands in them."""

import math

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.columns import pack, unpack
from stream.schema import DATA, CareReading, Event, RoadFrame, RoadObject
from tests.stream import makers

edges = st.sampled_from([-0.0, 0.001, 1e300, 5e-324, 127.123456])
finite = edges | st.floats(allow_nan=False, allow_infinity=False)
decimals = st.integers(-(10**7), 10**7).map(lambda n: n / 1000)


@st.composite
def objects(draw: st.DrawFn) -> RoadObject:
    number = draw(st.sampled_from([finite, decimals]))
    return RoadObject(
        draw(st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5)), draw(st.sampled_from(["child", "bus"])),
        draw(number), draw(number), draw(number), draw(number),
        draw(st.none() | number), None, draw(st.none() | finite),
    )  # fmt: skip


times = st.integers(-(2**53), 2**53)


@st.composite
def events(draw: st.DrawFn) -> Event:
    data: object = draw(st.one_of(
        st.builds(RoadFrame, st.text(max_size=3), st.lists(objects(), max_size=3)),
        st.builds(CareReading, st.just("h"), st.just("pir"), st.booleans() | finite, st.none() | st.text(max_size=3)),
    ))  # fmt: skip
    name = "city.road.frame" if isinstance(data, RoadFrame) else "city.care.reading"
    return Event(
        draw(st.text(max_size=4)), draw(st.text(max_size=2)), name, draw(times), draw(st.text(max_size=2)), data,
        draw(st.none() | st.integers(0, 2**63 - 1)), draw(times), draw(times),
        draw(st.sampled_from([(), ("clock_suspect",)])), draw(st.none() | st.text(min_size=1, max_size=3)),
    )  # fmt: skip


def bits(value: object) -> object:
    """Equal only when the bits are: -0.0 is not 0.0, True is not 1.0."""
    if isinstance(value, float):
        return ("float", math.copysign(1, value), value)
    if isinstance(value, list | tuple):
        return [bits(v) for v in value]
    if isinstance(value, msgspec.Struct):
        return [bits(v) for v in msgspec.structs.astuple(value)]
    return (type(value).__name__, value)


@given(st.lists(events(), max_size=8))
@settings(deadline=None)
def test_what_is_packed_is_unpacked_to_the_bit(told: list[Event]) -> None:
    assert [bits(e) for e in unpack(pack(told))] == [bits(e) for e in told]


def test_each_type_of_the_contract_goes_through() -> None:
    told = [
        makers.frame("1"), makers.frame("2", n=0), makers.signal("3"), makers.smoke("4"), makers.reading("5"),
        makers.case("6"), makers.sos("7"), makers.update("8", "r"), makers.frame("9", n=40, seq=7, marks=("late",)),
    ]  # fmt: skip
    assert unpack(pack(told)) == told
    for name, (struct, _) in DATA.items():
        sample = msgspec.convert(SAMPLES[name], struct)
        one = makers.event(name, sample, "x", "/device/d")
        assert unpack(pack([one, one])) == [one, one], name


SAMPLES: dict[str, dict[str, object]] = {
    "city.road.frame": {"site": "s", "objects": [{"id": "a", "class": "bus", "x": 1, "y": 2, "vx": 3, "vy": 1 / 3}]},
    "city.road.signal": {"site": "s", "vehicle": "green", "pedestrian": "stop"},
    "city.road.detection": {"site": "s", "what": "fall", "object": 1, "conf": 0.5},
    "city.care.reading": {"household": "h", "sensor": "steps", "value": 17},
    "city.care.alarm": {"household": "h", "alarm": "gas"},
    "city.care.call": {"household": "h", "result": "no_answer", "attempt": 3},
    "city.welfare.case": {"case": "c", "dong": "d", "channel": "school", "signals": [], "attachments": ["a", "b"]},
    "city.welfare.contact": {"case": "c", "outcome": "closed", "by": "x"},
    "city.sos": {"user": "u", "lon": 127.1, "lat": 37.1},
    "city.bus.position": {"bus": "b", "lon": 127.123456, "lat": 37.1, "speed_kph": 30},
    "city.context": {"what": "weather", "area": "a", "value": "heatwave", "level": "warning"},
    "city.device.status": {"device": "d", "status": "online", "battery_pct": 50.0},
    "city.agency.update": {"report": "r", "state": "accepted", "by": "b", "eta_s": 300},
}


def test_decimals_of_a_sensor_take_little_room() -> None:
    told = [makers.frame(str(i), n=10, seq=i) for i in range(100)]
    assert len(pack(told)) < 10 * 1000
