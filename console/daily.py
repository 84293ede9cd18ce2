"""Once a day, at four in the morning, what is older than it may be kept is destroyed, and a record says how much.

The day is the Korean day of the console's clock. Four o'clock is when a control room has the least to do.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import structlog

from stream import bodies
from stream.kinds import draft
from stream.schema import US, Draft, Record
from stream.store import StoreError

DAY_US, FOUR_US, KOREA_US = 86_400 * US, 4 * 3600 * US, 9 * 3600 * US
LOOK_S = 60.0
LOG = structlog.get_logger("daily")


def due(now: int, last: int) -> bool:
    """Has it been four o'clock in Korea since ``last`` (both µs)?

    >>> due(19 * 3600 * US, 19 * 3600 * US - 1), due(19 * 3600 * US - 1, 0)
    (True, False)
    """
    turn = KOREA_US - FOUR_US
    return (now + turn) // DAY_US > (last + turn) // DAY_US


class Daily:
    """The thread that looks each minute. ``purge(now)`` destroys what is due and answers how much of each class."""

    def __init__(self, purge: Callable[[int], dict[str, int]], note: Callable[[list[Draft]], Any], clock: Any) -> None:
        self._purge, self._note, self._clock = purge, note, clock
        self._last = 0
        self._stop = Event()

    def hear(self, record: Record) -> None:
        """A record of the journal, at the start: when it was done last, or when this house began."""
        if record.kind == "store.purged" or not self._last:
            self._last = max(self._last, record.at)

    def start(self) -> None:
        """Look from now on; a house without a record begins now."""
        self._last = self._last or self._clock.now()
        Thread(target=self._run, name="daily", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.look()

    def look(self) -> bool:
        """Do it if it is due; True when it was done. A store that is away is asked again at the next look."""
        now = self._clock.now()
        if not due(now, self._last):
            return False
        try:
            gone = self._purge(now)
        except StoreError as away:
            LOG.warning("purge.failed", error=away.code)
            return False
        self._last = now
        self._note([draft("store.purged", "store", now, bodies.Purged(gone), "house")])
        return True
