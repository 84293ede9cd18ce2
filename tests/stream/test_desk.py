"""What a person may do with an incident, and every clear no. Stories of the desk."""

from __future__ import annotations

import pytest

from stream import desk
from stream.agency import VERBS
from stream.ask import REFUSALS
from stream.desk import TRANSITIONS
from stream.reports import key_of, progress
from stream.schema import US, EscalationState, Priority, Refusal, State
from tests.ledger import HERE, T0, Ledger

VERDICT = {"disposition": "confirmed", "reason": "handled"}


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    assert answer.code in REFUSALS
    return answer.code


def test_an_ordinary_life_from_new_to_closed():
    ledger = Ledger()
    id = ledger.open(Priority.P2).id
    assert ledger.do("acknowledge", id, by="op1").acknowledged_by == "op1"
    assert ledger.do("assign", id, by="op1", to="op2").state == State.in_progress
    assert ledger.do("transfer", id, by="op2", to="op3", reason="shift").assigned_to == "op3"
    assert ledger.do("note", id, text_ref="v-1").notes == 1
    assert ledger.do("check", id, step=2).steps == (2,)
    assert ledger.do("check", id, step=1).steps == (1, 2)
    assert ledger.do("check", id, step=2, done=False).steps == (1,)
    ended = ledger.do("resolve", id, **VERDICT)
    assert (ended.state, ended.disposition, ended.resolved_at) == (State.resolved, "confirmed", ledger.now)
    assert ledger.wait(24 * 3600 - 1) == []
    ledger.wait(1)
    assert ledger.get(id).state == State.closed
    assert [r.kind for r in ledger.records][-1] == "incident.closed"


def test_a_first_deed_counts_as_acknowledging():
    for verb, args in (("assign", {}), ("check", {"step": 1}), ("escalate", {"agency": "119"}), ("resolve", VERDICT),
                       ("shelve", {"reason": "works", "minutes": 5})):
        ledger = Ledger()
        after = ledger.do(verb, ledger.open().id, by="op7", **args)
        assert (after.acknowledged_by, after.acknowledged_at) == ("op7", T0), verb


def test_who_saw_something_else_is_told_so():
    ledger = Ledger()
    seen = ledger.open()
    ledger.do("acknowledge", seen.id, revision=seen.revision)
    assert refused(ledger.ask("resolve", seen.id, revision=seen.revision, **VERDICT)) == "stale"
    assert ledger.do("resolve", seen.id, revision=seen.revision + 1, **VERDICT).state == State.resolved


@pytest.mark.parametrize(("verb", "args", "code"), [
    ("dance", {}, "unknown_verb"),
    ("unacknowledge", {}, "wrong_state"),
    ("unshelve", {}, "wrong_state"),
    ("reopen", {}, "wrong_state"),
    ("assign", {"to": 5}, "bad_args"),
    ("note", {}, "bad_args"),
    ("check", {"step": 0}, "bad_args"),
    ("check", {"step": True}, "bad_args"),
    ("check", {"step": 1, "done": False}, "unchanged"),
    ("shelve", {"minutes": 5}, "bad_args"),
    ("shelve", {"reason": "works", "minutes": 0}, "bad_args"),
    ("shelve", {"reason": "works", "minutes": 481}, "too_long_shelving"),
    ("escalate", {"agency": "110"}, "bad_args"),
    ("escalate", {}, "bad_args"),
    ("cancel_escalation", {"agency": "119"}, "not_reported"),
    ("resolve", {"disposition": "boring", "reason": "x"}, "bad_args"),
    ("resolve", {"disposition": "false_alarm"}, "bad_args"),
    ("resolve", {"disposition": "false_alarm", "reason": "왜냐하면 그냥"}, "bad_args"),
    ("merge", {"into": "20260302-0999"}, "cannot_merge"),
    ("split", {"detections": [0]}, "cannot_split"),
    ("split", {"detections": "0"}, "cannot_split"),
    ("change_priority", {"priority": "P9", "reason": "x"}, "bad_args"),
    ("change_priority", {"priority": "P3", "reason": "x"}, "unchanged"),
    ("change_priority", {"priority": "P1"}, "bad_args"),
])
def test_every_no_has_its_code_and_changes_nothing(verb, args, code):
    ledger = Ledger()
    incident = ledger.open(Priority.P3)
    assert refused(ledger.ask(verb, incident.id, **args)) == code
    assert ledger.get(incident.id) == incident


