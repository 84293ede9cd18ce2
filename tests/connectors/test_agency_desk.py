"""The desk's own book: one row a key, what it owes in order, nothing forgotten by a restart."""

from __future__ import annotations

from pathlib import Path

import msgspec

from connectors.agency_desk import BEHAVIOURS, REJECTION, Ledger
from stream.clock import ManualClock
from stream.schema import US
from tests.connectors.test_emergency import FALL

NOW = 1_795_420_900 * US


def test_the_same_key_is_one_row_however_often_it_comes() -> None:
    book = Ledger(":memory:", ManualClock(NOW))
    first, new = book.file(FALL, BEHAVIOURS["silent"], 0.0, 1.0)
    again, twice = book.file(FALL, BEHAVIOURS["reject"], 0.0, 1.0)
    assert (new, twice) == (True, False)
    assert first["receipt"] == again["receipt"] and again["state"] == "received", "its first word stands"
    assert [row["tries"] for row in book.rows()] == [2]
    assert book.due() == ([], None), "and nothing is owed for the second time"
    assert book.find("other") is None


def test_what_is_owed_comes_due_in_order_and_is_gone_when_paid() -> None:
    clock = ManualClock(NOW)
    book = Ledger(":memory:", clock)
    book.file(FALL, BEHAVIOURS["accept"], delay_s=1.0, pace=1.0)
    assert book.due() == ([], NOW + US)
    told = []
    for _ in range(4):
        ready, after = book.due()
        clock.set(after or 0)
        ready, _ = book.due()
        event = msgspec.json.decode(ready[0].body)
        told.append((event["data"]["state"], (ready[0].due - NOW) / US))
        book.paid(ready[0])
    assert told == [("accepted", 1.0), ("dispatched", 41.0), ("arrived", 241.0), ("closed", 901.0)]
    assert book.due() == ([], None)


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    path, clock = str(tmp_path / "book.sqlite3"), ManualClock(NOW)
    book = Ledger(path, clock)
    row, _ = book.file(FALL, BEHAVIOURS["reject"], 0.0, 1.0)
    book.close()
    again = Ledger(path, clock)
    assert again.find(FALL.key) == row and row["reason"] == REJECTION
    assert len(again.due()[0]) == 1


def test_every_behaviour_is_a_row_that_says_what_it_does() -> None:
    assert {"accept", "reject", "late", "twice", "never"} <= set(BEHAVIOURS) and len(BEHAVIOURS) >= 12
    for name, row in BEHAVIOURS.items():
        assert (
            row.answer in {"ok", "late", "hang", "reset", "drip", "garbage", "wrong"} or 400 <= int(row.answer) < 600
        ), name
        assert row.files or row.copies == 1, "what it never filed it cannot tell about"
