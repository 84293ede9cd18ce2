"""The pulse tells how far behind the way in by MQTT is."""

from __future__ import annotations

from connectors.pulse import Pulse
from tests.connectors.test_mqtt import Console, Device, until
from tests.servers import Mosquitto


def test_one_is_under_way_at_a_time_and_its_age_is_the_lag() -> None:
    pulse = Pulse("t")
    assert pulse.lag_s(5.0) == 0.0
    name = pulse.due(5.0)
    assert name and not pulse.due(9.0) and pulse.lag_s(9.0) == 4.0
    pulse.heard(b"of another time")
    assert pulse.lag_s(9.5) == 4.5
    pulse.heard(name)
    assert pulse.lag_s(10.0) == 0.0
    again = pulse.due(10.0)
    assert again not in (b"", name) and not pulse.due(10.5)


def test_the_next_is_sent_a_second_later_and_a_new_connection_begins_anew() -> None:
    pulse = Pulse("t")
    pulse.heard(pulse.due(1.0))
    assert not pulse.due(1.9) and pulse.due(2.0)
    pulse.reset()
    assert pulse.lag_s(60.0) == 0.0 and pulse.due(60.0)


def test_it_goes_through_a_broker_and_back(mosquitto: Mosquitto) -> None:
    console = Console(mosquitto).start()
    heard: list[bytes] = []
    come_back = console.way.wire.pulse.heard
    console.way.wire.pulse.heard = lambda name: (heard.append(name), come_back(name))[1]  # type: ignore[method-assign]
    until(lambda: len(heard) >= 2)
    assert len(set(heard)) == len(heard)
    until(lambda: console.way.health()["lag_ms"] == 0)
    device = Device(mosquitto)
    mosquitto.kill()
    mosquitto.start()
    until(lambda: console.way.health()["ok"])
    before = len(heard)
    until(lambda: len(heard) > before)
    device.stop()
    console.stop()
