"""What is known of shifts: one hand-over of each person waits, the second signature ends it, sound checks are kept."""

from __future__ import annotations

from stream.handover import begun, hand, summary, take
from stream.schema import Draft, Refusal
from tests.ledger import Ledger


def noted(ledger: Ledger, drafts: list[Draft] | Refusal) -> None:
    assert not isinstance(drafts, Refusal)
    ledger.note(drafts)
    ledger.now += 1_000_000


def test_a_second_hand_over_of_the_same_person_replaces_the_first() -> None:
    ledger = Ledger()
    for to in ("op2", "op3"):
        noted(ledger, hand(summary(ledger.board, ledger.now), "op1", to, ledger.now))
    assert [(one.by, one.to) for one in ledger.board.shifts.waiting.values()] == [("op1", "op3")]


def test_the_second_signature_ends_it_and_it_is_the_last_one() -> None:
    ledger = Ledger()
    noted(ledger, hand(summary(ledger.board, ledger.now), "op1", "op2", ledger.now))
    before = ledger.board.copy()
    (id,) = before.shifts.waiting
    noted(ledger, take(ledger.board, id, "op2", ledger.now))
    last = ledger.board.shifts.last
    assert last is not None and (last.id, last.by, last.to) == (id, "op1", "op2") and last.taken_at > last.at
    assert not ledger.board.shifts.waiting
    assert list(before.shifts.waiting) == [id]  # a copy goes its own way


def test_the_last_sound_check_of_each_person_is_kept() -> None:
    ledger = Ledger()
    for by, heard in (("op1", ()), ("op2", (1, 2, 3)), ("op1", (1, 2))):
        noted(ledger, begun(by, heard, ledger.now))
    assert {by: one.heard for by, one in ledger.board.shifts.checks.items()} == {"op1": (1, 2), "op2": (1, 2, 3)}
