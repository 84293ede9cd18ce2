"""Days, weeks and months of Korea as spans of µs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9))
EPOCH = datetime(1970, 1, 1, 9, tzinfo=KST)
PARTS = ("day", "week", "month")
MOST = 400  # parts of one answer


def month_span(month: str) -> tuple[int, int]:
    """From and to (µs) of ``YYYY-MM``; ValueError when it is none.

    >>> month_span("1970-02")[1] - month_span("1970-02")[0] == 28 * 86400 * 10**6
    True
    """
    begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=KST)
    return _us(begin), _us(_next(begin, "month"))


def month_of(at: int) -> str:
    """``YYYY-MM`` of a moment in Korea."""
    return f"{_when(at):%Y-%m}"


def month_before(at: int) -> str:
    """The last month that was over at this moment."""
    return month_of(month_span(month_of(at))[0] - 1)


def parts(frm: int, to: int, by: str) -> list[tuple[int, int]]:
    """The days, weeks (from Monday) or months that the span touches, cut to it; the last 400 of them at most."""
    begin = _when(frm).replace(hour=0, minute=0, second=0, microsecond=0)
    if by == "week":
        begin -= timedelta(days=begin.weekday())
    elif by == "month":
        begin = begin.replace(day=1)
    found = []
    while _us(begin) < to:
        end = _next(begin, by)
        if frm < to:
            found.append((max(frm, _us(begin)), min(to, _us(end))))
        begin = end
        if len(found) > MOST:
            del found[0]
    return found


def _next(begin: datetime, by: str) -> datetime:
    if by == "month":
        return (begin + timedelta(days=32)).replace(day=1)
    return begin + timedelta(days=7 if by == "week" else 1)


def _when(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def _us(when: datetime) -> int:
    return (when - EPOCH) // timedelta(microseconds=1)
