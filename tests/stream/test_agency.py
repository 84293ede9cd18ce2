"""What an agency's liaison may say of a report, and what not; the same way its own system goes."""

from __future__ import annotations

from typing import Any

import pytest

from stream import bodies
from stream.agency import handed
from stream.heard import hear
from stream.kinds import draft
from stream.reports import key_of
from stream.schema import US, AgencyUpdate, Draft, Incident, Refusal, State
from tests.ledger import Ledger
from tests.stream.makers import event

ROLE = "liaison_119"


class Room:
    """An incident that was reported to 119 and has left the house, and its liaison."""

    def __init__(self, sent: bool = True) -> None:
        self.ledger = Ledger(exercise=True)
        self.id = self.ledger.open().id
        self.ledger.do("escalate", self.id, agency="119")
        self.key = key_of(self.id, "119", 1)
        if sent:
            body = bodies.Progress("119", 1, self.key)
            self.ledger.note([draft("escalation.sent", self.id, self.ledger.now, body)])

    def ask(self, verb: str, role: str = ROLE, **args: Any) -> list[Draft] | Refusal:
        return self.ledger.ask(verb, self.id, "kim119", role=role, **args)

    def do(self, verb: str, role: str = ROLE, **args: Any) -> Incident:
        drafts = self.ask(verb, role, **args)
        assert not isinstance(drafts, Refusal), drafts
        self.ledger.note(drafts)
        return self.ledger.get(self.id)

    def machine(self, state: str, after_s: float = 60, **more: Any) -> list[Draft]:
        now = self.ledger.now + int(after_s * US)
        told = AgencyUpdate(self.key, state, "agency-119", **more)
        said = event("city.agency.update", told, f"u-{state}-{after_s}", "/system/agency-119", now)
        drafts = hear(self.ledger.board, said, now)
        self.ledger.note(drafts)
        return drafts


def state_of(incident: Incident) -> str:
    return incident.escalations[-1].state


def test_a_report_goes_its_whole_way_by_the_liaison_alone():
    room = Room()
    assert state_of(room.do("accept")) == "accepted"
    gone = room.do("dispatch", unit=" 구조 1 ", eta_s=300)
    assert (state_of(gone), gone.escalations[0].unit, gone.escalations[0].eta_s) == ("dispatched", "구조 1", 300)
    assert state_of(room.do("arrive")) == "arrived"
    after = room.do("close", reason="handled")
    assert (state_of(after), after.escalations[0].reason, after.state) == ("closed", "handled", State.in_progress)
    assert [r.by for r in room.ledger.records[-4:]] == ["kim119"] * 4


@pytest.mark.parametrize("verb", ["accept", "dispatch", "arrive"])
def test_nothing_goes_back(verb):
    room = Room()
    room.do("arrive")
    assert room.ask(verb) == Refusal("wrong_state", "arrived")


def test_who_is_not_its_liaison_answers_for_nobody():
    room = Room()
    assert room.ask("accept", "liaison_112") == Refusal("not_reported", "112")
    assert room.ask("accept", "operator") == Refusal("not_reported", "")
    assert room.ask("message", "liaison_112", text_ref="v-1") == Refusal("not_reported", "112")


def test_what_has_not_left_is_not_handed_over():
    room = Room(sent=False)
    assert handed(room.ledger.get(room.id), "119") is None
    assert room.ask("accept") == Refusal("not_reported", "119")


@pytest.mark.parametrize(("verb", "args", "name"), [
    ("reject", {}, "reason"), ("close", {}, "reason"), ("reject", {"reason": "왜냐하면"}, "reason"),
    ("dispatch", {"unit": 3}, "unit"), ("dispatch", {"unit": "x" * 81}, "unit"), ("dispatch", {"eta_s": -1}, "eta_s"),
    ("dispatch", {"eta_s": True}, "eta_s"), ("dispatch", {"eta_s": 1e9}, "eta_s"), ("message", {}, "text"),
    ("message", {"more": "everything"}, "more"), ("read", {"n": 1}, "n"), ("read", {"n": "1"}, "n"),
])
def test_wrong_words_are_named(verb, args, name):
    assert Room().ask(verb, **args) == Refusal("bad_args", name)


def test_a_no_by_hand_stands_against_the_machine_until_a_person_takes_it_back():
    room = Room()
    room.do("reject", reason="no_unit", text_ref="v-7")
    assert [r.kind for r in room.ledger.records[-2:]] == ["escalation.rejected", "talk.said"]
    assert room.machine("dispatched") == [] and room.machine("arrived") == []
    assert state_of(room.do("accept")) == "accepted"
    assert [d.kind for d in room.machine("dispatched", 120)] == ["escalation.dispatched"]


def test_the_machine_and_the_liaison_go_on_together():
    room = Room()
    room.machine("accepted", 3)
    room.do("dispatch", unit="구조 1", eta_s=240)
    assert room.machine("dispatched", 8, unit="rescue-1") == []
    room.machine("arrived", 25)
    assert room.ask("arrive") == Refusal("wrong_state", "arrived")
    assert state_of(room.do("close", reason="handled")) == "closed"


def test_messages_go_both_ways_and_only_the_other_side_reads_them():
    room = Room()
    room.do("message", more="address")
    talk = room.do("message", role="operator", agency="119", text_ref="v-2").talk
    assert [(t.agency, t.room, t.desk, t.asked) for t in talk] == [("119", 1, 1, "")]
    assert room.ask("read", n=2) == Refusal("bad_args", "n")
    room.do("read", n=1)
    assert room.ask("read", n=1) == Refusal("unchanged", "1")
    (talk,) = room.do("read", role="operator", agency="119", n=1).talk
    assert (talk.desk_read, talk.room_read) == (1, 1)
    assert room.ask("message", role="operator", agency="119", more="address") == Refusal("bad_args", "more")


def test_a_message_makes_no_confirm_stale():
    room = Room()
    before = room.ledger.get(room.id).revision
    assert room.do("message", text_ref="v-1").revision == before


def test_a_unit_on_its_way_arrives_also_when_we_have_resolved():
    room = Room()
    room.do("dispatch", unit="구조 1")
    room.ledger.do("resolve", room.id, disposition="confirmed", reason="handled")
    assert state_of(room.do("arrive")) == "arrived"
    assert room.ledger.get(room.id).state == State.resolved
