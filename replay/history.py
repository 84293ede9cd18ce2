"""A home's last 24 hours, sensor by sensor, beside what is usual there: for who has to judge a silence or a cold room.

Usual is what lies between the lowest and the highest tenth (nearest rank) of the same hour of up to 14 days before, of
those on which the home was heard at all; of fewer than ``LEAST`` days nothing is said. Days are steps of 24 hours back
from the moment that is looked at, so that a part of an hour is never compared with a whole one. Every reading counts,
that of a Sunday as that of a Monday: a band is a help to the eye, not a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cep.codes import LIFE, WHEN_ABOVE_LAST, WHEN_CHANGED, meter_of
from stream.readings import Reading
from stream.schema import US

HOUR_US = 3600 * US
DAY_US = 24 * HOUR_US
DAYS, LEAST = 14, 4
HOLD_US, SOCKET_US = 6 * HOUR_US, DAY_US  # a value stands for so long at most; a socket tells of a change only
RECENT_H = 6  # the figure of all signs of life together: a day's sum would hide a morning's silence
MOST = 12  # sensors of one home that are shown
ORDER = ("door", "bed", "pir", "fridge", "window", "phone", "steps", "power", "water", "temperature", "humidity",
         "heart_rate")  # fmt: skip
STATES = ("door", "window", "fridge", "bed")
TICKS = ("pir", "phone")
FRONT = "front"
SLACK = {"temperature": 1.0, "humidity": 5.0, "heart_rate": 5.0}  # so little beyond the band is no news
SHARE = 0.25  # nor is a count that is a quarter beyond: of ten sensors, one or two lie outside of their band on any day
Range = tuple[float, float]
Moment = tuple[int, float]


class Lane(msgspec.Struct, frozen=True):
    """One sensor's day (``what`` is its name, or ``life`` for all signs of life together).

    ``form``: ``state`` (``marks`` are [from, to]), ``ticks`` ([at]), ``level`` ([at, value]), ``sum`` and ``life``
    (``hours`` alone). ``hours``: 24 counts, sums or means, ``band``: what is usual of each, ``often``: used in that
    hour on half of the days. ``now`` against ``usual`` in one number (sum of the day, of ``life`` the last six hours,
    of a level the latest); ``out`` is ``low``, ``high`` or empty.
    """

    what: str
    location: str
    unit: str
    form: str
    hours: list[float | None]
    band: list[Range | None]
    often: list[bool]
    marks: list[list[float]]
    now: float | None
    usual: Range | None
    out: str
    last: int | None


class Day(msgspec.Struct, frozen=True):
    """The 24 hours until ``to`` (µs); ``days`` earlier ones were heard."""

    to: int
    days: int
    lanes: list[Lane]


def rank(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed, nearest rank.

    >>> rank([5, 1, 4, 2, 3], 0.9), rank([5, 1, 4, 2, 3], 0.1)
    (5, 1)
    """
    return sorted(values)[round((len(values) - 1) * share)]


def usual(values: Sequence[float]) -> Range | None:
    """The band of these days' values; None when they are too few to say."""
    return (rank(values, 0.1), rank(values, 0.9)) if len(values) >= LEAST else None


def signs(sensor: str, said: Sequence[Reading]) -> list[Moment]:
    """When this sensor was a sign of life (CONTRACT 6, inactivity), and how much it told: steps, litres, or 1."""
    mode, found = LIFE.get(sensor), []
    for before, one in zip((None, *said), said, strict=False):
        if mode in (WHEN_CHANGED, WHEN_ABOVE_LAST):
            step = one.value - before.value if before else 0.0
            good = step > 0 if mode == WHEN_ABOVE_LAST else step != 0
            found += [(one.at, step)] if good else []
        elif mode is not None and one.value > 0:
            found.append((one.at, one.value))
    return found


