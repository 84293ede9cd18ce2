"""One feature of a city file: its type, its checks, and the error that says what is wrong with it.

Fields are those of CONTRACT section 7. What a console can do without (a name, a bearing) has a default; a wrong type, a
value out of range, an id used twice or a reference to nothing is refused with file, feature index, field and what
would be allowed.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Degrees = Annotated[float, Meta(ge=-360, le=360)]
Kph = Annotated[float, Meta(ge=5, le=150)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Xy = tuple[float, float]
Outline = Annotated[tuple[Xy, ...], Meta(min_length=3)]
Segment = tuple[float, float, float, float]


class CityError(Exception):
    """The city file is broken: where (file, feature index, field) and what is allowed there."""

    def __init__(self, file: str, index: int | None, field: str, allowed: str, got: str = "") -> None:
        where = f"{file}: feature {index}: {field}" if index is not None else f"{file}: {field}"
        super().__init__(f"{where}: {got + '; ' if got else ''}allowed: {allowed}")
        self.file, self.index, self.field, self.allowed = file, index, field, allowed


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """What every feature has. ``lon`` and ``lat`` are its point, or a point inside it."""

    id: Annotated[str, Meta(min_length=1)]
    name: str = ""
    lon: float = 0.0
    lat: float = 0.0


class Zone(Feature, frozen=True, kw_only=True):
    """A zone with its speed limit; ``limits`` are [from, to, kph] in Korean time and go before ``limit_kph``."""

    school: str | None = None
    limit_kph: Kph = 30.0
    limits: tuple[tuple[Clock, Clock, Kph], ...] = ()
    radius_m: Annotated[float, Meta(gt=0, le=5000)] | None = None


class Lane(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the carriageway (metres of the site's frame) in which vehicles go one way only (degrees from north)."""

    bearing_deg: Degrees
    area: Outline


class Site(Feature, frozen=True, kw_only=True):
    """A watched crosswalk; all areas in metres of the site's frame (x east, y north).

    ``carriageway``: from kerb to kerb; ``lanes``: where the direction of traffic is sure; ``waiting``: where people
    stand before they cross. A rule that needs an area the file does not give is off at the site.
    """

    zone: str | None = None
    bearing_deg: Degrees | None = None
    crosswalk: Outline | None = None
    stop_lines: tuple[Segment, ...] = ()
    carriageway: Outline | None = None
    lanes: tuple[Lane, ...] = ()
    waiting: tuple[Outline, ...] = ()


class School(Feature, frozen=True, kw_only=True):
    """A school; ``level`` is 초등학교 and the like."""

    level: str = ""


class Household(Feature, frozen=True, kw_only=True):
    """A home by pseudonym, at the middle of its 100 m cell. Nothing here says who lives there."""

    dong: str = ""
    alone: bool = False
    age_band: str = ""
    risk: Literal["high", "normal"] = "normal"


class Source(Feature, frozen=True, kw_only=True):
    """A device that sends events about ``of`` (site or household); a system of the whole city has none.

    ``period_s``: how often it is expected to speak.
    """

    of: str | None = None
    type: str = ""
    period_s: Annotated[float, Meta(gt=0)] | None = None


class Camera(Feature, frozen=True, kw_only=True):
    """A camera; ``live_url`` is opened by the console's server only."""

    site: str | None = None
    live_url: str | None = None
    type: str = ""


class Agency(Feature, frozen=True, kw_only=True):
    """A police (112) or fire (119) station."""

    agency: Literal["112", "119"]


class Boundary(Feature, frozen=True, kw_only=True):
    """An outline: the city or one dong. ``wards``, on the city: the dong that each administrative dong holds;
    ``address``: what stands before a dong in an address."""

    level: str = ""
    code: str = ""
    wards: dict[str, tuple[str, ...]] = {}
    address: str = ""


class Road(Feature, frozen=True, kw_only=True):
    """A main road as a line; ``rank`` is the national one (101 motorway ... 107 city road)."""

    rank: str = ""


KINDS: dict[str, type[Feature]] = {
    "zone": Zone, "site": Site, "school": School, "household": Household, "source": Source, "camera": Camera,
    "agency": Agency, "road": Road, "boundary": Boundary, "water": Feature, "place": Feature,
}  # fmt: skip

POINT = ("Point",)
AREA = ("Polygon", "MultiPolygon")
LINE = ("LineString", "MultiLineString")
GEOMETRIES: dict[str, tuple[str, ...]] = {
    "zone": AREA + POINT, "site": POINT, "school": POINT + AREA, "household": POINT, "source": POINT, "camera": POINT,
    "agency": POINT, "road": LINE, "boundary": AREA + LINE, "water": AREA + LINE, "place": POINT + AREA,
}  # fmt: skip

ALLOWED: dict[str, str] = {
    "id": "a non-empty text, unique within its kind",
    "agency": "112 or 119",
    "risk": "high or normal",
    "limit_kph": "a number from 5 to 150 (km/h)",
    "limits": '[["HH:MM", "HH:MM", km/h from 5 to 150], ...] in Korean time (whole hours may be numbers)',
    "radius_m": "metres, more than 0 and at most 5000",
    "bearing_deg": "degrees clockwise from north",
    "crosswalk": "at least three [x, y] in metres of the site",
    "stop_lines": "[[x1, y1, x2, y2], ...] in metres of the site",
    "carriageway": "at least three [x, y] in metres of the site",
    "lanes": '[{"bearing_deg": degrees, "area": [[x, y], ...]}, ...] in metres of the site',
    "waiting": "[[[x, y], ...], ...]: areas of at least three corners in metres of the site",
    "period_s": "seconds, more than 0",
    "wards": '{"administrative dong": ["dong or administrative dong", ...], ...}, names of this file',
    "alone": "true or false",
    "of": "the id of a site or household of this file",
}
_PATH = re.compile(r"`\$\.?([^`]*)`")
_MISSING = re.compile(r"missing required field `(\w+)`")


def _field(error: msgspec.ValidationError) -> str:
    """Name of the property that msgspec complains about."""
    text = str(error)
    if missing := _MISSING.search(text):
        return missing.group(1)
    path = _PATH.search(text)
    return re.split(r"[.\[]", path.group(1))[0] if path else "properties"


def _clock(value: Any) -> Any:
    """An hour given as a number (8), shortly (8:00) or with seconds (08:00:00) as ``HH:MM``; anything else as it is."""
    text = f"{value}:00" if isinstance(value, int) and not isinstance(value, bool) else value
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(?::00)?", text) if isinstance(text, str) else None
    return f"{found[1]:0>2}:{found[2]}" if found else value


def typed(file: str, index: int, kind: str, properties: dict[str, Any], point: tuple[float, float]) -> Feature:
    """The typed feature, or CityError naming the property. Numbers given to ``id`` or ``agency`` are taken as text."""
    values = {k: v for k, v in properties.items() if v is not None}
    for name in ("id", "agency", "code", "rank"):
        if isinstance(values.get(name), int) and not isinstance(values[name], bool):
            values[name] = str(values[name])
    if isinstance(values.get("limits"), list):
        rows = values["limits"]
        values["limits"] = [[*map(_clock, row[:2]), *row[2:]] if isinstance(row, list) else row for row in rows]
    values["lon"], values["lat"] = point
    try:
        return msgspec.convert(values, KINDS.get(kind, Feature))
    except msgspec.ValidationError as error:
        field = _field(error)
        got = str(error).split(" - at ")[0]
        raise CityError(file, index, f"properties.{field}", ALLOWED.get(field, "a text"), got) from error
