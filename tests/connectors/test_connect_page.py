"""docs/connect.md is held to the truth: its examples are run as they stand, its tables against the code."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from connectors.agency_desk import BEHAVIOURS
from connectors.http_in import blueprint
from connectors.mqtt import MqttIn
from connectors.redis_in import RedisIn
from stream.clock import Clock, format_kst
from tests.conftest import need
from tests.connectors.small_house import SmallHouse
from tests.connectors.test_mqtt import until
from tests.servers import ROOT, Mosquitto, Redis

PAGE = (ROOT / "docs" / "connect.md").read_text()
EXAMPLES = re.findall(r"```sh\n(.*?)```", PAGE, re.S)


@pytest.fixture
def house(tmp_path: Path, mosquitto: Mosquitto, redis_server: Redis) -> Iterator[SmallHouse]:
    small = SmallHouse(tmp_path)
    ways = [
        MqttIn(mosquitto.host, mosquitto.port, "n", small.intake, small.clock, small.settings),
        RedisIn(redis_server.url, "n", small.intake, small.clock),
    ]
    app = Flask(__name__)
    app.register_blueprint(blueprint(small.intake, small.clock, lambda digest: "/"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for way in ways:
        way.start()
    until(lambda: all(way.health()["ok"] for way in ways))
    small.url = f"http://127.0.0.1:{server.server_port}"
    yield small
    server.shutdown()
    for way in ways:
        way.stop()
    small.stop()


def test_the_examples_do_what_the_page_says(house: SmallHouse, mosquitto: Mosquitto, redis_server: Redis) -> None:
    for program in ("curl", "mosquitto_pub", "redis"):  # redis-cli comes with the server
        need(program)
    env = os.environ | {
        "URL": house.url, "TOKEN": "t", "NOW": format_kst(Clock().now()), "REDIS": redis_server.url,
        "MQTT_HOST": mosquitto.host, "MQTT_PORT": str(mosquitto.port),
    }  # fmt: skip
    said = []
    for example in EXAMPLES:
        done = subprocess.run(["sh", "-ec", example], env=env, capture_output=True, text=True, timeout=60, check=True)
        said.append(done.stdout)
    one, many, published, acked, added, named = said
    assert "202" in one.splitlines()[0] and '{"accepted":1,"duplicate":0,"quarantined":[]}' in one
    assert "X-Gwanje-Now:" in one
    assert many == '{"accepted":1,"duplicate":0,"quarantined":[{"index":1,"reason":"missing_field"}]}'
    assert published == "" and '"m-1"' in acked
    assert added.strip() and "r-1" in named
    assert house.pipeline.stats()["stored"] == 4


def test_every_behaviour_of_the_desk_is_on_its_page() -> None:
    page = (ROOT / "docs" / "escalation.md").read_text()
    table = page[page.index("| behaviour |") :]
    assert set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(BEHAVIOURS)
