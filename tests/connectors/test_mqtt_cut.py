"""Messages are cut out of what was read exactly as the library would read them; what is not plain is left to it."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mqtt_cut import Message, Puback, number, plain


def length(n: int) -> bytes:
    """A length as MQTT writes it."""
    out = bytearray()
    while True:
        out.append((n & 127) | (128 if n > 127 else 0))
        n >>= 7
        if not n:
            return bytes(out)


def packet(message: Message, five: bool, properties: bytes = b"", dup: bool = False) -> bytes:
    """One PUBLISH as a broker writes it."""
    topic = message.topic.encode()
    body = struct.pack("!H", len(topic)) + topic + (struct.pack("!H", message.mid) if message.qos else b"")
    body += length(len(properties)) + properties if five else b""
    body += message.payload
    return bytes([0x30 | dup << 3 | message.qos << 1 | message.retain]) + length(len(body)) + body


def cut(data: bytes, five: bool, at: int = 0) -> tuple[list[Message | Puback], int]:
    """All plain messages and acks, and where they end."""
    found = list(plain(data, at, five))
    return [message for message, _ in found], found[-1][1] if found else at


SOS = Message("city/in/home-1", b'{"id":"1"}', 7, 1, False)
PINGRESP = b"\xd0\x00"
SHORT = b"\x40\x02\x01\x02"  # the broker has message 258
messages = st.builds(
    lambda topic, payload, mid, qos, retain: Message(topic, payload, mid * qos, qos, retain),
    st.text(max_size=30), st.binary(max_size=300), st.integers(1, 65535), st.integers(0, 1), st.booleans())  # fmt: skip


@settings(max_examples=40)
@given(st.lists(messages, max_size=6), st.booleans(), st.binary(max_size=200), st.integers(0, 400))
def test_what_a_broker_writes_is_read_back_wherever_the_bytes_end(
    sent: list[Message], five: bool, properties: bytes, missing: int
) -> None:
    packets = [packet(message, five, properties if five else b"") for message in sent]
    data = b"".join(packets)
    data = data[: max(0, len(data) - missing)]
    found, end = cut(data, five)
    whole = [sum(map(len, packets[: n + 1])) for n in range(len(packets))]
    assert found == [m for m, at in zip(sent, whole, strict=True) if at <= len(data)]
    assert end == max([0, *(at for at in whole if at <= len(data))])


def test_it_stops_before_whatever_is_not_a_plain_message() -> None:
    one = packet(SOS, True)
    assert cut(one + PINGRESP + one, True) == ([SOS], len(one))
    assert cut(one + PINGRESP + one, True, len(one) + 2) == ([SOS], 2 * len(one) + 2)
    second = bytes([one[0] ^ 0x06]) + one[1:]
    assert cut(one + second, True) == ([SOS], len(one)), "QoS 2"
    assert cut(packet(SOS._replace(mid=0), True), True) == ([], 0), "a number that MQTT forbids"


def test_sent_again_is_the_same_message() -> None:
    assert cut(packet(SOS, True, dup=True), True)[0] == [SOS]


def test_a_message_that_lies_about_its_parts_is_left_to_the_library() -> None:
    for bad in (b"\x32\x01\x00", b"\x32\x05\x00\x09city", b"\x32\x04\x00\x02ab", b"\x30\x04\x00\x02\xff\xfe",
                b"\x32\x07\x00\x01a\x00\x07\x05x", b"\x30\xff\xff\xff\xff\x7f"):  # fmt: skip
        assert cut(bad, True) == ([], 0), bad


def test_a_length_ends_with_its_fourth_byte() -> None:
    assert number(length(268_435_455), 0) == (268_435_455, 4)
    assert number(b"\x80", 0) == (-1, 1)
    assert number(b"\xff\xff\xff\xff\x01", 0)[0] == -1


def test_the_brokers_acks_are_read_between_the_messages_in_each_form_it_writes_them() -> None:
    one = packet(SOS, True)
    nobody, told = b"\x40\x03\x01\x03\x10", b"\x40\x08\x01\x04\x00\x04\x1f\x00\x01a"
    data = one + SHORT + nobody + one + told
    assert cut(data, True) == ([SOS, Puback(258), Puback(259), SOS, Puback(260)], len(data))
    assert cut(SHORT + packet(SOS, False), False) == ([Puback(258), SOS], 4 + len(packet(SOS, False)))


def test_an_ack_that_is_not_whole_or_refuses_is_left_to_the_library() -> None:
    for bad in (b"\x40", b"\x40\x02\x01", b"\x40\x01\x01", b"\x40\x03\x01\x02\x97", b"\x40\x80\x01" + bytes(130)):
        assert cut(SHORT + bad, True) == ([Puback(258)], 4), bad
