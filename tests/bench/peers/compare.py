"""``python -m tests.bench.peers.compare [--python PEERS/bin/python]``: counts and checksums first, then ratios.

Without ``--python`` only this engine, its twin and the memory stream. One JSON line a figure.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from cep.rules import Rule, RuleTable, read_rule
from tests.bench.engine import memory_stream
from tests.bench.peers import slow
from tests.bench.peers.flink import FEED, JOBS, Flink, agrees
from tests.bench.peers.own import RULES, Own, rules, seconds
from tests.bench.peers.workload import Found, loop, make, summed_all

PEERS = ("bytewax", "flink", "duckdb", *JOBS)
SLOW = 200_000  # events for the generic twin, whose counts grow with the length of the day
COLUMN_BYTES = 17  # time 8, key 4, kind 1, value 4: what ENGINE.md sums


def figure(name: str, value: float, unit: str = "ratio", **more: Any) -> dict[str, Any]:
    """One line."""
    return {"bench": "peers", "figure": name, "value": round(value, 4), "unit": unit, **more}


def ours(columns: dict[str, np.ndarray]) -> Iterator[dict[str, Any]]:
    """This engine against its twin in dicts and against the memory stream."""
    n = len(columns["t"])
    rows = list(zip(*(columns[name].tolist() for name in ("t", "key", "kind", "value")), strict=True))
    told: list[Found] = []
    slow = min(seconds(lambda: told.append(summed_all(*loop(rows)))) for _ in range(2))
    own = Own(columns, rules())
    if own.found() != told[0]:
        raise SystemExit(f"engine {own.found()} and twin {told[0]} do not say the same; no figure is worth anything")
    fast = own.best()
    yield figure("twin", slow / n * 1e9, "ns an event", matches=told[0])
    yield figure("engine", fast / n * 1e9, "ns an event")
    yield figure("engine_against_twin", slow / fast, goal=">= 20")
    full = Own(columns, rules(), 4096).best()
    yield figure("engine_in_batches_of_4096", full / n * 1e9, "ns an event", against_twin=round(slow / full, 2))
    yield figure("of_the_memory_stream", memory_stream(COLUMN_BYTES * n) / fast, goal=">= 0.03",
                 what=f"the sum of {COLUMN_BYTES} bytes an event")  # fmt: skip
    yield figure("of_the_stream_of_its_own_columns", memory_stream(own.rows.nbytes) / fast)
    for name in ("r1", "r2", "r3"):
        alone = Own(columns, rules(name)).best(3)
        yield figure(f"{name}_alone", alone / n * 1e9, "ns an event",
                     of_stream=round(memory_stream(COLUMN_BYTES * n) / alone, 4))  # fmt: skip


def generic(keys: int) -> Iterator[dict[str, Any]]:
    """This engine against the house's own slow twin: the same rule files, the same generic table, in plain Python."""
    columns, table = make(SLOW, keys), rules()
    events, own = slow.objects(columns), Own(columns, table)
    wanted, kernels = own.found(), own.best()
    spent = {}
    for name, work in (("naive", slow.naive), ("single", slow.single), ("whole", slow.whole)):
        spent[name], told = work(events, table)
        if told != wanted:
            raise SystemExit(f"{name} {told} and engine {wanted} do not say the same; no figure is worth anything")
    for name in ("naive", "single"):
        yield figure(f"generic_twin_{name}", spent[name] / SLOW * 1e9, "ns an event", events=SLOW, matches=wanted)
        yield figure(f"kernels_against_generic_{name}", spent[name] / kernels, goal=">= 20",
                     kernels_ns=round(kernels / SLOW * 1e9, 1))  # fmt: skip
        yield figure(f"objects_to_detections_against_generic_{name}", spent[name] / spent["whole"],
                     engine_ns=round(spent["whole"] / SLOW * 1e9))  # fmt: skip


def growth(n: int) -> Iterator[dict[str, Any]]:
    """What more keys, more rules and longer windows cost."""
    base = Own(make(n, 2_000), rules()).best(3)
    for keys, goal in ((20_000, "<= 2"), (200_000, "<= 3.5")):
        own = Own(make(n, keys), rules())
        more = own.best(3)
        yield figure(f"keys_2k_to_{keys // 1000}k", more / base, goal=goal, ns=round(more / n * 1e9, 1),
                     matches=own.found())  # fmt: skip
    columns, some = make(n, 2_000), list(rules().rules)
    with tempfile.TemporaryDirectory() as folder:
        def changed(name: str, old: str, new: str, id: str = "") -> Rule:
            text = (RULES / f"{name}.toml").read_text().replace(old, new)
            file = Path(folder) / f"{id or name}.toml"
            file.write_text(text.replace(f'id = "{name}"', f'id = "{id or name}"'))
            return read_rule(file)[0]

        blind = [changed("r2", "road.detection.speed_violation", "road.detection.fall", f"blind_{i}")
                 for i in range(100)]  # fmt: skip
        yield figure("hundred_rules_that_see_nothing", Own(columns, RuleTable([*some, *blind])).best(3) / base,
                     goal="<= 1.03")  # fmt: skip
        alike = [changed("r2", "window_s = 60.0", f"window_s = {60 + i}.0", f"more_{i}") for i in range(30)]
        busy = Own(columns, RuleTable([*some, *alike])).best(3)
        visits = 30 * int((columns["kind"] == 0).sum())
        yield figure("a_relevant_rule_more", (busy - base) / visits * 1e9, "ns a visit", rules=30)
        for rest in (60.0, 86400.0):  # after each finding; with the long one both windows find little
            spans = [changed("r2", "window_s = 60.0\ncool_down_s = 60.0", f"window_s = {w}\ncool_down_s = {rest}")
                     for w in (1.0, 86400.0)]  # fmt: skip
            runs = [Own(columns, RuleTable([rule])) for rule in spans]
            short, long = (own.best(3) for own in runs)
            yield figure("window_1s_to_24h", long / short, goal="<= 1.1", rest_s=rest,
                         matches=[own.found()["r2"][0] for own in runs])  # fmt: skip


