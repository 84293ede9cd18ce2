"""Contract events as the simulated devices make them: identity, time, bytes.

An id is ``<source-id>-<run>-<n>``: ``run`` is the moment the run began, so ids stay unique when the simulator starts
again, and the same seed and start give the same bytes. ``seq`` counts each source's messages from 1.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import msgspec

from stream.clock import format_kst
from stream.schema import DATA, US, Delivery

DEVICE, SYSTEM = "/device/", "/system/"


class Message(NamedTuple):
    """One event ready to send: ``body`` is its JSON; ``delivery`` says whether it may be lost."""

    source: str
    id: str
    at: int
    delivery: Delivery
    body: bytes


class Maker:
    """Makes messages; keeps each source's count. ``start`` is the run's first moment (int µs UTC)."""

    def __init__(self, start: int) -> None:
        self.run = _base36(start // (US // 10))
        self._count: dict[str, int] = defaultdict(int)
        self._encode = msgspec.json.Encoder().encode
        self._told = (-1, "")

    def make(self, source: str, type: str, at: int, subject: str, **data: Any) -> Message:
        """An event of ``type`` about ``subject`` at the moment ``at``; ``None`` fields of data are left out."""
        self._count[source] += 1
        id = f"{source.rsplit('/', 1)[-1]}-{self.run}-{self._count[source]}"
        event = {
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": type,
            "time": self._time(at),
            "subject": subject,
            "seq": self._count[source],
            "data": {k: v for k, v in data.items() if v is not None},
        }
        return Message(source, id, at, DATA[type][1], self._encode(event))

    def _time(self, at: int) -> str:
        """RFC 3339 of the moment; the sites of one tick share it."""
        if self._told[0] != at:
            self._told = (at, format_kst(at))
        return self._told[1]

    def status(self, source: str, at: int, status: str = "online", **data: Any) -> Message:
        """A ``city.device.status`` of the device itself."""
        device = source.rsplit("/", 1)[-1]
        return self.make(source, "city.device.status", at, device, device=device, status=status, **data)


def _base36(n: int) -> str:
    """Digits 0-9a-z of a whole number, for short ids."""
    digits = ""
    while n:
        n, d = divmod(n, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + digits
    return digits or "0"
