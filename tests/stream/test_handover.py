"""Who comes is told all that is open, in codes and numbers; two different people sign, each once."""

from __future__ import annotations

from stream import bodies
from stream.handover import ROWS, begun, hand, held_by, summary, take, withdraw
from stream.kinds import draft
from stream.schema import US, Priority, Refusal
from tests.ledger import Ledger


def room() -> tuple[Ledger, dict[str, str]]:
    """An urgent one unseen, one in the hands of op1, one shelved, one whose report got no answer; a window."""
    ledger = Ledger()
    ids = {name: ledger.open(p).id for name, p in (
        ("urgent", Priority.P1), ("mine", Priority.P2), ("aside", Priority.P3), ("silent", Priority.P2))}
    ledger.do("assign", ids["mine"], by="op1")
    ledger.do("shelve", ids["aside"], reason="known_work", minutes=60)
    ledger.do("escalate", ids["silent"], agency="119")
    report = ledger.get(ids["silent"]).escalations[0]
    body = bodies.Progress("119", 1, report.key)
    ledger.note([draft("escalation.unknown", ids["silent"], ledger.now, body)])
    opened = bodies.WindowOpened("maintenance", "installation", ledger.now, ledger.now + 3600 * US)
    ledger.note([draft("window.opened", "/device/cam-1", ledger.now, opened, "op1")])
    return ledger, ids


def test_the_summary_says_everything_that_is_open() -> None:
    ledger, ids = room()
    told = summary(ledger.board, ledger.now)
    assert told.open == {"P1": [1, 0, 0], "P2": [0, 2, 0], "P3": [0, 0, 1], "P4": [0, 0, 0]}
    rows = {row.id: row for row in told.rows}
    assert told.rows[0].id == ids["urgent"] and set(rows) == set(ids.values())
    assert rows[ids["mine"]].who == "op1"
    assert rows[ids["aside"]].until == ledger.now + 3600 * US
    assert rows[ids["silent"]].unanswered == ("119",)
    assert (told.windows, told.more) == (("maintenance /device/cam-1",), 0)
    assert held_by(ledger.board, "op1") == [ids["mine"]]


def test_what_is_beyond_the_rows_is_counted() -> None:
    ledger = Ledger()
    for _ in range(ROWS + 3):
        ledger.open()
    told = summary(ledger.board, ledger.now)
    assert (len(told.rows), told.more) == (ROWS, 3)


def test_two_different_people_sign_and_nobody_for_another() -> None:
    ledger, _ = room()
    told = summary(ledger.board, ledger.now)
    assert hand(told, "op1", "op1", ledger.now) == Refusal("same_person", "op1")
    drafts = hand(told, "op1", "op2", ledger.now)
    assert not isinstance(drafts, Refusal)
    ledger.note(drafts)
    id = drafts[0].subject
    assert take(ledger.board, id, "op3", ledger.now) == Refusal("not_yours", "op2")
    assert take(ledger.board, "shift-x", "op2", ledger.now) == Refusal("no_handover", "shift-x")
    taken = take(ledger.board, id, "op2", ledger.now)
    assert not isinstance(taken, Refusal)
    ledger.note(taken)
    assert take(ledger.board, id, "op2", ledger.now) == Refusal("no_handover", id)
    assert [(r.kind, r.by) for r in ledger.records[-2:]] == [("shift.handed", "op1"), ("shift.taken", "op2")]


def test_who_signed_first_takes_it_back_while_it_waits_and_nobody_else() -> None:
    ledger, _ = room()
    drafts = hand(summary(ledger.board, ledger.now, 3, 2), "op1", "op2", ledger.now, "text:1")
    ledger.note(drafts)
    id = drafts[0].subject
    told = ledger.board.shifts.waiting[id].told
    assert (told.well, told.unheard, told.text_ref) == (3, 2, "text:1")
    assert withdraw(ledger.board, id, "op2", ledger.now) == Refusal("no_handover", id)
    ledger.note(withdraw(ledger.board, id, "op1", ledger.now))
    assert ledger.board.shifts.waiting == {} and ledger.board.shifts.last is None
    assert take(ledger.board, id, "op2", ledger.now) == Refusal("no_handover", id)


def test_the_sound_check_says_what_was_heard() -> None:
    (one,) = begun("op1", (1, 2), 7)
    assert (one.kind, one.by, one.body) == ("shift.begun", "op1", {"heard": [1, 2]})
