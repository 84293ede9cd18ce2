"""``run.py bench crowd``: the operator's page in Chromium with 2,000 moving objects at 10 Hz and 500 open incidents.

A console in this process is fed by a thread beside it: frames of five crosswalks ten times a second, a new alarm every
half second. The figures are the browser's own: long tasks by PerformanceObserver, arrival to paint as the console keeps
it, a click on a row to the frame in which the panel shows that incident, and the first full content on a cold browser
(an empty cache, signed in). Browser, server and feeder share the machine's cores.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from stream.pipeline import Turn
from stream.schema import Event, RoadFrame, RoadObject
from tests.bench.screen import FLAGS
from tests.e2e.conftest import SIZE, Console, Screen
from tests.needs import find

SITES = 5
TICK_S = 0.1
ALARM_TICKS = 5  # a new alarm every so many ticks
LONG_MS = 100.0

WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => window.longTasks.push(e.duration)))
  .observe({type: "longtask", buffered: true});
new MutationObserver(() => {
  if (!window.readyMs && document.body && document.body.hasAttribute("data-ready")) window.readyMs = performance.now();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-ready"]});
"""
# Clicks rows one after the other; ms from each click to the frame whose panel shows that incident.
CLICKS = """async (n) => {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => {
    const way = new MessageChannel();
    way.port1.onmessage = done;
    way.port2.postMessage(0);
  }));
  const panel = document.querySelector("[data-testid=incident-panel]");
  const out = [];
  for (let k = 0; k < n; k++) {
    const rows = [...document.querySelectorAll(".row")].slice(0, 20);
    const row = rows[(k * 7) % rows.length], id = row.dataset.incident, from = performance.now();
    row.click();
    do await drawn(); while (panel.dataset.id !== id && performance.now() - from < 5000);
    out.push(performance.now() - from);
    await new Promise((done) => setTimeout(done, 150));
  }
  return out;
}"""


class Feeder(threading.Thread):
    """Frames of the sites ten times a second, and alarms, until ``stop``."""

    def __init__(self, console: Console, objects: int) -> None:
        super().__init__(daemon=True)
        self.live, self.stop, self.ticks = console.live, threading.Event(), 0
        self.sites = list(self.live.house.city.sites)[:SITES]
        self.each = objects // SITES

    def frame(self, site: str) -> Event:
        """One frame: objects on a grid, each a step further than the last time."""
        step = self.ticks % 100 / 10
        objects = [RoadObject(i, "vehicle" if i % 3 else "pedestrian", i % 40 + step, i // 40 - 5.0, 8.0, 0.0)
                   for i in range(self.each)]
        now = self.live.clock.now()
        return Event(f"{site}-{self.ticks}", "/device/bench", "city.road.frame", now, site, RoadFrame(site, objects))

    def run(self) -> None:
        """Feed."""
        due = time.monotonic()
        while not self.stop.is_set():
            now = self.live.clock.now()
            told = Turn(0, now, [], [], [self.frame(site) for site in self.sites], True, now)
            for hear in self.live.listeners:
                hear(told)
            if self.ticks % ALARM_TICKS == 0:
                stamps = {"arrival": now, "decided": now}
                self.live.opened(f"HH-{1 + self.ticks % 400:04d}", "inactivity", 3, stamps=stamps)
            self.ticks += 1
            due += TICK_S
            self.stop.wait(max(0.0, due - time.monotonic()))


def cold(browser: Browser, console: Console, seat: Screen) -> float:
    """Milliseconds to the first full content of the operator's page in a browser with an empty cache."""
    context = browser.new_context(viewport=SIZE, storage_state=seat.context.storage_state())
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(console.url)
    page.wait_for_selector("body[data-ready]")
    ready = float(page.evaluate("window.readyMs"))
    context.close()
    return ready


def quantile(values: list[float], q: float) -> float:
    """The nearest value of rank ``q``, ms."""
    return round(sorted(values)[min(len(values) - 1, int(q * len(values)))], 1)


def measure(browser: Browser, folder: Path, objects: int, incidents: int, seconds: float) -> dict[str, Any]:
    """One run."""
    console = Console(folder)
    feeder = Feeder(console, objects)
    try:
        for i in range(incidents):
            place = feeder.sites[i] if i < SITES else f"HH-{i:04d}"
            console.live.opened(place, "near_miss" if i < SITES else "inactivity", 2 if i < SITES else 3)
        seat = Screen(browser, console, "operator", SIZE)
        first = cold(browser, console, seat)
        seat.page.add_init_script(WATCH)
        page = seat.open("/")
        page.wait_for_timeout(1000)
        feeder.start()
        page.wait_for_timeout(2000)
        page.evaluate("window.longTasks.length = 0")
        began = feeder.ticks
        clicks = page.evaluate(CLICKS, max(5, int(seconds * 2)))
        page.wait_for_timeout(seconds * 500)
        tasks, ticks = page.evaluate("window.longTasks"), feeder.ticks - began
        moving = page.evaluate("import('/assets/live/objects.js').then((m) => m.count())")
        paints = console.app.extensions["gwanje"]["push"].paints.view()
        seat.context.close()
    finally:
        feeder.stop.set()
        if feeder.is_alive():
            feeder.join()
        console.close()
    return {"bench": "crowd", "objects": moving, "incidents": incidents, "ticks": ticks,
            "long_tasks_over_100_ms": sum(t > LONG_MS for t in tasks), "longest_ms": round(max(tasks, default=0.0), 1),
            "arrival_to_paint_ms": paints, "click_to_visible_ms": {q: quantile(clicks, v) for q, v in
                                                                    (("p50", 0.5), ("p95", 0.95))},
            "clicks": len(clicks), "cold_first_content_ms": round(first, 1), "cores": os.cpu_count(),
            "load_1m": round(os.getloadavg()[0], 2)}


def main(words: list[str] | None = None) -> int:
    """Measure once and print one line."""
    top = argparse.ArgumentParser("run.py bench crowd", description="the operator's page with much on it")
    top.add_argument("--objects", type=int, default=2000, help="moving objects, 10 times a second")
    top.add_argument("--incidents", type=int, default=500, help="open ones")
    top.add_argument("--seconds", type=float, default=20.0, help="how long")
    args = top.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=FLAGS)
        print(json.dumps(measure(browser, Path(folder), args.objects, args.incidents, args.seconds)), flush=True)
        browser.close()
    return 0
