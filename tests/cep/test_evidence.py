"""What a detection says: ids, numbers and codes; never a text, never a caller's exact place."""

from typing import Any

from cep.engine import Engine
from cep.rules import load_rules
from geo.frame import cell
from stream.schema import (
    US,
    CareCall,
    CareReading,
    Detection,
    Event,
    RoadDetection,
    RoadFrame,
    RoadObject,
    RoadSignal,
    Signal,
    Sos,
    WelfareCase,
)
from tests.cep.streams import PlainCity

SECRET = "죽고 싶다고 하십니다 010-1234-5678"


def found(*steps: tuple[float, str, Any], end: float | None = None) -> dict[str, Detection]:
    """Detections by rule, of events (seconds, type, data)."""
    engine = Engine(PlainCity(), load_rules())
    events = []
    for n, (s, type_, data) in enumerate(steps):
        at = round(s * US)
        events.append(Event(str(n), "/device/d", f"city.{type_}", at, "", data, None, at, at))
    detections = engine.step(events) + (engine.step([], round(end * US)) if end else [])
    return {d.rule: d for d in detections}


def frame(y: float, vy: float, walker: tuple[float, float] = (0.0, 0.0)) -> RoadFrame:
    car = RoadObject("v", "vehicle", 0.0, y, 0.0, vy)
    return RoadFrame("S0", [car, RoadObject(7, "child", *walker, 0.0, 0.0)])


def test_a_pair_carries_both_ids_the_time_and_the_place() -> None:
    made = found((0, "road.frame", frame(-12, 10)), (0.1, "road.frame", frame(-11, 10)))["near_miss"]
    assert made.evidence == {
        "vehicle": "v", "person": 7, "ttc_s": 0.845, "person_class": "child", "speed_kph": 36.0, "x": 0.0, "y": -11.0,
        "source": "/device/d",
    }  # fmt: skip
    assert (made.subject, made.severity.name, made.version) == ("S0", "severe", 1)


def test_speed_says_the_most_and_the_limit() -> None:
    made = found(*[(n / 10, "road.frame", frame(-50 + n, 10 + n, (30, 30))) for n in range(6)])["speeding"]
    assert made.evidence == {
        "vehicle": "v", "speed_kph": 54.0, "limit_kph": 30.0, "x": 0.0, "y": -45.0, "source": "/device/d"
    }  # fmt: skip
    near = found(*[(n / 10, "road.frame", frame(-20 + n, 10, (8, -8))) for n in range(6)])["speeding_with_child"]
    assert near.evidence["person"] == 7 and near.evidence["distance_m"] == 10.63 and near.severity.name == "severe"


def test_a_stop_line_crossed_says_the_signal() -> None:
    made = found(
        (0, "road.signal", RoadSignal("S0", "red", "flashing")), (0.1, "road.frame", frame(-5, 10)),
        (0.2, "road.frame", frame(-3.5, 10)),
    )["signal_violation_walk"]  # fmt: skip
    assert (made.evidence["vehicle"], made.evidence["person"], made.evidence["signal"]) == ("v", 7, "flashing")


def test_a_report_says_what_the_device_said() -> None:
    data = RoadDetection("S0", "fall", 1.5, 2.0, "k", conf=0.9, snapshot="clip://1")
    made = found((0, "road.detection", data))["reported"]
    assert made.evidence == {"what": "fall", "conf": 0.9, "object": "k", "x": 1.5, "y": 2.0, "source": "/device/d"}


def test_a_case_says_its_numbers_and_classes_but_no_word_of_its_text() -> None:
    data = WelfareCase("C1", "궐동", "citizen", [Signal("arrears", 0.4)], "H1", 85.0, SECRET)
    told = found((0, "welfare.case", data), end=25 * 3600)
    assert told["welfare_urgent"].evidence == {
        "case": "C1", "channel": "citizen", "dong": "궐동", "weight": 0.4, "risk": 85.0, "signals": ["arrears"],
        "words": ["self_harm"], "source": "/device/d",
    }  # fmt: skip
    late = told["welfare_contact_overdue"]
    assert (late.subject, late.evidence) == ("H1", {"waited_s": 86_400.0, "case": "C1", "dong": "궐동"})
    assert not any(word in str(told) for word in SECRET.split())


def test_a_caller_is_known_by_the_cell_only() -> None:
    made = found((0, "sos", Sos("U1", 127.0712345, 37.1456789, 3.0)))["sos"]
    lon, lat = cell(127.0712345, 37.1456789)
    assert (made.subject, made.evidence) == ("U1", {"lon": lon, "lat": lat, "source": "/device/d"})
    assert abs(lon - 127.0712345) > 1e-5 or abs(lat - 37.1456789) > 1e-5


def test_calls_and_silences_say_their_numbers() -> None:
    call = found((0, "care.call", CareCall("H1", "no_answer", 3)))["safety_call_unanswered"]
    assert call.evidence == {"result": "no_answer", "attempt": 3, "source": "/device/d"}
    quiet = found((5, "care.reading", CareReading("H1", "pir", True)), end=50_000)["inactivity"]
    assert (quiet.at, quiet.evidence) == (43_205 * US, {"waited_s": 43_200.0})


def test_a_letter_of_50_000_characters_is_read_to_its_end_and_its_home_need_not_be_known() -> None:
    text = "\U0001f62d \u202e관리비가 밀렸어요 " * 4200 + "며칠째 굶고 있어요"
    data = WelfareCase("C1", "궐동", "citizen", [Signal("zzz", 0.1)], "H-nobody", text=text)
    told = found((0, "welfare.case", data))["welfare_urgent"]
    assert len(text) > 50_000 and told.subject == "H-nobody"
    assert (told.evidence["words"], told.evidence["signals"]) == (["starvation"], ["zzz"])
