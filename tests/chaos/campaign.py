"""Kill the console again and again while the world speaks to it, and hold its store to every promise each time.

``python -m tests.chaos.campaign --kills 200 --seed 1`` (``run.py bench chaos``) prints one JSON line at the end; the
test beside it does 50 kills. A kill is ``kill -9`` of the console's process at a random point, also while it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from stream.board import Board
from stream.invariants import Broken, check
from stream.journal import read
from stream.store import open_store
from tests.chaos.world import Acked, Api, Device, HttpSource, Operator
from tests.servers import ROOT, Mosquitto, free_port

START = "import sys, run; sys.exit(run.demo(sys.argv[1:]))"
READY_S = 90
LIVES_S = (0.02, 0.9)  # how long a console lives after it is ready
HASTY = 0.5  # share of kills that come right behind an ack
YOUNG = 0.35  # share of consoles that are killed while they start
YOUNG_S = (0.2, 3.0)


class Console:
    """The product's own process on one data folder and one port, to be killed and started again."""

    def __init__(self, folder: Path, mqtt_port: int) -> None:
        self.folder, self.port = folder, free_port()
        self.words = [sys.executable, "-c", START, "--idle", "--json", "--port", str(self.port), "--data", str(folder),
                      "--mqtt", f"127.0.0.1:{mqtt_port}"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (folder.parent / "console.log").open("ab")
        self.ready: dict[str, Any] = {}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process; ``wait`` tells when it is ready."""
        # A short undo lets reports really leave between two kills.
        env = os.environ | {"GWANJE_UNDO_S": "0.1"}
        self.process = subprocess.Popen(self.words, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env=env)

    def wait(self) -> None:
        """Until it says that it is ready."""
        assert self.process is not None and self.process.stdout is not None
        timer = threading.Timer(READY_S, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if not line:
            raise AssertionError(f"the console did not start: {self.tail()}")
        self.ready = json.loads(line)

    def tail(self) -> str:
        """The end of what it said on stderr."""
        return Path(self.log.name).read_text(errors="replace")[-3000:]

    def kill(self) -> None:
        """``kill -9``, now."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def store_url(self) -> str:
        """Where its records are."""
        return f"sqlite:///{self.folder}/store.db"


def broken_promises(console: Console, acked: Acked) -> list[Broken]:
    """What does not hold of the dead console's store and of the agency's own ledger."""
    store = open_store(console.store_url)
    try:
        found = check(store, acked.all())
        twice: dict[str, int] = {}
        for record in read(store, kinds=["escalation.requested"]):
            twice[record.cause] = twice.get(record.cause, 0) + 1
    finally:
        store.close()
    found += [Broken("command", f"{cause} had {n} effects") for cause, n in twice.items() if n > 1]
    return found + _ledger(console.folder / "agency.db")


def _ledger(file: Path) -> list[Broken]:
    """I3 as the agency saw it: one report an incident, agency and generation, and never sent twice."""
    if not file.exists():
        return []
    with sqlite3.connect(file) as db:
        rows = db.execute("SELECT incident, agency, generation, count(*), max(tries) FROM report GROUP BY 1, 2, 3")
        return [Broken("I3", f"{row} at the agency") for row in rows if row[3] > 1 or row[4] > 1]


def queue_of(console: Console) -> dict[str, tuple[str, int]]:
    """Open incidents of the dead console by its journal: state and revision."""
    store, board = open_store(console.store_url), Board()
    try:
        for record in read(store):
            board.apply(record)
    finally:
        store.close()
    return {i.id: (i.state, i.revision) for i in board.open(2**62)}


def same_queue(before: dict[str, tuple[str, int]], api: Api, account: dict[str, Any]) -> list[Broken]:
    """The restarted console shows the same queue (what came in since may have moved it on, never back)."""
    if not api.sign_in(account):
        return [Broken("queue", "nobody can sign in")]
    now = {i["id"]: (i["state"], i["revision"]) for i in api.queue() or []}
    lost = [Broken("queue", f"{id} {was} is now {now.get(id)}") for id, was in before.items()
            if id not in now or now[id][1] < was[1] or (now[id][1] == was[1] and now[id][0] != was[0]
                                                       and was[0] != "new")]
    return lost


def campaign(kills: int, seed: int, folder: Path, say: Any = lambda line: None) -> dict[str, Any]:
    """Kill ``kills`` times; the answer counts what was acknowledged and names every promise that was broken."""
    rnd, broker = random.Random(seed), Mosquitto()
    broker.start()
    console, acked = Console(folder / "data", broker.port), Acked()
    up, end = threading.Event(), threading.Event()
    found: list[str] = []
    began, killed, before = time.monotonic(), 0, {}
    console.start()
    console.wait()
    operator = next(a for a in console.ready["accounts"] if a["role"] == "operator")
    device = Device(broker.port, acked, up, end)
    actors = [device, HttpSource(console.url, console.ready["ingest_token"], acked, up, end),
              Operator(console.url, operator, up, end)]
    for actor in actors:
        actor.start()
    try:
        while killed < kills:
            up.set()
            time.sleep(rnd.uniform(*LIVES_S))
            if rnd.random() < HASTY:
                acked.fresh.clear()
                acked.fresh.wait(1.0)
            console.kill()
            killed += 1
            up.clear()
            found += [f"kill {killed}: {b.name} {b.detail}" for b in broken_promises(console, acked)]
            before = queue_of(console)
            while killed < kills and rnd.random() < YOUNG:
                console.start()
                time.sleep(rnd.uniform(*YOUNG_S))
                console.kill()
                killed += 1
            console.start()
            console.wait()
            found += [f"start {killed}: {b.name} {b.detail}" for b in same_queue(before, Api(console.url), operator)]
            say(f"kill {killed} of {kills}: {len(acked.all())} acknowledged, {len(before)} open, {len(found)} broken")
            if found:
                break
        up.set()
        quiet = time.monotonic() + 30
        while not found and not device.settled() and time.monotonic() < quiet:
            time.sleep(0.1)
    finally:
        end.set()
        console.kill()
        for actor in actors:
            actor.join(15)
        device.close()
        found += [f"end: {b.name} {b.detail}" for b in broken_promises(console, acked)]
        broker.stop()
    sent = _count(console.folder / "agency.db")
    return {"bench": "chaos", "kills": killed, "seed": seed, "acked": len(acked.all()), "open": len(before),
            "reports_at_agency": sent, "answers": len(actors[2].answers), "broken": found,  # type: ignore[attr-defined]
            "log": console.tail() if found else "", "seconds": round(time.monotonic() - began, 1)}


def _count(file: Path) -> int:
    if not file.exists():
        return 0
    with sqlite3.connect(file) as db:
        return int(db.execute("SELECT count(*) FROM report").fetchone()[0])


def main(words: list[str] | None = None) -> int:
    """``run.py bench chaos``: the exit code is 1 when a promise was broken."""
    top = argparse.ArgumentParser("run.py bench chaos", description="kill -9 the console while the world speaks to it")
    top.add_argument("--kills", type=int, default=200)
    top.add_argument("--seed", type=int, default=1)
    args = top.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    try:
        told = campaign(args.kills, args.seed, folder, lambda line: print(line, file=sys.stderr, flush=True))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(told, ensure_ascii=False))
    return 1 if told["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