def test_an_incident_nobody_knows():
    assert refused(Ledger().ask("acknowledge", "20260302-0001")) == "not_found"


def test_shelving_ends_by_itself_and_the_incident_waits_for_a_person_again():
    ledger = Ledger()
    id = ledger.open(Priority.P3).id
    after = ledger.do("shelve", id, reason="roadworks", minutes=10)
    assert (after.state, after.shelved_until) == (State.shelved, T0 + 600 * US)
    assert ledger.wait(599) == []
    assert [d.kind for d in ledger.wait(1)] == ["incident.unshelved"]
    back = ledger.get(id)
    assert (back.state, back.shelved_until, back.acknowledged_by, back.new_at) == (State.new, 0, None, ledger.now)
    assert [d.kind for d in ledger.wait(3600)] == ["incident.unattended"]


def test_shelved_by_hand_and_back_by_hand():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("shelve", id, reason="works", minutes=480)
    assert ledger.do("unshelve", id).state == State.acknowledged
    assert ledger.wait(481 * 60) == []


def test_a_p1_is_never_shelved():
    ledger = Ledger()
    assert refused(ledger.ask("shelve", ledger.open(Priority.P1).id, reason="works", minutes=5)) == "p1_stays"


def test_a_report_is_requested_with_time_to_take_it_back():
    ledger = Ledger(undo_s=5)
    incident = ledger.open(Priority.P1)
    after = ledger.do("escalate", incident.id, by="op1", agency="119")
    report = after.escalations[0]
    assert (after.state, report.state, report.generation) == (State.escalated, "requested", 1)
    assert (report.send_at, report.key) == (T0 + 5 * US, key_of(incident.id, "119", 1))
    ledger.now += 4 * US
    taken_back = ledger.do("cancel_escalation", incident.id)
    assert (taken_back.state, taken_back.escalations[0].state) == (State.in_progress, "cancelled")
    again = ledger.do("escalate", incident.id, agency="119")
    assert [(e.state, e.generation) for e in again.escalations] == [("requested", 1)]
    ledger.now += 5 * US
    assert refused(ledger.ask("cancel_escalation", incident.id, agency="119")) == "too_late"


def test_a_report_needs_the_revision_that_was_on_the_screen():
    ledger = Ledger()
    incident = ledger.open(Priority.P1)
    assert refused(ledger.ask("escalate", incident.id, agency="119")) == "revision_needed"
    assert refused(ledger.ask("escalate", incident.id, agency="119", revision=9)) == "stale"


def test_fifty_operators_confirm_at_once_one_is_sent_and_49_are_told_by_whom():
    ledger = Ledger()
    incident = ledger.open(Priority.P1)
    answers = []
    for n in range(50):
        answer = ledger.ask("escalate", incident.id, by=f"op{n}", revision=incident.revision, agency="119")
        answers.append(answer)
        if isinstance(answer, list):
            ledger.note(answer)
    assert len(ledger.get(incident.id).escalations) == 1
    assert [a for a in answers if isinstance(a, Refusal)] == [Refusal("already_reported", "op0 09:00:00")] * 49


def move(ledger: Ledger, id: str, to: EscalationState, at: int = 0, **more: object) -> bool:
    incident = ledger.get(id)
    one = progress(incident, incident.escalations[-1], to, ledger.now, "119", "", answered_at=at, **more)
    if one:
        ledger.note([one])
    return one is not None


