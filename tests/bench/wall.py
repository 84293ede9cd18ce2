"""``run.py bench wall``: the wall's page over ten thousand updates in Chromium: memory, nodes and listeners.

A console in this process gets incidents that open, are acknowledged and closed, three updates each, so that twenty are
open at any time; every tenth is a P1 with its band. After a tenth of the run what was filled by then (words, map,
fonts, caches) counts as the page's usual size; what it grows by from there is the figure.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from stream.schema import Draft
from tests.bench.screen import FLAGS
from tests.bench.soak import heap_mb
from tests.e2e.conftest import Console, Screen
from tests.needs import find

OPEN = 20
BATCH = 30  # updates of one turn
HOMES = 40
PACE_MS = 30  # between turns, so that the page draws several times a second
SETTLE_MS = 1500


def turn(console: Console, open_ids: list[str], n: int) -> int:
    """One turn: so many incidents opened, and as many of the oldest acknowledged and closed; the updates made."""
    live, before = console.live, len(open_ids)
    for i in range(n):
        subject = f"HH-{1 + (before + i) % HOMES:04d}"
        open_ids.append(live.opened(subject, "smoke_or_gas" if i == 0 else "inactivity", 1 if i == 0 else 3))
    done, at = open_ids[:-OPEN], live.clock.now()
    del open_ids[:-OPEN]
    closed = {"disposition": "false_alarm", "reason": "cooking"}
    live.turn([Draft("incident.acknowledged", id, at, {}, "kim") for id in done]
              + [Draft("incident.resolved", id, at, closed, "kim") for id in done])
    return n + 2 * len(done)


def measure(browser: Browser, folder: Path, updates: int) -> dict[str, Any]:
    """One run; MB of JavaScript heap and counts of the document after a tenth of the updates, and at the end."""
    console = Console(folder)
    try:
        seat = Screen(browser, console, "operator", {"width": 3840, "height": 2160})
        page = seat.open("/wall?diagonal=86&distance=5")
        line = page.context.new_cdp_session(page)
        line.send("Performance.enable")
        made, open_ids, first = 0, list[str](), None
        while made < updates:
            made += turn(console, open_ids, BATCH // 3)
            page.wait_for_timeout(PACE_MS)
            if first is None and made >= updates / 10:
                first = size(page, line)
        last = size(page, line)
        deltas = int(page.get_attribute("body", "data-seq") or 0)
        rows = page.locator("#wall-rows li").count()
        faults = list(seat.faults)
        seat.context.close()
    finally:
        console.close()
    return {"bench": "wall", "updates": made, "before": first, "after": last, "rows": rows,
            "deltas": deltas, "faults": faults, "cores": os.cpu_count(),
            "load_1m": round(os.getloadavg()[0], 2)}


def size(page: Any, line: Any) -> dict[str, float]:
    """Heap (MB), elements, nodes and listeners of the page, what can be collected left out."""
    page.wait_for_timeout(SETTLE_MS)
    line.send("HeapProfiler.collectGarbage")  # twice: what the first frees lets nodes of the document go
    heap = heap_mb(page, line)
    told = {m["name"]: m["value"] for m in line.send("Performance.getMetrics")["metrics"]}
    elements = page.evaluate("document.querySelectorAll('*').length")
    return {"heap_mb": round(heap, 2), "elements": elements, "nodes": told["Nodes"],
            "listeners": told["JSEventListeners"]}


def main(words: list[str] | None = None) -> int:
    """Measure once and print one line."""
    top = argparse.ArgumentParser("run.py bench wall", description="the wall's memory over many updates")
    top.add_argument("--updates", type=int, default=10_000, help="openings, acknowledgements and closings")
    args = top.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        flags = [*FLAGS, "--enable-precise-memory-info"]
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=flags)
        print(json.dumps(measure(browser, Path(folder), args.updates)), flush=True)
        browser.close()
    return 0
