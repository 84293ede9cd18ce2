"""Messages to the console by HTTP, one batch a call; 202 is the receipt, anything else means: again, the same ids."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from connectors.simulate.messages import Message
from connectors.simulate.outbox import Outbox
from stream.clock import parse_rfc3339
from stream.schema import Delivery, SourceError

BATCH = 400
TIMEOUT_S = 15.0
WAITS_S = (0.2, 0.5, 1.0, 2.0, 4.0)  # between tries while the console does not answer


class Refused(Exception):
    """The console says no for good: a wrong token or address. The text says what to do."""


class Poster:
    """One kept-open connection. ``heard`` is told the console's clock on each answer, ``steady`` counts seconds."""

    def __init__(self, url: str, token: str, heard: Callable[[int], None], steady: Callable[[], float]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"--url {url!r}: allowed: http(s)://HOST[:PORT]")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._line = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._path = parts.path.rstrip("/") + "/api/v1/events"
        self._headers = {"Content-Type": "application/cloudevents-batch+json", "Authorization": f"Bearer {token}"}
        self._heard, self._steady = heard, steady
        self._fails, self._not_before = 0, 0.0
        self.outbox = Outbox()
        self.accepted = self.quarantined = 0
        self.trouble = ""

    def ask_time(self) -> bool:
        """An empty batch: the answer carries the console's clock. False while the console does not answer."""
        return self._call([])

    def send(self, messages: list[Message]) -> None:
        """Send what is new and what still waits. Frames that cannot go now are lost, as a real radar's would be."""
        self.outbox.keep(messages)
        if self._steady() < self._not_before:
            return
        frames = [m for m in messages if m.delivery is Delivery.telemetry]
        batch = [*self.outbox.oldest(BATCH), *frames]
        while batch and self._call(batch):
            for message in batch:
                self.outbox.named(message.source, [message.id])
            batch = self.outbox.oldest(BATCH)

    def _call(self, batch: list[Message]) -> bool:
        body = b"[" + b",".join(m.body for m in batch) + b"]"
        try:
            self._line.request("POST", self._path, body, self._headers)
            answer = self._line.getresponse()
            told, said = answer.read(), answer.headers.get("X-Gwanje-Now")
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            return self._failed(f"no answer: {error}")
        if said:
            self._hear(said)
        if answer.status in (400, 401, 403, 404, 413, 415):
            raise Refused(f"the console answers {answer.status}: {told[:300].decode(errors='replace')}")
        if answer.status != 202:
            return self._failed(f"the console answers {answer.status}")
        self._fails, self._not_before, self.trouble = 0, 0.0, ""
        outcome = msgspec.json.decode(told)
        self.accepted += outcome.get("accepted", 0)
        self.quarantined += len(outcome.get("quarantined", ()))
        return True

    def _hear(self, said: str) -> None:
        try:
            self._heard(parse_rfc3339(said))
        except SourceError as error:
            raise Refused(f"the console's X-Gwanje-Now is no time: {error}") from error

    def _failed(self, why: str) -> bool:
        self._not_before = self._steady() + WAITS_S[min(self._fails, len(WAITS_S) - 1)]
        self._fails += 1
        self.trouble = why
        return False

    def close(self) -> None:
        """Hang up."""
        self._line.close()
