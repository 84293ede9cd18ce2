"""``run.py bench flood``: far more messages than the city's design load (60 a second), over MQTT, to a real screen.

A real console on its embedded store, a real Mosquitto with the shipped conf, one Chromium with the operator's page. The
sender does what a device must: an alarm or a reading is kept, and sent again with the same id, until ``city/ack`` names
it. Four of five messages are readings, one a road frame of ten objects, each 500th a smoke alarm of another home. The
alarms have a line of their own, as each detector has: they do not wait in the sender, but everywhere else.

Calm, flood, calm again. Then: was anything of class alarm or reading lost, was each alarm's incident on the screen and
how long after it was sent (sent -> drawn in Chromium), how many frames were shed, is the console at ease by itself?
With ``--restart`` the broker is killed (``kill -9``) in the middle of the flood and started again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import ceil
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.bench.load import STAMP, frame, mixed, stamp
from tests.bench.screen import FLAGS, console, figures, sign_in
from tests.needs import find
from tests.servers import Mosquitto

DESIGN = 60.0  # messages a second of an ordinary day
AGAIN_S = 10.0  # a device sends again what was not named for so long (docs/connect.md)
SETTLE_S = 120.0  # and gives up never; the bench does
WATCH = """() => {
  window.__drawn = {};
  const look = () => {
    for (const row of document.querySelectorAll("[data-incident]"))
      if (!(row.dataset.incident in window.__drawn)) window.__drawn[row.dataset.incident] = Date.now();
  };
  new MutationObserver(() => requestAnimationFrame(look)).observe(
    document.querySelector("[data-testid=queue]"),
    { subtree: true, childList: true, attributes: true, attributeFilter: ["data-incident"] });
  const el = document.getElementById("backlog"), told = window.__behind = { oldest: 0, now: 0, shed: false };
  new MutationObserver(() => {
    told.now = Number(el.dataset.ageMs || 0);
    told.oldest = Math.max(told.oldest, told.now);
    if (!el.hidden && /생략|shed/.test(el.textContent)) told.shed = true;
  }).observe(el, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
DRAWN = "n => Object.keys(window.__drawn).length >= n"
ROWS = 200  # of the queue that are in the page at once (CONTRACT 5)
QUEUE = """async () => { const found = {}; let cursor = "";
  do {
    const page = await (await fetch(`/api/v1/incidents?state=open&limit=500&cursor=${cursor}`)).json();
    for (const one of page.items) found[one.id] = one.subject;
    cursor = page.next;
  } while (cursor);
  return found; }"""


class Device:
    """A sender that keeps what is not acknowledged. ``sent``: id -> when first sent (seconds)."""

    def __init__(self, broker: Mosquitto) -> None:
        self.sent: dict[str, float] = {}
        self.alarms: dict[str, str] = {}  # id -> home
        self.frames = self.again = 0
        self._kept: dict[str, tuple[str, bytes, float]] = {}
        self._lock, self._m, self._rnd = threading.Lock(), 0, random.Random(7)
        self.client, self.detectors = self._line("flood"), self._line("detectors")
        self.client.on_connect = lambda client, *_: client.subscribe("city/ack/#", 1)
        self.client.on_message = lambda client, userdata, message: self._named(bytes(message.payload))
        for line in (self.client, self.detectors):
            line.connect(broker.host, broker.port)
            line.loop_start()

    @staticmethod
    def _line(name: str) -> mqtt.Client:
        line = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name, clean_session=False)
        line.max_inflight_messages_set(1000)
        line.reconnect_delay_set(1, 1)
        return line

    def _named(self, payload: bytes) -> None:
        ids = json.loads(payload)["ids"]
        with self._lock:
            for id in ids:
                self._kept.pop(id, None)

    def waiting(self) -> int:
        """How many alarms and readings no ack has named yet."""
        with self._lock:
            return len(self._kept)

    def pump(self, rate: float, seconds: float, arrays: float = 0.0) -> None:
        """Send so many messages a second for so long, and ``arrays`` messages of 50 frames beside them."""
        made = [self._frames(n) for n in range(int(seconds * arrays))]
        began, sent, packed = time.monotonic(), 0, 0
        while (past := time.monotonic() - began) < seconds:
            while sent < int(past * rate):
                self._single()
                sent += 1
            while packed < min(len(made), int(past * arrays)):
                self._array(made[packed])
                packed += 1
            self._resend()
            time.sleep(0.005)

    def _single(self) -> None:
        name, event = mixed(self._m, self._rnd)
        self._m += 1
        body = json.dumps(event, separators=(",", ":")).encode().replace(STAMP.encode(), stamp())
        if event["type"] == "city.road.frame":
            self.frames += 1
        else:
            id, data = str(event["id"]), event["data"]
            with self._lock:
                self.sent[id] = time.time()
                self._kept[id] = (name, body, time.monotonic())
            if event["type"] == "city.care.alarm":
                self.alarms[id] = data["household"]  # type: ignore[index]
                self.detectors.publish(f"city/in/{name}", body, 1)
                return
        self.client.publish(f"city/in/{name}", body, 1)

    def _frames(self, n: int) -> bytes:
        rows = [frame(99, 50 * n + i, self._rnd) for i in range(50)]
        return json.dumps(rows, separators=(",", ":")).encode()

    def _array(self, body: bytes) -> None:
        self.frames += 50
        self.client.publish("city/in/radar-99", body.replace(STAMP.encode(), stamp()), 1)

    def _resend(self) -> None:
        now = time.monotonic()
        with self._lock:
            old = [(id, row) for id, row in self._kept.items() if row[2] < now - AGAIN_S]
            for id, (name, body, _) in old:
                self._kept[id] = (name, body, now)
        self.again += len(old)
        for _, (name, body, _) in old:
            self.client.publish(f"city/in/{name}", body, 1)

    def settle(self) -> float:
        """Go on until everything is named; seconds that took. What is left then is lost."""
        began = time.monotonic()
        while self.waiting() and time.monotonic() - began < SETTLE_S:
            self._resend()
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> None:
        """Go away."""
        for line in (self.client, self.detectors):
            line.disconnect()
            line.loop_stop()


def quantile(values: list[float], q: float) -> float | None:
    """Nearest rank, in whole ms."""
    ranked = sorted(values)
    return round(ranked[ceil(q * len(ranked)) - 1] * 1000) if ranked else None


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def room(browser: Browser, **settings: object) -> Iterator[tuple[Mosquitto, dict[str, Any], int, Page]]:
    """A broker, a console (what it told, its process's number) and an operator's page that watches its queue."""
    broker = Mosquitto()
    broker.start()
    try:
        words = ("--idle", "--mqtt", f"{broker.host}:{broker.port}")
        with console(*words, **settings) as (told, made):
            page = sign_in(browser, told)
            page.evaluate(WATCH)
            yield broker, told, made.pid, page
            page.close()
    finally:
        broker.stop()


def measure(browser: Browser, rate: float, seconds: float, calm: float = 5.0, arrays: float = 0.0,
            restart: bool = False, **settings: object) -> dict[str, Any]:
    """One run. Times are seconds; ``settings`` are the console's (``intake_limit``)."""
    with room(browser, **settings) as (broker, told, pid, page):
        device = Device(broker)

        def outage() -> None:
            time.sleep(seconds / 2)
            broker.kill()
            broker.start()

        device.pump(DESIGN, calm)
        breaking = threading.Thread(target=outage if restart else list)
        breaking.start()
        began, spent = time.time(), cpu_s(pid)
        device.pump(rate, seconds, arrays)
        ended = time.time()
        breaking.join()
        settled = device.settle()
        after, spent = time.time(), cpu_s(pid) - spent
        device.pump(DESIGN, calm)
        device.settle()
        with suppress(PlaywrightTimeout):  # what is not drawn by then is counted as not drawn
            page.wait_for_function(DRAWN, arg=min(len(device.alarms), ROWS), timeout=SETTLE_S * 1000)
        homes = {subject: id for id, subject in page.evaluate(QUEUE).items()}
        drawn, behind = page.evaluate("() => [window.__drawn, window.__behind]")
        found = figures(told["url"])
        device.stop()
    waits = {id: drawn[homes[home]] / 1000 - device.sent[id] for id, home in device.alarms.items()
             if homes.get(home) in drawn}
    late = [wait for id, wait in waits.items() if began <= device.sent[id] <= ended]
    calmly = [wait for id, wait in waits.items() if device.sent[id] > after]
    return {
        "messages_s": rate, "seconds": seconds, "restart": restart, "sent": len(device.sent) + device.frames,
        "sent_again": device.again, "lost": device.waiting(),
        "alarms": len(device.alarms), "alarms_missing": sum(home not in homes for home in device.alarms.values()),
        "alarms_drawn": len(waits), "drawn_p50_ms": quantile(late, 0.5), "drawn_p99_ms": quantile(late, 0.99),
        "drawn_after_ms": quantile(calmly, 1.0), "settled_s": round(settled, 1),
        "console_cpu_s": round(spent, 1), "frames": device.frames,
        "shed": int(found["gwanje_shed_total"]), "stored": int(found["gwanje_stored_total"]),
        "received": int(found["gwanje_received_total"]), "duplicate": int(found["gwanje_duplicate_total"]),
        "delta": int(found["gwanje_conservation_delta"]),
        "oldest_shown_ms": behind["oldest"], "oldest_after_ms": behind["now"], "shed_on_screen": behind["shed"],
    }  # fmt: skip


def main(words: list[str] | None = None) -> int:
    """Measure and print a line; 1 when something was lost, P1 came later than 5 s, or it did not come to rest."""
    top = argparse.ArgumentParser("run.py bench flood", description="ten times the design load and more, over MQTT")
    top.add_argument("--rate", type=float, default=10 * DESIGN, help="messages a second")
    top.add_argument("--seconds", type=float, default=60.0, help="how long")
    top.add_argument("--arrays", type=float, default=0.0, help="messages of 50 frames a second beside them")
    top.add_argument("--limit", type=int, default=20_000, help="telemetry that may wait before the oldest is shed")
    top.add_argument("--restart", action="store_true", help="kill the broker in the middle and start it again")
    args = top.parse_args(words)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=FLAGS)
        more = {"arrays": args.arrays, "restart": args.restart, "intake_limit": args.limit}
        told = measure(browser, args.rate, args.seconds, **more)
        browser.close()
    lossless = not (told["lost"] or told["alarms_missing"] or told["delta"])
    soon = args.restart or (told["drawn_p99_ms"] or 0) <= 5000
    rested = told["oldest_after_ms"] < 1000
    reached = lossless and soon and rested
    told |= {"goal": "lost 0, p99 <= 5 s, at rest after", "reached": reached, "cores": os.cpu_count(),
             "load_1m": round(os.getloadavg()[0], 2)}
    print(json.dumps({"bench": "flood"} | told), flush=True)
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
