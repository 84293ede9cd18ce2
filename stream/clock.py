"""The one place that asks the wall clock. The two wire forms of time are ``stream/instant.py``'s.

Inside the house a moment is an int: microseconds since 1970-01-01 UTC. With ``speed`` N the house's clock runs N times
as fast as the wall from the moment it was made; at speed 1 it *is* the wall clock, its jumps included.
"""

from __future__ import annotations

import time

from stream.instant import format_kst as format_kst
from stream.instant import parse_rfc3339 as parse_rfc3339
from stream.schema import US


def monotonic() -> float:
    """Seconds of a clock that never jumps; for measuring how long something took."""
    return time.monotonic()


def _wall() -> int:
    return time.time_ns() // 1000


class Clock:
    """The house's clock. ``start`` (µs) lets it begin at another moment than now, e.g. for a demo's morning."""

    def __init__(self, speed: float = 1.0, start: int | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = float(speed)
        self._plain = start is None and speed == 1.0
        self._base = _wall() if start is None else start
        self._began = time.monotonic_ns()

    def now(self) -> int:
        """This moment in µs."""
        if self._plain:
            return _wall()
        return self._base + int((time.monotonic_ns() - self._began) * self.speed) // 1000

    def sleep_until(self, at: int) -> None:
        """Return when this clock shows ``at`` (µs) or later."""
        while (left := at - self.now()) > 0:
            time.sleep(min(left / US / self.speed, 60.0))


class ManualClock:
    """A clock that a test (or a re-run) turns by hand; it never goes by itself."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.speed = 1.0

    def now(self) -> int:
        """The moment it was last set to."""
        return self.at

    def set(self, at: int) -> None:
        """Show ``at`` (µs) from now on."""
        self.at = at

    def advance(self, us: int) -> int:
        """Go on by ``us`` and answer the new moment."""
        self.at += us
        return self.at

    def sleep_until(self, at: int) -> None:
        """Nobody waits in a test: the clock jumps to ``at``."""
        self.at = max(self.at, at)
