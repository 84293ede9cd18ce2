"""``run.py bench soak``: memory of the console and of a browser over a long run of the simulated day at 10 times speed.

A minute apart: resident memory of the console's process and, after a forced collection, the JavaScript heap of an
operator's page. The slope is that of a straight line through the samples after the first ten minutes (before that,
caches fill and the queue grows to its usual length).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.bench.screen import FLAGS, console, figures, sign_in
from tests.needs import find

SETTLE_MIN = 10


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024


def heap_mb(page: Page, line: CDPSession) -> float:
    """JavaScript heap of a page, what can be collected left out."""
    line.send("HeapProfiler.collectGarbage")
    return float(page.evaluate("performance.memory.usedJSHeapSize")) / 2**20


def slope(samples: list[float], settle: int) -> float:
    """MB an hour after the first ``settle`` samples, which are a minute apart."""
    late = np.array(samples[settle:])
    return float(np.polyfit(np.arange(len(late)) / 60, late, 1)[0]) if len(late) > 2 else float("nan")


def measure(minutes: int, speed: float) -> dict[str, Any]:
    """One run of so many minutes of wall time."""
    with console("--speed", str(speed)) as (told, process), sync_playwright() as play:
        flags = [*FLAGS, "--enable-precise-memory-info"]
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=flags)
        page = sign_in(browser, told)
        line = page.context.new_cdp_session(page)
        resident, heap = [], []
        for minute in range(minutes + 1):
            resident.append(round(resident_mb(process.pid), 1))
            heap.append(round(heap_mb(page, line), 2))
            print(json.dumps({"minute": minute, "resident_mb": resident[-1], "heap_mb": heap[-1]}), file=sys.stderr)
            if minute < minutes:
                page.wait_for_timeout(60_000)
        found = figures(told["url"])
        browser.close()
    return {"bench": "soak", "minutes": minutes, "speed": speed,
            "resident_mb": [resident[0], max(resident), resident[-1]],
            "resident_mb_per_hour": round(slope(resident, SETTLE_MIN), 2), "heap_mb": [heap[0], max(heap), heap[-1]],
            "heap_mb_per_hour": round(slope(heap, SETTLE_MIN), 2), "received": found["gwanje_received_total"],
            "records": found["gwanje_records_total"], "delta": found["gwanje_conservation_delta"],
            "cores": os.cpu_count()}


def main(words: list[str] | None = None) -> int:
    """Measure once and print one line; a line a minute goes to stderr."""
    top = argparse.ArgumentParser("run.py bench soak", description="memory of console and browser over a long run")
    top.add_argument("--minutes", type=int, default=60, help="of wall time")
    top.add_argument("--speed", type=float, default=10.0, help="of the console's clock")
    args = top.parse_args(words)
    print(json.dumps(measure(args.minutes, args.speed)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
