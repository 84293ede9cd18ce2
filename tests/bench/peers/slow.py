"""The house's slow twin (``tests/naive.py``: the generic rule table in plain Python) with the workload's rules only.

It takes event objects, as ``Engine.step`` does; so it stands beside the whole engine, from the same objects to
detections, and beside the kernels alone, as in ``tests/bench/engine.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cep.engine import Engine
from cep.rules import RuleTable
from stream.contract import CareReading, RoadDetection
from stream.schema import Event
from tests.bench.city_day import City
from tests.bench.peers.own import BATCH, seconds
from tests.bench.peers.workload import CARE, SPEED, TEMPERATURE, WALKER, Found, summed
from tests.naive import Naive, Single, told_of

SENSORS = {CARE: "pir", TEMPERATURE: "temperature"}


def objects(columns: dict[str, np.ndarray]) -> list[Event]:
    """The workload as the events that a console takes."""
    found = []
    rows = zip(*(columns[name].tolist() for name in ("t", "key", "kind", "value")), strict=True)
    for n, (t, key, kind, value) in enumerate(rows):
        who, at = f"k{key}", t * 1000
        if kind == SPEED:
            type_, data = "city.road.detection", RoadDetection(who, "speed_violation", speed_kph=value)
        elif kind == WALKER:
            type_, data = "city.road.detection", RoadDetection(who, "jaywalking")
        else:
            type_, data = "city.care.reading", CareReading(who, SENSORS.get(kind, "humidity"), 1.0)  # type: ignore
        found.append(Event(str(n), "/device/bench", type_, at, who, data, None, at, at))
    return found


def told(found: Iterable[tuple[str, int, str]], table: RuleTable) -> Found:
    """Rule, moment (µs) and subject of each finding, summed by rule."""
    by: dict[str, list[tuple[int, int]]] = {rule.id: [] for rule in table.rules}
    for rule, at, subject in found:
        by[rule].append((int(subject[1:]), at // 1000))
    return {id: summed(matches) for id, matches in by.items()}


def naive(events: list[Event], table: RuleTable) -> tuple[float, Found]:
    """CPU seconds of the whole twin and its findings; road, street and homes are asked too, though without a rule."""
    twin, said = Naive(City(), table), []
    spent = seconds(lambda: said.extend(twin.step(events) + twin.step([], events[-1].at)))
    return spent, told((one[:3] for one in said), table)


def single(events: list[Event], table: RuleTable) -> tuple[float, Found]:
    """The same of that part of the twin alone which knows these rules: the generic table with nothing beside it."""
    twin, said = Single(City(), table), []

    def work() -> None:
        for event in events:
            said.extend(twin.due(event.at - 1))
            said.extend(twin.hear(event, event.at))
        said.extend(twin.due(events[-1].at))

    return seconds(work), told((one[:3] for one in said), table)


def whole(events: list[Event], table: RuleTable) -> tuple[float, Found]:
    """This engine from the same objects to detections."""
    engine, said = Engine(City(), table), []
    engine.warm()

    def work() -> None:
        for n in range(0, len(events), BATCH):
            said.extend(engine.step(events[n : n + BATCH]))
        said.extend(engine.step([], events[-1].at))

    return seconds(work), told((told_of(one)[:3] for one in said), table)
