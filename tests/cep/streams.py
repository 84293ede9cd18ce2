"""Random city life for comparing the engine with its slow twin: few names, round numbers, so that things happen."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from geo.features import Lane
from stream.schema import (
    US,
    CareAlarm,
    CareCall,
    CareReading,
    Context,
    DeviceStatus,
    Event,
    Place,
    RoadDetection,
    RoadFrame,
    RoadObject,
    RoadSignal,
    Signal,
    Sos,
    WelfareCase,
    WelfareContact,
)

CLASSES = ["vehicle", "bus", "truck", "motorcycle", "bicycle", "pedestrian", "child", "unknown"]
HALVES = st.integers(-12, 12).map(lambda n: n / 2)
SPEEDS = st.integers(-6, 6).map(lambda n: n * 2.0)
WORDS = ["", "죽고 싶다", "죽고 싶지 않다", "쌀이 없다", "전기요금"]


class PlainCity:
    """A city of one crossing: what the engine asks a city for, and nothing more."""

    digest = "plain"

    class Site:
        """Stop lines south and north of a crosswalk about the origin."""

        stop_lines = ((-4.0, -4.0, 4.0, -4.0), (-4.0, 4.0, 4.0, 4.0))
        crosswalk = ((-4.0, -2.0), (4.0, -2.0), (4.0, 2.0), (-4.0, 2.0))
        carriageway = ((-4.0, -20.0), (4.0, -20.0), (4.0, 20.0), (-4.0, 20.0))
        lanes = (Lane(0.0, ((0.0, -20.0), (4.0, -20.0), (4.0, 20.0), (0.0, 20.0))),)
        waiting = ()

    class Corner(Site):
        """The same with a place where people wait, and without a carriageway."""

        carriageway = None
        waiting = (((-8.0, -3.0), (-4.0, -3.0), (-4.0, 3.0), (-8.0, 3.0)),)

    class Zone:
        """A zone with a school."""

        school = "SC0"

    class Household:
        """The home of a person at risk."""

        risk = "high"

    sites = {"S0": Site(), "S2": Corner()}
    households = {"H0": Household()}
    zones = {"Z0": Zone()}

    sources: dict[str, Any] = {}

    def zone_at(self, lon: float, lat: float) -> None:
        """In no zone."""

    def place(self, subject: str) -> Place | None:
        """S0 lies in the zone of a school, S1 and the home H0 in the dong."""
        where = {"S0": {"site": "S0", "zone": "Z0"}, "S1": {"site": "S1"}, "H0": {"household": "H0"}, "D0": {}}
        return Place(127.0, 37.1, dong="D0", **where[subject]) if subject in where else None

    def parts(self, area: str) -> frozenset[str] | None:
        """What lies in an area: the ward W0 holds the dong."""
        if area == "W0":
            return frozenset({"W0", "D0"})
        return frozenset({area}) if self.place(area) else None

    def place_of(self, event: Event) -> Place | None:
        """A bus is in the school's zone, and a frame at its site."""
        on_road = event.type == "city.bus.position"
        return Place(127.0, 37.1, zone="Z0", dong="D0") if on_road else self.place(getattr(event.data, "site", ""))

    def limit_kph(self, site: str, at: int) -> float:
        """30, at one site 20 in every other minute."""
        return 20.0 if site == "S1" and at // (60 * US) % 2 else 30.0

    def at_school(self, site: str) -> bool:
        """The first crossing is a school's."""
        return site == "S0"

    def expected(self) -> dict[str, float]:
        """One radar each 2 s, one hub each 100 s."""
        return {"/device/r0": 2.0, "/device/h0": 100.0}


def objects() -> st.SearchStrategy[RoadObject]:
    """One object of a frame; ids as text and number, sizes given or not."""
    return st.builds(
        RoadObject,
        id=st.sampled_from([1, 2, 3, "1", "a"]),
        cls=st.sampled_from(CLASSES[:1] * 4 + CLASSES[-3:-1] * 3 + CLASSES),
        x=HALVES, y=HALVES, vx=SPEEDS, vy=SPEEDS,
        length=st.none() | st.sampled_from([0.0, 5.0]), width=st.none() | st.just(2.0),
    )  # fmt: skip


