"""Events by HTTP: ``POST /api/v1/events``, answered 202 once they are durable.

The request thread decodes and waits; the loop's commit wakes it. When the commit does not come in time the answer is
503 and says when to try again: the same ids then are duplicates without a second effect, so that is always safe.
Errors are problem details (RFC 9457). Each answer carries the console's clock, for devices that have none.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from connectors.decode import ROOTS, Far, decode
from stream.clock import Clock, format_kst
from stream.intake import Arrival, Intake, Outcome
from stream.schema import Event, Quarantined

BODY_MAX = 16 * 1024 * 1024
DRAIN_MAX = 4 * BODY_MAX
DURABLE_S = 5.0  # how long a request waits for its commit
RETRY_S = 2
MEDIA = ("application/cloudevents+json", "application/cloudevents-batch+json")

Tokens = Callable[[str], str | None]


class _No(Exception):
    """A request that is refused: status, code, what to do."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def _answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    media = "application/json" if status < 400 else "application/problem+json"
    return Response(msgspec.json.encode(body), status, headers, content_type=media)


def _prefix(tokens: Tokens) -> str:
    """The source prefix that the request's token is bound to."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _No(401, "no_token", "send Authorization: Bearer <token>", WWW_Authenticate="Bearer")
    prefix = tokens(hashlib.sha256(token.strip().encode()).hexdigest())
    if prefix is None:
        raise _No(401, "bad_token", "this token is unknown, disabled or expired",
                  WWW_Authenticate='Bearer error="invalid_token"')
    return prefix


def _body() -> bytes:
    """The request's bytes, if they are of a type and a size that is taken."""
    if request.mimetype not in MEDIA:
        raise _No(415, "bad_type", f"Content-Type is {' or '.join(MEDIA)}")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise _No(415, "bad_encoding", "send the body as it is, without Content-Encoding")
    too_large = _No(413, "too_large", f"a request holds {BODY_MAX} bytes at most; send it in parts")
    request.max_content_length = BODY_MAX + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise too_large from None
    except ClientDisconnected:
        raise _No(400, "cut_short", "the body ended before its Content-Length") from None
    g.body_read = True
    if len(body) > BODY_MAX:  # without a Content-Length the read just ends there
        raise too_large
    return body


def _drain() -> None:
    """Read what is left of a body that nobody wants: a line closed under it would be cut before the answer is read."""
    if g.get("body_read"):
        return
    stream, length = request.environ["wsgi.input"], request.content_length
    left = DRAIN_MAX if length is None and request.environ.get("wsgi.input_terminated") else min(length or 0, DRAIN_MAX)
    while left > 0 and (piece := stream.read(min(left, 1 << 16))):
        left -= len(piece)


def _check_sources(prefix: str, events: list[Event], aside: list[Quarantined]) -> list[Quarantined]:
    """Refuse sources that are not this token's; what names no source at all is put aside under the token's prefix."""
    aside = [q if q.source.startswith(ROOTS) else msgspec.structs.replace(q, source=prefix) for q in aside]
    for source in {event.source for event in events} | {q.source for q in aside}:
        if not source.startswith(prefix):
            raise _No(403, "other_source", f"this token speaks for {prefix}*, not for {source[:80]}")
    return aside


def _durable(intake: Intake, events: list[Event], aside: list[Quarantined]) -> dict[str, Any]:
    """Hand the events to the loop and wait for the commit; the body of the 202."""
    told = threading.Event()
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        told.set()

    if not events and not aside:
        return {"accepted": 0, "duplicate": 0, "quarantined": []}
    taken = intake.put(Arrival(events, aside, done))
    if not taken and not told.is_set():
        raise _No(503, "closing", "the console is stopping; send again", Retry_After=str(RETRY_S))
    if not told.wait(DURABLE_S) or not outcomes[0].ok:
        raise _No(503, "not_durable", "not stored yet; send again with the same ids", Retry_After=str(RETRY_S))
    outcome = outcomes[0]
    body: dict[str, Any] = {"accepted": outcome.accepted, "duplicate": outcome.duplicate,
                            "quarantined": [{"index": q.index, "reason": q.reason} for q in aside]}
    dropped = events and not (outcome.accepted or outcome.duplicate or outcome.quarantined)
    return body | {"shed": len(events)} if dropped else body


def blueprint(intake: Intake, clock: Clock, tokens: Tokens, far: Far | None = None) -> Blueprint:
    """The route. ``tokens``: hex SHA-256 of a bearer token -> the source prefix it is bound to, or None."""
    page = Blueprint("events_in", __name__)

    @page.post("/api/v1/events")
    def take() -> Response:
        try:
            prefix = _prefix(tokens)
            events, aside = decode(_body(), clock.now(), None, far=far)
            return _answer(202, _durable(intake, events, _check_sources(prefix, events, aside)))
        except _No as no:
            _drain()
            problem = {"type": "about:blank", "title": no.code, "status": no.status, "detail": no.detail}
            return _answer(no.status, problem | {"code": no.code}, no.headers)

    @page.after_request
    def stamp(response: Response) -> Response:
        response.headers["X-Gwanje-Now"] = format_kst(clock.now())
        return response

    return page
