"""paho's client that reads ahead: the bytes of a connection, in whatever pieces they come, whoever cuts them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from connectors.mqtt_ahead import AheadClient
from tests.connectors.test_mqtt_cut import PINGRESP, SOS, packet


class Line:
    """A client on one end of a line; the test is the broker at the other."""

    def __init__(self) -> None:
        self.broker, ours = socket.socketpair()
        ours.setblocking(False)
        self.client = AheadClient(CallbackAPIVersion.VERSION2, "c", protocol=MQTTProtocolVersion.MQTTv5,
                                  manual_ack=True)  # fmt: skip
        self.client._sock = ours
        self.client.on_socket_register_write = lambda *_: None
        self.library: list[bytes] = []
        self.client.on_message = lambda _client, _data, message: self.library.append(message.payload)

    def read(self) -> list[bytes]:
        """Everything that can be read now, in the order it was handed out."""
        cut: list[Any] = []
        while True:
            if self.client.fill():
                cut += [message.payload for message in self.client.plain()]
                if not self.client.ahead:
                    return cut
            if not self.client.read_one() or not self.client.ahead:
                return cut


@pytest.fixture
def line() -> Iterator[Line]:
    one = Line()
    yield one
    one.broker.close()
    if sock := one.client.socket():
        sock.close()


def numbered(n: int) -> bytes:
    return packet(SOS._replace(payload=b"%d" % n, mid=n + 1), True)


def test_messages_come_whole_whatever_lies_between_them_and_wherever_a_read_ends(line: Line) -> None:
    data = b"".join(numbered(n) + (PINGRESP if n % 7 == 0 else b"") for n in range(60))
    found: list[bytes] = []
    for at in range(0, len(data), 101):
        line.broker.sendall(data[at : at + 101])
        found += line.read()
    assert sorted([*found, *line.library], key=int) == [b"%d" % n for n in range(60)]
    assert found and line.library, "paho takes what a read began with, the rest is cut"
    assert not line.client.ahead


def test_whoever_cuts_it_a_byte_from_the_broker_says_that_it_lives(line: Line) -> None:
    line.client._last_bytes_received = 0.0
    line.broker.sendall(numbered(1) * 2)
    line.read()
    assert line.client._last_bytes_received > 0


def test_the_end_of_the_line_is_told(line: Line) -> None:
    line.broker.close()
    assert not line.client.read_one()
    assert line.client.socket() is None and not line.client.read_one()


def test_a_new_connection_does_not_read_what_the_old_one_left(line: Line) -> None:
    line.broker.sendall(numbered(1) + numbered(2))
    line.client.read_one()
    assert line.client.ahead
    line.client.forget()
    assert not line.client.ahead and list(line.client.plain()) == []


def test_what_the_broker_may_be_sent_at_once_is_what_it_said(line: Line) -> None:
    line.client.may_send(2)
    for n in range(3):
        line.client.publish("city/ack/a", b"%d" % n, qos=1)
    assert line.client.unanswered == 3
    line.client.loop_write()
    sent = line.broker.recv(4096)
    assert b"0" in sent and sent.count(b"city/ack/a") == 2


def test_the_brokers_word_that_it_has_ours_makes_room_for_the_next_whoever_cuts_it(line: Line) -> None:
    line.client.may_send(1)
    for n in range(4):
        line.client.publish("city/ack/a", b"%d" % n, qos=1)
    mids = list(line.client._out_messages)
    has_it, nobody_reads_it, no = b"\x40\x02%c%c", b"\x40\x03%c%c\x10", b"\x40\x03%c%c\x97"
    for n, form in enumerate((has_it, nobody_reads_it, no)):
        line.broker.sendall(numbered(n) + form % divmod(mids[n], 256))
        assert line.read() == [b"%d" % n]
        assert list(line.client._out_messages) == mids[n + 1 :]
    line.client.loop_write()
    assert line.broker.recv(4096).count(b"city/ack/a") == 4
    line.broker.sendall(b"\x40\x02%c%c" % divmod(mids[0], 256))
    assert line.read() == [] and line.client.unanswered == 1, "said twice is said once"
