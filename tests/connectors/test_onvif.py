"""ONVIF over MQTT: the topic says what, the rule's name says what it means; cameras' slips are survived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.native import Device, Format
from connectors.onvif import Onvif
from stream.clock import parse_rfc3339
from stream.schema import US
from tests.connectors.native_ways import NOW, anything, facts, hear, samples

GATE = Device("SZ-1", rules={"Fence1": "jaywalking", "Field1": "loitering"})
CAMERAS = Format(devices={"city/cam-1": GATE})
LINE = "city/cam-1/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/Fence1"
FIELD = "city/cam-1/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&1/2/Field1"
TAMPER = "city/cam-1/onvif-ej/RuleEngine/TamperDetector/Tamper/&1/2/T"


@pytest.fixture
def onvif() -> Onvif:
    return Onvif(CAMERAS)


def body(rule: str = "Fence1", at: str = "2026-11-23T07:59:59.500Z", **data: Any) -> dict[str, Any]:
    source = {"VideoSource": "1", "AnalyticsConfiguration": "2", "Rule": rule}
    return {"UtcTime": at, "Source": source, "Data": data or {"ObjectId": "15"}}


def test_a_crossed_line_means_what_its_rule_is_called(onvif: Onvif) -> None:
    assert onvif.topics == ("city/cam-1/onvif-ej/#",)
    events, _ = hear(onvif, LINE, body())
    assert facts(events) == [("detection", "jaywalking")]
    event = events[0]
    assert (event.source, event.data.site, event.data.object) == ("/device/onvif/city/cam-1", "SZ-1", "15")
    assert event.time == parse_rfc3339("2026-11-23T16:59:59.500+09:00") and event.marks == ()
    assert facts(hear(onvif, LINE, body("Unheard"))[0]) == [], "a rule that nobody explained means nothing"


def test_each_crossing_is_one_and_the_same_message_again_is_the_same(onvif: Onvif) -> None:
    ids = [hear(onvif, LINE, body(at=f"2026-11-23T07:59:5{n}Z"))[0][0].id for n in (1, 2, 2)]
    assert ids[0] != ids[1] == ids[2]


def test_a_field_that_is_occupied_is_told_when_it_begins_also_in_texts(onvif: Onvif) -> None:
    told = [
        facts(hear(onvif, FIELD, body("Field1", IsInside=inside))[0]) for inside in ("true", True, "false", "1", "true")
    ]
    assert told == [[("detection", "loitering")], [], [], [("detection", "loitering")], []]


def test_tampering_is_the_health_of_the_device(onvif: Onvif) -> None:
    assert facts(hear(onvif, TAMPER, body("T", IsTamper="true"))[0]) == [("detection", "tamper")]
    for path in ("VideoSource/GlobalSceneChange/ImagingService/&1", "VideoSource/ImageTooDark/ImagingService/&1"):
        assert facts(hear(onvif, f"city/cam-1/onvif-ej/{path}", body("x", State=True))[0]) == [("detection", "tamper")]
        assert facts(hear(onvif, f"city/cam-1/onvif-ej/{path}", body("x", State=False))[0]) == []


def test_motion_frames_and_temperatures_raise_nothing(onvif: Onvif) -> None:
    for path in (
        "onvif-ej/VideoSource/MotionAlarm/&1",
        "onvif-mj/VideoAnalytics/1/C",
        "onvif-ej/Device/Sensor/Temperature/High",
    ):
        assert hear(onvif, f"city/cam-1/{path}", body(State=True)) == ([], [])
    assert hear(onvif, "other/onvif-ej/RuleEngine/LineDetector/Crossed/&1", body()) == ([], [])


def test_an_empty_message_is_a_heartbeat(onvif: Onvif) -> None:
    assert hear(onvif, LINE, b"") == hear(onvif, LINE, b" \n") == ([], [])


@pytest.mark.parametrize("at", ["2026-11-23T00:61:16Z", "yesterday", "", 5, None, "2026-11-23T07:59:59"])
def test_a_time_that_cannot_be_does_not_lose_the_event(onvif: Onvif, at: Any) -> None:
    events, aside = hear(onvif, LINE, body(at=at))
    assert not aside and events[0].time == NOW and events[0].marks == ("clock_suspect",)


def test_a_clock_that_is_off_is_marked_and_judged_on_arrival(onvif: Onvif) -> None:
    events, _ = hear(onvif, LINE, body(at="2008-10-10T12:24:57.321Z"))
    assert events[0].marks == ("clock_suspect",) and events[0].at == NOW


def test_a_crossing_that_the_broker_kept_is_not_of_now(onvif: Onvif) -> None:
    assert hear(onvif, LINE, body(), retained=True) == ([], [])
    assert facts(hear(onvif, TAMPER, body("T", IsTamper=True), NOW + US, retained=True)[0]) == [("detection", "tamper")]


@pytest.mark.parametrize(
    "junk", [b'{\n "UtcTime": "2026-11-23T07:59:59Z\n "Source": {}}', b"[]", b'{"Data": 5}', b'{"Source": []}']
)
def test_broken_json_of_a_camera_is_put_aside_and_the_next_is_heard(onvif: Onvif, junk: bytes) -> None:
    assert [q.raw for q in hear(onvif, LINE, junk)[1]] == [junk]
    assert len(hear(onvif, LINE, body())[0]) == 1


@given(st.sampled_from([LINE, FIELD, TAMPER]), st.sampled_from(["UtcTime", "Source", "Data"]), anything)
def test_whatever_stands_in_a_field_it_is_read_or_put_aside(topic: str, field: str, value: Any) -> None:
    hear(Onvif(CAMERAS), topic, body() | {field: value})
    hear(Onvif(CAMERAS), topic, body(IsInside=value, IsTamper=value, ObjectId=value))


def test_the_standards_own_examples(shared: Path) -> None:
    onvif = Onvif(Format(devices={"MyDevice": Device("SZ-1", rules={"MyImportantFence1": "jaywalking"})}))
    told = [  # the row without a topic is no event at all, but the answer to a request for credentials
        ((row["topic"] or "MyDevice/onvif-ej/credentials").rsplit("/", 1), row["raw"].encode())
        for row in samples(shared / "formats" / "onvif.jsonl")
    ]
    found = [(name, *hear(onvif, f"{path}/{name}", raw)) for (path, name), raw in told]
    assert [name for name, events, _ in found if events] == ["MyImportantFence1"]
    assert [name for name, _, aside in found if aside] == ["credentials", "MyImportantFence2"]
