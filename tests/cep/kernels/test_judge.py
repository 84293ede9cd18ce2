"""One call a batch says the same when it has to stop for want of room and is gone on with."""

import numpy as np

from cep.engine import Engine
from cep.looks import found_room
from cep.rules import load_rules
from cep.state import FOUND
from stream.schema import US, CareAlarm, CareReading, Detection, Event, RoadDetection
from tests.cep.streams import PlainCity

DAY = 86_400 * US
RULES = load_rules()


def busy() -> list[Event]:
    """Homes that fall silent, alarms, and fast cars before people at the same sites."""
    events = []
    for n in range(120):
        site, home, t = f"S{n % 3}", f"H{n % 40}", n * US // 2
        events += [
            ("city.road.detection", RoadDetection(site, "speed_violation", speed_kph=60.0), t),
            ("city.care.reading", CareReading(home, "pir", True), t + 1),
            ("city.road.detection", RoadDetection(site, "jaywalking"), t + 2),
            ("city.care.alarm", CareAlarm(home, "fall"), t + 3),
        ]
    return [Event(str(n), "/device/d", type_, t, "", one, None, t, t) for n, (type_, one, t) in enumerate(events)]


def told(events: list[Event], cramped: bool) -> list[Detection]:
    engine = Engine(PlainCity(), RULES)
    if cramped:
        least = sum(map(len, (engine.arrays.visits, engine.arrays.silences, engine.arrays.rhythms))) + 1
        engine._out = np.zeros(least, FOUND)
        engine._room = engine._room._replace(**found_room(least))
    return engine.step(events) + engine.step([], 2 * DAY)


def test_with_little_room_the_same_is_told_in_the_same_order() -> None:
    events = busy()
    plenty = told(events, cramped=False)
    assert {"inactivity", "fall_reported", "no_motion_after_fall", "speeding_then_jaywalking"} <= {
        d.rule for d in plenty
    }
    assert told(events, cramped=True) == plenty


def test_what_follows_stands_between_what_single_events_told() -> None:
    rows = {event.at for event in busy()}
    at = [d.at for d in told(busy(), cramped=False) if d.at in rows and d.rule != "chattering"]
    assert at == sorted(at) and len(at) > 200


def test_a_heap_that_grows_makes_no_more_room_for_detections() -> None:
    engine = Engine(PlainCity(), RULES)
    before = len(engine._out)
    for n in range(0, 3000, 1000):
        homes = [CareReading(f"H{n + k}", "pir", True) for k in range(1000)]
        engine.step([Event(str(k), "/device/d", "city.care.reading", n, "", one, None, n, n)
                     for k, one in enumerate(homes)])  # fmt: skip
    assert len(engine.memory.care.timers) > 3000 and len(engine._out) == before
