"""The one place that asks the wall clock, and the two wire forms of time.

Inside the house a moment is an int: microseconds since 1970-01-01 UTC. With ``speed`` N the house's clock runs N times
as fast as the wall from the moment it was made; at speed 1 it *is* the wall clock, its jumps included.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

from stream.schema import US, SourceError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KST = timezone(timedelta(hours=9))


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


def parse_rfc3339(s: str) -> int:
    """µs of an RFC 3339 time with an offset; digits below a microsecond are cut off, second 60 is the next one's 0.

    Raises SourceError ``bad_time`` for anything else, a time without an offset included.

    >>> parse_rfc3339("1970-01-01T09:00:01.5+09:00")
    1500000
    """
    leap = 0
    if s[17:19] == "60":
        s, leap = f"{s[:17]}59{s[19:]}", US
    offset = s[-1:] in "Zz" or (s[-6:-5] in ("+", "-") and s[-3:-2] == ":")
    if len(s) < 20 or not offset or s[10] not in "Tt " or s[4] + s[7] != "--" or s[13] + s[16] != "::":
        raise SourceError("bad_time", s[:40])
    try:
        past = datetime.fromisoformat(s[:-1] + "Z" if s[-1] == "z" else s) - EPOCH
    except (ValueError, OverflowError):
        raise SourceError("bad_time", s[:40]) from None
    return (past.days * 86400 + past.seconds) * US + past.microseconds + leap


def format_kst(us: int) -> str:
    """RFC 3339 in Korean time, with milliseconds when they are not zero (what is below them is cut off).

    >>> format_kst(1500000)
    '1970-01-01T09:00:01.500+09:00'
    """
    at = (EPOCH + timedelta(microseconds=us - us % 1000)).astimezone(KST)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
