"""Is it alive, is it ready, and its figures: `/livez` for the watchdog, `/readyz` and `/metrics` for other tools.

What the parts say of themselves comes from ``house.stats()`` (docs/console.md, section 6); a part that does not exist
here (no broker, say) leaves its key out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import delete, insert, select

from console.api import reply
from console.devices import tally
from console.house import House, alarms
from console.push import Push
from stream.clock import monotonic
from stream.schema import US
from stream.store import StoreError
from stream.tables import meta

STORE_MAX_S = 2.0
DISK_MIN = 0.10
PROBE = "health.probe"
# stats() key -> (metric, help)
GAUGES = {
    "queue_age_ms": ("gwanje_oldest_unprocessed_ms", "age of the oldest message that waits"),
    "loop_age_ms": ("gwanje_loop_age_ms", "since the deciding loop last went round"),
    "outbox_age_ms": ("gwanje_outbox_age_ms", "age of the oldest report that should have left"),
    "quarantine": ("gwanje_quarantine_depth", "messages put aside and not settled"),
    "delta": ("gwanje_conservation_delta", "events that went nowhere; 0 always (SAFETY I2)"),
}
COUNTERS = {
    "received": ("gwanje_received", "events received"),
    "stored": ("gwanje_stored", "events stored"),
    "duplicate": ("gwanje_duplicate", "events seen before"),
    "shed": ("gwanje_shed", "telemetry shed under load"),
    "turns": ("gwanje_turns", "turns of the loop"),
    "records": ("gwanje_records", "records written"),
}


def check_store(house: House) -> bool:
    """A row written, read and removed within 2 s."""
    began = monotonic()
    try:
        with house.store.begin() as conn:
            conn.execute(delete(meta).where(meta.c.key == PROBE))
            conn.execute(insert(meta).values(key=PROBE, value=str(house.clock.now())))
        with house.store.read() as conn:
            found = conn.execute(select(meta.c.value).where(meta.c.key == PROBE)).scalar()
    except StoreError:
        return False
    return found is not None and monotonic() - began <= STORE_MAX_S


def check_loop(house: House) -> bool:
    """The loop went round within the last 5 s."""
    return "loop" not in alarms(house.stats())


def check_broker(house: House) -> bool:
    """Every transport that is set is connected."""
    return "broker" not in alarms(house.stats())


def check_disk(house: House) -> bool:
    """A tenth of the data folder's disk is free."""
    usage = shutil.disk_usage(house.data)
    return usage.free >= DISK_MIN * usage.total


CHECKS: dict[str, Callable[[House], bool]] = {
    "store": check_store, "loop": check_loop, "broker": check_broker, "disk": check_disk,
}


class Figures:
    """A prometheus collector over ``house.stats()`` and the board; the histogram of turns is fed by each turn."""

    def __init__(self, house: House, push: Push) -> None:
        self._house = house
        self._push = push
        self.registry = CollectorRegistry()
        self._turn = Histogram("gwanje_turn_seconds", "from its beginning until it is durable", registry=self.registry,
                               buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5))
        self.registry.register(self)
        house.listen(self.hear)

    def hear(self, turn: Any) -> None:
        """Count how long a turn took until it was durable (loop thread)."""
        if turn.durable:
            self._turn.observe((turn.durable - turn.now) / US / self._house.clock.speed)

    def collect(self) -> Iterator[Metric]:
        """The figures as of now."""
        stats, now = self._house.stats(), self._house.clock.now()
        for key, (name, help) in GAUGES.items():
            if key in stats:
                yield GaugeMetricFamily(name, help, stats[key])
        for key, (name, help) in COUNTERS.items():
            if key in stats:
                yield CounterMetricFamily(name, help, stats[key])
        yield from self._queue(now)
        yield from self._sources()
        latency = GaugeMetricFamily("gwanje_latency_ms", "arrival to paint over the last paints", labels=["quantile"])
        for name, value in self._push.paints.view().items():
            if name != "n" and value is not None:
                latency.add_metric([name], value)
        yield latency
        yield CounterMetricFamily("gwanje_push_faults", "faults of the push thread", self._push.faults)

    def _queue(self, now: int) -> Iterator[Metric]:
        counts = self._house.board.counts()
        waiting = GaugeMetricFamily("gwanje_open_incidents", "open incidents", labels=["priority", "state"])
        oldest = GaugeMetricFamily("gwanje_oldest_unacked_s", "age of the oldest unacknowledged",
                                   labels=["priority"])
        for priority in ("P1", "P2", "P3", "P4"):
            row = counts[priority]
            for state in ("new", "seen", "work", "shelved"):
                waiting.add_metric([priority, state], row[state])
            oldest.add_metric([priority], (now - row["oldest"]) / US if row["oldest"] else 0)
        yield waiting
        yield oldest

    def _sources(self) -> Iterator[Metric]:
        now, board = self._house.clock.now(), self._house.board
        count = tally(self._house.city, board.devices, self._house.heard)
        sources = GaugeMetricFamily("gwanje_sources", "sources: well, asking for a person, never heard",
                                    labels=["state"])
        for state in ("well", "asks", "unheard"):
            sources.add_metric([state], count[state])
        yield sources
        ages = GaugeMetricFamily("gwanje_source_silent_s", "since when a silent source is silent", labels=["source"])
        for row in board.devices.rows():
            if row.silent_since:
                ages.add_metric([row.source], (now - row.silent_since) / US)
        yield ages


def blueprint(house: House, figures: Figures) -> Blueprint:
    """The three routes."""
    routes = Blueprint("health", __name__)

    @routes.get("/livez")
    def livez() -> Response:
        return reply({"ok": True, "build": house.build})

    @routes.get("/readyz")
    def readyz() -> Response:
        checks = {name: check(house) for name, check in CHECKS.items()}
        return reply({"ok": all(checks.values()), "checks": checks}, 200 if all(checks.values()) else 503)

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(figures.registry), mimetype="text/plain; version=0.0.4")

    return routes