def peers(columns: dict[str, np.ndarray], python: str, names: list[str]) -> Iterator[dict[str, Any]]:
    """Each peer on the same events in a process of its own; R1 of this engine beside it."""
    n = len(columns["t"])
    wanted = Own(columns, rules()).found()
    alone = Own(columns, rules("r1")).best(3)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.npz"
        np.savez(file, **columns)  # type: ignore[arg-type]
        for name in names:
            command = [python, str(Path(__file__).with_name("peer.py")), name, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
            if done.returncode:
                yield {"bench": "peers", "figure": name, "failed": done.stderr.strip().splitlines()[-1:]}
                continue
            told = json.loads(done.stdout.splitlines()[-1])
            same = {rule: tuple(said) == wanted[rule] for rule, said in told["found"].items()}
            if not all(same.values()):
                raise SystemExit(f"{name} {told['found']} is not {wanted}; no figure is worth anything")
            yield figure(name, n / told["cpu_s"] / 1e6, "million events / CPU second, start taken off",
                         same=sorted(same), seconds=told["seconds"], idle_s=told["idle_s"],
                         engine_r1_faster_by_cpu=round(told["cpu_s"] / alone, 1))  # fmt: skip


def java(columns: dict[str, np.ndarray], python: str, names: list[str], passes: int) -> Iterator[dict[str, Any]]:
    """Flink's Java API on one and on two slots, this engine beside each.

    Wall time holds the other programs of the machine too: of the two threads of a long job more than of this engine's
    few ms. So it is also told how much faster this engine were if both cores had been the job's alone all the time.
    """
    n, own, alone = len(columns["t"]), Own(columns, rules()), Own(columns, rules("r1"))
    wanted = own.found()
    with tempfile.TemporaryDirectory() as folder:
        flink = Flink(python, columns, Path(folder))
        for job, parallel in ((job, parallel) for name in names for job in JOBS[name] for parallel in (1, 2)):
            ran = flink.run(job, parallel, passes)
            if not all(agrees(job, one["found"], wanted) for one in ran):
                raise SystemExit(f"flink {job} {ran[-1]['found']} is not {wanted}; no figure is worth anything")
            wall, cpu = (min(one[clock] for one in ran) for clock in ("wall_s", "cpu_s"))
            mine = alone if job == "r1" else own
            ratios = {} if job in FEED else {"engine_faster_by_wall": round(wall / mine.best(clock=perf_counter), 1),
                                             "engine_faster_by_cpu": round(cpu / mine.best(), 1),
                                             "engine_faster_than_both_cores": round(cpu / 2 / mine.best(), 1)}
            yield figure(f"flink_{job}", cpu / n * 1e9, "CPU ns an event, best pass", parallel=parallel, passes=passes,
                         wall_ns=round(wall / n * 1e9), first_pass_cpu_ns=round(ran[0]["cpu_s"] / n * 1e9),
                         load_1m=round(os.getloadavg()[0], 1), **ratios)  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Measure and print."""
    top = argparse.ArgumentParser("tests.bench.peers.compare")
    top.add_argument("--python", default="", help="of the peers' environment (make_env.sh)")
    top.add_argument("--events", type=int, default=1_000_000)
    top.add_argument("--keys", type=int, default=2_000)
    top.add_argument("--peers", nargs="*", default=list(PEERS), choices=PEERS)
    top.add_argument("--passes", type=int, default=6, help="of each Java job in one JVM")
    args = top.parse_args(words)
    columns = make(args.events, args.keys)
    for line in ours(columns):
        print(json.dumps(line), flush=True)
    for line in generic(args.keys):
        print(json.dumps(line), flush=True)
    for line in growth(args.events):
        print(json.dumps(line), flush=True)
    if args.python:
        for line in peers(columns, args.python, [name for name in args.peers if name not in JOBS]):
            print(json.dumps(line), flush=True)
        for line in java(columns, args.python, [name for name in args.peers if name in JOBS], args.passes):
            print(json.dumps(line), flush=True)
    print(json.dumps({"bench": "peers", "cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 2)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
