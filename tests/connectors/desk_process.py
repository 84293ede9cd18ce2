"""The simulated agency as its own process for tests, and a small console end that takes its updates."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.servers import ROOT, free_port


class Desk:
    """A running ``python -m connectors.agency`` on a port that stays the same over restarts."""

    def __init__(self, folder: Path, callback: str = "", behaviour: str = "accept", *args: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [
            sys.executable,
            "-m",
            "connectors.leash",  # a test that fails leaves no desk behind
            "connectors.agency",
            "--port",
            str(self.port),
            "--callback",
            callback,
            "--token",
            "tok",
            "--ledger",
            str(folder / "ledger.sqlite3"),
            "--behaviour",
            behaviour,
            "--delay",
            "0.05",
            "--pace",
            "0.02",
            *args,
        ]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Desk:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout
        ready = json.loads(self.process.stdout.readline())
        assert ready == {"ready": True, "url": self.url, "simulated": True}
        return self

    def stop(self) -> int:
        """SIGTERM; the answer is its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        code = self.process.wait(20)
        self.process = None
        return code

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        raw = answer.read()
        line.close()
        return answer.status, json.loads(raw)

    def behave(self, behaviour: str, delay_s: float = 0.05) -> None:
        body = json.dumps({"behaviour": behaviour, "delay_s": delay_s}).encode()
        assert self.ask("PUT", "/behaviour", body)[0] == 200

    def ledger(self) -> list[dict[str, Any]]:
        return list(self.ask("GET", "/ledger")[1]["items"])


class Heard:
    """Takes POST /api/v1/events and keeps the events; ``status`` is what it answers, so that it can be out of order."""

    def __init__(self) -> None:
        heard = self
        self.events: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.status = 202
        self.more = threading.Condition()

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with heard.more:
                    heard.tokens.add(self.headers["Authorization"])
                    heard.events += [event] if heard.status == 202 else []
                    heard.more.notify_all()
                self.send_response(heard.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, n: int) -> list[dict[str, Any]]:
        """The events once there are ``n`` of them."""
        with self.more:
            assert self.more.wait_for(lambda: len(self.events) >= n, timeout=60), self.events
            return list(self.events)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