def data() -> st.SearchStrategy[tuple[str, str, Any]]:
    """(source, type, data) of one event."""
    home, site = st.sampled_from(["H0", "H1"]), st.sampled_from(["S0", "S1"])
    radar, hub = st.sampled_from(["/device/r0", "/device/r1"]), st.sampled_from(["/device/h0", "/device/h1"])
    frame = st.builds(RoadFrame, site, st.lists(objects(), max_size=5))
    signal = st.builds(RoadSignal, site, st.just("red"), st.sampled_from(["walk", "flashing", "stop"]))
    seen = st.builds(
        RoadDetection, site, st.sampled_from(["fall", "tamper", "crowd"]), conf=st.none() | st.sampled_from([0.4, 0.5])
    )
    sensors = st.sampled_from(["pir", "door", "bed", "water", "power", "steps", "phone", "temperature", "window"])
    where = st.sampled_from([None, "front", "kitchen"])
    reading = st.builds(CareReading, home, sensors, st.booleans() | st.sampled_from([0.0, 1.0, 2.0]), where)
    alarm = st.builds(CareAlarm, home, st.sampled_from(["fall", "fall", "smoke", "sos", "vital", "tamper"]))
    results = st.sampled_from(["answered", "no_answer", "no_answer", "distress"])
    call = st.builds(CareCall, home, results, st.integers(1, 4))
    signs = st.lists(st.builds(Signal, st.just("x"), st.sampled_from([0.1, 0.2, 0.7])), max_size=3)
    case = st.builds(
        WelfareCase, st.sampled_from(["C0", "C1", "H0"]), st.just("궐동"), st.just("citizen"), signs, st.none() | home,
        st.none() | st.sampled_from([10.0, 80.0]), st.sampled_from(WORDS),
    )  # fmt: skip
    outcome = st.sampled_from(["contacted", "unreachable", "closed"])
    contact = st.builds(WelfareContact, st.sampled_from(["C0", "C1"]), outcome, st.just("t"))
    weather = st.sampled_from(["heavy_rain", "heavy_snow", "fine_dust", "heatwave"])
    level, area = st.sampled_from(["none", "warning", "advisory"]), st.sampled_from(["S0", "D0", "Z0", "Osan"])
    span = st.sampled_from([None, "2026-02-25T15:20:00+09:00", "2026-02-26T00:00:00+09:00"])
    days = st.sampled_from(["holiday", "vacation", "school_day"])
    context = st.one_of(
        st.builds(Context, st.just("weather"), area, level, weather, span, span),
        st.builds(Context, st.just("calendar"), area, st.none() | st.just("none"), days, st.none(), span),
        st.builds(Context, st.sampled_from(["roadworks", "event"]), area, st.none() | level, st.none(), span, span),
    )
    rows = [
        (st.just("/system/context"), "context", context),
        (radar, "road.frame", frame), (radar, "road.frame", frame), (radar, "road.frame", frame),
        (radar, "road.signal", signal), (radar, "road.detection", seen), (hub, "care.reading", reading),
        (hub, "care.reading", reading), (hub, "care.alarm", alarm), (hub, "care.call", call),
        (st.just("/system/w"), "welfare.case", case), (st.just("/system/w"), "welfare.contact", contact),
        (hub, "sos", st.builds(Sos, st.just("U0"), st.just(127.0), st.just(37.1))),
        (hub, "device.status", st.builds(DeviceStatus, st.just("d"), st.just("online"))),
    ]  # fmt: skip
    return st.one_of([st.tuples(source, st.just(f"city.{type_}"), one) for source, type_, one in rows])


STEPS = st.sampled_from([0, 0, 100_000, 100_000, 100_000, 500_000, 1 * US, 3 * US, 5 * US, 30 * US, 60 * US, 3600 * US])
LONG = st.sampled_from([6 * 3600 * US, 12 * 3600 * US, 24 * 3600 * US, 40 * 86_400 * US])


@st.composite
def life(draw: st.DrawFn, most: int = 40) -> list[Event]:
    """Events in the order of their times."""
    t, events = 1_772_000_000 * US, []
    for n, (source, type_, one) in enumerate(draw(st.lists(data(), min_size=1, max_size=most))):
        t += draw(STEPS if draw(st.integers(0, 15)) else LONG)
        events.append(Event(str(n), source, type_, t, "", one, None, t, t))
    return events


@st.composite
def road(draw: st.DrawFn, most: int = 30) -> list[Event]:
    """Frames of one radar, close together, with now and then a signal: what pairs and stretches are made of."""
    t, events = 1_772_000_000 * US, []
    steps = st.sampled_from([0, 100_000, 100_000, 100_000, 100_000, 400_000, 2 * US, 3 * US, 30 * US])
    for n in range(draw(st.integers(1, most))):
        t += draw(steps)
        one: Any = RoadFrame("S0", draw(st.lists(objects(), max_size=4)))
        if not draw(st.integers(0, 6)):
            one = RoadSignal("S0", "red", draw(st.sampled_from(["walk", "flashing", "stop"])))
        type_ = "city.road.frame" if isinstance(one, RoadFrame) else "city.road.signal"
        events.append(Event(str(n), "/device/r0", type_, t, "", one, None, t, t))
    return events


