"""The fold of messages: counts, receipts, what is still asked."""

from __future__ import annotations

from stream.bodies import Heard, Said
from stream.kinds import draft
from stream.schema import Talk
from stream.talk import talk_of
from tests.ledger import Ledger


def test_each_agency_has_a_talk_of_its_own_and_receipts_never_go_back():
    ledger = Ledger()
    id = ledger.open().id
    for body in (Said("119", "desk", "v-1", "people"), Said("112", "room", "v-2"), Said("119", "desk", "v-3"),
                 Heard("119", "room", 2), Heard("119", "room", 1)):
        ledger.note([draft("talk.said" if isinstance(body, Said) else "talk.read", id, ledger.now, body, "x")])
    seen = ledger.get(id)
    assert talk_of(seen, "119") == Talk("119", desk=2, room_read=2, asked="people", at=ledger.now, waits=2)
    assert talk_of(seen, "112") == Talk("112", room=1, at=ledger.now)
    ledger.note([draft("talk.said", id, ledger.now, Said("119", "room", "v-4"), "x")])
    answered = talk_of(ledger.get(id), "119")
    assert (answered.asked, answered.waits) == ("", 0)
    assert talk_of(seen, "117") == Talk("117")


def test_what_a_person_says_needs_no_answer_waits_no_more_and_what_came_after_it_does():
    ledger = Ledger()
    id = ledger.open().id
    for body in (Said("119", "desk", "v-1", "people"), Said("119", "desk", "v-2"),
                 Heard("119", "room", 1, settled=True)):
        ledger.note([draft("talk.said" if isinstance(body, Said) else "talk.read", id, ledger.now, body, "x")])
    talk = talk_of(ledger.get(id), "119")
    assert (talk.waits, talk.asked, talk.room_read) == (1, "people", 1)
    ledger.note([draft("talk.read", id, ledger.now, Heard("119", "room", 2, settled=True), "x")])
    talk = talk_of(ledger.get(id), "119")
    assert (talk.waits, talk.asked, talk.room_read) == (0, "", 2)
