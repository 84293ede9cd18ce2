"""zigbee2mqtt: the traps of its messages, one by one, and the recorded tables of what devices send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.native import Device, Format
from connectors.zigbee import Zigbee
from stream.schema import US
from tests.connectors.native_ways import NOW, anything, facts, hear, samples

HOME = Format(
    devices={
        "현관문": Device("HH-1", location="front"),
        "거실/창문 1": Device("HH-1", location="living", sensor="window"),
        "침대": Device("HH-1", sensor="bed"),
    }
)


@pytest.fixture
def zigbee() -> Zigbee:
    return Zigbee(HOME)


def test_contact_true_is_closed_and_absent_says_nothing(zigbee: Zigbee) -> None:
    opened, _ = hear(zigbee, "zigbee2mqtt/현관문", {"contact": False, "linkquality": 90})
    assert facts(opened) == [("door", True)]
    assert (opened[0].data.household, opened[0].data.location) == ("HH-1", "front")
    assert facts(hear(zigbee, "zigbee2mqtt/현관문", {"contact": True})[0]) == [("door", False)]
    only_battery, _ = hear(zigbee, "zigbee2mqtt/현관문", {"battery": 96, "linkquality": 90})
    assert facts(only_battery) == [] and [e.type for e in only_battery] == ["city.device.status"]


def test_names_are_peoples_own_words(zigbee: Zigbee) -> None:
    events, aside = hear(zigbee, "zigbee2mqtt/거실/창문 1", {"contact": False})
    assert not aside and facts(events) == [("window", True)]
    assert events[0].source == "/device/zigbee/거실/창문 1"
    unknown, _ = hear(zigbee, "zigbee2mqtt/새 기기", {"smoke": True})
    assert facts(unknown) == [("alarm", "smoke")] and unknown[0].data.household == "새 기기", (
        "unknown is no reason to refuse"
    )


@pytest.mark.parametrize("press", [{"action": "emergency"}, {"action": "panic"}, {"action": "sos"}, {"sos": True}])
def test_a_press_is_an_sos_and_the_empty_action_after_it_is_none(zigbee: Zigbee, press: dict[str, Any]) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/비상벨", press)[0]) == [("alarm", "sos")]
    for after in ({"action": ""}, {"action": None}, {"sos": False}):
        assert facts(hear(zigbee, "zigbee2mqtt/비상벨", after)[0]) == []
    assert facts(hear(zigbee, "zigbee2mqtt/비상벨", press, NOW + US)[0]) == [("alarm", "sos")], "pressed again"


@pytest.mark.parametrize("action", ["disarm", "arm_all_zones", "exit_delay", "identify", "entry_delay", 5, ["sos"]])
def test_other_actions_of_a_fob_are_none(zigbee: Zigbee, action: Any) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/리모컨", {"action": action})[0]) == []


def test_a_press_that_the_broker_kept_is_not_a_press_of_now(zigbee: Zigbee) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/비상벨", {"action": "sos"}, retained=True)[0]) == []
    assert facts(hear(zigbee, "zigbee2mqtt/부엌", {"smoke": True}, retained=True)[0]) == [("alarm", "smoke")]


@pytest.mark.parametrize(
    "fall", [{"fall_status": "fall_detected"}, {"fall_down_status": "fall"}, {"status": "fall_detected"}]
)
def test_a_fall_in_each_of_its_three_fields(zigbee: Zigbee, fall: dict[str, Any]) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/침실", fall)[0]) == [("alarm", "fall")]
    assert facts(hear(zigbee, "zigbee2mqtt/침실", fall)[0]) == [], "while it lasts it is one"
    field = next(iter(fall))
    assert facts(hear(zigbee, "zigbee2mqtt/침실", {field: None})[0]) == []
    assert facts(hear(zigbee, "zigbee2mqtt/침실", fall)[0]) == [], "null says nothing, so it still lasts"
    hear(zigbee, "zigbee2mqtt/침실", {field: "none"})
    assert facts(hear(zigbee, "zigbee2mqtt/침실", fall)[0]) == [("alarm", "fall")]


def test_a_sensor_that_fell_off_the_door_is_nobody(zigbee: Zigbee) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/창문", {"contact": True, "fall_detection": True})[0]) == [("door", False)]
    assert facts(hear(zigbee, "zigbee2mqtt/손잡이", {"status": "open"})[0]) == []


@pytest.mark.parametrize("field", ["smoke", "gas", "carbon_monoxide"])
def test_the_test_button_is_no_fire(zigbee: Zigbee, field: str) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/부엌", {field: True, "test": True})[0]) == []
    assert len(facts(hear(zigbee, "zigbee2mqtt/부엌", {field: True, "test": False})[0])) == 1
    assert facts(hear(zigbee, "zigbee2mqtt/부엌", {field: True, "test": False})[0]) == [], "repeated it is one fire"


def test_co_as_a_word_or_as_a_number(zigbee: Zigbee) -> None:
    assert facts(hear(zigbee, "zigbee2mqtt/보일러", {"carbon_monoxide": "ON", "co": 85})[0]) == [("alarm", "co")]
    assert facts(hear(zigbee, "zigbee2mqtt/방", {"co": 12})[0]) == []
    assert facts(hear(zigbee, "zigbee2mqtt/방", {"co": 70})[0]) == [("alarm", "co")]
    assert facts(hear(zigbee, "zigbee2mqtt/숫자", {"carbon_monoxide": False, "co": 70})[0]) == [], "its own word counts"


def test_a_radar_that_says_both_is_one_reading(zigbee: Zigbee) -> None:
    both, _ = hear(zigbee, "zigbee2mqtt/침대", {"presence": True, "occupancy": True, "motion_speed": 3})
    assert facts(both) == [("bed", True)]
    assert facts(hear(zigbee, "zigbee2mqtt/거실", {"occupancy": False, "temperature": 21.5})[0]) == [
        ("pir", False), ("temperature", 21.5)]  # fmt: skip


def test_tamper_and_battery_ride_along_and_are_told_once(zigbee: Zigbee) -> None:
    first, _ = hear(
        zigbee, "zigbee2mqtt/현관문", {"contact": True, "tamper": True, "battery": 50, "battery_low": False}
    )
    again, _ = hear(
        zigbee, "zigbee2mqtt/현관문", {"contact": True, "tamper": True, "battery": 50, "battery_low": False}
    )
    assert ("alarm", "tamper") in facts(first) and facts(again) == [("door", False)]
    assert [e.type for e in again] == ["city.care.reading"]
    low, _ = hear(zigbee, "zigbee2mqtt/현관문", {"battery": 5, "battery_low": True})
    assert [(e.data.status, e.data.battery_pct) for e in low] == [("degraded", 5)]


@pytest.mark.parametrize("payload", [b"offline", b'{"state": "offline"}', b'"offline"'])
def test_availability_decides_whether_silence_means_anything(zigbee: Zigbee, payload: bytes) -> None:
    for topic, device in (("현관문/availability", "현관문"), ("bridge/state", "zigbee2mqtt")):
        events, _ = hear(zigbee, f"zigbee2mqtt/{topic}", payload)
        assert [(e.data.device, e.data.status) for e in events] == [(f"/device/zigbee/{device}", "offline")]
    assert hear(zigbee, "zigbee2mqtt/bridge/state", b"maybe")[1][0].reason == "wrong_type"


def test_what_is_said_to_devices_and_about_the_bridge_is_not_ours(zigbee: Zigbee) -> None:
    for topic in ("현관문/set", "현관문/get", "bridge/devices", "bridge/logging"):
        assert hear(zigbee, f"zigbee2mqtt/{topic}", b"[]") == ([], [])
    assert hear(zigbee, "zigbee2mqtt/gone", b"") == ([], [])


def test_its_own_time_is_used_and_the_same_message_is_the_same_event(zigbee: Zigbee) -> None:
    body = {"temperature": 20.0, "last_seen": "2026-11-23T16:59:58.250+09:00"}
    first, _ = hear(zigbee, "zigbee2mqtt/방", body)
    again, _ = hear(zigbee, "zigbee2mqtt/방", body, NOW + 5 * US)
    assert first[0].id == again[0].id and first[0].time == NOW - 1_750_000
    in_ms, _ = hear(zigbee, "zigbee2mqtt/방", body | {"last_seen": (NOW - US) // 1000})
    assert in_ms[0].time == NOW - US
    bare, _ = hear(zigbee, "zigbee2mqtt/방", {"temperature": 20.0})
    later, _ = hear(zigbee, "zigbee2mqtt/방", {"temperature": 20.0}, NOW + US)
    assert bare[0].id != later[0].id


@pytest.mark.parametrize("junk", [b"{", b"[]", b"5", b"\xff", b'"x"'])
def test_junk_is_put_aside(zigbee: Zigbee, junk: bytes) -> None:
    events, aside = hear(zigbee, "zigbee2mqtt/방", junk)
    assert events == [] and len(aside) == 1 and aside[0].raw == junk


FIELDS = (
    "contact",
    "occupancy",
    "smoke",
    "co",
    "action",
    "status",
    "tamper",
    "battery",
    "test",
    "temperature",
    "last_seen",
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "state"]), anything), st.sampled_from(["방", "방/availability"]))
def test_whatever_stands_in_a_field_it_is_read_or_put_aside(body: dict[str, Any], name: str) -> None:
    hear(Zigbee(HOME), f"zigbee2mqtt/{name}", body)


MEANT = (
    ("tamper alarm", "tamper"), ("fall alarm", "fall"), ("SOS pressed", "sos"), ("smoke alarm", "smoke"),
    ("gas alarm", "gas"), ("carbon monoxide alarm", "co"),
)  # fmt: skip


def test_the_constructed_messages_mean_what_their_makers_wrote_beside_them(shared: Path) -> None:
    zigbee, told = Zigbee(Format()), 0
    for row in samples(shared / "formats" / "zigbee_messages.jsonl"):
        found = facts(hear(zigbee, row["topic"], row["payload"])[0])
        alarms = [("alarm", code) for words, code in MEANT if words in row["meaning"]]
        assert [f for f in found if f[0] == "alarm"] == alarms, row["meaning"]
        told += len(alarms)
    assert told >= 9


def test_every_device_of_the_table_is_understood(shared: Path) -> None:
    for row in samples(shared / "formats" / "zigbee_safety_devices.jsonl.gz"):
        for field, on, off in row["values"]:
            if field not in ("contact", "occupancy", "presence", "smoke", "gas", "carbon_monoxide", "sos", "tamper"):
                continue
            zigbee = Zigbee(Format())
            events, aside = hear(zigbee, "zigbee2mqtt/x", {field: on})
            quiet, _ = hear(Zigbee(Format()), "zigbee2mqtt/x", {field: off})
            assert not aside and len(facts(events)) == 1, (row["model"], field)
            if field in ("smoke", "gas", "carbon_monoxide", "sos", "tamper"):
                assert facts(quiet) == [], row["model"]
            else:
                assert [not value for _, value in facts(quiet)] == [value for _, value in facts(events)]
        for action in row.get("sos_actions", []):
            found = facts(hear(Zigbee(Format()), "zigbee2mqtt/x", {"action": action})[0])
            assert found == ([("alarm", "sos")] if action in ("emergency", "panic", "sos") else []), action
