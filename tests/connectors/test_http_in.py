"""POST /api/v1/events over a real socket: who may, what is taken, when it is answered."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from connectors import http_in
from stream.clock import Clock, format_kst, parse_rfc3339
from stream.intake import Intake
from stream.schema import US
from tests.connectors.durable import Loop

ONE, MANY = "application/cloudevents+json", "application/cloudevents-batch+json"
TOKENS = {"all": "/", "cam": "/device/cam-"}


class Console:
    """A console's way in: real HTTP in front, the smallest loop behind."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.intake = Intake(1000)
        self.loop = Loop(self.intake)
        known = {hashlib.sha256(token.encode()).hexdigest(): prefix for token, prefix in TOKENS.items()}
        app = Flask(__name__)
        app.register_blueprint(http_in.blueprint(self.intake, self.clock, known.get))
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def post(self, body: Any, media: str = ONE, token: str = "all", **headers: str) -> tuple[int, dict[str, Any], Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        sent = {"Content-Type": media} | ({"Authorization": f"Bearer {token}"} if token else {})
        line.request("POST", "/api/v1/events", raw, sent | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        said = json.loads(answer.read())
        line.close()
        return answer.status, said, answer.headers

    def stop(self) -> None:
        self.server.shutdown()
        self.loop.stop()


@pytest.fixture
def console() -> Iterator[Console]:
    running = Console()
    yield running
    running.stop()


def sos(id_: str, source: str = "/device/home-1", **more: Any) -> dict[str, Any]:
    """An alarm of now."""
    data = {"household": "h1", "alarm": "sos"}
    base = {"specversion": "1.0", "id": id_, "source": source, "type": "city.care.alarm", "subject": "h1"}
    return base | {"time": format_kst(Clock().now()), "data": data} | more


def test_one_alarm_is_answered_once_it_is_durable_and_again_as_a_duplicate(console: Console) -> None:
    event = sos("a1")
    assert console.post(event)[:2] == (202, {"accepted": 1, "duplicate": 0, "quarantined": []})
    assert [e.id for e in console.loop.wait(1)] == ["a1"]
    assert console.post(event)[:2] == (202, {"accepted": 0, "duplicate": 1, "quarantined": []})
    assert len(console.loop.events) == 1


def test_a_bad_one_in_a_batch_is_named_and_stops_no_neighbour(console: Console) -> None:
    batch = [sos("b0"), sos("b1", data={"household": "h1", "alarm": "dance"}), sos("b2"), 7]
    status, said, _ = console.post(batch, MANY)
    assert status == 202 and said["accepted"] == 2
    assert [q["index"] for q in said["quarantined"]] == [1, 3]
    assert {q["reason"] for q in said["quarantined"]} == {"wrong_type"}
    assert [q.raw for q in console.loop.wait_quarantined(2)][1] == b"7"


def test_a_source_that_is_none_is_put_aside_and_stops_no_neighbour(console: Console) -> None:
    status, said, _ = console.post([sos("n0", "/device/cam-1"), sos("n1", "home-1")], MANY, token="cam")
    assert status == 202 and said["accepted"] == 1
    assert said["quarantined"] == [{"index": 1, "reason": "wrong_source"}]
    assert console.loop.wait_quarantined(1)[0].source == "/device/cam-"


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"{", b"hello", b"[" * 100_000])
def test_a_body_that_is_no_json_is_quarantined_whole(console: Console, junk: bytes) -> None:
    status, said, _ = console.post(junk, token="cam")
    assert status == 202 and said["accepted"] == 0 and len(said["quarantined"]) == 1
    aside = console.loop.wait_quarantined(1)[0]
    assert aside.raw == junk and aside.source == "/device/cam-", "what cannot be read is put under its token's prefix"
    assert console.post(sos("next"))[1]["accepted"] == 1


def test_an_empty_batch_is_nothing(console: Console) -> None:
    assert console.post([], MANY)[:2] == (202, {"accepted": 0, "duplicate": 0, "quarantined": []})


