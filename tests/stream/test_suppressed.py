"""One list of what is held back: each kind once, with who, why, until when and how much; empty when it is undone."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.schema import US, Priority
from stream.suppressed import rows
from tests.ledger import T0, Ledger

AGAIN = bodies.Folded("near_miss", "XW-1", T0, 2, "", "/device/radar-1")


def test_everything_held_back_is_in_the_list_and_out_of_it_when_undone() -> None:
    ledger = Ledger()
    ledger.note([draft("window.opened", "/device/cam-1", T0,
                       bodies.WindowOpened("maintenance", "installation", T0, T0 + 60 * US), "op3")])
    shelved = ledger.open(Priority.P3).id
    ledger.note([draft("incident.folded", shelved, T0, AGAIN)])
    ledger.do("shelve", shelved, by="op2", reason="known_work", minutes=30)
    ledger.note([draft("incident.folded", shelved, T0, AGAIN)] * 2)
    flood = ledger.open(Priority.P3, annunciated=False, marks=("flood",)).id
    chatter = ledger.open(Priority.P3).id
    ledger.note([draft("incident.folded", chatter, T0, AGAIN)] * 4)
    ledger.note([draft("incident.marked", chatter, T0, bodies.Marked(("chattering",)))])
    ledger.open(Priority.P1)
    told = [(r.what, r.subject, r.by, r.reason, r.until, r.n) for r in rows(ledger.board, ledger.now)]
    assert told == [
        ("maintenance", "/device/cam-1", "op3", "installation", T0 + 60 * US, 0),
        ("shelved", shelved, "op2", "known_work", T0 + 1800 * US, 2),  # the one before it was shelved is not its doing
        ("flood", flood, "engine", "flood", 0, 1),
        ("chattering", chatter, "engine", "chattering", 0, 4),
    ]
    ledger.do("unshelve", shelved)
    ledger.do("acknowledge", flood)
    ledger.do("resolve", chatter, disposition="false_alarm", reason="pet")
    ledger.wait(61)
    assert rows(ledger.board, ledger.now) == []
