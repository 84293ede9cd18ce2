"""How often the queue has sounded in the last ten minutes: what a flood is told by."""

from __future__ import annotations

from bisect import bisect_left, insort

from stream.schema import US, Incident, State

WINDOW_US = 600 * US


class Loud:
    """Moments of the annunciations of the last ten minutes before the latest of them."""

    def __init__(self) -> None:
        self._at: list[int] = []

    def hear(self, was: Incident | None, now: Incident, at: int) -> None:
        """Count it when an incident sounds: annunciated for the first time, or new again after somebody had seen it."""
        first = now.annunciated and (was is None or not was.annunciated)
        again = now.annunciated and was is not None and was.state != State.new and now.state == State.new
        if now.is_open and (first or again):
            insort(self._at, at)
            del self._at[: bisect_left(self._at, self._at[-1] - WINDOW_US)]

    def count(self, at: int) -> int:
        """How many in the ten minutes before ``at`` (and those dated later)."""
        return len(self._at) - bisect_left(self._at, at - WINDOW_US)

    def copy(self) -> Loud:
        """The same moments, for another writer."""
        other = Loud()
        other._at = list(self._at)
        return other
