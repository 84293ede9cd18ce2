"""``run.py bench screen``: from a message's arrival to the alarm painted in Chromium, under load.

A real console (``run.py demo --idle``) on its embedded store, a real Mosquitto, 1,000 single messages a second of which
two are alarms of new homes, one Chromium with the operator's page and as many plain socket clients as asked for. The
browser reports each paint; the figure is the console's own, the one that its screen and /metrics show.
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
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from playwright.sync_api import Browser, Page, sync_playwright

from stream.settings import ENV_PREFIX
from tests.needs import find
from tests.servers import ROOT, Mosquitto

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")
WARM_S = 5.0


@contextmanager
def console(*words: str, **settings: object) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """A console of its own process; gives what it told when it was ready, and the process. ``settings`` by name."""
    given = os.environ | {f"{ENV_PREFIX}{name.upper()}": str(value) for name, value in settings.items()}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "run.py", "demo", "--json", "--port", "0", "--data", folder, *words]
        made = subprocess.Popen(
            command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert made.stdout is not None
            line = made.stdout.readline()
            if not line:
                raise SystemExit("the console did not start; see: python3 run.py demo --json")
            yield json.loads(line), made
        finally:
            made.terminate()
            made.wait(20)


def sign_in(browser: Browser, told: dict[str, Any], path: str = "/") -> Page:
    """A window with a page of the operator."""
    who = told["accounts"][0]
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{told['url']}/login")
    page.get_by_test_id("login-user").fill(who["user"])
    page.get_by_test_id("login-password").fill(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    if path != "/":
        page.goto(told["url"] + path)
        page.wait_for_selector("body[data-ready]")
    return page


def figures(url: str) -> dict[str, float]:
    """The console's metrics that have no labels, and its latency by quantile."""
    found = {}
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                found[name] = float(value)
    return found


def listeners(page: Page, url: str, n: int) -> list[socketio.Client]:
    """More consoles of the same operator, without a browser around them."""
    cookie = "; ".join(f"{c.get('name')}={c.get('value')}" for c in page.context.cookies())
    made = []
    for _ in range(n):
        one = socketio.Client()
        one.connect(url, headers={"Cookie": cookie}, transports=["websocket"])
        one.emit("hello", {})
        made.append(one)
    return made


def measure(rate: float, seconds: float, clients: int) -> dict[str, Any]:
    """One run; the latency of all alarms that were painted in it."""
    broker = Mosquitto()
    broker.start()
    with console("--idle", "--mqtt", f"{broker.host}:{broker.port}") as (told, _process), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=FLAGS)
        page = sign_in(browser, told)
        others = listeners(page, told["url"], clients)
        time.sleep(WARM_S)
        words = [sys.executable, "-m", "tests.bench.load", str(broker.port), "mixed", str(rate), str(seconds)]
        load = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        while load.poll() is None:
            page.wait_for_timeout(200)  # the browser's own events are handled meanwhile
        made = json.loads(load.communicate()[0].splitlines()[-1])
        page.wait_for_timeout(3000)
        found = figures(told["url"])
        queue = page.get_by_test_id("queue").get_attribute("data-total")
        for one in others:
            threading.Thread(target=one.disconnect, daemon=True).start()
        browser.close()
    broker.stop()
    latency = {f"{q}_ms": found.get(f'gwanje_latency_ms{{quantile="{q}"}}') for q in ("p50", "p95", "p99")}
    return {"bench": "screen", "what": "arrival to painted in Chromium", "store": "sqlite", "messages_s": rate,
            "consoles": clients + 1, **latency, "alarms": made["messages"] // 500, "in_queue": int(queue or 0),
            "sent": made["events"], "stored": found["gwanje_stored_total"], "shed": found["gwanje_shed_total"],
            "delta": found["gwanje_conservation_delta"], "generator_cpu_s": made["cpu_s"],
            "cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 2)}


def main(words: list[str] | None = None) -> int:
    """Measure once and print one line."""
    top = argparse.ArgumentParser("run.py bench screen", description="arrival to painted in Chromium, under load")
    top.add_argument("--rate", type=float, default=1000.0, help="messages a second")
    top.add_argument("--seconds", type=float, default=60.0, help="how long")
    top.add_argument("--clients", type=int, default=0, help="plain socket clients beside the browser")
    args = top.parse_args(words)
    print(json.dumps(measure(args.rate, args.seconds, args.clients)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