def test_a_report_without_an_answer_is_unknown_after_ten_seconds_and_may_still_be_accepted():
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    assert ledger.wait(60) == []
    assert move(ledger, id, EscalationState.sent) and move(ledger, id, EscalationState.delivered, receipt="R-7")
    assert ledger.wait(9.9) == []
    assert [d.kind for d in ledger.wait(0.1)] == ["escalation.unknown"]
    assert ledger.wait(60) == []
    assert move(ledger, id, EscalationState.accepted)
    report = ledger.get(id).escalations[0]
    assert (report.state, report.receipt) == ("accepted", "R-7")


def test_a_receipt_after_the_time_was_up_has_its_own_time():
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    ledger.wait(5)
    move(ledger, id, EscalationState.sent)
    assert [d.kind for d in ledger.wait(10)] == ["escalation.unknown"]
    ledger.wait(5)
    assert move(ledger, id, EscalationState.delivered, receipt="R-8")
    assert ledger.wait(9.9) == []
    assert [d.kind for d in ledger.wait(0.1)] == ["escalation.unknown"]


def test_a_second_report_on_purpose_is_the_next_generation_and_never_beside_one_that_still_waits():
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    assert refused(ledger.ask("escalate", id, agency="119", revision=2, again=True)) == "already_reported"
    move(ledger, id, EscalationState.sent)
    ledger.wait(10)
    revision = ledger.get(id).revision
    assert refused(ledger.ask("escalate", id, agency="119", revision=revision)) == "already_reported"
    second = ledger.do("escalate", id, agency="119", again=True)
    assert [e.generation for e in second.escalations] == [1, 2]
    assert second.escalations[1].key == key_of(id, "119", 2) != second.escalations[0].key
    assert ledger.do("escalate", id, agency="112").escalations[2].generation == 1


def test_after_a_rejection_the_work_is_back_and_a_new_report_says_again():
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    move(ledger, id, EscalationState.sent)
    move(ledger, id, EscalationState.rejected, reason="not_ours")
    assert ledger.get(id).state == State.in_progress
    revision = ledger.get(id).revision
    assert refused(ledger.ask("escalate", id, agency="119", revision=revision)) == "already_reported"
    assert ledger.do("escalate", id, agency="119", again=True).state == State.escalated


def test_nothing_is_resolved_while_a_report_is_on_its_way_out():
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    assert refused(ledger.ask("resolve", id, **VERDICT)) == "report_moving"
    move(ledger, id, EscalationState.sent)
    move(ledger, id, EscalationState.accepted)
    assert ledger.do("resolve", id, **VERDICT).state == State.resolved


def test_unreachable_is_marked_so_that_the_clock_of_first_contact_goes_on():
    ledger = Ledger()
    id = ledger.open().id
    assert ledger.do("resolve", id, disposition="unreachable", reason="no_answer").marks == ("contact_open",)


def test_a_resolved_one_is_reopened_by_the_person_who_says_so():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("resolve", id, **VERDICT)
    back = ledger.do("reopen", id, reason="mistake")
    assert (back.state, back.disposition, back.resolved_at) == (State.acknowledged, "", 0)
    assert [i.id for i in ledger.board.open(ledger.now)] == [id]
    assert ledger.wait(48 * 3600) == []


def test_merging_moves_the_evidence_and_the_higher_score():
    ledger = Ledger()
    small = ledger.open(Priority.P3)
    big = ledger.open(Priority.P1, subject="XW-2", detections=())
    after = ledger.do("merge", big.id, into=small.id)
    assert (after.state, after.merged_into) == (State.closed, small.id)
    kept = ledger.get(small.id)
    assert (kept.priority, kept.score, sum(f.points for f in kept.factors)) == (1, 70, 70)
    assert [i.id for i in ledger.board.open(ledger.now)] == [small.id]
    assert refused(ledger.ask("reopen", big.id)) == "merged"


