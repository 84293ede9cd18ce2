"""``run.py bench turn``: from a device's publish to a durable decision, broker and generator on the same machine.

A real Mosquitto, the real MQTT connector, loop, engine and embedded store (WAL, synchronous=FULL). Latency is from the
event's own time (written when it is sent) to the end of the commit that holds its decision. One JSON line a case.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import load_rules
from connectors.mqtt import MqttIn
from geo.city import load_city
from stream.board import Board
from stream.clock import Clock
from stream.heard import hear
from stream.intake import Intake
from stream.journal import Journal
from stream.pipeline import Pipeline, Turn
from stream.settings import Settings
from stream.store import open_store
from stream.vault import Vault
from tests.servers import ROOT, Mosquitto

# case -> messages a second of the goal (issue 2)
CASES = {"messages": 4000, "frames": 100, "readings": 200}
NAMES = {"messages": "one reading a message", "frames": "road frames, 50 a message, 10 objects each",
         "readings": "care readings, 50 a message"}


class Watch:
    """Hears every turn: how many events, how late each was when it was durable."""

    def __init__(self) -> None:
        self.late: list[np.ndarray] = []
        self.events = self.objects = self.turns = 0

    def __call__(self, turn: Turn) -> None:
        if turn.events:
            self.turns += 1
            self.events += len(turn.events)
            self.late.append(turn.durable - np.array([e.time for e in turn.events]))


def measure(case: str, rate: float, seconds: float, store_url: str, profile: str = "") -> dict[str, Any]:
    """One case on a new broker and a new store."""
    broker = Mosquitto()
    broker.start()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(store_url or f"sqlite:///{folder}/store.db")
        clock, settings, watch = Clock(), Settings(), Watch()
        vault = Vault(f"sqlite:///{folder}/vault.db", f"{folder}/key")
        intake, city, rules = Intake(settings.intake_limit), load_city(), load_rules()
        engine = Engine(city, rules)
        engine.warm()
        pipeline = Pipeline(store, Journal(store), vault, Board(), clock, settings, engine, Fuse(city).decide, hear,
                            on_turn=watch, intake=intake)
        pipeline.recover()
        loop = threading.Thread(target=_run, args=(pipeline, profile), name="loop")
        loop.start()
        mqtt = MqttIn(broker.host, broker.port, "bench", intake, clock, settings)
        mqtt.start()
        while not mqtt.health()["ok"]:
            time.sleep(0.02)
        time.sleep(0.3)
        cpu = time.process_time()
        made = _generate(broker.port, case, rate, seconds)
        end = time.monotonic() + 20
        while watch.events < made["events"] and time.monotonic() < end:
            time.sleep(0.05)
        cpu = time.process_time() - cpu
        mqtt.stop()
        pipeline.stop()
        loop.join()
        broker.stop()
        figure = _figure(case, rate, made, watch, pipeline, intake, cpu, store.url.get_backend_name())
        figure["mb"] = round(sum(p.stat().st_size for p in Path(folder).glob("store.db*")) / 1e6, 1)
        store.close()
        vault.close()
    return figure


def _run(pipeline: Pipeline, profile: str) -> None:
    if not profile:
        pipeline.run()
        return
    import cProfile

    profiler = cProfile.Profile()
    profiler.runcall(pipeline.run)
    profiler.dump_stats(profile)


def _generate(port: int, case: str, rate: float, seconds: float) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.bench.load", str(port), case, str(rate), str(seconds)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _figure(case: str, rate: float, made: dict[str, Any], watch: Watch, pipeline: Pipeline, intake: Intake,
            cpu: float, store: str) -> dict[str, Any]:
    late = np.concatenate(watch.late) / 1000 if watch.late else np.array([np.nan])
    stats = pipeline.stats()
    p50, p99, most = (round(float(v), 1) for v in (*np.percentile(late, [50, 99]), late.max()))
    return {
        "bench": "turn", "case": case, "what": NAMES[case], "store": store, "messages_s": rate,
        "events_s": round(made["events"] / made["seconds"]), "sent": made["events"], "durable": stats["stored"],
        "lost": made["events"] - stats["stored"] - intake.shed, "shed": intake.shed, "delta": stats["delta"],
        "p50_ms": p50, "p99_ms": p99, "max_ms": most, "turns": watch.turns, "console_cpu_s": round(cpu, 2),
        "generator_cpu_s": made["cpu_s"], "cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 2),
    }


def main(words: list[str] | None = None) -> int:
    """Measure the cases that are asked for (all of them without words) and print one line each."""
    top = argparse.ArgumentParser("run.py bench turn", description=__doc__.splitlines()[0] if __doc__ else None)
    top.add_argument("case", nargs="*", choices=[*CASES, []], help="messages, frames, readings (default: all)")
    top.add_argument("--seconds", type=float, default=10.0, help="how long each case is fed")
    top.add_argument("--rate", type=float, default=0.0, help="messages a second (default: the goal)")
    top.add_argument("--store", default="", help="address of a store (default: a new SQLite)")
    top.add_argument("--profile", default="", help="write the loop thread's profile to this file")
    args = top.parse_args(words)
    for case in args.case or CASES:
        print(json.dumps(measure(case, args.rate or CASES[case], args.seconds, args.store, args.profile)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
