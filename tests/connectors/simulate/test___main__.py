"""The program: its options, its loop, and a whole run as a process beside a console that goes away and comes back."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Event

import pytest

from connectors.mqtt import MqttIn
from connectors.simulate.__main__ import main, options, run, shift_us
from connectors.simulate.day import Day
from connectors.simulate.messages import Message
from connectors.simulate.pace import Pace
from stream.clock import Clock
from stream.schema import US
from stream.settings import Settings
from tests.connectors.simulate.console import TOKEN, Console
from tests.connectors.simulate.sight import MORNING, OSAN
from tests.servers import ROOT, Mosquitto


@pytest.fixture
def console() -> Iterator[Console]:
    running = Console(Clock(start=MORNING))
    yield running
    running.stop()


def start(console: Console, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "connectors.simulate", "--url", console.url, "--token", TOKEN, *more]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def test_a_run_speaks_at_the_consoles_time_outlives_its_restart_and_stops_when_asked(console: Console) -> None:
    program = start(console, "--speed", "1")
    first = console.loop.wait(100)
    assert all(abs(e.time - console.clock.now()) < 120 * US for e in first)
    console.close()
    before = len(console.loop.events)
    console.open()
    after = console.loop.wait(before + 100)
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    assert len({(e.source, e.id) for e in after}) == len(after) and console.loop.quarantined == []
    told = program.stderr.read() if program.stderr else ""
    assert "stopped after" in told and "Traceback" not in told


def test_a_faster_clock_is_followed(console: Console) -> None:
    console.clock = Clock(speed=20, start=MORNING)
    console.close()
    console.open()
    program = start(console, "--speed", "20", "--only", "care")
    events = console.loop.wait(400)
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    span = max(e.time for e in events) - min(e.time for e in events)
    assert span > 20 * US


def test_by_mqtt_every_alarm_and_reading_is_named_and_none_waits(console: Console, mosquitto: Mosquitto) -> None:
    """Real broker, the console's real way in, the console's clock by HTTP."""
    way = MqttIn(mosquitto.host, mosquitto.port, "gwanje-test", console.intake, console.clock, Settings())
    way.start()
    program = start(console, "--mqtt", f"{mosquitto.host}:{mosquitto.port}", "--speed", "1")
    events = console.loop.wait(600)
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    way.stop()
    assert console.loop.quarantined == [] and {e.delivery for e in events} == {"telemetry", "reading", "alarm"}
    assert len({(e.source, e.id) for e in events}) == len(events)
    told = program.stderr.read() if program.stderr else ""
    waiting = int(re.search(r"(\d+) without a receipt", told)[1])  # type: ignore[index]
    assert waiting < 50  # those of the last moment


def test_a_wrong_token_ends_the_program_with_the_reason(console: Console) -> None:
    command = [sys.executable, "-m", "connectors.simulate", "--url", console.url, "--token", "wrong"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "401" in done.stderr


@pytest.mark.parametrize("argv", [
    [], ["--token", "t", "--speed", "0"], ["--token", "t", "--from", "25:00"], ["--token", "t", "--from", "noon"],
    ["--token", "t", "--only", "sea"], ["--mqtt", "broker"], ["--mqtt", "broker:99999"],
])  # fmt: skip
def test_usage_is_exit_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as told:
        options(argv)
    assert told.value.code == 2


def test_a_broken_city_file_is_exit_2(tmp_path, capsys) -> None:
    (tmp_path / "c.geojson").write_text("{}")
    assert main(["--token", "t", "--city", str(tmp_path / "c.geojson")]) == 2
    assert "FeatureCollection" in capsys.readouterr().err


def test_from_is_the_hour_the_city_lives_in() -> None:
    assert shift_us(None, MORNING) == 0
    assert shift_us("08:20", MORNING) == 50 * 60 * US and shift_us("07:00", MORNING) == -30 * 60 * US


def test_far_behind_the_road_skips_and_the_homes_catch_up() -> None:
    """The machine slept for an hour: no 36,000 frames, but every reading of that hour."""
    seconds = [0.0]
    pace = Pace(lambda: seconds[0], 1.0, MORNING)
    day, stop, sent = Day(OSAN, 1, MORNING), Event(), []

    def send(messages: list[Message]) -> None:
        sent.append(messages)
        seconds[0] = 3600.0 if len(sent) == 1 else seconds[0] + 0.1
        if len(sent) == 3:
            stop.set()

    made = run(day, pace, send, stop)
    assert made == sum(map(len, sent))
    frames = [m for batch in sent for m in batch if m.delivery == "telemetry"]
    readings = [m for batch in sent for m in batch if m.delivery == "reading"]
    assert len(frames) < 100 < len(readings)
