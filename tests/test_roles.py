"""Two processes on one store: the core decides and takes events, the web shows; either may die and come back."""

from __future__ import annotations

import http.cookiejar
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from uuid import uuid4

from console.accounts import DEVICE, Accounts
from console.matrix import matrix
from stream.clock import Clock
from stream.store import open_store
from tests.servers import ROOT, Redis
from tests.test_run import INSIDE, SMOKE

PASSWORD = "a long enough password"


class Process:
    """One of the two, from the line that says it is ready."""

    def __init__(self, config: Path, role: str) -> None:
        words = ["serve", "--config", str(config), "--role", role, "--json", "--port", "0"]
        self.process = subprocess.Popen([sys.executable, "-c", INSIDE, *words], cwd=ROOT, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.url = json.loads(line)["url"]
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request of this browser; status and JSON."""
        data = None if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json", "Origin": self.url} | headers
        try:
            with self._open(urllib.request.Request(self.url + path, data, head)) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def open_incidents(self, n: int) -> list[dict[str, Any]]:
        """The queue, once so many are in it."""
        while len(rows := self.ask("/api/v1/incidents?state=open")[1]["items"]) < n:
            time.sleep(0.05)
        return rows

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal; the exit code."""
        self.process.send_signal(number)
        self.process.communicate()
        return self.process.returncode


def a_threshold_is_tried_on_the_shared_tape(web: Process) -> None:
    """The trial is a program beside the web process and reads the tape that the core wrote; then it may be approved."""
    assert web.ask("/api/v1/login", {"user": "lead", "password": PASSWORD})[0] == 200
    change = {"to": {"attempts": 2}, "reason": "missed_one"}
    status, made = web.ask("/api/v1/rules/safety_call_unanswered/proposals", change)
    assert status == 201, made
    assert web.ask("/api/v1/login", {"user": "other", "password": PASSWORD})[0] == 200

    def waits() -> Any:
        return next(p["trial"] for p in web.ask("/api/v1/rules/proposals")[1]["items"] if p["n"] == made["proposal"])

    while waits()["state"] == "running":
        time.sleep(0.1)
    assert (waits()["state"], waits()["events"]) == ("done", 2)
    status, told = web.ask(f"/api/v1/rules/proposals/{made['proposal']}/approve", {})
    assert (status, told.get("version")) == (200, 2), told


def test_core_and_web_are_one_console(tmp_path: Path, postgres_url: str, redis_server: Redis) -> None:
    config = tmp_path / "house.toml"
    config.write_text(f'data = "{tmp_path}/data"\nstore = "{postgres_url}"\nredis = "{redis_server.url}"\n')
    store = open_store(postgres_url)
    people = Accounts(store, Clock().now, matrix().roles)
    people.add("kim", PASSWORD, "operator", "")
    for user in ("lead", "other"):
        people.add(user, PASSWORD, "supervisor", "")
    token = people.make_token("gate", DEVICE, "/")
    store.close()
    core, web = Process(config, "core"), Process(config, "web")

    def feed(id: str, home: str) -> int:
        event = SMOKE | {"id": id, "data": SMOKE["data"] | {"household": home}}  # type: ignore[operator]
        return core.ask("/api/v1/events", event, Authorization=f"Bearer {token}",
                        **{"Content-Type": "application/cloudevents+json"})[0]

    try:
        assert feed("a1", "HH-0001") == 202
        assert core.ask("/login")[0] == 404 and web.ask("/api/v1/events", SMOKE)[0] in (403, 404, 405)
        assert web.ask("/api/v1/login", {"user": "kim", "password": PASSWORD})[0] in (200, 201, 204)
        [row] = web.open_incidents(1)
        assert [one["id"] for one in web.ask("/api/v1/replay/range")[1]["marks"]] == [row["id"]]
        deed: dict[str, Any] = {"id": str(uuid4()), "verb": "acknowledge", "revision": row["revision"]}
        status, told = web.ask(f"/api/v1/incidents/{row['id']}/commands", deed)
        assert status == 200 and told["state"] == "acknowledged", told

        core.end(signal.SIGKILL)
        late = deed | {"id": str(uuid4()), "verb": "note", "args": {"text": "x"}}
        assert web.ask(f"/api/v1/incidents/{row['id']}/commands", late)[0] == 503, "nobody decides"
        core = Process(config, "core")
        assert feed("a2", "HH-0002") == 202
        assert {one["id"]: one["state"] for one in web.open_incidents(2)}[row["id"]] == "acknowledged"
        a_threshold_is_tried_on_the_shared_tape(web)
    finally:
        assert web.end() == 0
        assert core.end() == 0
