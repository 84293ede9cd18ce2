"""The wire forms: what each type of event must have, may have and is refused for; names that are no Python words."""

import msgspec
import pytest

from stream.contract import DATA, Context, Delivery, Priority, RoadFrame, Severity

LEAST = {
    "city.road.frame": {"site": "s", "objects": []},
    "city.road.signal": {"site": "s", "vehicle": "red", "pedestrian": "walk"},
    "city.road.detection": {"site": "s", "what": "fall"},
    "city.care.reading": {"household": "h", "sensor": "pir", "value": True},
    "city.care.alarm": {"household": "h", "alarm": "smoke"},
    "city.care.call": {"household": "h", "result": "no_answer", "attempt": 1},
    "city.welfare.case": {"case": "c", "dong": "d", "channel": "citizen", "signals": []},
    "city.welfare.contact": {"case": "c", "outcome": "contacted", "by": "b"},
    "city.sos": {"user": "u", "lon": 127, "lat": 37},
    "city.bus.position": {"bus": "b", "lon": 127, "lat": 37, "speed_kph": 0},
    "city.context": {"what": "weather", "area": "a"},
    "city.device.status": {"device": "d", "status": "online"},
    "city.agency.update": {"report": "r", "state": "accepted", "by": "119"},
}


@pytest.mark.parametrize("name", DATA)
def test_least_that_a_type_needs_is_enough_and_each_of_it_is_needed(name):
    shape, _ = DATA[name]
    least = LEAST[name]
    assert msgspec.to_builtins(msgspec.convert(least | {"extra": 1}, shape)) == least
    for field in least:
        with pytest.raises(msgspec.ValidationError, match=field):
            msgspec.convert({k: v for k, v in least.items() if k != field}, shape)


def test_words_that_python_keeps_for_itself_stand_in_the_json():
    frame = b'{"site": "s", "objects": [{"id": 1, "class": "child", "x": 0, "y": 0, "vx": 0, "vy": 0}]}'
    assert msgspec.json.decode(frame, type=RoadFrame).objects[0].cls == "child"
    works = b'{"what": "roadworks", "area": "a", "from": "2026-03-02T00:00:00+09:00"}'
    assert msgspec.json.decode(works, type=Context).from_ == "2026-03-02T00:00:00+09:00"


def test_numbers_and_texts_are_two_tracks():
    objects = [{"id": id, "class": "vehicle", "x": 0, "y": 0, "vx": 0, "vy": 0} for id in (1, "1")]
    one, other = msgspec.convert({"site": "s", "objects": objects}, RoadFrame).objects
    assert one.id != other.id


def test_only_frames_signals_and_buses_may_be_shed():
    assert {name for name, (_, kind) in DATA.items() if kind == Delivery.telemetry} == {
        "city.road.frame", "city.road.signal", "city.bus.position"}


def test_severities_and_priorities_are_in_order():
    assert [s.name for s in sorted(Severity)] == ["notice", "moderate", "serious", "severe"]
    assert min(Priority) is Priority.P1
