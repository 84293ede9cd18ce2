"""What ``city/ack/<source-id>`` says: which ids of a source are safe with us, so that the device can let them go.

The message is retained, and a retained message replaces the one before it: a device that was away sees only the last.
So each one names not only the newest ids but also those of the last ``KEEP_US`` before them, ``KEEP`` at most. A device
whose id is in none of them sends it again; it is named then, as a duplicate. The broker is acked after that message
has gone (``marks``), so that what a crash leaves unnamed comes from the broker again. Between two messages of one
source lie at least ``LEAST_US``, and the longer the last one was the more (``EACH_US`` an id), so that a source with
hundreds of events a second costs some acks and not the line; where only ``seq`` has grown (telemetry is not named),
``SEQ_US``.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

import msgspec

KEEP = 1000  # ids in one message; a burst that is larger is named whole
KEEP_US = 600_000_000
LEAST_US = 20_000
EACH_US = 400  # some 30 kB/s of a source; two hundred busy ones took 48 MB/s without it, and their devices timed out
SEQ_US = 1_000_000
NEVER = 1 << 62
SOURCES = 20_000  # windows kept in memory; the source that was quiet longest is forgotten first


class _Window:
    """One source: what was acknowledged and when, oldest first; the ids as JSON, for they are said often."""

    __slots__ = ("fresh", "ids", "marks", "seq", "times", "told_at")

    def __init__(self) -> None:
        self.ids: deque[bytes] = deque()
        self.times: deque[int] = deque()
        self.fresh = 0  # ids at the end that no message has named yet
        self.seq: int | None = None
        self.marks: list[Any] = []
        self.told_at = -SEQ_US

    @property
    def due(self) -> int:
        """When the next message may go out."""
        return self.told_at + (max(LEAST_US, EACH_US * len(self.ids)) if self.fresh else SEQ_US)


class Acks:
    """Windows of all sources. Not thread-safe: one thread notes and takes. Times are µs of any steady clock."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._due: dict[str, int] = {}
        self._next = NEVER  # nothing is due before it

    def note(self, source_id: str, ids: list[str], seq: int | None, now: int, mark: Any = None) -> None:
        """These ids are durable; ``seq`` is the highest number with nothing missing below it, None: no numbers.

        ``mark`` is given back with the message that names them.
        """
        if not ids and seq is None:
            return
        window = self._windows.pop(source_id, None) or _Window()
        self._windows[source_id] = window
        window.ids.extend(map(msgspec.json.encode, ids))
        window.times.extend([now] * len(ids))
        window.fresh += len(ids)
        window.seq = seq if seq is not None else window.seq
        if mark is not None:
            window.marks.append(mark)
        while len(window.ids) > max(KEEP, window.fresh) or (
                len(window.ids) > window.fresh and window.times[0] < now - KEEP_US):
            window.ids.popleft()
            window.times.popleft()
        self._due[source_id] = due = window.due
        self._next = min(self._next, due)
        while len(self._windows) > SOURCES:
            oldest, _ = self._windows.popitem(last=False)
            self._due.pop(oldest, None)

    def take(self, now: int) -> list[tuple[str, bytes, list[Any]]]:
        """(source id, payload, marks) of the messages that are due now; each is to be published retained."""
        if now < self._next:
            return []
        ready = [source_id for source_id, due in self._due.items() if due <= now]
        self._next = min((due for due in self._due.values() if due > now), default=NEVER)
        return [(source_id, *self._told(source_id, now)) for source_id in ready]

    def _told(self, source_id: str, now: int) -> tuple[bytes, list[Any]]:
        window = self._windows[source_id]
        del self._due[source_id]
        window.told_at, window.fresh = now, 0
        marks, window.marks = window.marks, []
        seq = b"" if window.seq is None else b',"seq":%d' % window.seq
        return b'{"ids":[' + b",".join(window.ids) + b"]" + seq + b"}", marks

    def next_due(self) -> int | None:
        """When to ask ``take`` again (a window that has grown since may wait longer), None when nothing waits."""
        return self._next if self._due else None
