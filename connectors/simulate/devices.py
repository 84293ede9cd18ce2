"""Signs of life: every device with a period says that it is online, a little more often than it must.

The hubs of homes speak for themselves (``homes``), so they are not here.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from random import Random

from connectors.simulate.messages import Maker, Message
from geo.city import City
from stream.schema import US

OFTEN = 0.9  # share of the period after which a device speaks
FIRST_S = 30.0  # all have spoken this soon after the start


class Devices:
    """Radars, lights and cameras of a city, each with its next moment."""

    def __init__(self, city: City, seed: int, start: int) -> None:
        rng = Random(f"{seed}/devices")
        self._next = [
            (start + int(rng.uniform(0, FIRST_S) * US), source.id, int(source.period_s * OFTEN * US))
            for source in city.sources.values()
            if source.period_s is not None and source.type != "hub"
        ]
        heapify(self._next)
        self._battery = {source: rng.randint(35, 100) for _, source, _ in self._next}

    def step(self, at: int, maker: Maker, silent: frozenset[str] = frozenset()) -> list[Message]:
        """Signs of life due by ``at``; those of ``silent`` sources stay out."""
        out: list[Message] = []
        while self._next and self._next[0][0] <= at:
            due, source, period = heappop(self._next)
            if source not in silent:
                out.append(maker.status(source, due, rssi_dbm=-40 - self._battery[source] // 4))
            heappush(self._next, (due + period, source, period))
        return out
