"""What the door refused, written down: the first at once, then counted, so that a flood is a line and a number."""

from __future__ import annotations

import threading
from collections.abc import Callable

from console.access import Seat
from stream.clock import monotonic
from stream.schema import Draft

QUIET_S = 10.0
REMEMBERED = 5000


class Refusals:
    """Notes refused requests. ``note`` is the house's; ``now`` its clock (µs)."""

    def __init__(
        self, note: Callable[[list[Draft]], object], now: Callable[[], int], tick: Callable[[], float] = monotonic
    ) -> None:
        self._note = note
        self._now = now
        self._tick = tick
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str, str], tuple[float, int]] = {}

    def hear(self, seat: Seat, address: str, what: str, code: str) -> None:
        """One request of this seat (or nobody) was refused for ``code``; ``what`` is the route, never what was sent."""
        key, tick = (seat.user or address, what, code), self._tick()
        with self._lock:
            until, n = self._seen.pop(key, (0.0, 0))
            self._seen[key] = (until, n + 1) if tick < until else (tick + QUIET_S, 0)
            while len(self._seen) > REMEMBERED:
                del self._seen[next(iter(self._seen))]
        if tick >= until:
            body = {"what": what, "code": code, "address": address, "before": n}
            self._note([Draft("access.refused", seat.user or "unknown", self._now(), body, seat.user or "unknown")])
