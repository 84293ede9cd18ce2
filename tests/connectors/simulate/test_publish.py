"""By MQTT against a real Mosquitto: an alarm is sent until the console's own ack names it."""

import json
import threading
import time
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from connectors.simulate.publish import Publisher, by_source
from stream.clock import monotonic
from tests.connectors.simulate.test_outbox import alarm, frame, reading
from tests.servers import Mosquitto

PATIENCE_S = 60


class Ear:
    """The console's side: hears ``city/in/#`` and acks what a test says."""

    def __init__(self, broker: Mosquitto) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.more = threading.Condition()
        ready = threading.Event()
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.connect(broker.host, broker.port)
        self.client.subscribe("city/in/#", 1)
        self.client.loop_start()
        assert ready.wait(PATIENCE_S)

    def _hear(self, _client: Any, _data: Any, message: Any) -> None:
        with self.more:
            self.heard.append((message.topic, json.loads(message.payload)))
            self.more.notify_all()

    def wait(self, n: int) -> list[tuple[str, Any]]:
        with self.more:
            assert self.more.wait_for(lambda: len(self.heard) >= n, PATIENCE_S)
            return list(self.heard)

    def ack(self, source: str, *ids: str) -> None:
        self.client.publish(f"city/ack/{source}", json.dumps({"ids": ids}), 1, retain=True)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def connected(broker: Mosquitto) -> Publisher:
    publisher = Publisher(broker.host, broker.port, "simulate-test", monotonic)
    until = monotonic() + PATIENCE_S
    while not publisher.client.is_connected():
        assert monotonic() < until
        time.sleep(0.02)
    return publisher


def test_an_alarm_is_sent_until_the_console_names_it(mosquitto: Mosquitto) -> None:
    ear, publisher = Ear(mosquitto), connected(mosquitto)
    loud = alarm()
    publisher.send([loud, frame()])
    topics = dict(ear.wait(2))
    assert topics["city/in/worn-1"]["id"] == loud.id and "city/in/radar-1" in topics
    publisher._again_at = 0.0  # as if five seconds had passed without an ack
    publisher.send([])
    assert [body["id"] for topic, body in ear.wait(3) if topic == "city/in/worn-1"] == [loud.id, loud.id]
    named = threading.Event()
    original = publisher.outbox.named
    publisher.outbox.named = lambda *a: (original(*a), named.set())  # type: ignore[assignment,func-returns-value]
    ear.ack("worn-1", loud.id)
    assert named.wait(PATIENCE_S) and len(publisher.outbox) == 0
    publisher.close()
    ear.stop()


def test_a_foreign_or_broken_ack_changes_nothing(mosquitto: Mosquitto) -> None:
    publisher = connected(mosquitto)
    loud = alarm()
    publisher.send([loud])
    for topic, payload in (("city/ack/worn-1", b"junk"), ("city/ack/other", json.dumps({"ids": [loud.id]}).encode())):
        message = paho.MQTTMessage(topic=topic.encode())
        message.payload = payload
        publisher._acked(publisher.client, None, message)
    assert len(publisher.outbox) == 1
    publisher.close()


def test_a_topic_carries_one_source() -> None:
    one, two, three = alarm(), reading(), alarm()
    assert by_source([one, two, three]) == {"/device/worn-1": [one, three], "/device/hub-1": [two]}


def test_without_a_broker_alarms_wait() -> None:
    publisher = Publisher("127.0.0.1", 9, "simulate-test", monotonic)
    publisher.send([alarm(), frame()])
    assert len(publisher.outbox) == 1 and publisher.trouble == "no broker"
    publisher.close()
