"""The learned rhythm of two recorded homes, beside an independent program and the residents' diaries.

Each home is known for two weeks and more and then lives the same days again, some days later, so that weekdays do not
fit: what the engine says is what a program of plain lists says that was written from docs/rules.md alone; and nothing
is said while the diary has the resident out of the house.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cep.rules import load_rules
from connectors.files import load_events
from geo.city import load_city
from replay.recorded import ordered, turns_of
from replay.rerun import rerun
from stream.schema import US

HOUR, KOREA, DAY = 3600.0, 9 * 3600.0, 86_400.0
HOMES = [("hh-kb", 16), ("hh-kb", 18), ("hh-kc", 21)]  # days later


def clock_hour(t: float) -> int:
    return math.floor((t + KOREA) / HOUR)


def signs(file: Path) -> Iterator[tuple[float, tuple[str, str]]]:
    """Second and sensor of each sign of life in a recording (no meter in these homes runs at even intervals)."""
    before: dict[tuple[str, str], float] = {}
    for line in gzip.decompress(file.read_bytes()).splitlines():
        event = json.loads(line)
        data = event["data"]
        sensor, value = (data["sensor"], data["location"]), float(data["value"])
        was, before[sensor] = before.get(sensor), value
        rises, moves = sensor[0] in ("power", "water"), sensor[0] == "pir"
        if value > 0 if moves else was is not None and (value > was if rises else value != was):
            yield datetime.fromisoformat(event["time"]).timestamp(), sensor


class Known:
    """What is known of a home: the longest silence that stood in each hour of the clock since the recording began."""

    def __init__(self) -> None:
        self.silent: dict[int, float] = {}

    def longest(self, hour: int, every: int, now: int = 0) -> float:
        """Of this hour and the two beside it, on days ``every`` hours apart, in the week of now and the two before."""
        oldest = ((now or hour) // 168 - 2) * 168
        return max((h for at, h in self.silent.items() if at >= oldest and (at - hour) % every in (every - 1, 0, 1)),
                   default=0.0)  # fmt: skip

    def limit(self, hour: int) -> float:
        return max(4.0, max(1.25 * self.longest(hour, 168), self.longest(hour, 24)) + 1)

    def learn(self, begin: float, end: float) -> None:
        for hour in range(clock_hour(begin), clock_hour(end) + 1):
            silent = min(end, (hour + 1) * HOUR - KOREA) - begin
            self.silent[hour] = max(self.silent.get(hour, 0), math.ceil(round(silent / 360, 6)) / 10)

    def breaks(self, since: float, until: float) -> float | None:
        """The moment of a silence that lasts longer than is usual then."""
        at = since + 4 * HOUR
        while at < until:
            late = since + self.limit(clock_hour(at)) * HOUR
            if late <= at:
                return at
            at = min(late, (clock_hour(at) + 1) * HOUR - KOREA)
        return None


def alone(told: list[tuple[float, tuple[str, str]]]) -> list[tuple[float, list[float]]]:
    """Moment and band of each break that the independent program finds."""
    home, days, found, inside = Known(), set[int](), [], True
    since: list[tuple[float, tuple[str, str]]] = []  # signs since the front door
    last = told[0][0]
    for t, sensor in told:
        at = home.breaks(last, t) if inside and len(days) > 14 else None
        if at is not None:
            found.append((at, [home.longest(clock_hour(at) + n, 24, clock_hour(at)) for n in range(-17, 7)]))
        if inside and 1800 <= t - last <= 12 * HOUR:
            home.learn(last, t)
        if sensor == ("door", "front"):
            inside, since = False, []
        else:
            inside = inside or bool(since and since[-1][1] != sensor and t - since[-1][0] <= 600)
            since.append((t, sensor))
        last = t
        days.add(math.floor((t + KOREA) / DAY))
    return found


@cache
def lived_again(file: Path, days: int) -> list[Any]:
    """What the engine says of these days, lived twice."""
    events, by = load_events(file).events, days * 86_400 * US
    again = [replace(e, id=f"{e.id}/2", time=e.time + by, at=e.at + by, arrival=e.arrival + by) for e in events]
    return rerun(turns_of(ordered(events + again)), load_city(), load_rules()).detections


@pytest.mark.parametrize(("name", "days"), HOMES)
def test_the_band_is_what_an_independent_program_learns(shared: Path, name: str, days: int) -> None:
    file = shared / "homes" / f"{name}.jsonl.gz"
    told = list(signs(file))
    wanted = alone(told + [(t + days * DAY, sensor) for t, sensor in told])
    found = [(d.at / US, d.evidence["usual_h"]) for d in lived_again(file, days) if d.rule == "rhythm_break"]
    assert [(round(at), [round(h, 1) for h in band]) for at, band in found] == [
        (round(at), [round(h, 1) for h in band]) for at, band in wanted]  # fmt: skip


@pytest.mark.parametrize(("name", "days"), HOMES)
def test_nothing_is_said_of_a_silence_while_the_resident_is_out(shared: Path, name: str, days: int) -> None:
    with (shared / "homes" / f"{name}-activities.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["activity"].lower().startswith("leave")]
    out = [[datetime.fromisoformat(row[end]).timestamp() + again for end in ("from", "to")]
           for row in rows for again in (0, days * DAY)]  # fmt: skip
    found = lived_again(shared / "homes" / f"{name}.jsonl.gz", days)
    silent = [d.at / US for d in found if d.rule in ("rhythm_break", "inactivity")]
    assert len(out) > 40 and [at for at in silent for begin, end in out if begin <= at < end] == []
