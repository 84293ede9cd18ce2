"""How busy a Korean school day is at each hour: rows of (hour, rate), straight lines between them.

Rates are per crossing and hour for the road, per home and hour (awake) for the homes. The shape follows a Korean
elementary school: children come 08:20-09:00 and leave 13:00-15:30; commuters 07-09 and 18-20; little at night.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from stream.instant import EPOCH, KST
from stream.schema import US

Rows = tuple[tuple[float, float], ...]

CHILDREN: Rows = (
    (0, 0), (7.8, 0), (8.2, 40), (8.4, 150), (8.8, 150), (9.0, 30), (9.2, 2), (12.8, 2), (13.0, 50), (13.6, 60),
    (14.6, 60), (15.5, 30), (16, 12), (18, 8), (20, 2), (21, 0), (24, 0),
)  # fmt: skip
WALKERS: Rows = (
    (0, 1), (5, 1), (7, 20), (8.5, 35), (9.5, 18), (12, 25), (15, 22), (18, 35), (20, 18), (22, 6), (24, 1),
)  # fmt: skip
VEHICLES: Rows = (
    (0, 15), (4, 8), (6, 60), (7.5, 260), (8.8, 280), (10, 170), (13, 170), (16, 200), (18, 300), (20, 180), (22, 80),
    (24, 15),
)  # fmt: skip
INDOORS: Rows = ((0, 1), (6, 4), (7, 9), (9, 6), (11.5, 9), (13, 6), (17.5, 9), (20, 6), (22, 3), (24, 1))


def day_minute(at: int) -> float:
    """Minutes since Korean midnight of a moment (int µs UTC)."""
    return (at // US + 9 * 3600) % 86_400 / 60


def is_school_day(at: int) -> bool:
    """Monday to Friday in Korea; holidays come from the city's calendar, which the simulator has none of."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(KST).weekday() < 5


def season(at: int) -> str:
    """What is warned of at this time of the Korean year: cold from November to March, else heat."""
    return "coldwave" if (EPOCH + timedelta(microseconds=at)).astimezone(KST).month in (11, 12, 1, 2, 3) else "heatwave"


def rate(rows: Rows, minute: float) -> float:
    """The table's value at a minute of the day.

    >>> rate(((0, 0.0), (12, 12.0), (24, 0.0)), 6 * 60)
    6.0
    """
    hour = minute / 60
    for (h1, r1), (h2, r2) in pairwise(rows):
        if h1 <= hour <= h2:
            return r1 + (r2 - r1) * (hour - h1) / (h2 - h1)
    return rows[-1][1]
