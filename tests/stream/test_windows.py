"""A window holds from its beginning to its end, ends by itself, counts what it holds back, and can be ended by hand."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.schema import US
from tests.ledger import T0, Ledger

CAM = "/device/cam-1"
HOUR = 3600 * US


def opened(ledger: Ledger, subject: str = CAM, what: str = "maintenance", until: int = T0 + HOUR) -> None:
    body = bodies.WindowOpened(what, "installation", ledger.now, until)
    ledger.note([draft("window.opened", subject, ledger.now, body, "op1")])


def held_back(ledger: Ledger, why: str = "maintenance", window: str = CAM) -> None:
    body = bodies.Notice("reported", 1, why=why, source=CAM, window=window)
    ledger.note([draft("detection.noted", "XW-1", ledger.now, body)])


def test_it_holds_for_its_time_and_ends_without_anybody() -> None:
    ledger = Ledger()
    assert not ledger.board.windows
    opened(ledger)
    windows = ledger.board.windows
    assert windows and [windows.get("maintenance", CAM, at) is not None for at in (T0 - 1, T0, T0 + HOUR - 1)] == [
        False, True, True]  # fmt: skip
    assert windows.get("maintenance", CAM, T0 + HOUR) is None and windows.get("roadworks", CAM, T0) is None
    assert (windows.open(T0 + HOUR - 1)[0].by, windows.open(T0 + HOUR)) == ("op1", [])


def test_it_counts_what_it_held_back_and_nothing_else() -> None:
    ledger = Ledger()
    opened(ledger)
    opened(ledger, "XW-1", "roadworks")
    for _ in range(3):
        held_back(ledger)
    held_back(ledger, "notice", "")
    held_back(ledger, "roadworks", "XW-1")
    held_back(ledger, "roadworks", "nowhere")
    assert {w.subject: w.n for w in ledger.board.windows.open(T0)} == {CAM: 3, "XW-1": 1}


def test_ended_by_hand_it_is_over_at_once_and_the_board_copies_it() -> None:
    ledger = Ledger()
    opened(ledger)
    copied = ledger.board.copy()
    ledger.now += 60 * US
    ledger.note([draft("window.ended", CAM, ledger.now, bodies.WindowEnded("maintenance"), "op2")])
    assert ledger.board.windows.open(ledger.now) == [] and len(copied.windows.open(ledger.now)) == 1
    opened(ledger, until=ledger.now + HOUR)
    assert [w.n for w in ledger.board.windows.open(ledger.now)] == [0]


def test_the_oldest_is_forgotten_first() -> None:
    ledger = Ledger()
    for n in range(1001):
        opened(ledger, f"/device/{n}")
    assert len(ledger.board.windows.open(T0)) == 1000
    assert ledger.board.windows.get("maintenance", "/device/0", T0) is None
