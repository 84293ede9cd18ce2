"""Milesight uplinks: the makers' examples, the model that only the devices file knows, history that is no alarm."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.milesight import HISTORY, MODELS, Milesight, parse
from connectors.native import Device, Format
from stream.schema import US, SourceError
from tests.connectors.native_ways import NOW, facts, hear, samples

EUI = "24E124136B502217"


def _translator(model: str, **more: str) -> Milesight:
    return Milesight(Format(devices={EUI: Device("HH-1", model=model, **more)}))


def _uplink(hexadecimal: str, **more: Any) -> dict[str, Any]:
    return {"devEUI": EUI, "data": base64.b64encode(bytes.fromhex(hexadecimal)).decode()} | more


def _facts(model: str, hexadecimal: str, **more: str) -> list[tuple[Any, ...]]:
    return facts(hear(_translator(model, **more), "milesight/uplink/x", _uplink(hexadecimal))[0])


def test_the_same_bytes_mean_what_the_model_says() -> None:
    assert _facts("vs340", "017564030001") == [("bed", True)]
    assert _facts("ws202", "017564030001") == [("pir", True)]
    assert _facts("ws301", "017564030001") == [("door", True)]
    assert _facts("ws301", "017564030001", sensor="window", location="living") == [("window", True)]


@pytest.mark.parametrize("model", ["ws101", "ws136", "ws156"])
def test_a_button_is_an_sos_only_where_it_was_hung_as_one(model: str) -> None:
    assert _facts(model, "017510FF2E01", sensor="sos") == [("alarm", "sos")]
    assert _facts(model, "017510FF2E01") == []
    kept, _ = hear(_translator(model, sensor="sos"), "milesight/uplink/x", _uplink("017510FF2E01"), retained=True)
    assert facts(kept) == []


def test_temperatures_have_a_sign_and_a_unit() -> None:
    events, _ = hear(_translator("em300-th"), "milesight/uplink/x", _uplink("0367F6FF046865"))
    assert [(e.data.sensor, e.data.value, e.data.unit) for e in events] == [
        ("temperature", -1.0, "C"),
        ("humidity", 50.5, "%"),
    ]


def test_history_is_old_readings_and_never_news() -> None:
    old, _ = hear(_translator("em300-mcs"), "milesight/uplink/x", _uplink("20CE9E74466310015D01"))
    assert [(e.type, e.time) for e in old] == [("city.care.reading", 1_665_561_758 * US)] * 3
    assert facts(old) == [("temperature", 27.2), ("humidity", 46.5), ("door", True)]
    assert all("clock_suspect" in e.marks and e.at == e.time for e in old), "back-fill keeps its time"


def test_battery_is_the_devices_health() -> None:
    events, _ = hear(_translator("ws301"), "milesight/uplink/x", _uplink("01750C"))
    assert [(e.data.status, e.data.battery_pct) for e in events] == [("online", 12)]


def test_a_smoke_sensors_self_test_is_no_smoke_and_what_nobody_explained_is_put_aside() -> None:
    assert _facts("gs524n", "221E64001C40") == []
    for unexplained in ("221E64001C41", "221E64"):
        assert len(hear(_translator("gs524n"), "milesight/uplink/x", _uplink(unexplained))[1]) == 1


def test_a_device_a_model_or_a_channel_that_nobody_knows_is_put_aside_by_name() -> None:
    nobody = hear(_translator("ws301"), "milesight/uplink/x", _uplink("017564", devEUI="FFFF"))[1]
    model = hear(_translator("ws999"), "milesight/uplink/x", _uplink("017564"))[1]
    channel = hear(_translator("ws301"), "milesight/uplink/x", _uplink("017564AABB"))[1]
    assert [(q[0].reason, q[0].detail.split()[0]) for q in (nobody, model, channel)] == [
        ("unknown_type", "'FFFF'"), ("unknown_type", "model"), ("unknown_type", "ws301:")]  # fmt: skip


@pytest.mark.parametrize("shape", [
    {"devEUI": EUI.lower(), "data": "AXVkAwAB"},
    {"deviceInfo": {"devEui": EUI}, "data": "AXVkAwAB", "time": "2026-11-23T07:59:58Z"},
    {"end_device_ids": {"dev_eui": EUI}, "uplink_message": {"frm_payload": "AXVkAwAB"},
     "received_at": "2026-11-23T07:59:58Z"},
    {"devEUI": EUI, "bytes": "017564030001"},
])  # fmt: skip
def test_the_forms_of_three_network_servers(shape: dict[str, Any]) -> None:
    events, _ = hear(_translator("vs340"), "milesight/uplink/x", shape)
    assert facts(events) == [("bed", True)]
    reading = next(e for e in events if e.type == "city.care.reading")
    assert reading.time == (NOW - 2 * US if "time" in shape or "received_at" in shape else NOW)


@pytest.mark.parametrize("junk", [b"{", b"{}", b'{"devEUI": 5}', b'{"devEUI": "24E124136B502217", "data": "*"}', b"[]"])
def test_junk_is_put_aside(junk: bytes) -> None:
    assert [q.raw for q in hear(_translator("ws301"), "milesight/uplink/x", junk)[1]] == [junk]


@given(st.sampled_from([*MODELS, "gs524n"]), st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(model: str, raw: bytes) -> None:
    try:
        list(parse(model, raw))
    except SourceError as refused:
        assert refused.code in ("unknown_type", "missing_field")


NAMES = {"pir": ("pir", "trigger"), "open": ("magnet_status", "open"), "occupied": ("occupancy", "occupied")}


def test_the_makers_own_vectors(shared: Path) -> None:
    read = 0
    for row in samples(shared / "formats" / "milesight_vectors.jsonl.gz"):
        if row["model"] not in MODELS:
            continue
        for when, name, value in parse(row["model"], bytes.fromhex(row["hex"])):
            part = next((h for h in row["expected"].get("history", []) if h["timestamp"] == when), row["expected"])
            if name == "press":
                continue
            field, word = NAMES.get(name, (name, None))
            field = "occupancy" if name == "pir" and field not in part else field
            told = part[field]
            assert (told in (word, "occupied")) == value if word else told == value, (row["model"], name)
            read += 1
    assert read >= 40 and set(HISTORY) <= set(MODELS)