def by_day(moments: Iterable[Moment], to: int) -> dict[int, list[float]]:
    """Sums by day (0 is the one until ``to``) and hour of the day, oldest first."""
    days: dict[int, list[float]] = {}
    for at, n in moments:
        day, rest = divmod(to - at, DAY_US)
        days.setdefault(day, [0.0] * 24)[23 - rest // HOUR_US] += n
    return days


def means(said: Sequence[Reading], to: int) -> dict[int, list[float | None]]:
    """Means of a value by day and hour, each reading for as long as it stood."""
    weighed: dict[tuple[int, int], list[float]] = {}
    for one, end in zip(said, [*(r.at for r in said[1:]), to], strict=True):
        at, until = one.at, min(end, one.at + (SOCKET_US if one.sensor == "power" else HOLD_US))
        while at < until:
            day, rest = divmod(to - at - 1, DAY_US)
            stop = min(until, to - day * DAY_US - rest // HOUR_US * HOUR_US)
            cell = weighed.setdefault((day, 23 - rest // HOUR_US), [0.0, 0.0])
            cell[0] += stop - at
            cell[1] += (stop - at) * one.value
            at = stop
    days: dict[int, list[float | None]] = {}
    for (day, hour), (weight, total) in weighed.items():
        days.setdefault(day, [None] * 24)[hour] = total / weight
    return days


def beside(now: float | None, band: Range | None, slack: float = 0.0, share: float = 0.0) -> str:
    """Whether a figure lies below or above what is usual, by more than ``slack`` and that share of the band's end."""
    if now is None or band is None:
        return ""
    low, high = band[0] * (1 - share) - slack, band[1] * (1 + share) + slack
    return "low" if now < low else "high" if now > high else ""


def _counted(what: str, location: str, unit: str, form: str, moments: list[Moment], marks: list[list[float]],
             to: int, heard: set[int]) -> Lane:
    """A lane of what can be counted: the day's sum is its figure."""
    days = by_day(moments, to)
    none = [0.0] * 24
    rows = [days.get(day, none) for day in sorted(heard)]
    hours, band = days.get(0, none), [usual([row[h] for row in rows]) for h in range(24)]
    often = [len(rows) >= LEAST and 2 * sum(row[h] > 0 for row in rows) >= len(rows) for h in range(24)]
    first = 24 - RECENT_H if form == "life" else 0
    whole, total = usual([sum(row[first:]) for row in rows]), sum(hours[first:])
    last = max((at for at, _ in moments), default=None)
    return Lane(what, location, unit, form, list(hours), band, often, marks, total, whole,
                beside(total, whole, share=SHARE), last)


def _level(sensor: str, location: str, said: list[Reading], to: int, heard: set[int]) -> Lane:
    """A lane of a value: its figure is the latest one, judged by the mean of the last hour."""
    days = means(said, to)
    blank: list[float | None] = [None] * 24
    rows = [days.get(day, blank) for day in sorted(heard)]
    band = [usual([v for row in rows if (v := row[h]) is not None]) for h in range(24)]
    hours = days.get(0, blank)
    inside = [one for one in said if one.at > to - DAY_US]
    now, last = (inside[-1].value, inside[-1].at) if inside else (None, None)
    marks = [[one.at, one.value] for one in {one.at // (300 * US): one for one in inside}.values()]
    out = beside(hours[23], band[23], SLACK.get(sensor, 0.0))
    return Lane(sensor, location, said[-1].unit, "level", hours, band, [], marks, now, band[23], out, last)


def intervals(said: Sequence[Reading], frm: int, to: int) -> list[list[float]]:
    """From when until when a door stood open, a bed was occupied: those that reach into the span."""
    found: list[list[float]] = []
    began: int | None = None
    for one in said:
        if one.value > 0:
            began = one.at if began is None else began
        elif began is not None:
            found.append([began, one.at])
            began = None
    if began is not None:
        found.append([began, to])
    return [[max(a, frm), b] for a, b in found if b > frm]


def _lane(sensor: str, location: str, said: list[Reading], to: int, heard: set[int]) -> Lane:
    frm, unit = to - DAY_US, said[-1].unit
    if sensor in STATES:
        used = [(at, 1.0) for at, step in signs(sensor, said) if step > 0]
        return _counted(sensor, location, unit, "state", used, intervals(said, frm, to), to, heard)
    if sensor in TICKS:
        used = [(at, 1.0) for at, _ in signs(sensor, said)]
        return _counted(sensor, location, unit, "ticks", used, [[at] for at, _ in used if at > frm], to, heard)
    if sensor == "steps" or meter_of(sensor, unit):
        return _counted(sensor, location, unit, "sum", signs(sensor, said), [], to, heard)
    return _level(sensor, location, said, to, heard)


def day(readings: Sequence[Reading], to: int) -> Day:
    """The day until ``to`` (µs) of one home, from its readings of ``DAYS`` + 1 days in order of time."""
    groups: dict[tuple[str, str], list[Reading]] = {}
    for one in readings:
        groups.setdefault((one.sensor, one.location), []).append(one)
    heard = {(to - one.at) // DAY_US for one in readings} - {0}
    order = sorted(groups, key=lambda g: (ORDER.index(g[0]), g[1] != FRONT, g[1]))
    lanes = [_lane(*name, groups[name], to, heard) for name in order[:MOST]]
    life = sorted((at, 1.0) for (sensor, _), said in groups.items() for at, _ in signs(sensor, said))
    if groups:
        lanes.insert(0, _counted("life", "", "", "life", life, [], to, heard))
    return Day(to, len(heard), lanes)
