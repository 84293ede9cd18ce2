"""Messages to the console by MQTT (QoS 1): kept and sent again until ``city/ack/<source-id>`` names their ids.

The broker's own ack proves nothing (CONTRACT 1). One message a source and tick, an array when it holds several events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from threading import Lock

import msgspec
from paho.mqtt import client as mqtt

from connectors.simulate.messages import DEVICE, SYSTEM, Message
from connectors.simulate.outbox import Outbox
from stream.schema import Delivery

AGAIN_S = 5.0  # what no ack has named by then is sent again
AGAIN_MOST = 400


class _Ack(msgspec.Struct):
    ids: list[str] = []


class Publisher:
    """A device gateway on one MQTT connection. ``steady`` counts seconds that never jump."""

    def __init__(self, host: str, port: int, name: str, steady: Callable[[], float]) -> None:
        self.outbox = Outbox()
        self._lock = Lock()
        self._steady, self._again_at = steady, 0.0
        self._sources: dict[str, str] = {}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        self.client.on_connect = self._connected
        self.client.on_message = self._acked
        self.client.connect_async(host, port)
        self.client.loop_start()
        self.trouble = ""

    def _connected(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe("city/ack/+", qos=1)

    def _acked(self, client: mqtt.Client, userdata: object, message: mqtt.MQTTMessage) -> None:
        source = self._sources.get(message.topic.rsplit("/", 1)[-1])
        try:
            ids = msgspec.json.decode(message.payload, type=_Ack).ids
        except msgspec.MsgspecError:
            return  # another's retained message that is no ack of ours
        if source is not None:
            with self._lock:
                self.outbox.named(source, ids)

    def send(self, messages: list[Message]) -> None:
        """Publish what is new, and again what no ack has named for a while. Frames go only while connected."""
        with self._lock:
            self.outbox.keep(messages)
            again = self._due_again(messages)
        if not self.client.is_connected():
            self.trouble = "no broker"
            return
        self.trouble = ""
        for source, group in by_source([*again, *messages]).items():
            name = source.removeprefix(DEVICE).removeprefix(SYSTEM)
            self._sources[name] = source
            qos = 0 if all(m.delivery is Delivery.telemetry for m in group) else 1
            body = group[0].body if len(group) == 1 else b"[" + b",".join(m.body for m in group) + b"]"
            self.client.publish(f"city/in/{name}", body, qos=qos)

    def _due_again(self, new: list[Message]) -> list[Message]:
        if self._steady() < self._again_at:
            return []
        self._again_at = self._steady() + AGAIN_S
        fresh = {(m.source, m.id) for m in new}
        return [m for m in self.outbox.oldest(AGAIN_MOST) if (m.source, m.id) not in fresh]

    def close(self) -> None:
        """Leave the broker in good order."""
        self.client.disconnect()
        self.client.loop_stop()


def by_source(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """Messages of each source, in order: a topic carries one source only."""
    groups: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.source].append(message)
    return dict(groups)
