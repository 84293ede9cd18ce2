"""Events as rows of columns: subjects, cases, sensors, objects, limits."""

import math

from cep.codes import KINDS
from cep.encode import MAX_OBJECTS, OBJECT, ROW, TELL, URGENT, Encoder
from cep.follow import compile_follow
from cep.memory import Memory
from cep.rules import load_rules
from cep.table import compile_rules
from cep.urgent import _words
from connectors.decode import decode
from stream.schema import COLUMNS, DATA, OBJECT_COLUMNS, CareReading, Event, RoadFrame, RoadObject, Signal, WelfareCase
from tests.cep.streams import PlainCity
from tests.connectors.wire import NOW, packed, wire


def encoder() -> Encoder:
    rules = load_rules()
    return Encoder(Memory(PlainCity(), compile_rules(rules), compile_follow(rules)), PlainCity().limit_kph)


def event(type_: str, data: object, n: int = 0, source: str = "/device/d") -> Event:
    return Event(str(n), source, type_, n, "", data, None, n, n)


def test_every_type_of_the_contract_has_a_row() -> None:
    assert set(TELL) == set(DATA)
    events = [decode(packed(wire(type_)), NOW)[0][0] for type_ in DATA]
    one = encoder()
    rows, objects = one.encode(events)
    names = one.memory.entities.names
    assert all(KINDS[row["kind"]].startswith(e.type[5:]) for row, e in zip(rows, events, strict=True))
    subjects = dict(zip(DATA, (names[row["subject"]] for row in rows), strict=True))
    assert subjects == {
        "city.road.frame": "S1", "city.road.signal": "S1", "city.road.detection": "S1", "city.care.reading": "H1",
        "city.care.alarm": "H1", "city.care.call": "H1", "city.welfare.case": "C1", "city.welfare.contact": "C1",
        "city.sos": "U1", "city.bus.position": "/device/d1", "city.context": "/device/d1",
        "city.device.status": "/device/d1", "city.agency.update": "/device/d1",
    }  # fmt: skip
    assert len(objects) == 1 and rows.dtype == ROW and objects.dtype == OBJECT


def test_the_columns_are_those_of_the_schema() -> None:
    assert ROW.names == tuple(COLUMNS) and OBJECT.names == tuple(OBJECT_COLUMNS)


def test_a_case_carries_its_household_its_weights_and_its_words() -> None:
    signs = [Signal("a", 0.7), Signal("b", 0.2), Signal("c", 0.1)]
    case = WelfareCase("C9", "궐동", "citizen", signs, "H9", 55.0, "굶고 있고 죽고 싶어요")
    one = encoder()
    rows, _ = one.encode([event("city.welfare.case", case)])
    names = one.memory.entities.names
    assert (names[rows[0]["subject"]], names[rows[0]["key"]]) == ("H9", "C9")
    assert (rows[0]["value"], rows[0]["conf"]) == (55.0, 1.0)
    assert rows[0]["flag"] == 1 << URGENT.index("self_harm") | 1 << URGENT.index("starvation")
    assert one.memory.dong_of(rows[0]["key"]) == "궐동"
    assert tuple(_words().classes) == URGENT


def test_absurd_weights_are_a_number_still() -> None:
    case = WelfareCase("C9", "궐동", "citizen", [Signal("a", 1e308)] * 30, None, 1e308)
    rows, _ = encoder().encode([event("city.welfare.case", case)])
    assert rows[0]["conf"] == 3e7


def test_sensors_are_told_apart_by_home_sort_and_place() -> None:
    readings = [("H0", "door", "front"), ("H0", "door", None), ("H1", "door", "front"), ("H0", "door", "front")]
    data = [CareReading(home, sensor, n == 3, where) for n, (home, sensor, where) in enumerate(readings)]  # type: ignore[arg-type]
    rows, _ = encoder().encode([event("city.care.reading", one) for one in data])
    assert rows["sensor"].tolist() == [0, 1, 2, 0] and rows["value"].tolist() == [0, 0, 0, 1]
    assert math.isnan(rows[0]["conf"])


def test_frames_point_at_their_objects_and_carry_the_limit() -> None:
    def frame(site: str, ids: list[int | str]) -> RoadFrame:
        return RoadFrame(site, [RoadObject(id, "bus", 1, 2, 3, 4, length=9) for id in ids])

    minute = 60_000_000
    events = [
        event("city.road.frame", frame("S0", [1, "1"]), 0, "/device/a"),
        event("city.road.frame", frame("S1", [1]), minute, "/device/b"),
        event("city.road.frame", frame("S0", ["1", 1]), 3 * minute, "/device/a"),
    ]
    rows, objects = encoder().encode(events)
    assert [(int(r["first"]), int(r["n"])) for r in rows] == [(0, 2), (2, 1), (3, 2)]
    assert rows["value"].tolist() == [30.0, 20.0, 30.0]
    assert objects["track"].tolist() == [0, 1, 2, 1, 0]
    assert (objects["length"].tolist(), objects["width"].tolist()) == ([9.0] * 5, [0.0] * 5)


def test_a_hostile_frame_is_judged_by_its_first_objects() -> None:
    many = [RoadObject(n, "vehicle", 0, 0, 0, 0) for n in range(5000)]
    rows, objects = encoder().encode([event("city.road.frame", RoadFrame("S", many))])
    assert rows[0]["n"] == len(objects) == MAX_OBJECTS


def test_nothing_is_nothing() -> None:
    rows, objects = encoder().encode([])
    assert len(rows) == len(objects) == 0
