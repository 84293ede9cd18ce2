"""One city: what stands where, what limit holds when, and where an event happened.

``load_city(path)`` reads one GeoJSON FeatureCollection (CONTRACT section 7); without a path, Osan's own file.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.features import Agency, Boundary, Camera, CityError, Feature, Household, School, Site, Source, Zone
from geo.frame import cell, to_lonlat
from geo.near import beyond_box
from geo.place import Place
from geo.read import Read, read_features
from geo.wards import Wards
from geo.zones import Area, area, joined, reach_m, which, which_each

__all__ = ["DEFAULT_LIMIT_KPH", "OSAN", "City", "CityError", "Place", "load_city"]

OSAN = Path(__file__).parent / "cities" / "osan.geojson"
DEFAULT_LIMIT_KPH = 30.0  # CONTRACT 6: where nothing is said
FAR_M = 20_000.0  # CONTRACT 1: a coordinate outside the city by more is quarantined
KOREA_US = 9 * 3600 * 1_000_000  # Korean time is UTC+9 all year
DAY_MINUTES = 24 * 60

F = TypeVar("F", bound=Feature)


class City:
    """A city file in memory, never changed. Look-ups are by id; an unknown id has an answer (None or the default)."""

    def __init__(self, features: list[Read], digest: str, file: str = "") -> None:
        self.features, self.digest, self.file = features, digest, file
        self.sites = self._by_id(Site)
        self.zones = self._by_id(Zone)
        self.households = self._by_id(Household)
        self.sources = self._by_id(Source)
        self.schools = self._by_id(School)
        self.cameras = self._by_id(Camera)
        self.agencies = self._by_id(Agency)
        outlines = [one.typed for one in features if isinstance(one.typed, Boundary)]
        self._dong_names = {one.name for one in outlines if one.level == "dong"}
        table = {name: held for one in outlines for name, held in one.wards.items()}
        self.wards = Wards(self._dong_names, table, next((one.address for one in outlines if one.address), ""))
        self._limits = {site.id: self._hours(site) for site in self.sites.values()}

    def _by_id(self, struct: type[F]) -> dict[str, F]:
        return {one.typed.id: one.typed for one in self.features if type(one.typed) is struct}

    @cached_property
    def _zone_areas(self) -> list[Area]:
        zones = [(o.typed, o.raw) for o in self.features if isinstance(o.typed, Zone)]
        return [area(zone.id, raw["geometry"], zone.radius_m or 0.0) for zone, raw in zones]

    @cached_property
    def _dongs(self) -> list[Area]:
        """Dong by name, in the order of the file."""
        return [
            area(one.typed.name, one.raw["geometry"])
            for one in self.features
            if isinstance(one.typed, Boundary) and one.typed.level == "dong"
        ]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of the boundaries, or of everything when there are none."""
        shapes = [one for one in self.features if one.kind == "boundary"] or self.features
        points = [p for one in shapes for p in _points(one.raw["geometry"]["coordinates"])]
        if not points:
            return (-180.0, -90.0, 180.0, 90.0)
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        return min(lons), min(lats), max(lons), max(lats)

    # limits ---------------------------------------------------------------------------------------------------

    def zone_of(self, site: Site) -> Zone | None:
        """The site's zone: the one it names, else the one it stands in."""
        name = site.zone or which(self._zone_areas, site.lon, site.lat)
        return self.zones[name] if name else None

    def at_school(self, site: str) -> bool:
        """True when the site stands in the zone of a school."""
        known = self.sites.get(site)
        zone = self.zone_of(known) if known else None
        return bool(zone and zone.school)

    def _hours(self, site: Site) -> list[float]:
        """Limit for each minute of the Korean day."""
        zone = self.zone_of(site)
        if zone is None:
            return [DEFAULT_LIMIT_KPH] * DAY_MINUTES
        hours = [float(zone.limit_kph)] * DAY_MINUTES
        for start, end, kph in zone.limits:
            first, last = _minute(start), _minute(end)
            span = range(first, last if last > first else last + DAY_MINUTES)  # 21:00 to 07:00 goes past midnight
            for minute in span:
                hours[minute % DAY_MINUTES] = float(kph)
        return hours

    def limit_kph(self, site: str, at: int) -> float:
        """Speed limit at the site at that moment (int µs UTC); 30 where nothing is said."""
        hours = self._limits.get(site)
        return hours[(at + KOREA_US) // 60_000_000 % DAY_MINUTES] if hours else DEFAULT_LIMIT_KPH

    # places ---------------------------------------------------------------------------------------------------

    def dong_at(self, lon: float, lat: float) -> str | None:
        """Korean name of the dong that holds the point, None outside of the city."""
        return which(self._dongs, lon, lat)

    def zone_at(self, lon: float, lat: float) -> str | None:
        """Id of the zone that holds the point."""
        return which(self._zone_areas, lon, lat)

    def parts_at(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> list[tuple[str | None, str | None]]:
        """Dong and zone of many points at once."""
        return list(zip(which_each(self._dongs, lons, lats), which_each(self._zone_areas, lons, lats), strict=True))

    def far(self, lon: float, lat: float) -> bool:
        """True when the point is more than 20 km outside of the city's box."""
        return beyond_box(self.box, lon, lat) > FAR_M

    def place(self, subject: str) -> Place | None:
        """Where a site, household, zone, source, dong or ward is; None for one the file does not know."""
        if site := self.sites.get(subject):
            return self._site_place(site, site.lon, site.lat)
        if home := self.households.get(subject):
            dong = home.dong or self.dong_at(home.lon, home.lat)
            return Place(home.lon, home.lat, household=home.id, dong=dong, name=home.name or None)
        if zone := self.zones.get(subject):
            return Place(zone.lon, zone.lat, zone=zone.id, dong=self.dong_at(zone.lon, zone.lat), name=zone.name)
        if (source := self._source(subject)) is not None and source.of is not None:
            return self.place(source.of)
        return self.dong_place(subject)

    def dongs(self) -> list[str]:
        """The dong of the city, by name."""
        return sorted(self._dong_names)

    def knows(self, source: str) -> bool:
        """True when the file has this source of events (its id there may stand without ``/device/``)."""
        return self._source(source) is not None

    def _source(self, source: str) -> Source | None:
        return self.sources.get(source) or self.sources.get(source.removeprefix("/device/"))

    def dong_place(self, dong: str) -> Place | None:
        """A point inside the dong or ward, for what is known no nearer (``place.is_area`` is true of it), and how far
        from that point its edge may be."""
        name = self.wards.named(dong)
        if name is None:
            return None
        held = set(self.wards.dongs(name))
        found = joined(name, [one for one in self._dongs if one.id in held])
        return Place(round(found.lon, 5), round(found.lat, 5), dong=name, name=name, radius_m=reach_m(found))

    def parts(self, area: str) -> frozenset[str] | None:
        """The names that lie in an area: itself, and of a ward its dong. None: no part of the city, so all of it."""
        name = self.wards.named(area)
        if name is not None:
            return self.wards.parts(name)
        return frozenset({area}) if self.place(area) is not None else None

    def _site_place(self, site: Site, lon: float, lat: float) -> Place:
        zone = self.zone_of(site)
        dong = self.dong_at(site.lon, site.lat)
        return Place(lon, lat, site=site.id, zone=zone.id if zone else None, dong=dong, name=site.name or site.id)

    def place_of(self, event: Any) -> Place | None:
        """Where an event (``.type``, ``.data``, ``.source``) happened; None when nobody knows.

        A road detection with x and y is put at that point, a caller (``city.sos``) in the middle of the 100 m cell,
        a welfare case at its household or else inside its dong.
        """
        data = event.data
        site = self.sites.get(getattr(data, "site", None) or "")
        if site is not None:
            x, y = getattr(data, "x", None), getattr(data, "y", None)
            lon, lat = to_lonlat(site, x, y) if x is not None and y is not None else (site.lon, site.lat)
            return self._site_place(site, round(lon, 6), round(lat, 6))
        if event.type in ("city.sos", "city.bus.position"):
            lon, lat = cell(data.lon, data.lat)
            return Place(lon, lat, zone=self.zone_at(lon, lat), dong=self.dong_at(lon, lat))
        home = self.households.get(getattr(data, "household", None) or "")
        if home is not None:
            return self.place(home.id)
        if dong := getattr(data, "dong", None):
            return self.dong_place(dong)
        return self.place(event.source)

    # for others -----------------------------------------------------------------------------------------------

    def expected(self) -> dict[str, float]:
        """Seconds between messages of the sources with a period, by source as it stands in events (``/device/...``)."""
        return {_wire(s.id): float(s.period_s) for s in self.sources.values() if s.period_s is not None}

    def geojson(self, kinds: Collection[str] | None = None) -> dict[str, Any]:
        """The features of these kinds (all when None) as a FeatureCollection; an unknown kind is drawn as a point."""
        chosen = [one for one in self.features if kinds is None or one.kind in kinds]
        return {"type": "FeatureCollection", "features": [_drawn(one) for one in chosen]}


def _drawn(one: Read) -> dict[str, Any]:
    if type(one.typed) is not Feature or one.kind in ("water", "place"):
        return one.raw
    return {**one.raw, "geometry": {"type": "Point", "coordinates": [one.typed.lon, one.typed.lat]}}


def _wire(source: str) -> str:
    return source if source.startswith("/") else f"/device/{source}"


def _minute(clock: str) -> int:
    """Minute of the day of "HH:MM"."""
    return int(clock[:2]) * 60 + int(clock[3:])


def _points(coordinates: list[Any]) -> list[list[float]]:
    """All positions in nested GeoJSON coordinates."""
    if coordinates and isinstance(coordinates[0], list):
        return [p for part in coordinates for p in _points(part)]
    return [coordinates]


def load_city(path: str | Path | None = None) -> City:
    """The city of this file (default: Osan); CityError says file, feature index, field and what is allowed."""
    file = Path(path) if path else OSAN
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CityError(str(file), None, "file", "a readable GeoJSON file", str(error)) from error
    return City(read_features(data, str(file)), sha256(data).hexdigest(), str(file))