@st.composite
def moving(draw: st.DrawFn, most: int = 40) -> list[Event]:
    """A vehicle and people who keep moving, drop out of frames, change their speed, and meet again."""
    t, events = 1_772_000_000 * US, []
    ids = ["v", "p", "c", "b"]
    classes = dict(zip(ids, ["vehicle", "pedestrian", "child", "bicycle"], strict=True))
    at = {id: [draw(HALVES), draw(st.integers(-24, 24)) / 2] for id in ids}
    speed = {id: [0.0, 0.0] for id in ids} | {"v": [0.0, 8.0]}
    for n in range(draw(st.integers(2, most))):
        dt = draw(st.sampled_from([0.1, 0.1, 0.1, 0.1, 0.25, 0.5, 2.9, 3.0]))
        t += round(dt * US)
        moved = draw(st.sampled_from([None, None, None, *ids]))
        if moved:
            speed[moved] = [draw(st.integers(-2, 2)) * 1.0, draw(st.sampled_from([-2.0, 0.0, 1.5, 5.0, 10.0, 12.0]))]
        for id in ids:
            at[id] = [a + b * min(dt, 0.5) for a, b in zip(at[id], speed[id], strict=True)]
        if abs(at["v"][1]) > 20:
            at["v"][1] = -15.0 if speed["v"][1] > 0 else 15.0
        there = [id for id in ids if draw(st.integers(0, 7))]
        objects = [RoadObject(id, classes[id], *at[id], *speed[id]) for id in there]  # type: ignore[arg-type]
        events.append(Event(str(n), "/device/r0", "city.road.frame", t, "", RoadFrame("S0", objects), None, t, t))
    return events


@st.composite
def home(draw: st.DrawFn, most: int = 30) -> list[Event]:
    """One home for some days: doors, motion, long silences, a fall now and then."""
    t, events = 1_772_000_000 * US, []
    steps = [0, 1, 10, 59, 60, 61, 3600, 43_199, 43_200, 43_201, 86_399, 86_400, 86_401]
    for n in range(draw(st.integers(1, most))):
        t += draw(st.sampled_from(steps)) * US
        sensor, where = draw(st.sampled_from([("door", "front"), ("door", "front"), ("pir", None), ("power", None)]))
        one: Any = CareReading("H0", sensor, draw(st.booleans()), where)
        if not draw(st.integers(0, 5)):
            one = CareAlarm("H0", "fall")
        type_ = "city.care.alarm" if isinstance(one, CareAlarm) else "city.care.reading"
        events.append(Event(str(n), "/device/h1", type_, t, "", one, None, t, t))
    return events


@st.composite
def weeks(draw: st.DrawFn) -> list[Event]:
    """A home that is learned: three weeks of habit, kept loosely, then days in which anything may happen."""
    events: list[Event] = []
    start = 1_772_000_000 * US
    ways = [("pir", "living"), ("pir", "kitchen"), ("door", "front"), ("power", "kitchen"), ("fridge", None)]

    def say(t: int, one: Any, source: str, late: int = 0) -> None:
        type_ = "city.care.reading" if isinstance(one, CareReading) else "city.device.status"
        events.append(Event(str(len(events)), source, type_, t, "", one, None, t + late, t))

    hours = draw(st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True))
    hub = draw(st.sampled_from(["/device/h0", "/device/h1"]))
    for day in range(draw(st.sampled_from([16, 23]))):
        for hour in sorted(hours):
            t = start + (day * 24 + hour) * 3600 * US + draw(st.integers(0, 50)) * 60 * US
            sensor, where = ways[(day + hour) % 2]
            say(t, CareReading("H0", sensor, True, where), hub)
    t = events[-1].at
    for _ in range(draw(st.integers(1, 15))):
        t += draw(st.sampled_from([60, 1800, 1801, 3600, 4 * 3600, 9 * 3600, 12 * 3600, 36 * 3600])) * US
        sensor, where = draw(st.sampled_from(ways))
        status = DeviceStatus("d", draw(st.sampled_from(["online", "offline"])))
        reading = CareReading("H0", sensor, draw(st.booleans()), where)
        if not draw(st.integers(0, 3)):
            pulse = CareReading("H0", "heart_rate", draw(st.sampled_from([60.0, 64.0, 135.0])))
            meter = CareReading("H0", "power", float(len(events) // 3), "meter", "kWh")
            reading = draw(st.sampled_from([pulse, meter]))
        late = draw(st.sampled_from([0, 0, 0, 600 * US]))
        say(t, draw(st.sampled_from([reading, reading, reading, status])), hub, late)
    return events


@st.composite
def cut(draw: st.DrawFn, events: list[Event]) -> list[list[Event]]:
    """The same events in arbitrary batches."""
    batches, rest = [], list(events)
    while rest:
        n = draw(st.integers(1, len(rest)))
        batches.append(rest[:n])
        rest = rest[n:]
    return batches
