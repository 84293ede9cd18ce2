"""Frigate: an object is one happening however often it is told; nothing is raised that is not one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frigate import Frigate
from connectors.native import Device, Format
from stream.schema import US
from tests.connectors.native_ways import NOW, anything, facts, hear, samples

ROAD = Device(
    "SZ-1",
    zones={
        "carriageway": {"person": "jaywalking"},
        "no_stopping": {"car": "illegal_parking"},
        "gate": {"person": "loitering"},
    },
    limits={"carriageway": 30.0},
)
CAMERAS = Format(devices={"cam-a": ROAD, "cam-b": ROAD})


@pytest.fixture
def frigate() -> Frigate:
    return Frigate(CAMERAS)


def seen(id_: str = "1700.5-abc", zones: tuple[str, ...] = ("carriageway",), **more: Any) -> dict[str, Any]:
    """An update on one object, in Frigate's shape."""
    after = {
        "id": id_, "camera": "cam-a", "label": "person", "frame_time": NOW / US + 0.25, "start_time": NOW / US,
        "end_time": None, "false_positive": False, "score": 0.81, "current_zones": list(zones), "stationary": False,
        "entered_zones": list(zones), "current_estimated_speed": 0, "has_snapshot": True, "sub_label": ["Kim", 0.9],
        "recognized_license_plate": "12가3456",
    }  # fmt: skip
    return {"type": "update", "before": {}, "after": after | more}


def group(*ids: str, **more: Any) -> dict[str, Any]:
    data = {
        "detections": list(ids),
        "objects": ["person"],
        "sub_labels": ["Kim"],
        "zones": ["carriageway"],
        "audio": [],
    }
    after = {
        "id": "r-1",
        "camera": "cam-a",
        "start_time": NOW / US,
        "end_time": None,
        "severity": "alert",
        "data": data,
    }
    return {"type": "new", "before": {}, "after": after | more}


def test_an_object_is_one_however_many_updates_tell_of_it(frigate: Frigate) -> None:
    events, _ = hear(frigate, "frigate/events", seen())
    assert facts(events) == [("detection", "jaywalking")]
    event = events[0]
    assert (event.source, event.data.site, event.time) == ("/device/frigate/cam-a", "SZ-1", NOW + 250_000)
    assert (event.data.conf, event.data.snapshot) == (0.81, "frigate:1700.5-abc")
    changes: tuple[dict[str, Any], ...] = ({}, {"score": 0.9}, {"end_time": NOW / US + 9})
    for more in changes:
        assert facts(hear(frigate, "frigate/events", seen(**more))[0]) == []
    assert facts(hear(frigate, "frigate/events", seen("other"))[0]) == [("detection", "jaywalking")]


def test_a_dog_is_nobody(frigate: Frigate) -> None:
    assert facts(hear(frigate, "frigate/events", seen(label="dog"))[0]) == []


def test_people_are_not_read(frigate: Frigate) -> None:
    event = hear(frigate, "frigate/events", seen())[0][0]
    assert "Kim" not in repr(event) and "3456" not in repr(event)
    for topic in ("frigate/tracked_object_update", "frigate/triggers", "frigate/face"):
        assert hear(frigate, topic, {"type": "face", "name": "Kim"}) == ([], [])


def test_a_false_positive_raises_nothing(frigate: Frigate) -> None:
    assert facts(hear(frigate, "frigate/events", seen(false_positive=True))[0]) == []


def test_zones_that_were_entered_are_not_zones_of_now(frigate: Frigate) -> None:
    assert facts(hear(frigate, "frigate/events", seen(zones=(), entered_zones=["carriageway"]))[0]) == []


def test_a_car_is_parked_only_when_it_stands_and_once_in_three_days(frigate: Frigate) -> None:
    passing = seen("car", ("no_stopping",), label="car")
    assert facts(hear(frigate, "frigate/events", passing)[0]) == []
    told = [
        facts(hear(frigate, "frigate/events", seen("car", ("no_stopping",), label="car", stationary=True))[0])
        for _ in range(500)
    ]
    assert told[0] == [("detection", "illegal_parking")] and not any(told[1:])


@pytest.mark.parametrize(("unit", "speed", "kph"), [
    ("kph", 45, 45.0), ("mph", 25, 40.2), ("kph", 28, None), ("mph", 18, None), ("kph", 0, None), ("kph", None, None),
])  # fmt: skip
def test_speed_is_in_the_unit_of_the_installation_and_0_is_not_known(unit: str, speed: Any, kph: float | None) -> None:
    frigate = Frigate(Format(speed_unit=unit, devices=CAMERAS.devices))
    events, _ = hear(frigate, "frigate/events", seen(label="car", current_estimated_speed=speed))
    assert [(e.data.what, e.data.speed_kph, e.data.limit_kph) for e in events] == (
        [("speed_violation", kph, 30.0)] if kph else []
    )


def test_a_review_of_what_was_told_is_the_same_happening(frigate: Frigate) -> None:
    hear(frigate, "frigate/events", seen("o1"))
    assert facts(hear(frigate, "frigate/reviews", group("o1", "o2"))[0]) == []
    assert facts(hear(frigate, "frigate/events", seen("o2"))[0]) == [], "and what the review groups is told with it"


def test_a_review_of_something_new_is_told_once_and_its_objects_with_it(frigate: Frigate) -> None:
    assert facts(hear(frigate, "frigate/reviews", group("o3"))[0]) == [("detection", "jaywalking")]
    assert facts(hear(frigate, "frigate/reviews", group("o3"))[0]) == []
    assert facts(hear(frigate, "frigate/events", seen("o3"))[0]) == []
    assert facts(hear(frigate, "frigate/reviews", group("o9", id="r-2", severity="detection"))[0]) == []


def test_a_camera_that_nobody_named_and_an_empty_message_say_nothing(frigate: Frigate) -> None:
    assert hear(frigate, "frigate/events", seen(camera="attic")) == ([], [])
    assert hear(frigate, "frigate/events", b"") == ([], [])


@pytest.mark.parametrize("junk", [b"{", b"[]", b"{}", b'{"after": 5}', b'{"after": {"id": 7}}'])
def test_junk_is_put_aside(frigate: Frigate, junk: bytes) -> None:
    assert [q.raw for q in hear(frigate, "frigate/events", junk)[1]] == [junk]


@given(st.sampled_from(list(seen()["after"])), anything, st.sampled_from(["events", "reviews"]))
def test_whatever_stands_in_a_field_it_is_read_or_put_aside(field: str, value: Any, topic: str) -> None:
    hear(Frigate(CAMERAS), f"frigate/{topic}", seen(**{field: value}))
    hear(Frigate(CAMERAS), "frigate/reviews", group("o", **({field: value} | {"camera": "cam-a"})))


def test_the_makers_own_examples(shared: Path) -> None:
    rows = samples(shared / "formats" / "frigate.jsonl")
    home = {"person": "loitering", "car": "loitering"}
    door = Device("SZ-1", zones={"driveway": home, "yard": home, "front_yard": home})
    frigate = Frigate(Format(devices={"front_door": door, "front_cam": door}))
    told = [(row["topic"], facts(hear(frigate, row["topic"], row["payload"])[0])) for row in rows]
    assert [t for t, found in told if found] == ["frigate/events", "frigate/reviews"]
    assert all(found == [("detection", "loitering")] for _, found in told if found)
