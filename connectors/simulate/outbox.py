"""What a device keeps until the console has named it: alarms and readings; frames are lost when nobody takes them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from connectors.simulate.messages import Message
from stream.schema import Delivery

KEPT_MOST = 50_000


class Outbox:
    """Messages that wait for their receipt, oldest first, by (source, id)."""

    def __init__(self, most: int = KEPT_MOST) -> None:
        self._kept: OrderedDict[tuple[str, str], Message] = OrderedDict()
        self._most = most
        self.lost = 0

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, messages: Iterable[Message]) -> None:
        """Keep what must not be lost. When full the oldest reading goes: a device's memory ends too; never an alarm."""
        for message in messages:
            if message.delivery is not Delivery.telemetry:
                self._kept[message.source, message.id] = message
        while len(self._kept) > self._most:
            oldest = next((k for k, m in self._kept.items() if m.delivery is Delivery.reading), None)
            if oldest is None:
                return
            del self._kept[oldest]
            self.lost += 1

    def named(self, source: str, ids: Iterable[str]) -> None:
        """The console has these: forget them."""
        for id in ids:
            self._kept.pop((source, id), None)

    def oldest(self, most: int, before: int | None = None) -> list[Message]:
        """Up to ``most`` messages that wait, alarms first; with ``before`` only those made before that moment (µs)."""
        waiting = [m for m in self._kept.values() if before is None or m.at < before]
        waiting.sort(key=lambda m: m.delivery is not Delivery.alarm)
        return waiting[:most]