@pytest.mark.parametrize(
    ("token", "source", "status"),
    [
        ("", "/device/home-1", 401),
        ("wrong", "/device/home-1", 401),
        ("cam", "/device/home-1", 403),
        ("cam", "/device/cam-7", 202),
        ("all", "/system/chatbot", 202),
    ],
)
def test_a_token_speaks_for_its_sources_only(console: Console, token: str, source: str, status: int) -> None:
    got, said, headers = console.post(sos("t1", source), token=token)
    assert got == status
    if status != 202:
        assert headers["Content-Type"] == "application/problem+json"
        assert said["status"] == status and said["title"] and said["detail"]
        assert console.loop.events == [] and console.loop.quarantined == []
    if status == 401:
        assert headers["WWW-Authenticate"].startswith("Bearer")


def test_one_foreign_source_in_a_batch_refuses_the_whole(console: Console) -> None:
    batch = [sos("x1", "/device/cam-1"), sos("x2", "/device/other")]
    assert console.post(batch, MANY, "cam")[0] == 403
    broken = [sos("x3", "/device/cam-1"), sos("x4", "/device/other", data={})]
    assert console.post(broken, MANY, "cam")[0] == 403, "a message that is no event may not speak for others either"
    assert console.loop.events == []


@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_other_content_types_are_refused(console: Console, media: str) -> None:
    status, said, _ = console.post(sos("c1"), media)
    assert (status, said["code"]) == (415, "bad_type")


def test_a_charset_is_fine_and_a_packed_body_is_not(console: Console) -> None:
    assert console.post(sos("c2"), ONE + "; charset=utf-8")[0] == 202
    packed = gzip.compress(json.dumps(sos("c3")).encode())
    assert console.post(packed, Content_Encoding="gzip")[0] == 415


def test_more_than_16_mb_is_refused_and_the_next_is_taken(console: Console) -> None:
    big = b"[" + b" " * http_in.BODY_MAX + b"]"
    assert console.post(big[: http_in.BODY_MAX], MANY)[0] == 202
    assert console.post(big, MANY)[0] == 413
    assert console.post(big[:-1], MANY)[0] == 413, "one byte too many is answered, not waited on"
    assert console.post(big, MANY, token="wrong")[0] == 401, "the answer comes through, however much was sent"
    assert console.post(big, "text/plain")[0] == 415
    assert console.post(sos("d1"))[0] == 202


def test_when_it_cannot_be_made_durable_the_device_is_told_to_come_again(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_in, "DURABLE_S", 0.3)
    console.loop.hold()
    status, said, headers = console.post(sos("e1"))
    assert (status, said["code"]) == (503, "not_durable") and int(headers["Retry-After"]) > 0
    console.loop.go_on()
    console.loop.wait(1)
    assert console.post(sos("e1"))[1] == {"accepted": 0, "duplicate": 1, "quarantined": []}
    console.loop.ok = False
    assert console.post(sos("e2"))[0] == 503
    console.intake.close()
    assert console.post(sos("e3"))[1]["code"] == "closing"


def test_every_answer_carries_the_clock(console: Console) -> None:
    for status, _, headers in (console.post(sos("f1")), console.post(sos("f2"), token="wrong")):
        assert abs(parse_rfc3339(headers["X-Gwanje-Now"]) - console.clock.now()) < 60 * US, status


def test_shed_telemetry_is_said(console: Console) -> None:
    frame: dict[str, Any] = {"type": "city.road.frame", "data": {"site": "s1", "objects": []}}
    console.intake.limit = 1
    console.loop.hold()
    first: list[Any] = []
    waiting = threading.Thread(
        target=lambda: first.append(console.post([sos(f"g{i}", **frame) for i in range(2)], MANY))
    )
    waiting.start()
    waiting.join(60)
    assert first[0][0] == 202 and first[0][1] == {"accepted": 0, "duplicate": 0, "quarantined": [], "shed": 2}
    console.loop.go_on()


def test_a_body_without_a_length_is_counted_while_it_comes(console: Console) -> None:
    for pieces, status in (([json.dumps(sos("n1")).encode()], 202), ([b" " * (1 << 20)] * 20, 413)):
        line = http.client.HTTPConnection("127.0.0.1", console.server.server_port, timeout=60)
        headers = {"Content-Type": ONE, "Authorization": "Bearer all", "Transfer-Encoding": "chunked"}
        line.request("POST", "/api/v1/events", iter(pieces), headers, encode_chunked=True)
        answer = line.getresponse()
        assert (answer.status, bool(answer.read())) == (status, True)
        line.close()
