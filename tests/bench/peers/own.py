"""This engine on the workload: its generic kernels (sequence, count, absence), its rule files, its own columns."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from cep.codes import KIND
from cep.encode import OBJECT, ROW
from cep.engine import Engine
from cep.rules import RuleTable, read_rule
from tests.bench.city_day import City
from tests.bench.peers.workload import Found, summed

RULES = Path(__file__).parent / "rules"
KINDS = [KIND[name] for name in ("road.detection.speed_violation", "road.detection.jaywalking", "care.reading.pir",
                                 "care.reading.temperature", "care.reading.humidity")]  # fmt: skip
NOTHING = np.zeros(0, OBJECT)
BATCH = 1024


def seconds(work: Callable[[], Any], clock: Callable[[], float] = process_time) -> float:
    """CPU seconds of one call, or those of another clock."""
    gc.collect()
    gc.disable()
    try:
        began = clock()
        work()
        return clock() - began
    finally:
        gc.enable()


def rules(*names: str) -> RuleTable:
    """These rules of the folder, all without a name."""
    files = [RULES / f"{name}.toml" for name in names] or sorted(RULES.glob("*.toml"))
    return RuleTable(read_rule(file)[0] for file in files)


class Own:
    """An engine that knows every key, and the workload as its batches."""

    def __init__(self, columns: dict[str, np.ndarray], table: RuleTable, batch: int = BATCH) -> None:
        self.engine, self.table = Engine(City(), table), table
        keys = int(columns["key"].max()) + 1
        slots = np.array([self.engine.memory.entity(f"k{n}") for n in range(keys)], np.int32)
        sensors = np.array([self.engine.memory.sensor((f"k{n}", "pir", None)) for n in range(keys)], np.int32)
        source = self.engine.memory.entity("/device/bench")
        rows = np.zeros(len(columns["t"]), ROW)
        rows["t"] = rows["heard"] = columns["t"] * 1000
        rows["kind"] = np.array(KINDS, np.int16)[columns["kind"]]
        rows["subject"], rows["sensor"] = slots[columns["key"]], sensors[columns["key"]]
        rows["source"], rows["key"] = source, -1
        rows["value"] = np.where(np.isnan(columns["value"]), 1.0, columns["value"])
        rows["value"][columns["kind"] == 1] = np.nan
        rows["conf"] = np.nan
        self.rows = rows
        self.batches = [rows[n : n + batch] for n in range(0, len(rows), batch)]
        self.end = int(rows["t"][-1])
        self.fresh = self.engine.save()

    def run(self) -> list[np.ndarray]:
        """Everything that the kernels find."""
        found = [self.engine.find(rows, NOTHING, None) for rows in self.batches]
        return [*found, self.engine.find(self.rows[:0], NOTHING, self.end)]

    def best(self, passes: int = 5, clock: Callable[[], float] = process_time) -> float:
        """CPU seconds (or another clock's) of the best of some passes, each from the same memory."""
        least = float("inf")
        for _ in range(passes):
            self.engine.load(self.fresh)
            least = min(least, seconds(self.run, clock))
        return least

    def found(self) -> Found:
        """What each rule found, to be compared."""
        self.engine.load(self.fresh)
        names = self.engine.memory.entities.names
        told: dict[str, list[tuple[int, int]]] = {rule.id: [] for rule in self.table.rules}
        for one in np.concatenate(self.run()):
            told[self.table.rules[one["rule"]].id].append((int(names[one["subject"]][1:]), int(one["at"]) // 1000))
        return {id: summed(matches) for id, matches in told.items()}
