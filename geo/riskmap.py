"""The risk map of a city: each 100 m cell's accidents a year, why, and the rhythm of the day.

Made by ``run.py city risk DIR --out FILE`` from the operator's own open data and accident table (``from_folder``);
without such a file from the city file alone, with weights learned once in Osan and written down here (``from_city``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from geo.city import City
from geo.features import CityError
from geo.held import Held, held_back
from geo.opendata import Complaint, Folder, read_folder
from geo.risk import TOLD, Floats, Model, expected, learn, multiples, plane, predict, profile
from geo.surroundings import CITY_FEATURES, FEATURES, cells_of, features, number, of_city, of_folder

Positive = Annotated[float, Meta(ge=0)]
# Learned by us from 676 accidents of children in Osan, 2007-2019, with the features of the built-in city file: the same
# features, held back by blocks of 1 km, have an AUC of 0.85 (docs/risk.md). Base: log of the average cell's a year.
OSAN_MODEL = Model(base=-5.34, weights={"road": 1.35, "elementary": 3.27}, means={"road": 0.454, "elementary": 0.233},
                   phi=0.54)
# The same accidents by hour band: children's hours, few at night, most from three to six in the afternoon.
OSAN_BANDS = {(0, 7): 14, (7, 9): 45, (9, 12): 80, (12, 15): 115, (15, 18): 204, (18, 21): 147, (21, 24): 71}


class RiskCell(msgspec.Struct, frozen=True):
    """One cell: its middle, accidents a year to expect, how many were counted, what multiplies it, greatest first."""

    lon: float
    lat: float
    rate: Positive
    seen: Annotated[int, Meta(ge=0)] = 0
    why: dict[str, float] = {}


class RiskMap(msgspec.Struct, frozen=True):
    """A city's cells, its 24 hours as multiples of the mean hour, and where it is from.

    ``years`` are those of the accident table, 0 for a map that has none; ``held`` is what held-back blocks said of it.
    """

    cells: tuple[RiskCell, ...]
    hours: Annotated[tuple[Positive, ...], Meta(min_length=24, max_length=24)]
    years: Annotated[float, Meta(ge=0)] = 0.0
    held: Held | None = None
    model: Model | None = None

    @property
    def mean(self) -> float:
        """Accidents a year of the average cell: what the index is a multiple of."""
        return sum(one.rate for one in self.cells) / len(self.cells) if self.cells else 0.0


def reasons(model: Model, x: dict[str, Floats]) -> list[dict[str, float]]:
    """Per cell the features that multiply the average cell's accidents by at least ``TOLD``, greatest first."""
    by = multiples(model, x)
    out: list[dict[str, float]] = [{} for _ in next(iter(x.values()))]
    for name in by:
        for i in np.flatnonzero(by[name] >= TOLD):
            out[i][name] = round(float(by[name][i]), 2)
    return [dict(sorted(one.items(), key=lambda pair: -pair[1])) for one in out]


def counted(folder: Folder, complaints: list[Complaint]) -> tuple[Floats, dict[tuple[int, int], float]]:
    """Accidents per row of the grid, and by hour band; what can't be used is told and left out."""
    index = {row.values["gid"]: i for i, row in enumerate(folder.tables["grid"])}
    y, bands = np.zeros(len(index)), dict[tuple[int, int], float]()
    for n, row in enumerate(folder.tables["accidents"], start=2):
        v, count = row.values, number(row, "count")
        first, _, last = v["hour_band"].partition("-")
        if v["gid"] not in index:
            complaints.append(Complaint("accidents", n, f"a cell that is not in the grid ({v['gid']}): left out"))
        elif not (first.isdecimal() and last.isdecimal() and int(first) < int(last) <= 24 and count >= 0):
            complaints.append(Complaint("accidents", n, f"hour band {v['hour_band']}, count {v['count']}: left out"))
        else:
            y[index[v["gid"]]] += count
            bands[int(first), int(last)] = bands.get((int(first), int(last)), 0.0) + count
    return y, bands


def from_folder(folder: Path, years: float) -> tuple[RiskMap, list[Complaint]]:
    """The risk map of a folder of open data, its accidents of so many years; CityError when it can't be made."""
    read = read_folder(folder)
    for table in ("grid", "accidents"):
        if not read.tables.get(table):
            columns = {"grid": "gid, pop, lon, lat", "accidents": "gid, hour_band, count, lon, lat"}[table]
            raise CityError(str(folder), None, table, f"a CSV table with the columns {columns}")
    grid = read.tables["grid"]
    lons, lats = [row.lon for row in grid], [row.lat for row in grid]
    lat = sum(lats) / len(lats)
    at = plane(lons, lats, lat)
    x = features(at, of_folder(read, lat), FEATURES)
    y, bands = counted(read, read.complaints)
    try:
        model, hours = learn(x, y), profile(bands)
        held = held_back(x, y, at)
    except ValueError as error:
        raise CityError(str(folder), None, "accidents", "accidents in both halves, bands that fill the day",
                        str(error)) from error
    rates = expected(predict(model, x), y, model.phi) / years
    cells = _cells(lons, lats, rates, y, reasons(model, x))
    return RiskMap(cells, tuple(round(h, 3) for h in hours), years, held, model), read.complaints


def _cells(
    lons: Sequence[float], lats: Sequence[float], rates: Floats, seen: Floats, why: list[dict[str, float]]
) -> tuple[RiskCell, ...]:
    rows = zip(lons, lats, rates, seen, why, strict=True)
    return tuple(RiskCell(round(float(x), 5), round(float(y), 5), round(float(r), 6), int(n), w)
                 for x, y, r, n, w in rows)


def from_city(city: City) -> RiskMap:
    """The risk map of a city file alone, by Osan's weights: which places, not how many accidents there were."""
    middles = cells_of(city)
    if not len(middles):
        return RiskMap((), tuple(profile(OSAN_BANDS)))
    lat = float(middles[:, 1].mean())
    x = features(plane(middles[:, 0], middles[:, 1], lat), of_city(city, lat), CITY_FEATURES)
    rates = predict(OSAN_MODEL, x)
    cells = _cells(list(middles[:, 0]), list(middles[:, 1]), rates, np.zeros(len(middles)), reasons(OSAN_MODEL, x))
    return RiskMap(cells, tuple(profile(OSAN_BANDS)))


def write(risk: RiskMap, out: Path) -> None:
    """Write a risk file: JSON, one cell a line."""
    whole = msgspec.to_builtins(risk)
    cells = b",\n".join(msgspec.json.encode(one) for one in whole.pop("cells"))
    out.write_bytes(msgspec.json.encode(whole)[:-1] + b',"cells":[\n' + cells + b"\n]}\n")


def read(path: str | Path, city: City) -> RiskMap:
    """The risk map of this file, of the city file alone without a path; CityError says what is wrong with a file."""
    if not path:
        return from_city(city)
    try:
        risk = msgspec.json.decode(Path(path).read_bytes(), type=RiskMap)
    except OSError as error:
        raise CityError(str(path), None, "file", "a readable risk file", str(error)) from error
    except msgspec.DecodeError as error:
        raise CityError(str(path), None, "document", "a risk file made by: run.py city risk", str(error)) from error
    if not any(not city.far(one.lon, one.lat) for one in risk.cells):
        raise CityError(str(path), None, "cells", "cells of this city")
    return risk
