"""What the settings name is a way in, and nothing else."""

from __future__ import annotations

from connectors.mqtt import MqttIn
from connectors.redis_in import RedisIn
from connectors.ways import ways
from geo.city import load_city
from stream.clock import Clock
from stream.intake import Intake
from stream.settings import Settings


def test_each_transport_that_is_set_and_none_that_is_not() -> None:
    def made(**settings: str) -> list[type]:
        s = Settings(**settings)
        return [type(one) for one in ways(s, load_city(), Intake(s.intake_limit), Clock(), lambda drafts: None, True)]

    assert made() == []
    assert made(mqtt="127.0.0.1:1883") == [MqttIn]
    assert made(mqtt="127.0.0.1:1883", redis="redis://127.0.0.1:6379") == [MqttIn, RedisIn]
