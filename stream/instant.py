"""The two wire forms of a moment, without a clock: RFC 3339 in, RFC 3339 in Korean time out.

Inside the house a moment is an int: microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from stream.schema import US, SourceError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KST = timezone(timedelta(hours=9))


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
