"""Korean open standard data as it is found: a folder of CSV and GeoJSON -> clean rows, and a list of what was wrong.

A file is known by its columns (or, for GeoJSON without telling properties, by its name), so the portals' changing file
names do not matter. Latitude and longitude that stand in each other's column are put right; a row that is in no
place in Korea, or stands twice, is left out. Both are told.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from geo.features import CityError

KOREA = (124.0, 33.0, 132.0, 39.0)  # west, south, east, north in degrees


class Complaint(NamedTuple):
    """One row that was mended or left out: file, line (1 = the header) and why."""

    file: str
    line: int
    why: str


class Row(NamedTuple):
    """One clean row of a table with its point in degrees."""

    lon: float
    lat: float
    values: dict[str, str]


class Folder(NamedTuple):
    """Everything a folder held: rows by table name, GeoJSON features by layer name, and the complaints."""

    tables: dict[str, list[Row]]
    layers: dict[str, list[dict[str, Any]]]
    complaints: list[Complaint]


# table -> (columns that make it that table, longitude column, latitude column)
TABLES: dict[str, tuple[set[str], str, str]] = {
    "zones": ({"대상시설명", "시설종류"}, "경도", "위도"),
    "schools": ({"학교구분", "학교명"}, "학교위치_경도", "학교위치_위도"),
    "cameras": ({"CCTV 유형코드"}, "설치위치_경도", "설치위치_위도"),
    "grid": ({"gid", "pop"}, "lon", "lat"),
    "accidents": ({"gid", "hour_band", "count"}, "lon", "lat"),
}
# layer -> properties that make it that layer, or parts of its file name
LAYERS: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "dong": ({"emd", "code"}, ()),
    "roads": ({"road_name", "road_rank"}, ()),
    "crosswalks": (set(), ("crosswalk", "횡단보도")),
}


def read_folder(folder: Path) -> Folder:
    """All tables and layers of a folder; CityError when it holds none."""
    out = Folder({}, {}, [])
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        suffixes = file.name.lower().removesuffix(".gz")
        if suffixes.endswith(".csv"):
            _read_table(file.name, _bytes(file), out)
        elif suffixes.endswith((".geojson", ".json")):
            _read_layer(file.name, _bytes(file), out)
    if not out.tables and not out.layers:
        known = ", ".join([*TABLES, *LAYERS])
        raise CityError(str(folder), None, "folder", f"CSV or GeoJSON files of: {known}")
    return out


def _bytes(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def _text(data: bytes) -> str:
    """UTF-8 (with or without mark), else the code page that Korean portals used before."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949")


def _read_table(name: str, data: bytes, out: Folder) -> None:
    reader = csv.DictReader(io.StringIO(_text(data)))
    columns = set(reader.fieldnames or ())
    for table, (signs, lon, lat) in TABLES.items():
        if signs <= columns:
            rows = ({k: (v or "").strip() for k, v in row.items() if k} for row in reader)
            out.tables.setdefault(table, []).extend(clean(name, rows, lon, lat, out.complaints))
            return


def clean(
    file: str, rows: Iterable[dict[str, str]], lon: str, lat: str, complaints: list[Complaint]
) -> Iterator[Row]:
    """Rows with a possible point, each once; what was mended or left out goes to ``complaints``."""
    seen: set[tuple[str, ...]] = set()
    for line, values in enumerate(rows, start=2):
        try:
            x, y = float(values[lon]), float(values[lat])
        except (ValueError, KeyError):
            complaints.append(Complaint(file, line, "no position: left out"))
            continue
        if not in_korea(x, y) and in_korea(y, x):
            x, y = y, x
            complaints.append(Complaint(file, line, "latitude and longitude were swapped: mended"))
        if not in_korea(x, y):
            complaints.append(Complaint(file, line, f"not in Korea ({x}, {y}): left out"))
        elif (identity := tuple(values.values())) in seen:
            complaints.append(Complaint(file, line, "stands twice: left out"))
        else:
            seen.add(identity)
            yield Row(x, y, values)


def in_korea(lon: float, lat: float) -> bool:
    """True when the point may be in Korea (also False for NaN)."""
    west, south, east, north = KOREA
    return west <= lon <= east and south <= lat <= north


def _read_layer(name: str, data: bytes, out: Folder) -> None:
    try:
        document = msgspec.json.decode(data)
        features = [f for f in document["features"] if isinstance(f.get("geometry"), dict)]
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise CityError(name, None, "document", "a GeoJSON FeatureCollection", str(error)) from error
    columns = set(features[0].get("properties") or {}) if features else set()
    for layer, (signs, names) in LAYERS.items():
        if (signs and signs <= columns) or any(part in name.lower() for part in names):
            out.layers.setdefault(layer, []).extend(features)
            return
