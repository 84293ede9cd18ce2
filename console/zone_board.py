"""What a school's board tells beside the counts of the day: the week, what is so now, weather, going home, advice.

No place, no person, no alarm: counts below five are hidden, what is so now is a yes or no, all of it five minutes late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from console.devices import wire
from console.house import House
from stream.clock import format_kst
from stream.zoneday import DAY_US, KST_US, day_of

COLUMNS = ("speeding", "signal", "risk", "jaywalking")  # of stream/kpi_road.py, in the board's order
WEEK = 7
FEW = 5
WEATHER = ("heatwave", "coldwave", "heavy_rain", "heavy_snow", "strong_wind", "fine_dust")
PARKED = ("illegal_parking",)
NO_SCHOOL = ("holiday", "vacation", "weekend")


def hide(n: int) -> dict[str, Any]:
    """A count as the board may show it: below five, none included, only "few": a zero that is shown tells of each other
    "few" that it is one at least."""
    return {"n": None if n < FEW else n, "few": n < FEW}


def over(counts: Mapping[str, int]) -> dict[str, Any]:
    """A day's bar: the sum of what may be shown, so that it tells nothing beyond the counts themselves."""
    shown = [counts[column] for column in COLUMNS if counts[column] >= FEW]
    return {"n": sum(shown), "few": any(counts[column] < FEW for column in COLUMNS)}


def _no_school(view: dict[str, Any]) -> bool:
    return view["home"] is not None and not view["home"]["school"]


# What is said in one sentence: the first row that holds. ``view`` is the board so far.
ADVICE: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("none", lambda v: v["state"] != "live"),
    ("weather", lambda v: any(w["level"] == "warning" for w in v["weather"])),
    ("works", lambda v: v["now"]["works"]),
    ("parking", lambda v: v["now"]["parking"]),
    ("risk", lambda v: _most(v) in ("risk", "jaywalking")),
    ("speeding", lambda v: _most(v) == "speeding"),
    ("signal", lambda v: _most(v) == "signal"),
    ("few_no_school", _no_school),  # why a whole day may have few of all
    ("few", lambda v: True),
)


def _most(view: dict[str, Any]) -> str:
    """What was counted most often of what may be shown; a danger to somebody on foot goes before."""
    rows = {row["what"]: row["n"] or 0 for row in view["today"]}
    if rows["risk"] >= FEW:
        return "risk"
    most = max(COLUMNS, key=lambda column: rows[column])
    return most if rows[most] >= FEW else ""


def details(house: House, zone: str, until: int) -> dict[str, Any]:
    """``{name, state, today, week, now, weather, home, advice}`` of a zone as it was at ``until`` (µs)."""
    city = house.city
    sites = {s.id for s in city.sites.values() if s.zone == zone}
    view: dict[str, Any] = {
        "name": city.zones[zone].name if zone in city.zones else zone,
        "state": state(house, sites, until),
        "week": week(house, sites, until),
        "now": {"parking": _open(house, sites, until, PARKED), "works": any(
            r.what == "roadworks" for r in _context(house, zone, sites, until))},
        "weather": [{"value": r.value, "level": r.level} for r in _context(house, zone, sites, until)
                    if r.what == "weather" and r.value in WEATHER and r.level in ("advisory", "warning")],
        "home": home(house, zone, until),
    }
    counts = _counts(house, sites, day_of(until), until).items()
    unknown = {"n": None, "few": False}  # where nothing looked, none seen is no zero
    view["today"] = [{"what": c, **(unknown if view["state"] == "unheard" else hide(n))} for c, n in counts]
    return view | {"advice": next(code for code, holds in ADVICE if holds(view))}


def state(house: House, sites: set[str], until: int) -> str:
    """none: nothing looks at this zone; silent: all that does has gone silent; unheard: nothing came today; live."""
    sources = [wire(s.id) for s in house.city.sources.values() if s.of in sites]
    rows = [house.board.devices.get(source) for source in sources]
    if not sources:
        return "none"
    if all(row is not None and row.silent_since for row in rows):
        return "silent"
    return "live" if any(day_of(house.heard(source)) >= day_of(until) for source in sources) else "unheard"


def _counts(house: House, sites: set[str], day: int, until: int) -> dict[str, int]:
    found = house.kpi.days.counts(sites, day, until)
    return {column: max(0, found[column]) for column in COLUMNS}


def week(house: House, sites: set[str], until: int) -> list[dict[str, Any]]:
    """The seven days before this one, the oldest first; a day from before the journal has no bar (``n`` None)."""
    days, today = house.kpi.days, day_of(until)
    rows = []
    for day in range(today - WEEK, today):
        at = format_kst(day * DAY_US - KST_US)[:10]
        known = days.first and day >= days.first
        rows.append({"day": at, **(over(_counts(house, sites, day, until)) if known else {"n": None, "few": False})})
    return rows


def _open(house: House, sites: set[str], until: int, kinds: tuple[str, ...]) -> bool:
    """Whether such an incident was open then and is open still."""
    return any(i.kind in kinds and i.is_open and i.opened_at <= until and i.place is not None and i.place.site in sites
               for i in tuple(house.board.incidents.values()))


def _context(house: House, zone: str, sites: set[str], at: int) -> list[Any]:
    """What holds for the zone at a moment: said of it, its crossings, its dong, or the whole city."""
    city = house.city
    names = {zone, *sites, *(p.dong for site in sites if (p := city.place(site)))}
    found = []
    for (area, _, _), body in sorted(house.board.context.items()):
        here = (parts := city.parts(area)) is None or parts & names
        ended = (body.to and at >= body.to) or (body.level == "none" and body.what != "calendar")
        if here and body.frm <= at and not ended:
            found.append(body)
    return found


def home(house: House, zone: str, at: int) -> dict[str, Any] | None:
    """Going home as the school's own calendar says it (``to`` of its school day), or that there is no school today."""
    rows = [b for (area, _, _), b in house.board.context.items() if b.what == "calendar" and area == zone]
    rows += [b for b in _context(house, zone, set(), at) if b.what == "calendar"]
    for body in rows:
        if body.value in NO_SCHOOL and body.frm <= at and (not body.to or at < body.to):
            return {"school": False, "at": None}
        if body.value == "school_day" and body.to and day_of(body.to) == day_of(at):
            return {"school": True, "at": format_kst(body.to)}
    return None