def test_what_was_reported_is_never_swallowed():
    ledger = Ledger()
    a, b = ledger.open(Priority.P1), ledger.open(Priority.P1)
    ledger.do("escalate", a.id, agency="119")
    assert refused(ledger.ask("merge", a.id, into=b.id)) == "cannot_merge"
    assert ledger.do("merge", b.id, into=a.id).merged_into == a.id


def test_splitting_makes_two_as_urgent_as_the_one():
    ledger = Ledger()
    a = ledger.open(Priority.P2)
    b = ledger.open(Priority.P3, subject="XW-2", detections=(a.detections[0].__class__("crowd", T0, "XW-2", 1),))
    ledger.do("merge", b.id, into=a.id)
    left = ledger.do("split", a.id, detections=[1])
    other = ledger.get("20260302-0003")
    assert [d.rule for d in left.detections] == ["near_miss"] and left.kind == "near_miss"
    assert [d.rule for d in other.detections] == ["crowd"]
    assert (other.kind, other.subject, other.priority) == ("crowd", "XW-2", 2)
    assert refused(ledger.ask("split", a.id, detections=[0])) == "cannot_split"


def test_a_person_may_see_it_otherwise_and_the_sum_stays_true():
    ledger = Ledger()
    id = ledger.open(Priority.P3, score=30).id
    up = ledger.do("change_priority", id, priority="P1", reason="child_inside")
    assert (up.priority, up.score, up.factors[-1].name, up.factors[-1].points) == (1, 70, "operator", 40)
    down = ledger.do("change_priority", id, priority="P4", reason="known_event")
    assert (down.priority, down.score, down.annunciated) == (4, 24, False)
    back = ledger.do("change_priority", id, priority="P3", reason="x")
    assert (back.score, [f.name for f in back.factors]) == (30, ["threat"])


def test_opened_by_hand_with_a_place_or_only_a_word():
    ledger = Ledger()
    drafts = desk.open_by_hand(ledger.board, {"kind": "fire_smoke", "id": "u-1"}, "op1", T0, HERE)
    assert isinstance(drafts, list)
    ledger.note(drafts)
    mine = ledger.get("20260302-0001")
    assert (mine.priority, mine.score, mine.marks, mine.unplaced) == (1, 70, ("by_hand",), False)
    assert ledger.records[0].cause == "command:u-1" and ledger.records[0].by == "op1"
    unplaced = desk.open_by_hand(ledger.board, {"kind": "strange_noise", "text_ref": "v-1"}, "op1", T0, None)
    assert isinstance(unplaced, list)
    ledger.note(unplaced)
    assert ledger.get("20260302-0002").unplaced and ledger.get("20260302-0002").text_ref == "v-1"
    for args in ({}, {"kind": "불이야"}, {"kind": "fall"}, {"kind": "fall", "subject": 3},
                 {"kind": "fall", "subject": "s", "priority": "P0"}):
        assert refused(desk.open_by_hand(ledger.board, args, "op1", T0, None)) == "bad_args"


def test_a_notice_nobody_touched_leaves_by_itself_without_a_verdict():
    ledger = Ledger()
    id = ledger.open(Priority.P4).id
    ledger.do("acknowledge", ledger.open(Priority.P3).id)
    assert ledger.wait(1799) == []
    assert [(d.kind, d.subject) for d in ledger.wait(1)] == [("incident.closed", id)]
    assert ledger.get(id).disposition == ""


def test_every_verb_of_the_contract_is_a_row():
    assert set(TRANSITIONS) == {
        "acknowledge", "unacknowledge", "assign", "transfer", "note", "check", "shelve", "unshelve", "escalate",
        "cancel_escalation", "resolve", "reopen", "merge", "split", "change_priority", *VERBS}
    anytime = {"reopen", *VERBS}  # what was handed over goes on, whatever we closed meanwhile
    assert all(State.closed not in row.states for verb, row in TRANSITIONS.items() if verb not in anytime)
