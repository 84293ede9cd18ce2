"""The line to an agency: one HTTP call with the idempotency key, and what is known after it.

The one question that matters afterwards is whether a byte of the report has left the house. ``not_sent``: none has, a
new try is safe. ``unclear``: some have and no sound answer came; the agency may have it, so it is asked by key, never
blindly sent again. Green (``delivered``) needs a receipt that names this very key.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from connectors.emergency import PROFILES, Report
from stream.schema import HouseError

# Answers that do not say what became of the report: ask by key. Every other 4xx is a clear no.
UNSURE = {408, 409, 425, 429}
ANSWER_MAX = 65536


class Answer(msgspec.Struct, frozen=True):
    """What is known after a call; ``absent``: the agency, asked by key, has no such report."""

    what: Literal["delivered", "rejected", "not_sent", "unclear", "absent"]
    receipt: str = ""
    reason: str = ""


class Endpoint(msgspec.Struct, frozen=True):
    """Where reports of one agency go. ``real`` is a true agency, reached with its own key (``token``)."""

    url: str
    token: str = ""
    profile: str = "cap"
    query: bool = True
    real: bool = False


class _Said(msgspec.Struct):
    """What an agency answers; fields we do not know are ignored."""

    key: str = ""
    receipt: str = ""
    state: str = ""
    reason: str = ""


def _connect(url: str, timeout_s: float) -> http.client.HTTPConnection:
    """An open connection (TLS shaken hands); OSError when there is none: no byte of a report has left then."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HouseError(f"address of an agency: {url!r}; allowed: http(s)://HOST[:PORT]")
    if parts.scheme == "https":
        context = ssl.create_default_context()
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout_s, context=context)
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)
    line.connect()
    return line


def _hang_up(line: http.client.HTTPConnection) -> Callable[[], None]:
    """What ends a call from outside: an answer that drips in keeps every single read within its timeout."""
    held = line.sock

    def end() -> None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended by itself meanwhile
    return end


def _exchange(line: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str],
              timeout_s: float) -> tuple[int, bytes] | None:
    """Status and body of the answer within ``timeout_s``, or None when none came whole."""
    timer = threading.Timer(timeout_s, _hang_up(line))
    timer.daemon = True
    timer.start()
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(ANSWER_MAX)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        timer.cancel()
        line.close()


def _said(raw: bytes) -> _Said:
    try:
        return msgspec.json.decode(raw, type=_Said)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Said()


def judge(status: int, raw: bytes, key: str) -> Answer:
    """What an answer to POST or GET means for the report of this key.

    >>> judge(202, b'{"key": "k", "receipt": "R-1"}', "k").what, judge(202, b"thanks", "k").what
    ('delivered', 'unclear')
    """
    said = _said(raw)
    if 200 <= status < 300:
        if said.key != key or not said.receipt:
            return Answer("unclear", reason="no_receipt" if said.key in ("", key) else "wrong_receipt")
        if said.state == "rejected":
            return Answer("rejected", receipt=said.receipt, reason=said.reason or "unsaid")
        return Answer("delivered", receipt=said.receipt)
    if 400 <= status < 500 and status not in UNSURE:
        return Answer("rejected", reason=said.reason or f"http_{status}")
    return Answer("unclear", reason=f"http_{status}")


class Line:
    """Sends and asks; thread-safe (a connection is one call's). ``endpoints``: agency -> where."""

    def __init__(self, endpoints: dict[str, Endpoint]) -> None:
        self.endpoints = endpoints

    def status(self, agency: str, exercise: bool) -> Literal["Actual", "Exercise"]:
        """CAP status of a report to it: ``Actual`` only to a true agency, with its key, outside an exercise."""
        end = self.endpoints.get(agency)
        return "Actual" if end and end.real and end.token and not exercise else "Exercise"

    def send(self, report: Report, timeout_s: float) -> Answer:
        """File the report once. Raises HouseError when it must not leave (an exercise to a true agency, no address)."""
        end = self.endpoints.get(report.agency)
        if not end:
            raise HouseError(f"no address for {report.agency}")
        if (report.status == "Actual") != end.real:
            which = "a true one" if end.real else "no true one"
            raise HouseError(f"{report.status} must not go to {report.agency}: its address is {which}")
        profile = PROFILES[end.profile]
        body = profile.write(report)
        try:
            line = _connect(end.url, timeout_s)
        except OSError as refused:
            return Answer("not_sent", reason=type(refused).__name__)
        headers = self._headers(end) | {"Content-Type": profile.media, "Idempotency-Key": report.key}
        answer = _exchange(line, "POST", urlsplit(end.url).path.rstrip("/") + "/reports", body, headers, timeout_s)
        return judge(*answer, report.key) if answer else Answer("unclear", reason="no_answer")

    def ask(self, agency: str, key: str, timeout_s: float) -> Answer:
        """What the agency knows of this key; ``unclear`` also when its profile has no query."""
        end = self.endpoints.get(agency)
        if not end or not end.query:
            return Answer("unclear", reason="no_query")
        try:
            line = _connect(end.url, timeout_s)
        except OSError as refused:
            return Answer("unclear", reason=type(refused).__name__)
        path = f"{urlsplit(end.url).path.rstrip('/')}/reports/{key}"
        answer = _exchange(line, "GET", path, None, self._headers(end), timeout_s)
        if answer is None:
            return Answer("unclear", reason="no_answer")
        if answer[0] == 404:
            return Answer("absent", reason="not_received")
        judged = judge(*answer, key)
        known = judged.what == "delivered" or (judged.what == "rejected" and judged.receipt)
        return judged if known else Answer("unclear", reason=judged.reason)

    @staticmethod
    def _headers(end: Endpoint) -> dict[str, str]:
        return {"Authorization": f"Bearer {end.token}"} if end.token else {}
