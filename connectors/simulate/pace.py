"""The console's clock as a device sees it: its word on every answer, and a steady clock in between."""

from __future__ import annotations

from collections.abc import Callable

from stream.schema import US

JUMP_US = 2 * US  # a difference above this is followed at once, a smaller one a tenth at a time


class Pace:
    """Console time now (int µs). ``steady`` gives seconds that never jump; the console runs ``speed`` times as fast."""

    def __init__(self, steady: Callable[[], float], speed: float, at: int) -> None:
        self._steady, self.speed = steady, speed
        self._base = at - int(steady() * speed * US)

    def now(self) -> int:
        """What the console's clock shows, as far as we know."""
        return self._base + int(self._steady() * self.speed * US)

    def heard(self, at: int) -> None:
        """The console has just said what its clock shows."""
        off = at - self.now()
        self._base += off if abs(off) > JUMP_US * self.speed else off // 10
