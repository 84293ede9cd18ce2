"""``run.py city import DIR --out FILE``: a city file from a folder of Korean open standard data."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from geo.build import import_city
from geo.city import City
from geo.features import CityError
from geo.opendata import Complaint


def main(words: list[str]) -> int:
    """Do what the words after ``city`` say; 0 when the file is written; CityError when folder or file is no good."""
    p = argparse.ArgumentParser("run.py city", description="make a city file")
    verbs = p.add_subparsers(dest="verb", required=True)
    imports = verbs.add_parser("import", help="from a folder of Korean open standard data (CSV, GeoJSON, .gz)")
    imports.add_argument("folder", type=Path, metavar="DIR")
    imports.add_argument("--out", type=Path, metavar="FILE", required=True, help="where the city file goes")
    args = p.parse_args(words)
    try:
        city, complaints = import_city(args.folder, args.out)
    except OSError as error:
        raise CityError(str(error.filename), None, "file", "a folder to read, a file to write", str(error)) from error
    print(report(city, complaints))
    return 0


def report(city: City, complaints: list[Complaint]) -> str:
    """What was mended or left out, line by line, then what the city has."""
    lines = [f"{c.file}:{c.line}: {c.why}" for c in complaints]
    counts = Counter(one.kind for one in city.features)
    return "\n".join([*lines, f"{city.file}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()))])
