"""The web server of one process: werkzeug with a thread a connection and TCP_NODELAY (9 ms to ten screens, not 48)."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from stream.store import StartError

LOG = structlog.get_logger("web")


class Quick(WSGIRequestHandler):
    """One connection, one request (or one websocket): small messages leave at once."""

    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """Answer, then hang up: what a websocket leaves on its line must not be read as a next request."""
        super().handle_one_request()
        self.close_connection = True

    def version_string(self) -> str:
        """Tell nobody which versions run here."""
        return "gwanje"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """No line a request: paths may name people's things, and a wall would fill the disk."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """What the server itself complains about."""
        LOG.warning("web.server", kind=type, message=message % args if args else message)


def open_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """As ``web_server``; StartError in plain words when the port can't be used."""
    try:
        return web_server(app, host, port)
    except (OSError, SystemExit) as taken:
        said = f"port {port} on {host} can't be used ({taken}); name another by --port, or 0 for a free one"
        raise StartError(said) from None


def web_server(app: Flask, host: str, port: int, ssl_context: Any = None) -> BaseWSGIServer:
    """A server that listens already (OSError: the port is in use); ``serve_forever()`` in a thread, ``shutdown()``."""
    return make_server(host, port, app, threaded=True, request_handler=Quick, ssl_context=ssl_context)
