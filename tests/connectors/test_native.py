"""The devices file and what all native formats share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mqtt import MqttIn
from connectors.native import Device, Edges, Format, Heard, event, format_us, load_formats, take
from connectors.translators import MAKERS
from connectors.zigbee import Zigbee
from stream.clock import Clock, parse_rfc3339
from stream.intake import Intake
from stream.settings import SettingError, Settings
from tests.connectors.durable import Loop
from tests.connectors.native_ways import NOW
from tests.connectors.test_mqtt import Device as Sender
from tests.connectors.test_mqtt import until
from tests.servers import ROOT, Mosquitto

FILE = """
[zigbee]
topic = "zigbee2mqtt"
devices."현관문" = { of = "HH-1", location = "front" }

[frigate]
speed_unit = "kph"
[frigate.devices.cam-a]
of = "SZ-1"
zones.carriageway.person = "jaywalking"
limits.carriageway = 30
"""


def test_a_devices_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "devices.toml").write_text(FILE)
    formats = load_formats(tmp_path / "devices.toml")
    assert formats["zigbee"].devices["현관문"] == Device("HH-1", location="front")
    assert formats["frigate"].devices["cam-a"].zones == {"carriageway": {"person": "jaywalking"}}


@pytest.mark.parametrize(("text", "field", "says"), [
    ("[zigbee", "-", "cannot be read"),
    ("[zigbee]\ncolour = 1", "zigbee", "unknown field"),
    ("[zigbee.devices.x]\nlocation = 'a'", "zigbee.devices.x", "missing required field `of`"),
    ("[onvif.devices.x]\nof = 's'\nrules.Fence = 'flying'", "onvif.devices.x", "jaywalking"),
])  # fmt: skip
def test_a_broken_one_is_refused_by_name(tmp_path: Path, text: str, field: str, says: str) -> None:
    (tmp_path / "devices.toml").write_text(text)
    with pytest.raises(SettingError) as refused:
        load_formats(tmp_path / "devices.toml")
    assert refused.value.file.endswith("devices.toml")
    assert refused.value.field == field and says in refused.value.allowed
    with pytest.raises(SettingError, match="cannot be read"):
        load_formats(tmp_path / "none.toml")


def test_the_example_of_the_page_is_sound(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "native.md").read_text()
    (tmp_path / "devices.toml").write_text(page.split("```toml\n")[1].split("```")[0])
    assert set(load_formats(tmp_path / "devices.toml")) == set(MAKERS)


@given(st.integers(0, 4_000_000_000_000_000))
def test_times_keep_their_microseconds(at: int) -> None:
    assert parse_rfc3339(format_us(at)) == at


def test_the_same_message_is_the_same_event_and_an_object_is_one() -> None:
    first, later = Heard("t", b"{}", NOW), Heard("t", b"{}", NOW + 1)
    data = {"household": "h", "alarm": "sos"}

    def made(heard: Heard, **more: Any) -> str:
        return str(event(heard, "s", "city.care.alarm", data, **more)["id"])

    assert made(first) != made(later), "without a time of its own, twice is two"
    assert made(first, at=5) == made(later, at=5)
    assert made(first, name="object 7") == made(later, name="object 7") != made(first, name="object 8")


def test_edges_tell_the_beginning_and_forget_the_oldest() -> None:
    edges = Edges(limit=2)
    told = [edges.rises(holds, "a") for holds in (True, True, None, False, None, True)]
    assert told == [True, False, False, False, False, True]
    edges.rises(True, "b")
    edges.rises(True, "a")
    edges.rises(True, "c")
    assert edges.rises(True, "b") and not edges.rises(True, "c")


def test_what_a_translator_makes_is_judged_like_everything_else() -> None:
    class Far:
        topics = ("x",)

        def __call__(self, heard: Heard) -> list[dict[str, Any]]:
            return [event(heard, "s", "city.sos", {"user": "u", "lon": 0.0, "lat": 0.0})]

    events, aside = take(Far(), Heard("x", b"", NOW), far=lambda lon, lat: True)
    assert events == [] and aside[0].reason == "far_away"


def test_native_messages_come_by_the_same_broker_beside_the_contracts_own(mosquitto: Mosquitto) -> None:
    intake = Intake(1000)
    loop = Loop(intake)
    home = Zigbee(Format(devices={"비상벨": Device("HH-1")}))
    way = MqttIn(mosquitto.host, mosquitto.port, "n", intake, Clock(), Settings(), natives=[home])
    way.start()
    until(lambda: way.health()["ok"])
    sender = Sender(mosquitto)
    for topic, body in (
        ("zigbee2mqtt/비상벨", {"action": "sos"}),
        ("zigbee2mqtt/비상벨", {"action": ""}),
        ("zigbee2mqtt/x", 5),
    ):
        sender.client.publish(topic, json.dumps(body), 1).wait_for_publish(60)
    events = loop.wait(1)
    assert (events[0].type, events[0].data.household) == ("city.care.alarm", "HH-1")
    assert loop.wait_quarantined(1)[0].source == "/device/zigbee2mqtt/x"
    sender.stop()
    way.stop()
    loop.stop()
