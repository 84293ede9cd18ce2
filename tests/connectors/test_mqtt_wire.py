"""The connection itself: old brokers, brokers that say no, sessions, a broker that freezes."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from connectors import mqtt_wire
from connectors.mqtt_wire import Wire
from tests.connectors.test_mqtt import Console, Device, sos, until
from tests.servers import Mosquitto


class OldBroker:
    """In front of a real broker: takes MQTT 3.1.1 only; to MQTT 5 it says no, or just hangs up."""

    host = "127.0.0.1"

    def __init__(self, broker: Mosquitto, says_no: bool) -> None:
        self.broker, self.says_no = broker, says_no
        self.seen: list[int] = []
        self.door = socket.create_server((self.host, 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            hello = client.recv(4096)
            version = hello[hello.index(b"MQTT") + 4]
            self.seen.append(version)
            if version == 5:
                if self.says_no:
                    client.sendall(b"\x20\x02\x00\x01")
                client.close()
                continue
            server = socket.create_connection((self.broker.host, self.broker.port))
            server.sendall(hello)
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pipe, args=(one, other), daemon=True).start()

    @staticmethod
    def _pipe(one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            end.close()

    def stop(self) -> None:
        self.door.close()


@pytest.fixture(params=[True, False], ids=["says no", "hangs up"])
def old(request: pytest.FixtureRequest, mosquitto: Mosquitto) -> Iterator[OldBroker]:
    broker = OldBroker(mosquitto, request.param)
    yield broker
    broker.stop()


def test_a_broker_without_mqtt_5_is_spoken_to_in_3_1_1(mosquitto: Mosquitto, old: OldBroker) -> None:
    console = Console(old).start().wait_up()  # type: ignore[arg-type]
    device = Device(mosquitto)
    device.send(sos("old"))
    device.wait_named({"old"})
    assert old.seen[0] == 5 and old.seen[-1] == 4
    assert console.way.health()["protocol"] == 4
    console.stop()
    device.flood([sos(f"o{n}") for n in range(50)])
    again = Console(old).start()  # type: ignore[arg-type]
    again.loop.wait(50)
    again.stop()
    device.stop()


def test_t6_the_session_outlives_the_connection_by_more_than_a_week() -> None:
    assert mqtt_wire.SESSION_S >= 7 * 86400
    assert mqtt_wire.INFLIGHT == 65535
    assert mqtt_wire.KEEPALIVE_S <= 5


def test_a_broker_that_does_not_let_us_in_is_named() -> None:
    broker = Mosquitto()
    broker.conf.write_text(broker.conf.read_text().replace("allow_anonymous true", "allow_anonymous false"))
    broker.start()
    try:
        console = Console(broker).start()
        until(lambda: "Not authorized" in console.way.health()["refused"])
        assert not console.way.health()["ok"]
        console.stop()
    finally:
        broker.stop()


def test_large_and_small_messages_come_whole_and_in_order(mosquitto: Mosquitto) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    ids: list[str] = []
    for n in range(10):
        big = [sos(f"big{n}-{i}") for i in range(3000)]
        device.flood([big, *(sos(f"small{n}-{i}") for i in range(5))])
        ids += [e["id"] for e in big] + [f"small{n}-{i}" for i in range(5)]
    assert [e.id for e in console.loop.wait(len(ids))] == ids
    assert console.way.received == 60 and not console.loop.quarantined
    device.wait_named(set(ids))
    device.stop()
    console.stop()


def test_a_frozen_broker_is_noticed_and_found_again(mosquitto: Mosquitto) -> None:
    console = Console(mosquitto).start().wait_up()
    assert mosquitto.process
    mosquitto.process.send_signal(signal.SIGSTOP)
    until(lambda: not console.way.health()["up"])
    mosquitto.process.send_signal(signal.SIGCONT)
    console.wait_up()
    console.stop()


def test_a_bug_on_the_thread_does_not_end_it(mosquitto: Mosquitto) -> None:
    woken: list[Any] = []

    def work() -> float:
        woken.append(1)
        if len(woken) == 2:
            raise ZeroDivisionError
        return 0.05

    wire = Wire(mosquitto.host, mosquitto.port, "w", ["city/in/#"], lambda _: None, work, lambda *_: None)
    wire.start()
    until(lambda: len(woken) > 5)
    assert wire.faults == 1 and wire.generation == 2
    wire.stop()
    assert not wire._thread.is_alive()


def test_stopping_one_that_never_started_is_nothing() -> None:
    wire = Wire("127.0.0.1", 1, "w", ["city/in/#"], lambda _: None, lambda: 1.0, lambda *_: None)
    wire.stop()
    assert not wire.connected
