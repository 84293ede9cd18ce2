"""The simulated 112/119 desk, a program of its own: ``python -m connectors.agency --help``.

It is no agency. It takes reports as a desk would (``POST /reports``, CAP or JSON, with ``Idempotency-Key``), keeps its
own ledger, answers by its behaviour, and tells the console what became of each report by ``city.agency.update`` events.
The same key again gives the same receipt and has no second effect. Tests make it behave badly: ``PUT /behaviour``.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from connectors.agency_desk import BEHAVIOURS, Behaviour, Ledger, Update
from connectors.emergency import PROFILES, Report
from stream.clock import Clock
from stream.schema import US

BODY_MAX = 1 << 20
HANG_S = 60.0  # a desk that never answers still lets go of the line at some time
FORMS = {profile.media: profile for profile in PROFILES.values()}


class Desk(ThreadingHTTPServer):
    """The desk's server and the thread that sends what is owed."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, ledger: Ledger, agencies: set[str], callback: str, token: str, delay_s: float,
                 pace: float, behaviour: str) -> None:
        super().__init__(("127.0.0.1", port), Asked)
        self.ledger, self.agencies = ledger, agencies
        self.callback, self.token = callback.rstrip("/"), token
        self.delay_s, self.pace = delay_s, pace
        self.behaviour = BEHAVIOURS[behaviour]
        self.ended, self.wake = threading.Event(), threading.Event()
        self.teller = threading.Thread(target=self._tell, name="agency-updates", daemon=True)

    def begin(self) -> None:
        """Send what is owed from now on (from before a restart too)."""
        if self.callback:
            self.teller.start()

    def end(self) -> None:
        """Stop taking reports; what is owed stays in the ledger."""
        self.ended.set()
        self.wake.set()
        self.shutdown()

    def take(self, report: Report) -> dict[str, Any]:
        """Enter a report by the present behaviour and note what follows; the answer is its row."""
        row, new = self.ledger.file(report, self.behaviour, self.delay_s, self.pace)
        if new:
            self.wake.set()
        return row

    def _tell(self) -> None:
        """Send each update when it is due, again and again until the console has it."""
        wait_s = 0.0
        while not self.ended.is_set():
            self.wake.wait(wait_s)
            self.wake.clear()
            ready, after = self.ledger.due()
            told = all(self._told(update) for update in ready)  # in order: none goes before one that was not taken
            left = max(0.0, (after - self.ledger.clock.now()) / US) if after else 3600.0
            wait_s = left if told else 1.0

    def _told(self, update: Update) -> bool:
        """Post one update; True when the console has said that it is durable."""
        parts = urlsplit(self.callback)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        line = make(parts.hostname or "", parts.port, timeout=10)
        headers = {"Content-Type": "application/cloudevents+json", "Authorization": f"Bearer {self.token}"}
        try:
            line.request("POST", parts.path + "/api/v1/events", update.body, headers)
            status = line.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if status == 202:
            self.ledger.paid(update)
        return status == 202


