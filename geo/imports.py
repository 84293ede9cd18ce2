"""``run.py city import DIR --out FILE``: a city file from a folder of Korean open standard data.

``run.py city risk DIR --out FILE --years N``: a risk file from such a folder with a grid and an accident table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from geo.build import import_city
from geo.city import City
from geo.features import CityError
from geo.held import Figure
from geo.opendata import Complaint
from geo.riskmap import RiskMap, from_folder, write


def main(words: list[str]) -> int:
    """Do what the words after ``city`` say; 0 when the file is written; CityError when folder or file is no good."""
    p = argparse.ArgumentParser("run.py city", description="make a city file")
    verbs = p.add_subparsers(dest="verb", required=True)
    imports = verbs.add_parser("import", help="from a folder of Korean open standard data (CSV, GeoJSON, .gz)")
    imports.add_argument("folder", type=Path, metavar="DIR")
    imports.add_argument("--out", type=Path, metavar="FILE", required=True, help="where the city file goes")
    risks = verbs.add_parser("risk", help="a risk file from open data with a 100 m grid and an accident table")
    risks.add_argument("folder", type=Path, metavar="DIR")
    risks.add_argument("--out", type=Path, metavar="FILE", required=True, help="where the risk file goes")
    risks.add_argument("--years", type=_years, metavar="N", required=True, help="how many years the accidents are of")
    args = p.parse_args(words)
    try:
        if args.verb == "risk":
            risk, complaints = from_folder(args.folder, args.years)
            write(risk, args.out)
            print(told(risk, complaints, args.out))
        else:
            city, complaints = import_city(args.folder, args.out)
            print(report(city, complaints))
    except OSError as error:
        raise CityError(str(error.filename), None, "file", "a folder to read, a file to write", str(error)) from error
    return 0


def _years(text: str) -> float:
    years = float(text)
    if not 0 < years <= 100:
        raise ValueError(text)
    return years


def report(city: City, complaints: list[Complaint]) -> str:
    """What was mended or left out, line by line, then what the city has."""
    lines = [f"{c.file}:{c.line}: {c.why}" for c in complaints]
    counts = Counter(one.kind for one in city.features)
    return "\n".join([*lines, f"{city.file}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()))])


def told(risk: RiskMap, complaints: list[Complaint], out: Path) -> str:
    """What was left out, then what the map has and how good it is on blocks that it had not seen."""
    lines = [f"{c.file}:{c.line}: {c.why}" for c in complaints]
    seen = sum(one.seen for one in risk.cells)
    lines.append(f"{out}: {len(risk.cells)} cells, {seen} accidents in {risk.years:g} years")
    if risk.held:
        auc, top = _interval(risk.held.auc, ".2f"), _interval(risk.held.top, ".0%")
        lines.append(f"held back by blocks of 1 km: AUC {auc}; the worst tenth of the cells holds {top} of accidents")
    return "\n".join(lines)


def _interval(figure: Figure, form: str) -> str:
    return f"{figure.value:{form}} ({figure.low:{form}} to {figure.high:{form}})"
