"""Flink's Java API on the workload (``java/*.java``), compiled by javac against the jars in PyFlink's package.

All passes of a job run in one JVM, and time is taken inside the job from the first element to the last, so the start of
JVM and cluster is in no figure; the first pass still holds the warming up and is told by itself. Object reuse on, no
checkpoints, state on the heap, events from a mapped file. JDK 17.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.peers.workload import Found

SOURCES = Path(__file__).with_name("java")
FORM = np.dtype([("t", "<i8"), ("key", "<i4"), ("kind", "<i4"), ("value", "<f8")])
OPEN = ("java.lang", "java.math", "java.net", "java.text", "java.time", "java.util", "java.util.concurrent")
JOBS = {"flink-feed": ("source", "shuffle"), "flink-functions": ("functions",), "flink-cep": ("r1", "cep")}
FEED = ("source", "shuffle")  # jobs without a rule


class Flink:
    """The jobs compiled and the workload laid down for them, in this folder."""

    def __init__(self, python: str, columns: dict[str, np.ndarray], folder: Path) -> None:
        where = [python, "-c", "import pyflink; print(pyflink.__path__[0])"]
        jars = Path(subprocess.check_output(where, text=True).strip()) / "lib"
        self.path, self.file = f"{folder}:{jars}/*", folder / "events.bin"
        subprocess.run(["javac", "-nowarn", "-cp", self.path, "-d", str(folder), *map(str, SOURCES.glob("*.java"))],
                       check=True, capture_output=True)  # fmt: skip
        rows = np.zeros(len(columns["t"]), FORM)
        for name in FORM.names or ():
            rows[name] = columns[name]
        rows.tofile(self.file)

    def run(self, job: str, parallel: int, passes: int) -> list[dict[str, Any]]:
        """``wall_s``, ``cpu_s`` and ``found`` of each pass."""
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPEN]
        command = ["java", "-Xmx6g", *opens, "-cp", self.path, "Peer", job, str(self.file), str(parallel), str(passes)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def agrees(job: str, told: dict[str, list[int]], wanted: Found) -> bool:
    """True when the job says of each of its rules what this engine says, and nothing of any other."""
    of = () if job in FEED else (job,) if job in wanted else tuple(wanted)
    return all(tuple(said) == (wanted[rule] if rule in of else (0, 0)) for rule, said in told.items())
