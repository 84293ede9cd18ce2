"""From arrival to paint: what the screens report, folded into the figure 감지→팝업, and noted once each."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Any

from stream.schema import Draft, Incident

WINDOW = 500
REMEMBERED = 5000
SANE_MS = 60_000.0


class Paints:
    """Latencies of the last paints, and the first paint of each incident waiting to be noted."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._lock = threading.Lock()
        self._last: deque[float] = deque(maxlen=WINDOW)
        self._first: OrderedDict[str, None] = OrderedDict()
        self._drafts: list[Draft] = []

    def hear(self, incident: Incident, by: str, now: int, painted_ms: float, sent_ms: float) -> float | None:
        """Latency in ms of this paint, None when it can't be one (no arrival stamp, impossible times).

        ``now`` is the house's moment at which the report came; ``sent_ms - painted_ms`` is how long the browser held
        it, both of the browser's own clock, so no two clocks are compared. The way back is counted in (about 1 ms).
        """
        arrival = incident.stamps.get("arrival", 0)
        held = sent_ms - painted_ms
        taken = (now - arrival) / 1000 / self._speed - held
        if not arrival or not 0 <= held <= SANE_MS or not 0 <= taken <= SANE_MS:
            return None
        with self._lock:
            self._last.append(taken)
            if incident.id not in self._first:
                self._first[incident.id] = None
                if len(self._first) > REMEMBERED:
                    self._first.popitem(last=False)
                body = {"ms": round(taken, 1)}
                self._drafts.append(Draft("paint.noted", incident.id, now, body, by, "screen"))
        return taken

    def view(self) -> dict[str, Any]:
        """``{p50, p95, p99, n}`` in ms over the last paints; None while there are none."""
        with self._lock:
            taken = sorted(self._last)
        if not taken:
            return {"p50": None, "p95": None, "p99": None, "n": 0}
        return {name: round(taken[min(len(taken) - 1, int(len(taken) * q))], 1)
                for name, q in (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))} | {"n": len(taken)}

    def take(self) -> list[Draft]:
        """Drafts of the first paints since the last call."""
        with self._lock:
            drafts, self._drafts = self._drafts, []
        return drafts
