"""The month's report: what goes into it, and ``run.py report`` that makes it from a store, running console or not."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from console.areas import areas_of
from console.figure_text import Row
from console.kpi_csv import table
from console.words import LANGS
from geo.city import City, load_city
from stream.clock import Clock
from stream.journal import Reader
from stream.kpi import Kpi
from stream.kpi_span import month_before, month_span
from stream.places import existing, store_url
from stream.schema import SourceError, place_of
from stream.settings import load
from stream.store import open_store


class Month(msgspec.Struct, frozen=True):
    """Everything a month's report says. Times in µs; ``days`` are parts of the series, ``before`` the month before."""

    month: str
    frm: int
    to: int
    made: int
    view: dict[str, Any]
    figures: list[Row]
    before: list[Row]
    days: list[dict[str, Any]]
    alarms: dict[str, Any]
    areas: list[dict[str, str]]
    simulated: bool = False


def gather(kpi: Kpi, city: City, month: str, now: int, simulated: bool = False) -> Month:
    """The month's figures up to ``now``, day by day, beside those of the month before; ValueError for no month."""
    frm, end = month_span(month)
    to = max(min(end, now), frm + 1)
    view = kpi.view(frm, to)
    last = kpi.indicators(kpi.view(*month_span(month_before(frm))))
    return Month(month, frm, to, now, view, kpi.indicators(view), last, kpi.series(frm, to, "day"),
                 kpi.alarm_load(frm, to), areas_of(city), simulated)


def parser() -> argparse.ArgumentParser:
    """The options of this verb."""
    top = argparse.ArgumentParser("run.py report", description="The figures of a month: report or table.")
    top.add_argument("--month", metavar="YYYY-MM", help="which month (default: the last one that is over)")
    top.add_argument("--out", metavar="FILE", required=True, help="where to: .pdf or .csv")
    top.add_argument("--lang", choices=LANGS, default="ko", help="language (default: ko)")
    top.add_argument("--data", metavar="DIR", help="data folder of the console (default: data)")
    top.add_argument("--store", metavar="URL", help="address of the store (default: as the settings say)")
    top.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    return top


def main(words: list[str]) -> int:
    """Make it; SourceError (exit code 2) when the month or the name of the file is none."""
    from console.kpi_pdf import report

    args = parser().parse_args(words)
    settings, now = load({"data": args.data, "store": args.store}, file=args.config), Clock().now()
    out, month = Path(args.out), args.month or month_before(now)
    if out.suffix not in (".pdf", ".csv"):
        raise SourceError("bad_value", f"--out {args.out}: .pdf or .csv")
    try:
        month_span(month)
    except ValueError:
        raise SourceError("bad_value", f"--month {month}: YYYY-MM") from None
    city = load_city(settings.city or None)
    kpi = read(existing(store_url(settings)), city, settings.population)
    found = gather(kpi, city, month, max(now, kpi.last))
    made = report(found, args.lang) if out.suffix == ".pdf" else table(found.days, "", found.areas, args.lang)
    out.write_bytes(made)
    print(f"{out}: {month}, {len(made)} bytes")
    return 0


def read(url: str, city: City, people: int) -> Kpi:
    """The figures folded from a store's journal."""

    kpi, store = Kpi(lambda subject: place_of(city.place(subject)), city.expected(), people), open_store(url)
    try:
        for record in Reader(store).read():
            kpi.apply(record)
    finally:
        store.close()
    return kpi
