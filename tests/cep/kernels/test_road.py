"""Frames in order: late ones are not judged, full buffers stop cleanly, crowds cost no detection."""

from cep.engine import Engine
from cep.rules import load_rules
from stream.schema import US, Event, RoadFrame, RoadObject, RoadSignal
from tests.cep.streams import PlainCity
from tests.naive import Naive, told_of

CITY, RULES = PlainCity(), load_rules()


def frame(s: float, *objects: RoadObject, source: str = "/device/r", site: str = "S0") -> Event:
    at = round(s * US)
    return Event(f"{source}{at}", source, "city.road.frame", at, "", RoadFrame(site, list(objects)), None, at, at)


def car(id: int | str = "v", y: float = -10.0, vy: float = 10.0, cls: str = "vehicle") -> RoadObject:
    return RoadObject(id, cls, 0.0, y, 0.0, vy)  # type: ignore[arg-type]


def walker(id: int | str = "p", cls: str = "pedestrian") -> RoadObject:
    return RoadObject(id, cls, 0.0, 0.0, 0.0, 0.0)  # type: ignore[arg-type]


def test_a_frame_older_than_its_sources_last_is_counted_and_not_judged() -> None:
    engine = Engine(CITY, RULES)
    first, second = frame(1.0, car(), walker()), frame(1.1, car(), walker())
    assert engine.step([second]) == engine.step([first]) == []
    assert engine.counters()["late_frames"] == 1
    assert [d.rule for d in engine.step([frame(1.1, car(), walker())])] == ["near_miss"]
    assert engine.step([frame(0.5, car(), walker(), source="/device/other")]) == []
    assert engine.counters()["late_frames"] == 1


def test_in_a_row_means_frames_of_one_source() -> None:
    engine = Engine(CITY, RULES)
    both = [frame(n / 10, car(), walker(), source=f"/device/{n % 2}") for n in range(2)]
    assert engine.step(both) == [] and engine.step([frame(0.2, source="/device/0"), frame(0.3, car(), walker())]) == []


def test_one_and_text_one_are_two_tracks() -> None:
    engine = Engine(CITY, RULES)
    assert engine.step([frame(0, car(1), walker()), frame(0.1, car("1"), walker())]) == []
    (made,) = engine.step([frame(0.2, car("1"), walker())])
    assert made.evidence["vehicle"] == "1"


def test_a_crowd_bigger_than_every_buffer_is_judged_whole() -> None:
    people = [RoadObject(n, "child", n % 7 / 10, n / 100, 0.0, 0.0) for n in range(200)]
    cars = [RoadObject(f"v{n}", "bus", 0.0, -1.0 - n / 10, 0.0, 12.0) for n in range(30)]
    events = [frame(n / 10, *cars, *people) for n in range(8)]
    engine = Engine(CITY, RULES)
    found = engine.step(events)
    twin = Naive(CITY, RULES).step(events)
    assert len([d for d in found if d.rule == "near_miss"]) == 30 * 200
    assert sorted(map(told_of, found)) == sorted(twin)


def test_a_red_light_runner_needs_a_line_a_person_a_direction_and_a_fresh_signal() -> None:
    def run(site: str = "S0", signal_s: float = 0.0, back: bool = False, person: bool = True) -> list[str]:
        walk = Event("w", "/device/s", "city.road.signal", 0, "", RoadSignal(site, "red", "walk"), None, 0, 0)
        steps = [-3.0, -4.5] if back else [-4.5, -3.0]
        people = [RoadObject("p", "child", 3.0, 0.0, 0.0, 0.0)] if person else []
        frames = [frame(signal_s + n / 10, car(y=y, vy=0.0), *people, site=site) for n, y in enumerate(steps)]
        return [d.rule for d in Engine(CITY, RULES).step([walk, *frames])]

    assert run() == run(signal_s=4.9) == ["signal_violation_walk"]
    assert run(back=True) == run(person=False) == run(site="S1") == run(signal_s=5.0) == []


def test_speeds_that_no_vehicle_has_break_nothing() -> None:
    wild = RoadObject("w", "truck", 0.0, 0.0, 1e300, -1e300)
    events = [frame(n / 10, wild, car(), walker()) for n in range(3)]
    assert [d.evidence["vehicle"] for d in Engine(CITY, RULES).step(events)] == ["v"]
