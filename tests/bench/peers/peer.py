"""One peer on a saved workload, run by the peers' own Python: ``python peer.py NAME FILE.npz``; one JSON line.

Each finds R1 (DuckDB R3 too, as a batch). ``seconds`` is wall time of the work with the data already loaded; ``idle_s``
what the same work takes on a handful of events (starting a job, planning a query); ``cpu_s`` processor seconds of the
work, those of the handful taken off.
"""
# mypy: ignore-errors

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SPEED, WALKER, CARE = 0, 1, 2


def summed(matches):
    """As in workload.py."""
    return [len(matches), sum(int(key) * 7919 + int(t) for key, t in matches)]


def bytewax(columns):
    """A stateful map by key, in one worker."""
    import bytewax.operators as op
    from bytewax.dataflow import Dataflow
    from bytewax.testing import TestingSink, TestingSource, run_main

    rows = list(zip([str(k) for k in columns["key"].tolist()], columns["t"].tolist(), columns["kind"].tolist(),
                    columns["value"].tolist(), strict=True))

    def step(state, row):
        _, t, kind, value = row
        if kind == SPEED and value > 40:
            return t, []
        if kind == WALKER:
            return None, [t] if state is not None and t - state <= 2000 else []
        return state, []

    found, flow = [], Dataflow("r1")
    keyed = op.key_on("key", op.input("in", flow, TestingSource(rows, batch_size=1000)), lambda row: row[0])
    op.output("out", op.stateful_flat_map("step", keyed, step), TestingSink(found))
    began = time.perf_counter()
    run_main(flow)
    return time.perf_counter() - began, {"r1": summed(found)}


MATCH = """SELECT k, bt FROM events MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES B.t AS bt AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A X*? B) WITHIN INTERVAL '2.001' SECOND
  DEFINE A AS A.kind = 0 AND A.v > 40, B AS B.kind = 1)"""


def flink(columns):
    """SQL MATCH_RECOGNIZE over a file, streaming mode, one task slot; reading the CSV is part of the time."""
    from pyflink.table import EnvironmentSettings, TableEnvironment

    with tempfile.TemporaryDirectory() as folder:
        value = np.nan_to_num(columns["value"], nan=-1.0)
        table = np.column_stack([columns["t"], columns["key"], columns["kind"], value])
        np.savetxt(Path(folder) / "e.csv", table, fmt=["%d", "%d", "%d", "%.1f"], delimiter=",")
        env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
        env.get_config().set("parallelism.default", os.environ.get("PARALLEL", "1"))
        env.execute_sql(f"""CREATE TABLE events (t BIGINT, k INT, kind INT, v DOUBLE, ts AS TO_TIMESTAMP_LTZ(t, 3),
            WATERMARK FOR ts AS ts) WITH ('connector'='filesystem', 'path'='file://{folder}', 'format'='csv')""")
        began = time.perf_counter()
        with env.execute_sql(MATCH).collect() as rows:
            found = [(row[0], row[1]) for row in rows]
        return time.perf_counter() - began, {"r1": summed(found)}


R1 = """WITH told AS (SELECT key, t, kind, lag(kind) OVER w AS before, lag(t) OVER w AS since FROM events
  WHERE kind = 1 OR (kind = 0 AND value > 40) WINDOW w AS (PARTITION BY key ORDER BY t))
SELECT key, t FROM told WHERE kind = 1 AND before = 0 AND t - since <= 2000"""
R3 = """WITH told AS (SELECT key, t, lead(t) OVER (PARTITION BY key ORDER BY t) AS next FROM events WHERE kind = 2)
SELECT key, t + 21600000 FROM told WHERE (next IS NULL OR next > t + 21600000)
  AND t + 21600000 <= (SELECT max(t) FROM events)"""


def duckdb(columns):
    """A batch over the whole day at once, on as many threads as there are cores: no stream, a lower bound."""
    import duckdb

    base = duckdb.connect()
    base.execute("CREATE TABLE events (t BIGINT, key INT, kind TINYINT, value DOUBLE)")
    columns = {name: columns[name] for name in ("t", "key", "kind", "value")}
    base.register("given", columns)
    base.execute("INSERT INTO events SELECT t, key, kind, value FROM given")
    began = time.perf_counter()
    found = {"r1": base.execute(R1).fetchall(), "r3": base.execute(R3).fetchall()}
    spent = time.perf_counter() - began
    return spent, {rule: summed(matches) for rule, matches in found.items()}


def cpu_s():
    """Processor seconds of this process and of the children that run now (Flink's Java)."""
    spent, me = time.process_time(), os.getpid()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == me:
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def main():
    """Run one."""
    work = {"bytewax": bytewax, "flink": flink, "duckdb": duckdb}[sys.argv[1]]
    with np.load(sys.argv[2]) as saved:
        columns = {name: saved[name] for name in saved.files}
    few = {name: column[:50] for name, column in columns.items()}
    work(few)  # the first one also loads libraries
    at = cpu_s()
    idle, _ = work(few)
    between = cpu_s()
    spent, found = work(columns)
    busy = max(0.0, cpu_s() - between - (between - at))
    told = {"seconds": round(spent, 3), "idle_s": round(idle, 3), "cpu_s": round(busy, 3)}
    print(json.dumps(told | {"found": found}))


if __name__ == "__main__":
    main()
