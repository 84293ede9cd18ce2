"""What the street rules read and remember: areas of the sites in metres, rows of rules, and what is kept of each track.

Street rules look at one track (or the crowd) in the areas that the city file draws at a site: the carriageway, the
crosswalk, lanes with a direction, places where people wait. A site without the area that a rule needs has it off.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians, sin
from typing import Any, NamedTuple

import numpy as np

from cep.codes import CLASS
from cep.patterns import WEEKDAYS
from cep.rules import Rule, RuleTable
from cep.state import filled, row
from cep.table import bits, us
from stream.schema import Severity

SPOTS = 12  # standing vehicles remembered at one crosswalk; further ones wait until a place is free

STRAY = row(
    i8="hold gap quiet persons vehicles grave", f8="kerb2 margin2 range2 speed", i4="rule", i1="severity grave_severity"
)  # fmt: skip
DWELL = row(i8="stay first last days persons", f8="radius2", i4="rule", i1="severity school")
PARKING = row(i8="stay gap vehicles", f8="radius2 still range kerb2", i4="rule", i1="severity")
JOLT = row(i8="half gap vehicles", f8="change most slip speed sign", i4="rule", i1="severity")
AGAINST = row(i8="vehicles", f8="cosine run speed", i4="rule", i1="severity")
THRONG = row(i8="n hold gap persons", f8="range2", i4="rule", i1="severity")

PLACE = row(f8="west east south north", i4="way n_way walk n_walk lane n_lanes wait n_waits", i1="school")
LANE = row(f8="ux uy", i4="first count")
AREA = row(i4="first count")

WATCH = row(i8="last frame", i4="place")  # of a source: its last frame; of a site: its row of PLACE (0: unknown)
COURSE = row(i8="seen frame life")
STRAYING = row(i8="life since held", i1="fired")
DWELLING = row(i8="life since", f8="x y", i1="fired")
JOLTING = row(i8="life origin start last told n0 n1 n2 t0 t1 t2", f8="v0 v1 v2 x0 x1 x2 y0 y1 y2", i1="known")
HEADING = row(i8="life", f8="x y", i4="lane", i1="going fired")
SPOT = row(i8="since seen life", f8="x y", i4="track", i1="used told")
TOLD = row(i8="at", i1="severity known")  # of a site and stray rule: what was told last
GATHERING = row(i8="since held", f8="x y", i1="known told")
PER_TRACK = ("courses", "straying", "dwelling", "jolting", "heading")  # arrays with a row a track


class StreetRules(NamedTuple):
    """The street rules as the kernel reads them (times in µs, squares of metres, words as bits)."""

    strays: np.ndarray
    dwells: np.ndarray
    parkings: np.ndarray
    jolts: np.ndarray
    againsts: np.ndarray
    throngs: np.ndarray


class Street(NamedTuple):
    """What the street kernel keeps, and the areas it looks at (``points`` holds the corners of all of them)."""

    watch: np.ndarray
    courses: np.ndarray
    straying: np.ndarray
    dwelling: np.ndarray
    jolting: np.ndarray
    heading: np.ndarray
    told: np.ndarray
    spots: np.ndarray
    parked: np.ndarray
    gatherings: np.ndarray
    places: np.ndarray
    lanes: np.ndarray
    waits: np.ndarray
    points: np.ndarray


def compile_street(rules: RuleTable) -> StreetRules:
    """The arrays of a rule table."""
    return StreetRules(
        np.array([_stray(n, r) for n, r in rules.of("astray")], STRAY),
        np.array([_dwell(n, r) for n, r in rules.of("dwell")], DWELL),
        np.array([_parking(n, r) for n, r in rules.of("parked")], PARKING),
        np.array([_jolt(n, r) for n, r in rules.of("jolt")], JOLT),
        np.array([_against(n, r) for n, r in rules.of("against")], AGAINST),
        np.array([_throng(n, r) for n, r in rules.of("throng")], THRONG),
    )


def _stray(n: int, r: Rule) -> tuple[Any, ...]:
    t, m = r.thresholds, r.match
    return filled(
        STRAY, rule=n, severity=r.severity, grave_severity=Severity[m["grave_severity"]], hold=us(t["hold_s"]),
        gap=us(t["gap_s"]), quiet=us(t["again_s"]), kerb2=t["kerb_m"] ** 2, margin2=t["margin_m"] ** 2,
        range2=t["range_m"] ** 2, speed=t["min_speed_mps"], **_masks(m, "persons", "vehicles", "grave"),
    )  # fmt: skip


def _dwell(n: int, r: Rule) -> tuple[Any, ...]:
    t, m = r.thresholds, r.match
    first, last = ((int(clock[:2]) * 60 + int(clock[3:])) * 60 for clock in m["hours"])
    days = bits(m["days"], {day: code for code, day in enumerate(WEEKDAYS)})
    return filled(
        DWELL, rule=n, severity=r.severity, stay=us(t["stay_s"]), radius2=t["radius_m"] ** 2, first=us(first),
        last=us(last), days=days, school=m["near"] == "school", **_masks(m, "persons"),
    )  # fmt: skip


def _parking(n: int, r: Rule) -> tuple[Any, ...]:
    t = r.thresholds
    return filled(
        PARKING, rule=n, severity=r.severity, stay=us(t["stay_s"]), gap=us(t["gap_s"]), radius2=t["radius_m"] ** 2,
        still=t["still_mps"], range=t["range_m"], kerb2=t["kerb_m"] ** 2, **_masks(r.match, "vehicles"),
    )  # fmt: skip


def _jolt(n: int, r: Rule) -> tuple[Any, ...]:
    t = r.thresholds
    sign = -1.0 if r.match["change"] == "slower" else 1.0
    return filled(
        JOLT, rule=n, severity=r.severity, half=us(t["window_s"] / 2), gap=us(t["gap_s"]), change=t["change_mps2"],
        most=t["most_mps2"], slip=t["slip_m"], speed=t["min_speed_mps"], sign=sign, **_masks(r.match, "vehicles"),
    )  # fmt: skip


def _against(n: int, r: Rule) -> tuple[Any, ...]:
    t = r.thresholds
    cosine = round(cos(radians(t["angle_deg"])), 9)  # rounded: the same on every machine
    return filled(
        AGAINST, rule=n, severity=r.severity, cosine=cosine, run=t["run_m"], speed=t["min_speed_mps"],
        **_masks(r.match, "vehicles"),
    )  # fmt: skip


def _throng(n: int, r: Rule) -> tuple[Any, ...]:
    t = r.thresholds
    return filled(
        THRONG, rule=n, severity=r.severity, n=t["n"], hold=us(t["hold_s"]), gap=us(t["gap_s"]),
        range2=t["range_m"] ** 2, **_masks(r.match, "persons"),
    )  # fmt: skip


def _masks(match: dict[str, Any], *fields: str) -> dict[str, int]:
    return {field: bits(match[field], CLASS) for field in fields}


def street_of(city: Any, rules: StreetRules) -> tuple[Street, dict[str, int]]:
    """An empty memory with the city's areas, and the number of each site's row in ``places``."""
    points: list[tuple[float, float]] = []
    lanes: list[tuple[Any, ...]] = []
    waits: list[tuple[Any, ...]] = []
    places = [filled(PLACE)]  # the first is for sites that the city does not know
    of: dict[str, int] = {}
    for id, site in sorted(city.sites.items()):
        way, walk = _put(points, site.carriageway or ()), _put(points, site.crosswalk or ())
        lane, wait = len(lanes), len(waits)
        for one in site.lanes:
            ux, uy = (round(turn(radians(one.bearing_deg)), 9) for turn in (sin, cos))
            first, count = _put(points, one.area)
            lanes.append(filled(LANE, ux=ux, uy=uy, first=first, count=count))
        waits += [filled(AREA, first=a, count=b) for a, b in (_put(points, area) for area in site.waiting)]
        of[id] = len(places)
        places.append(filled(
            PLACE, way=way[0], n_way=way[1], walk=walk[0], n_walk=walk[1], lane=lane, n_lanes=len(lanes) - lane,
            wait=wait, n_waits=len(waits) - wait, school=city.at_school(id), **_box(site.carriageway or ()),
        ))  # fmt: skip
    n, corners = len(places), np.array(points, np.float64).reshape(-1, 2)
    states = {
        "straying": (rules.strays, STRAYING), "dwelling": (rules.dwells, DWELLING),
        "jolting": (rules.jolts, JOLTING), "heading": (rules.againsts, HEADING),
    }  # fmt: skip
    tables = {name: np.zeros((64, len(rows)), dtype) for name, (rows, dtype) in states.items()}
    street = Street(
        watch=np.zeros(64, WATCH), courses=np.zeros(64, COURSE), **tables,
        told=np.zeros((n, len(rules.strays)), TOLD), spots=np.zeros((n, len(rules.parkings), SPOTS), SPOT),
        parked=np.zeros((n, len(rules.parkings)), np.int64),
        gatherings=np.zeros((n, len(rules.throngs)), GATHERING),
        places=np.array(places, PLACE), lanes=np.array(lanes, LANE), waits=np.array(waits, AREA), points=corners,
    )  # fmt: skip
    return street, of


def _put(points: list[tuple[float, float]], corners: Iterable[Any]) -> tuple[int, int]:
    first = len(points)
    points += [(float(x), float(y)) for x, y in corners]
    return first, len(points) - first


def _box(corners: Iterable[Any]) -> dict[str, float]:
    xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return {"west": min(xs), "east": max(xs), "south": min(ys), "north": max(ys)} if xs else {}
