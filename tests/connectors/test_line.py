"""One call to a desk that behaves in every way a desk can: what is known afterwards, and what its own ledger says."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator

import msgspec
import pytest

from connectors.line import Answer, Endpoint, Line, judge
from stream.schema import HouseError
from tests.connectors.desk_process import Desk
from tests.connectors.test_emergency import FALL
from tests.servers import free_port

KEY = FALL.key


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    running = Desk(tmp_path_factory.mktemp("desk")).start()
    yield running
    running.stop()


def _line(url: str, **how: object) -> Line:
    return Line({"119": Endpoint(url, **how)})  # type: ignore[arg-type]


def _key(*words: str) -> str:
    """A key of its own for each case."""
    return hashlib.sha256(repr(words).encode()).hexdigest()


# behaviour, what send knows, what asking by key then knows, reports in the desk's ledger
CASES = (
    ("accept", "delivered", "delivered", 1),
    ("reject", "rejected", "rejected", 1),
    ("late", "delivered", "delivered", 1),
    ("twice", "delivered", "delivered", 1),
    ("silent", "delivered", "delivered", 1),
    ("never", "unclear", "unclear", 1),
    ("refuse", "rejected", "absent", 0),
    ("busy", "unclear", "absent", 0),
    ("fail", "unclear", "absent", 0),
    ("lost", "unclear", "absent", 0),
    ("error_after", "unclear", "delivered", 1),
    ("reset", "unclear", "delivered", 1),
    ("slow", "unclear", "delivered", 1),
    ("garbage", "unclear", "delivered", 1),
    ("wrong_receipt", "unclear", "delivered", 1),
)


@pytest.mark.parametrize("profile", ["cap", "json"])
@pytest.mark.parametrize(("behaviour", "sent", "asked", "filed"), CASES)
def test_each_behaviour(desk: Desk, profile: str, behaviour: str, sent: str, asked: str, filed: int) -> None:
    key = _key(profile, behaviour)
    report = msgspec.structs.replace(FALL, key=key)
    desk.behave(behaviour)
    line = _line(desk.url, profile=profile)
    answer = line.send(report, timeout_s=0.8)
    assert answer.what == sent
    assert bool(answer.receipt) == (sent == "delivered" or behaviour == "reject"), "green only with a receipt"
    assert line.ask("119", key, timeout_s=0.8).what == asked
    assert [row["tries"] for row in desk.ledger() if row["key"] == key] == [1] * filed


def test_nobody_listening_means_that_no_byte_left() -> None:
    line = _line(f"http://127.0.0.1:{free_port()}")
    assert line.send(FALL, 1.0) == Answer("not_sent", reason="ConnectionRefusedError")
    assert line.ask("119", KEY, 1.0).what == "unclear"


def test_a_desk_that_takes_the_line_and_reads_nothing_is_unclear() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        answer = _line(f"http://127.0.0.1:{deaf.getsockname()[1]}").send(FALL, 0.3)
    assert answer == Answer("unclear", reason="no_answer")


def test_a_profile_without_query_is_never_asked(desk: Desk) -> None:
    assert _line(desk.url, query=False).ask("119", KEY, 1.0) == Answer("unclear", reason="no_query")


def test_a_status_that_proves_nothing_is_never_an_answer() -> None:
    good = b'{"key": "k", "receipt": "R", "state": "received"}'
    assert judge(200, good, "k") == Answer("delivered", receipt="R")
    assert judge(202, good, "other").reason == "wrong_receipt"
    assert judge(202, b'{"key": "k"}', "k").what == "unclear"
    assert [judge(status, b"", "k").what for status in (301, 408, 409, 425, 429, 500, 503)] == ["unclear"] * 7
    assert [judge(status, b"", "k") for status in (400, 403)] == [
        Answer("rejected", reason="http_400"),
        Answer("rejected", reason="http_403"),
    ]


def test_an_exercise_never_goes_to_a_true_agency_and_the_real_thing_never_to_a_test_desk(desk: Desk) -> None:
    true, test = _line(desk.url, real=True, token="t"), _line(desk.url)
    before = len(desk.ledger())
    with pytest.raises(HouseError, match="must not go"):
        true.send(FALL, 1.0)
    with pytest.raises(HouseError, match="must not go"):
        test.send(msgspec.structs.replace(FALL, status="Actual"), 1.0)
    with pytest.raises(HouseError, match="no address"):
        true.send(msgspec.structs.replace(FALL, agency="112"), 1.0)
    assert len(desk.ledger()) == before


def test_actual_needs_a_true_address_its_key_and_no_exercise() -> None:
    ends = {
        "real": Endpoint("http://h", "key", real=True),
        "keyless": Endpoint("http://h", real=True),
        "demo": Endpoint("http://h", "key"),
    }
    line = Line(ends)
    assert [line.status(name, False) for name in (*ends, "none")] == ["Actual", "Exercise", "Exercise", "Exercise"]
    assert line.status("real", True) == "Exercise"


def test_a_broken_address_is_said() -> None:
    with pytest.raises(HouseError, match="allowed: http"):
        _line("ftp://somewhere").send(FALL, 1.0)
