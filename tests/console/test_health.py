"""Alive, ready, and the figures; each check fails for its own reason."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from stream.schema import Draft
from stream.store import StoreError
from tests.console.conftest import Desk


def figures(desk: Desk) -> dict[tuple[str, ...], float]:
    text = desk.client().get("/metrics").text
    return {
        (s.name, *s.labels.values()): s.value for family in text_string_to_metric_families(text) for s in family.samples
    }


def test_alive_needs_nothing(desk: Desk) -> None:
    assert desk.client().get("/livez").json == {"ok": True, "build": "dev"}


def test_ready_when_every_check_is_well(desk: Desk) -> None:
    answer = desk.client().get("/readyz")
    assert (answer.status_code, answer.json["ok"]) == (200, True)
    assert answer.json["checks"] == {"store": True, "loop": True, "broker": True, "disk": True}


@pytest.mark.parametrize(("stat", "value", "check"), [("loop_age_ms", 6000, "loop"), ("broker", False, "broker")])
def test_a_stuck_loop_or_a_lost_broker_is_not_ready(desk: Desk, stat: str, value: object, check: str) -> None:
    desk.live.health[stat] = value
    answer = desk.client().get("/readyz")
    assert (answer.status_code, [c for c, ok in answer.json["checks"].items() if not ok]) == (503, [check])


def test_a_store_that_takes_nothing_is_not_ready(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StoreError("full", "database or disk is full")

    monkeypatch.setattr(desk.live.store, "begin", full)
    answer = desk.client().get("/readyz")
    assert (answer.status_code, answer.json["checks"]["store"]) == (503, False)


def test_a_disk_that_is_nearly_full_is_not_ready(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1000, 901, 99))
    assert desk.client().get("/readyz").json["checks"]["disk"] is False


def test_the_figures_say_what_is_open_and_since_when(desk: Desk) -> None:
    desk.live.opened()
    desk.live.clock.advance(90_000_000)
    found = figures(desk)
    assert found[("gwanje_open_incidents", "P1", "new")] == 1
    assert found[("gwanje_oldest_unacked_s", "P1")] == 90
    assert found[("gwanje_oldest_unacked_s", "P2")] == 0
    assert found[("gwanje_conservation_delta",)] == 0
    assert found[("gwanje_received_total",)] == 10
    assert found[("gwanje_quarantine_depth",)] == 0
    assert found[("gwanje_turn_seconds_count",)] == 1
    assert found[("gwanje_turn_seconds_sum",)] == pytest.approx(0.002)


def test_a_silent_source_has_its_age(desk: Desk) -> None:
    desk.live.turn([Draft("device.noted", "/device/radar-1", desk.live.clock.now(), {"code": "silent"})])
    desk.live.clock.advance(30_000_000)
    found = figures(desk)
    assert found[("gwanje_source_silent_s", "/device/radar-1")] == 30
    assert found[("gwanje_sources", "asks")] == 1


def test_the_latency_of_the_screens_is_a_figure(desk: Desk) -> None:
    id = desk.live.opened()
    desk.parts["push"].paints.hear(desk.live.board.get(id), "kim", desk.live.clock.now() + 8_000, 0.0, 0.0)
    assert figures(desk)[("gwanje_latency_ms", "p95")] == 48.0
