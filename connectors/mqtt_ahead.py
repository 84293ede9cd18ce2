"""paho's client, reading ahead and acking together: one call of the system for many messages, not five for each.

Each call gives up the interpreter's lock, and a busy loop thread gives it back after milliseconds only. What was read
is cut without paho where it is plain (``mqtt_cut.py``). This is the one place that reaches into paho.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTProtocolVersion

from connectors.mqtt_cut import Message, Puback, plain
from stream.clock import monotonic

CHUNK = 1 << 18  # bytes read at once


class AheadClient(paho.Client):
    """paho's client; ``ahead`` tells that bytes wait which no poll can see."""

    _buffer, _at = b"", 0

    @property
    def ahead(self) -> bool:
        """Are there bytes that were read and not yet handed out?"""
        return self._at < len(self._buffer)

    def forget(self) -> None:
        """A new connection begins: what the old one left is of no use."""
        self._buffer, self._at = b"", 0

    def fill(self) -> bool:
        """Read what the line has; False while paho is in the middle of a packet, and when it must say what is wrong."""
        if self._in_packet["command"] != 0 or self.socket() is None:
            return False
        if not self.ahead:
            with contextlib.suppress(OSError):
                self._more()
        return self.ahead

    def plain(self) -> Iterator[Message]:
        """The plain messages that were read, up to what only paho can take; acks between them are noted."""
        for one, end in plain(self._buffer, self._at, self.protocol == MQTTProtocolVersion.MQTTv5):
            self._at = end
            if isinstance(one, Puback):
                self._noted(one.mid)
            else:
                yield one

    def _noted(self, mid: int) -> None:
        """As paho does it, but for its walk over all that is unanswered with each ack where nothing waits for room."""
        with self._out_message_mutex:
            if message := self._out_messages.pop(mid, None):
                message.info._set_as_published()
                self._inflight_messages -= 1
                if len(self._out_messages) > self._inflight_messages:
                    self._update_inflight()

    def read_one(self) -> bool:
        """Let paho take one packet, or as much of it as is there; False when the connection is over."""
        if self.socket() is None:
            return False
        rc = self._packet_read()
        return rc <= 0 or self._loop_rc_handle(rc) == paho.MQTT_ERR_SUCCESS

    @property
    def unanswered(self) -> int:
        """How many of our own messages the broker has not acknowledged."""
        return len(self._out_messages)

    def may_send(self, n: int) -> None:
        """The broker takes so many of our own messages at once (paho never asks it: MQTT 5, 3.2.2.3.3)."""
        self._max_inflight_messages = n

    def ack_all(self, mids: list[int]) -> None:
        """PUBACK for each of these messages (MQTT 3.4: type 4, length 2, the number; success needs no more)."""
        if mids:
            packets = b"".join(struct.pack("!BBH", paho.PUBACK, 2, mid) for mid in mids)
            self._packet_queue(paho.PUBACK, packets, mids[-1], 1)

    def _sock_recv(self, bufsize: int) -> bytes:
        if not self.ahead:
            self._more()
        piece = self._buffer[self._at : self._at + bufsize]
        self._at += len(piece)
        return piece

    def _more(self) -> None:
        self._buffer, self._at = super()._sock_recv(CHUNK), 0
        self._last_bytes_received = monotonic()  # the broker lives, whoever cuts what it sent
