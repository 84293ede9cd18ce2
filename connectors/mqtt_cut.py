"""Cutting the messages that a broker has sent out of the bytes that were read, many at once.

A client library takes about 40 µs for each, most of it for what a plain message does not have (properties, log lines,
handlers by topic). In a flood that is where alarms wait: the console's lanes begin only behind it. So the plain ones,
and the broker's word that it has one of ours, are cut here, in a few µs each; whatever else lies between them is left
to the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

PUBACK = 0x40
PUBLISH = 0x30  # MQTT 3.1.1 and 5, 3.3: the upper four bits; below them dup, two bits of QoS, retain
REFUSED = 0x80  # from this reason on the broker did not take it (MQTT 5, 2.4)
SECOND = 0x04  # the bit of QoS 2, which is never plain


class Message(NamedTuple):
    """One message; the names are the library's, so that who takes it need not ask who cut it."""

    topic: str
    payload: bytes
    mid: int
    qos: int
    retain: bool


class Puback(NamedTuple):
    """The broker has our message of this number."""

    mid: int


def number(data: bytes, at: int) -> tuple[int, int]:
    """A length of one to four bytes (MQTT 1.5.5) and where it ends; -1 when it is not whole or no length at all."""
    value = shift = 0
    while at < len(data) and shift < 28:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    return -1, at


def puback(data: bytes, at: int) -> tuple[Puback, int] | None:
    """The PUBACK at ``at`` and where it ends (MQTT 3.4); None when it is not whole, too long, or says no."""
    end = at + 2 + data[at + 1] if len(data) > at + 1 else len(data) + 1
    if end > len(data) or not 2 <= data[at + 1] < 128 or (data[at + 1] > 2 and data[at + 4] & REFUSED):
        return None
    return Puback(data[at + 2] << 8 | data[at + 3]), end


def plain(data: bytes, at: int, five: bool) -> Iterator[tuple[Message | Puback, int]]:
    """Each message from ``at`` on with the place where it ends, up to the first that is not plain or not whole.

    Not plain: neither message nor ack, QoS 2, a topic that is no UTF-8, a message shorter than its own parts.
    """
    while at < len(data):
        head = data[at]
        if head == PUBACK and (ack := puback(data, at)):
            yield ack
            at = ack[1]
            continue
        if head & 0xF0 != PUBLISH or head & SECOND:
            return
        length, start = number(data, at + 1)
        end = start + length
        if length < 2 or end > len(data):
            return
        at = start + 2
        body = at + (data[start] << 8 | data[start + 1])
        try:
            topic = data[at:body].decode()
        except UnicodeDecodeError:
            return
        mid, qos = 0, head >> 1 & 1
        if qos and body + 2 <= end:
            mid = data[body] << 8 | data[body + 1]
            body += 2
        if five:
            more, body = number(data, body)
            body += max(more, 0)
        if body > end or (qos and not mid):
            return
        yield Message(topic, data[body:end], mid, qos, bool(head & 1)), end
        at = end
