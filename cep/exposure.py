"""What makes a moment more dangerous: school run, dark, rain, heat, works, events. Points 0-10 with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from stream.board import DAY_US, KOREA_US, korean_day
from stream.bodies import ContextNoted
from stream.schema import US, Factor, Place

MOST = 10
HOUR_US = 3600 * US
# Hours of the Korean day. Walking to school before 9; children's accidents on foot peak at 14-18 h (KoROAD, 53.7 %),
# with the way home of the lower classes from 13 h.
SCHOOL_RUN = ((8.0, 9.0), (13.0, 18.0))
# Sunrise and sunset in Osan in the middle of each month, hours of the Korean day, to about a quarter of an hour.
DAYLIGHT = (
    (7.7, 17.6), (7.3, 18.1), (6.7, 18.6), (5.9, 19.0), (5.4, 19.5), (5.2, 19.9),
    (5.4, 19.8), (5.8, 19.4), (6.2, 18.7), (6.7, 17.9), (7.2, 17.4), (7.6, 17.2),
)  # fmt: skip
ROAD_WEATHER = ("heavy_rain", "heavy_snow", "strong_wind")
HOME_WEATHER = ("heatwave", "coldwave")
LEVEL_POINTS = {"advisory": 3, "warning": 5}
NO_SCHOOL = ("holiday", "vacation", "weekend")

ContextKey = tuple[str, str, str]


class Zones(Protocol):
    """What is asked of a city: its zones and the names of its parts."""

    @property
    def zones(self) -> Mapping[str, object]:
        """Zones by id."""

    def parts(self, area: str) -> frozenset[str] | None:
        """The names of what lies in a known site, household, zone, dong or ward; None for another word."""


def hour(at: int) -> float:
    """Hour of the Korean day, 0 to 24."""
    return (at + KOREA_US) % DAY_US / HOUR_US


def weekday(at: int) -> int:
    """Day of the Korean week, Monday 0 (1970-01-01 was a Thursday)."""
    return ((at + KOREA_US) // DAY_US + 3) % 7


def dark(at: int) -> bool:
    """Before sunrise or after sunset in Osan."""
    rise, fall = DAYLIGHT[int(korean_day(at)[4:6]) - 1]
    return not rise <= hour(at) < fall


def active(context: Mapping[ContextKey, ContextNoted], place: Place | None, city: Zones, at: int) -> list[ContextNoted]:
    """What holds now at the place: in its dong, ward, zone or site, or in the whole city (an area not of its parts)."""
    names = {place.dong, place.zone, place.site, place.household} if place else set()
    found = []
    for (area, _, _), row in sorted(context.items()):
        begun, over = row.frm <= at, (row.to and at >= row.to) or (row.level == "none" and row.what != "calendar")
        if begun and not over and ((parts := city.parts(area)) is None or parts & names):
            found.append(row)
    return found


def school_day(at: int, now: Iterable[ContextNoted]) -> bool:
    """Monday to Friday, unless the calendar says there is no school."""
    return weekday(at) < 5 and not any(row.what == "calendar" and row.value in NO_SCHOOL for row in now)


def school_run(at: int, now: Iterable[ContextNoted]) -> bool:
    """A school day's hours on foot."""
    return school_day(at, now) and any(first <= hour(at) < last for first, last in SCHOOL_RUN)


def exposure(
    domains: set[str], place: Place | None, context: Mapping[ContextKey, ContextNoted], city: Zones, at: int,
    rescue: bool = False,
) -> Factor | None:
    """The factor for this moment, None when there is nothing to add.

    ``rescue``: somebody wrote that people must be got out, so rain, snow and wind hurt them wherever they are.
    """
    now, reasons = active(context, place, city, at), dict[str, int]()
    road = "road" in domains or domains == {"person"}
    weather = (*(ROAD_WEATHER if road or rescue else ()), *(() if road else HOME_WEATHER))
    if road and at_school(place, city) and school_run(at, now):
        reasons["school_run"] = 5
    if road and dark(at):
        reasons["dark"] = 3
    for row in now:
        points = LEVEL_POINTS.get(row.level, 3 if row.what != "weather" else 0)
        if row.what == "weather" and row.value in weather:
            reasons[str(row.value)] = points
        elif road and row.what in ("roadworks", "event"):
            reasons[row.what] = points
    if not reasons:
        return None
    why = max(reasons, key=lambda reason: (reasons[reason], reason))
    return Factor("exposure", min(MOST, sum(reasons.values())), why, {"of": sorted(reasons)})


def at_school(place: Place | None, city: Zones) -> bool:
    """The place lies in the zone of a school."""
    return place is not None and bool(getattr(city.zones.get(place.zone or ""), "school", None))
