"""One command is a live console: it says where it is, takes an event, keeps it over a restart, ends cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT, free_port

SMOKE = {"specversion": "1.0", "id": "a1", "source": "/device/smoke-0001", "type": "city.care.alarm",
         "time": "2026-03-02T08:30:00+09:00", "data": {"household": "HH-0001", "alarm": "smoke"}}
# Inside the environment that the tests run in; what run.py does outside of one stands in console/test_environment.py.
INSIDE = "import sys; from console import verbs; verbs.enter = lambda lock: None; sys.exit(verbs.main(sys.argv[1:]))"


def start(*words: str) -> subprocess.Popen[str]:
    """A console as a process of its own."""
    command = [sys.executable, "-c", INSIDE, *words]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def refused(*words: str) -> str:
    """What a console says that does not start; it must end by itself, with 2 and without a traceback."""
    process = start("demo", "--idle", *words)
    try:
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert (process.returncode, out) == (2, "") and "Traceback" not in err, err
    return err


class Console:
    """A demo console without a simulated day, on a data folder."""

    def __init__(self, data: Path) -> None:
        self.process = start("demo", "--idle", "--json", "--port", "0", "--data", str(data))
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.ready = json.loads(line)

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request; status and the JSON of the answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready["url"] + path, data, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def feed(self, event: Any) -> tuple[int, Any]:
        """Hand in one event with the demo's token."""
        return self.ask("/api/v1/events", event, Authorization=f"Bearer {self.ready['ingest_token']}",
                        **{"Content-Type": "application/cloudevents+json"})

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.communicate()
        return self.process.returncode


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    running = Console(tmp_path)
    yield running
    running.end()


def test_ready_line_has_what_a_person_needs(console):
    assert console.ready["ready"] is True and console.ready["url"].startswith("http://127.0.0.1:")
    roles = [account["role"] for account in console.ready["accounts"]]
    assert roles.count("operator") == 2 and len(set(roles)) == 7
    assert console.ask("/livez")[0] == 200 and console.ask("/readyz")[0] == 200


def test_alarm_is_kept_and_is_one_after_a_clean_end_and_another_start(console, tmp_path):
    assert console.feed(SMOKE) == (202, {"accepted": 1, "duplicate": 0, "quarantined": []})
    assert console.feed(SMOKE)[1]["duplicate"] == 1
    assert console.end() == 0
    again = Console(tmp_path)
    try:
        assert again.feed(SMOKE)[1] == {"accepted": 0, "duplicate": 1, "quarantined": []}
    finally:
        assert again.end(signal.SIGINT) == 0


def test_second_console_on_one_folder_says_so(console, tmp_path):
    assert "another console" in refused("--port", "0", "--data", str(tmp_path))


@pytest.mark.parametrize(("words", "said"), [
    (["--port", "{taken}"], "--port"),
    (["--port", "70000"], "port"),
    (["--speed", "0"], "speed"),
    (["--config", "none.toml"], "none.toml"),
    (["--mqtt", "nowhere"], "mqtt"),
])
def test_what_cannot_be_used_is_said_and_ends_with_2(tmp_path, words, said):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        given = [word.format(taken=taken.getsockname()[1]) for word in words]
        assert said in refused("--data", str(tmp_path), *given)


def test_read_only_data_folder_is_said(tmp_path):
    if os.geteuid() == 0:
        folder = Path("/proc/gwanje")  # no folder can be made there, not even by root
    else:
        folder = tmp_path / "data"
        tmp_path.chmod(0o555)
    assert str(folder) in refused("--port", str(free_port()), "--data", str(folder))