class Asked(BaseHTTPRequestHandler):
    """One request to the desk."""

    server: Desk
    protocol_version = "HTTP/1.1"
    timeout = HANG_S

    def do_POST(self) -> None:
        """``POST /reports``: a report, CAP or JSON by its Content-Type."""
        body = self._body()
        if self.path != "/reports" or body is None:
            return self._say(404 if body is not None else 413, {"reason": "no_such_page"})
        form = FORMS.get(self.headers.get_content_type())
        key = self.headers.get("Idempotency-Key", "")
        if not form:
            return self._say(415, {"reason": "unknown_form"})
        try:
            report = form.read(body)
        except ValueError:
            return self._say(400, {"reason": "unreadable"})
        if not key or key != report.key:
            return self._say(400, {"reason": "key_missing_or_other"})
        if report.agency not in self.server.agencies:
            return self._say(404, {"reason": "not_our_agency"})
        behaviour = self.server.behaviour
        row = self.server.take(report) if behaviour.files else {}
        self._answer(behaviour, row)

    def do_GET(self) -> None:
        """``GET /reports/<key>``, ``GET /ledger``, ``GET /livez``."""
        if self.path.startswith("/reports/"):
            if self.server.behaviour.mute:
                return self._hang()
            row = self.server.ledger.find(unquote(self.path.removeprefix("/reports/")))
            return self._say(200, row) if row else self._say(404, {"reason": "unknown_key"})
        if self.path == "/ledger":
            return self._say(200, {"items": self.server.ledger.rows()})
        return self._say(200, {"ok": True}) if self.path == "/livez" else self._say(404, {"reason": "no_such_page"})

    def do_PUT(self) -> None:
        """``PUT /behaviour`` ``{"behaviour": name, "delay_s": s}``: behave so from now on."""
        try:
            asked = msgspec.json.decode(self._body() or b"", type=dict)
            self.server.behaviour = BEHAVIOURS[asked["behaviour"]]
            self.server.delay_s = float(asked.get("delay_s", self.server.delay_s))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            return self._say(400, {"reason": f"behaviour is one of {', '.join(BEHAVIOURS)}"})
        return self._say(200, {"behaviour": asked["behaviour"], "delay_s": self.server.delay_s})

    def _body(self) -> bytes | None:
        """The request's body, None when it is too large."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > BODY_MAX:
            self.close_connection = True
            return None
        return self.rfile.read(size)

    def _answer(self, behaviour: Behaviour, row: dict[str, Any]) -> None:
        """Answer a report in the behaviour's way."""
        if behaviour.answer.isdigit():
            return self._say(int(behaviour.answer), {"reason": "out_of_area" if behaviour.answer == "422" else ""})
        good = {name: row.get(name, "") for name in ("key", "receipt", "state", "reason")}
        match behaviour.answer:
            case "late":
                self.server.ended.wait(self.server.delay_s)
            case "wrong":
                good["key"] = "0" * 64
            case "hang":
                return self._hang()
            case "reset":
                return self._reset()
            case "drip":
                return self._drip(good)
            case "garbage":
                return self._raw(200, b"<html>thank you")
        return self._say(202, good)

    def _say(self, status: int, body: dict[str, Any]) -> None:
        self._raw(status, msgspec.json.encode(body))

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang(self) -> None:
        """Say nothing until the caller has given up."""
        self.server.ended.wait(HANG_S)
        self.close_connection = True

    def _reset(self) -> None:
        """Cut the line as a crashed machine does (RST, not FIN)."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _drip(self, good: dict[str, Any]) -> None:
        """One byte each half second: every read is in time, the answer never is."""
        self.close_connection = True
        for byte in b"HTTP/1.1 202 Accepted\r\n\r\n" + msgspec.json.encode(good):
            if self.server.ended.wait(0.5):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def log_message(self, format: str, *args: Any) -> None:
        """One line a request on stderr, without what is in the report."""
        sys.stderr.write(f"agency {self.command} {args[1] if len(args) > 1 else ''}\n")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(prog="python -m connectors.agency", description="A simulated 112/119 desk.")
    p.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: a free one)")
    p.add_argument("--callback", default="", help="address of the console, http://HOST:PORT (empty: no updates)")
    p.add_argument("--token", default=os.environ.get("GWANJE_TOKEN", ""),
                   help="bearer token for the console's POST /api/v1/events, or the variable GWANJE_TOKEN")
    p.add_argument("--agency", choices=("112", "119", "both"), default="both")
    p.add_argument("--behaviour", choices=tuple(BEHAVIOURS), default="accept")
    p.add_argument("--delay", type=float, default=0.2, help="seconds until it accepts (late: until it answers, too)")
    p.add_argument("--pace", type=float, default=1.0, help="factor on the seconds until dispatched, arrived, closed")
    p.add_argument("--ledger", default=":memory:", help="file of its ledger (default: kept in memory)")
    return p.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the desk until SIGTERM or SIGINT; prints one JSON line when it is ready."""
    args = _arguments(argv)
    agencies = {"112", "119"} if args.agency == "both" else {args.agency}
    ledger = Ledger(args.ledger, Clock())
    try:
        desk = Desk(args.port, ledger, agencies, args.callback, args.token, args.delay, args.pace, args.behaviour)
    except OSError as taken:
        print(f"port {args.port} cannot be used: {taken}", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=desk.end, daemon=True).start())
    desk.begin()
    url = f"http://127.0.0.1:{desk.server_address[1]}"
    print(msgspec.json.encode({"ready": True, "url": url, "simulated": True}).decode(), flush=True)
    desk.serve_forever(poll_interval=0.1)
    desk.server_close()
    ledger.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
