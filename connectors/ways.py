"""The ways in that the settings name, beside HTTP: a broker, a Redis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.mqtt import MqttIn
from connectors.redis_in import RedisIn
from connectors.translators import open_translators
from stream.clock import Clock
from stream.intake import Intake
from stream.settings import Settings


def ways(s: Settings, city: Any, intake: Intake, clock: Clock, note: Callable[..., Any], fresh: bool) -> list[Any]:
    """Each made, none started. ``fresh``: a store without a past, which asks the broker for all that it kept."""
    found: list[Any] = []
    if s.mqtt:
        host, _, port = s.mqtt.rpartition(":")
        found.append(MqttIn(host, int(port), s.node, intake, clock, s, note, city.far, fresh,
                            open_translators(s.devices, city.sites)))
    if s.redis:
        found.append(RedisIn(s.redis, s.node, intake, clock, city.far))
    return found
