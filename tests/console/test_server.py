"""The web server as browsers meet it: quick with small messages, silent about itself, plain about its port."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer

from console.server import Quick, web_server


@pytest.fixture
def server() -> Iterator[BaseWSGIServer]:
    app = Flask("small")
    app.add_url_rule("/", view_func=lambda: "hello")
    made = web_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_connection_serves_one_request_and_ends(server: BaseWSGIServer) -> None:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
    heard = b"".join(iter(lambda: line.recv(4096), b""))
    assert heard.count(b"HTTP/1.1 200 OK") == heard.count(b"hello") == 1
    line.close()


def test_it_tells_nobody_what_it_is(server: BaseWSGIServer, capfd: pytest.CaptureFixture[str]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    line.request("GET", "/?secret=010-1234-5678")
    assert line.getresponse().getheader("Server") == "gwanje"
    line.close()
    assert "secret" not in "".join(capfd.readouterr())


def test_small_messages_leave_at_once() -> None:
    assert Quick.disable_nagle_algorithm is True


def test_bytes_that_are_no_request_harm_nobody(server: BaseWSGIServer) -> None:
    for junk in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\0" * 1000 + b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
            line.sendall(junk)
            line.shutdown(socket.SHUT_WR)
            line.recv(1000)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    line.request("GET", "/")
    assert line.getresponse().status == 200
    line.close()


def test_a_port_in_use_is_an_os_error(server: BaseWSGIServer) -> None:
    with pytest.raises((OSError, SystemExit)):
        web_server(Flask("second"), "127.0.0.1", server.port)
