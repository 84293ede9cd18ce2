"""The simulated desk as a program: same key, same receipt; its ledger outlives it; its updates arrive, also late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from connectors import emergency
from connectors.decode import decode
from stream.clock import Clock
from tests.connectors.desk_process import Desk, Heard
from tests.connectors.test_emergency import FALL

CAP_TYPE = emergency.PROFILES["cap"].media


@pytest.fixture
def heard() -> Iterator[Heard]:
    console = Heard()
    yield console
    console.stop()


def _file(desk: Desk, key: str = FALL.key, agency: str = "119") -> tuple[int, dict[str, str]]:
    body = emergency.cap(msgspec.structs.replace(FALL, key=key, agency=agency))
    return desk.ask("POST", "/reports", body, Content_Type=CAP_TYPE, Idempotency_Key=key)


def test_an_accepted_report_is_told_step_by_step(tmp_path: Path, heard: Heard) -> None:
    desk = Desk(tmp_path, heard.url).start()
    status, said = _file(desk)
    events = heard.wait(4)
    assert status == 202 and said["receipt"] == "119-00001"
    assert [e["data"]["state"] for e in events] == ["accepted", "dispatched", "arrived", "closed"]
    assert {e["source"] for e in events} == {"/system/agency-119"}
    assert {e["data"]["report"] for e in events} == {FALL.key}
    assert events[1]["data"]["unit"] == "rescue-1" and events[1]["data"]["eta_s"] > 0
    assert heard.tokens == {"Bearer tok"}
    assert desk.stop() == 0


def test_its_updates_are_events_of_the_contract(tmp_path: Path, heard: Heard) -> None:
    desk = Desk(tmp_path, heard.url).start()
    _file(desk, agency="112")
    payload = msgspec.json.encode(heard.wait(4))
    desk.stop()
    events, aside = decode(payload, Clock().now())
    assert not aside and len(events) == 4
    assert {e.subject for e in events} == {FALL.incident}


def test_the_same_key_again_has_the_same_receipt_and_no_second_effect(tmp_path: Path, heard: Heard) -> None:
    desk = Desk(tmp_path, heard.url).start()
    first, second = _file(desk), _file(desk)
    heard.wait(4)
    desk.kill()
    desk.start()
    third = _file(desk)
    assert first == second == third
    rows = desk.ledger()
    assert [(row["key"], row["tries"]) for row in rows] == [(FALL.key, 3)]
    assert len({e["id"] for e in heard.events}) == 4, "told again after the kill at most under the same id"
    desk.stop()


def test_what_it_owes_is_sent_until_the_console_has_it_even_after_a_restart(tmp_path: Path, heard: Heard) -> None:
    heard.status = 503
    desk = Desk(tmp_path, heard.url).start()
    _file(desk)
    desk.kill()
    desk.start()
    assert heard.events == []
    heard.status = 202
    assert [e["data"]["state"] for e in heard.wait(4)] == ["accepted", "dispatched", "arrived", "closed"]
    desk.stop()


def test_rejected_twice_and_never(tmp_path: Path, heard: Heard) -> None:
    desk = Desk(tmp_path, heard.url, "reject").start()
    assert _file(desk)[1]["state"] == "rejected"
    assert heard.wait(1)[0]["data"] | {"by": ""} == {
        "report": FALL.key,
        "state": "rejected",
        "by": "",
        "reason": "out_of_area",
    }
    desk.behave("twice")
    _file(desk, key="cd" * 32)
    told = [e for e in heard.wait(9) if e["data"]["report"] == "cd" * 32]
    assert sorted(e["data"]["state"] for e in told) == sorted(["accepted", "dispatched", "arrived", "closed"] * 2)
    assert len({e["id"] for e in told}) == 8, "twice means two messages, not one message again"
    desk.behave("silent")
    _file(desk, key="ef" * 32)
    desk.stop()
    assert not [e for e in heard.events if e["data"]["report"] == "ef" * 32]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content_Type": CAP_TYPE}, emergency.cap(FALL), 400),
        ({"Content_Type": CAP_TYPE, "Idempotency_Key": "other"}, emergency.cap(FALL), 400),
        ({"Content_Type": CAP_TYPE, "Idempotency_Key": FALL.key}, b"<junk", 400),
        ({"Content_Type": "text/plain", "Idempotency_Key": FALL.key}, b"help", 415),
    ],
)
def test_what_is_no_report_is_refused_and_not_in_the_ledger(
    tmp_path: Path, headers: dict[str, str], body: bytes, status: int
) -> None:
    desk = Desk(tmp_path).start()
    assert desk.ask("POST", "/reports", body, **headers)[0] == status
    assert desk.ledger() == []
    assert desk.ask("PUT", "/behaviour", b'{"behaviour": "dance"}')[0] == 400
    desk.stop()


def test_a_desk_of_112_takes_no_report_to_119(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "", "accept", "--agency", "112").start()
    assert _file(desk)[0] == 404
    assert _file(desk, agency="112")[0] == 202
    desk.stop()
