"""A console's way in for the simulator's tests: the real HTTP route, the smallest loop behind, on a port that stays."""

from __future__ import annotations

import hashlib
import threading
import time

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from connectors import http_in
from stream.clock import Clock, monotonic
from stream.intake import Intake
from tests.connectors.durable import Loop
from tests.servers import free_port

TOKEN = "simulated"


class Console:
    """``close`` and ``open`` again: a console that restarts and keeps what it has."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.intake = Intake(10_000)
        self.loop = Loop(self.intake)
        self.open()

    def open(self) -> None:
        """Answer requests."""
        known = {hashlib.sha256(TOKEN.encode()).hexdigest(): "/"}
        app = Flask(__name__)
        app.register_blueprint(http_in.blueprint(self.intake, self.clock, known.get))
        self.server = self._bound(app)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _bound(self, app: Flask) -> BaseWSGIServer:
        """The port again, as soon as the kernel lets go of it (an accepted connection may still be closing)."""
        until = monotonic() + 30
        while True:
            try:
                return make_server("127.0.0.1", self.port, app, threaded=True)
            except SystemExit:
                assert monotonic() < until
                time.sleep(0.05)

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def stop(self) -> None:
        """End for good."""
        self.close()
        self.loop.stop()
