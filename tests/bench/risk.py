"""``run.py bench risk [DIR] [--blocks M]``: the risk model on held-back blocks of open data, by feature set.

A JSON line a set: AUC and the share of accidents in the worst tenth of the cells, with 95 % intervals, over all cells
and over those where people live or a road runs (``built``: forest and field are easy to tell from streets, and flatter
any model). The folder is the one of ``city risk`` (default: the shared data's). What a set may not hold is accidents.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from geo.city import load_city
from geo.held import BLOCK_M, Held, colours, held_back, measured, scores, top_share
from geo.opendata import Folder, read_folder
from geo.risk import DAY_H, Floats, plane
from geo.riskmap import OSAN_MODEL, counted
from geo.surroundings import CITY_FEATURES, FEATURES, Things, features, none, number, of_city, of_folder, spots
from tests.servers import ROOT

MORE: dict[str, tuple[str, float]] = {
    "children": ("children", 150.0), "elderly": ("elderly", 150.0), "cars": ("cars", 150.0),
    "school": ("schools", 150.0), "signal": ("signals", 60.0), "bus_stop": ("bus_stops", 150.0),
    "bump": ("speed_bumps", 150.0), "camera": ("cctv", 150.0), "enforcement": ("enforcement_cams", 150.0),
}  # fmt: skip
CHOSEN = tuple(FEATURES)
SETS: dict[str, tuple[str, ...]] = {
    "people": ("people",), "children": ("children",), "crossing": ("crossing",), "road": ("road",), "zone": ("zone",),
    "people+children": ("people", "children"), "people+crossing+road": ("people", "crossing", "road"), "chosen": CHOSEN,
    **{f"chosen-{name}": tuple(one for one in CHOSEN if one != name) for name in CHOSEN},
    **{f"chosen+{name}": (*CHOSEN, name) for name in MORE},
}  # fmt: skip


class Ground(msgspec.Struct):
    """A folder as the model sees it: where the cells are, accidents, every feature, and which cells are built up."""

    at: Floats
    y: Floats
    hourly: Floats
    x: dict[str, Floats]
    city: dict[str, Floats]
    built: np.ndarray


def loose(file: Path, lat: float) -> Things:
    """The points of a table or layer that ``city risk`` has no use for; rows without a possible place are left out."""
    at: list[tuple[float, float]] = []
    if file.suffix == ".csv" and file.is_file():
        with file.open(encoding="utf-8-sig") as lines:
            for row in csv.DictReader(lines):
                columns = {"lon" if "경도" in k else "lat": v for k, v in row.items() if "경도" in k or "위도" in k}
                at.append((float(columns["lon"] or 0), float(columns["lat"] or 0)))
    elif file.is_file():
        document = msgspec.json.decode(gzip.decompress(file.read_bytes()))
        at = [tuple(f["geometry"]["coordinates"]) for f in document["features"]]
    kept = [(x, y) for x, y in at if 124 < x < 132 and 33 < y < 39]
    return spots([x for x, _ in kept], [y for _, y in kept], lat) if kept else none()


def ground(folder: Path) -> Ground:
    """Read the folder once."""
    read: Folder = read_folder(folder)
    grid = read.tables["grid"]
    lons, lats = [row.lon for row in grid], [row.lat for row in grid]
    lat = sum(lats) / len(lats)
    at, things = plane(lons, lats, lat), of_folder(read, lat)
    for name, column in (("children", "pop_child"), ("elderly", "pop_elderly"), ("cars", "cars")):
        things[name] = spots(lons, lats, lat, [number(row, column) for row in grid])
    for name in ("schools", "bus_stops", "speed_bumps", "cctv", "enforcement_cams"):
        things[name] = loose(folder / f"{name}.csv", lat)
    things["signals"] = loose(folder / "signals.geojson.gz", lat)
    x = features(at, things, {**FEATURES, **MORE})
    y, _ = counted(read, read.complaints)
    people = np.array([number(row, "pop") for row in grid])
    near = features(at, of_city(load_city(), lat), CITY_FEATURES)
    return Ground(at, y, hourly(read), x, near, (people > 0) | (x["road"] > 0.05))


def chosen(of: Mapping[str, Floats], names: tuple[str, ...]) -> dict[str, Floats]:
    """Some of the features."""
    return {name: of[name] for name in names}


def hourly(read: Folder) -> Floats:
    """Accidents per cell and hour (n, 24): those of a band are spread evenly over its hours."""
    index = {row.values["gid"]: i for i, row in enumerate(read.tables["grid"])}
    out = np.zeros((len(index), DAY_H))
    for row in read.tables["accidents"]:
        first, last = map(int, row.values["hour_band"].split("-"))
        out[index[row.values["gid"]], first:last] += number(row, "count") / (last - first)
    return out


def by_hour(it: Ground, block_m: float = BLOCK_M) -> dict[str, float]:
    """Share of the accidents in the worst tenth of all cell-hours: by the cell alone, and by cell and hour.

    Cell and hours' shares are both of the half that is not tested.
    """
    colour = colours(it.at, block_m)[0]
    score = scores(chosen(it.x, CHOSEN), it.y, colour)
    hours = np.stack([it.hourly[colour != one].sum(axis=0) for one in (0, 1)])[colour]
    y = it.hourly.ravel()
    timed = (score[:, None] * hours).ravel()
    return {"cell": top_share(np.repeat(score, DAY_H), y), "cell_and_hour": top_share(timed, y)}


def line(name: str, held: Held, built: Held) -> str:
    """One set's figures as JSON."""
    def short(one: Held) -> dict[str, list[float]]:
        return {k: [round(v, 3) for v in msgspec.structs.astuple(getattr(one, k))] for k in ("auc", "top")}
    return json.dumps({"figure": "risk", "set": name, "all": short(held), "built": short(built)})


def main(words: list[str]) -> int:
    """Measure every set; 0, or 2 when the folder has no grid or accidents."""
    p = argparse.ArgumentParser("run.py bench risk", description=__doc__)
    shared = Path(os.environ.get("GWANJE_SHARED") or ROOT.parent / "shared" / "data") / "osan"
    p.add_argument("folder", type=Path, nargs="?", default=shared)
    p.add_argument("--blocks", type=float, default=BLOCK_M, help="side of the held-back blocks, m")
    args = p.parse_args(words)
    if not args.folder.is_dir():
        print(f"there is no folder {args.folder}")
        return 2
    it = ground(args.folder)
    for name, names in SETS.items():
        x = chosen(it.x, names)
        print(line(name, *(held_back(x, it.y, it.at, args.blocks, among) for among in (None, it.built))), flush=True)
    both = (held_back(it.city, it.y, it.at, args.blocks, among) for among in (None, it.built))
    print(line("city file", *both), flush=True)
    written = np.exp(OSAN_MODEL.base + sum(OSAN_MODEL.weights[k] * (it.city[k] - OSAN_MODEL.means[k]) for k in it.city))
    blocks = colours(it.at, args.blocks)[1]
    both = (measured(written, it.y, blocks, among) for among in (None, it.built))
    print(line("city file, weights as written (not held back)", *both), flush=True)
    print(json.dumps({"figure": "risk.hours", **{k: round(v, 3) for k, v in by_hour(it, args.blocks).items()}}))
    return 0
