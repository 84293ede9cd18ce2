"""Counting what happens too often to be a record each: the first of a kind at once, then one record with the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
ROWS = 20  # records of one tick


class Meter(Generic[Key]):
    """Counts by key; ``due`` gives each key at once when it is new, else ``every_us`` after it was given last."""

    def __init__(self, every_us: int) -> None:
        self.every_us = every_us
        self._open: Counter[Key] = Counter()
        self._told: dict[Key, int] = {}

    def add(self, counts: Mapping[Key, int]) -> None:
        """Count these."""
        self._open.update(counts)

    def due(self, now: int) -> list[tuple[Key, int]]:
        """(key, how many since it was given last), the most frequent first."""
        if not self._open:
            return []
        never = now - self.every_us
        ready = [pair for pair in self._open.most_common() if now - self._told.get(pair[0], never) >= self.every_us]
        for key, _ in ready[:ROWS]:
            self._told[key] = now
            del self._open[key]
        if len(self._told) > 1000 * ROWS:
            self._told = {key: at for key, at in self._told.items() if now - at < self.every_us}
        return ready[:ROWS]
