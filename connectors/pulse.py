"""How far behind the way in by MQTT is: a message of our own each second, through the broker and back.

The broker hands out in order, so what it still holds for us lies before our own message: its age is the age of the
oldest message that we have not read, whatever the devices' clocks say. One is under way at a time.
"""

from __future__ import annotations

import secrets

EVERY_S = 1.0


class Pulse:
    """One pulse after another at ``topic``; times are seconds of any steady clock."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._name = b""  # of the one under way, empty without one
        self._sent_s = float("-inf")

    def due(self, now_s: float) -> bytes:
        """The pulse to send now; empty while one is under way, or the last was sent less than a second ago."""
        if self._name or now_s - self._sent_s < EVERY_S:
            return b""
        self._name, self._sent_s = secrets.token_hex(8).encode(), now_s
        return self._name

    def heard(self, name: bytes) -> None:
        """A pulse has come back; one of another connection, which the broker kept, is not ours any more."""
        if name == self._name:
            self._name = b""

    def reset(self) -> None:
        """A new connection begins: the one under way may never come back."""
        self._name = b""

    def lag_s(self, now_s: float) -> float:
        """Age of the one under way, 0 without one."""
        return now_s - self._sent_s if self._name else 0.0
