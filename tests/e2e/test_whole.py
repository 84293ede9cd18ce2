"""The whole console as a newcomer starts it: from a sensor's message over HTTP to the 119 receipt on the card."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
START = "import sys, run; sys.exit(run.demo(sys.argv[1:]))"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """``run.py demo --idle --json`` in a process of its own; what it printed when it was ready."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-c", START, "--idle", "--json", "--port", "0", "--data", str(folder)]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout
        line = process.stdout.readline()
        assert line, (folder / "log").read_text()[-2000:]
        yield json.loads(line)
        process.terminate()
        assert process.wait(60) == 0


def now() -> str:
    """This moment as an event says it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@pytest.fixture
def tell(demo: dict[str, Any]) -> Callable[..., None]:
    """``tell(type, subject, data, source)``: one event by HTTP, durable when it returns."""

    def send(type: str, subject: str, data: dict[str, Any], source: str) -> None:
        event = {"specversion": "1.0", "id": f"{source}-{now()}", "source": source, "type": type, "time": now()}
        event |= {"subject": subject, "data": data}
        head = {"Content-Type": "application/cloudevents+json", "Authorization": f"Bearer {demo['ingest_token']}"}
        request = urllib.request.Request(f"{demo['url']}/api/v1/events", json.dumps(event).encode(), head)
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer) == {"accepted": 1, "duplicate": 0, "quarantined": []}

    return send


@pytest.fixture
def operator(chromium: Any, demo: dict[str, Any]) -> Iterator[Any]:
    """The operator's console, ready; afterwards the browser had nothing to complain about."""
    account = next(a for a in demo["accounts"] if a["role"] == "operator")
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda m: m.type == "error" and faults.append(m.text))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(demo["url"] + "/login")
    page.fill("[data-testid=login-user]", account["user"])
    page.fill("[data-testid=login-password]", account["password"])
    page.click("[data-testid=login-submit]")
    page.wait_for_selector("body[data-ready]")
    yield page
    context.close()
    assert faults == []


def test_from_a_smoke_detector_to_the_receipt_of_119(operator, tell):
    expect(operator.locator("[data-testid=queue]")).to_have_attribute("data-total", "0")
    read = {"household": "HH-0002", "sensor": "temperature", "location": "living", "value": 31.5, "unit": "C"}
    tell("city.care.reading", "HH-0002", read, "/device/hub-0002")
    tell("city.care.alarm", "HH-0002", {"household": "HH-0002", "alarm": "smoke"}, "/device/smoke-0002")
    row = operator.locator("[data-incident]")
    expect(row).to_have_attribute("data-priority", "P1")
    row.click()
    expect(operator.locator("[data-lane=temperature]")).to_contain_text("온도 · 거실31.5°C")
    operator.locator("[data-testid=escalate-119]").click()
    expect(operator.locator("#sheet")).to_contain_text("연기")
    operator.locator("[data-testid=escalate-confirm]").dblclick()
    card = operator.locator("[data-testid=escalation-state]")
    expect(card).to_have_attribute("data-state", re.compile("accepted|dispatched|arrived"), timeout=30_000)
    expect(card).to_contain_text("접수")
    for deed in ("신고 요청", "신고 전송", "접수 통보"):
        expect(operator.locator("[data-testid=timeline]")).to_contain_text(deed)
    expect(operator.locator("[data-testid=latency]")).to_have_attribute("data-p95-ms", re.compile(r"^\d+$"))


def test_moving_objects_are_drawn_where_the_operator_looks(operator, tell):
    site = "XW-GASU-1"
    tell("city.road.detection", site, {"site": site, "what": "collision"}, "/device/cam-gasu-1")
    operator.locator("[data-incident]", has_text="가수초").click()
    objects = operator.locator(".leaflet-objects-pane canvas")
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(x => x)"
    for n in range(40):
        person = {"id": 1, "class": "child", "x": n * 0.1, "y": 0.0, "vx": 1.0, "vy": 0.0}
        tell("city.road.frame", site, {"site": site, "objects": [person]}, "/device/radar-gasu-1")
        if objects.evaluate(drawn):
            return
        operator.wait_for_timeout(100)
    raise AssertionError("the child on the crosswalk was never drawn")


def test_a_near_miss_is_seen_again_on_its_crosswalk(operator, tell):
    site = "XW-DAEHO-1"
    for n in range(12):
        car = {"id": "c", "class": "vehicle", "x": -12.0 + n * 0.8, "y": 0.0, "vx": 8.0, "vy": 0.0}
        child = {"id": "k", "class": "child", "x": 0.0, "y": -1.2 + n * 0.1, "vx": 0.0, "vy": 1.0}
        tell("city.road.frame", site, {"site": site, "objects": [car, child]}, "/device/radar-daeho-1")
    row = operator.locator("[data-incident]", has_text="보행자")
    row.click()
    operator.locator(".scene-host button").click()
    picture = operator.locator("canvas.scene")
    expect(picture).to_be_visible()
    orange = "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;" \
             " for (let i = 0; i < d.length; i += 4) if (d[i] > 220 && d[i + 1] < 160 && d[i + 2] < 90) return true;" \
             " return false; }"  # fmt: skip
    assert picture.evaluate(orange), "who it is about stands out"
    operator.locator(".scene-acts button").click()
    slider = operator.locator(".scene-acts input")
    first = slider.input_value()
    expect(slider).not_to_have_value(first)
