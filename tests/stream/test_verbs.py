"""Verbs one by one where a story of the desk does not reach; see test_desk.py for their lives."""

from __future__ import annotations

import pytest

from stream.schema import Priority, Refusal, State
from tests.ledger import T0, Ledger


def test_the_one_who_takes_it_without_a_name_is_the_asker():
    ledger = Ledger()
    id = ledger.open().id
    assert ledger.do("assign", id, by="op5").assigned_to == "op5"
    assert ledger.ask("assign", id, by="op5") == Refusal("same_person", "op5")
    assert ledger.ask("transfer", id, to="op5") == Refusal("same_person", "op5")
    assert ledger.ask("transfer", id) == Refusal("bad_args", "to")
    assert ledger.ask("transfer", id, to="op6", reason="왜") == Refusal("bad_args", "reason")


def test_the_record_of_a_transfer_says_from_whom():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("acknowledge", id)
    ledger.do("transfer", id, by="op1", to="op2")
    assert ledger.records[-1].body == {"to": "op2", "was": "op1"}


@pytest.mark.parametrize("minutes", ["5", True, -1, None])
def test_minutes_are_a_number_above_zero(minutes):
    ledger = Ledger()
    assert ledger.ask("shelve", ledger.open().id, reason="x", minutes=minutes) == Refusal("bad_args", "minutes")


def test_the_longest_shelving_is_480_minutes():
    ledger = Ledger()
    until = ledger.do("shelve", ledger.open().id, reason="x", minutes=480).shelved_until
    assert until == T0 + 480 * 60 * 1_000_000


def test_shelving_can_be_escalated_and_then_is_no_shelving_any_more():
    ledger = Ledger()
    id = ledger.open(Priority.P2).id
    ledger.do("shelve", id, reason="x", minutes=10)
    after = ledger.do("escalate", id, agency="112")
    assert (after.state, after.shelved_until) == (State.escalated, 0)
    assert not [d for d in ledger.wait(600) if d.kind == "incident.unshelved"]


def test_the_request_binds_what_was_shown():
    ledger = Ledger(exercise=False)
    incident = ledger.open(Priority.P1)
    ledger.do("escalate", incident.id, agency="119", text_ref="v-3")
    body = ledger.records[-1].body
    assert (body["revision"], body["exercise"], body["text_ref"]) == (1, False, "v-3")


def test_a_reason_may_be_called_reason_code():
    ledger = Ledger()
    after = ledger.do("resolve", ledger.open().id, disposition="false_alarm", reason_code="steam")
    assert (after.disposition, after.reason) == ("false_alarm", "steam")


def test_a_drill_is_told_by_the_setting():
    ledger = Ledger(exercise=True)
    assert ledger.do("escalate", ledger.open().id, agency="119").escalations[0].exercise


def test_unacknowledged_waits_again():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("acknowledge", id)
    after = ledger.do("unacknowledge", id)
    assert (after.state, after.acknowledged_by) == (State.new, None)


def test_an_answer_of_a_step_is_kept_changed_and_taken_back_and_old_records_have_none():
    ledger = Ledger()
    id = ledger.open().id
    assert ledger.do("check", id, step=1).answers == {}
    assert ledger.records[-1].body == {"step": 1}  # as it was written before steps could ask
    after = ledger.do("check", id, step=2, answer="no")
    assert (after.steps, after.answers) == ((1, 2), {"2": "no"})
    assert ledger.do("check", id, step=2, answer="yes").answers == {"2": "yes"}
    assert ledger.ask("check", id, step=2, answer="yes") == Refusal("unchanged", "2")
    after = ledger.do("check", id, step=2, done=False)
    assert (after.steps, after.answers) == ((1,), {})


@pytest.mark.parametrize(("answer", "done"), [("perhaps", True), (True, True), ("yes", False)])
def test_an_answer_is_yes_or_no_and_goes_with_a_step_that_is_done(answer, done):
    ledger = Ledger()
    assert ledger.ask("check", ledger.open().id, step=2, answer=answer, done=done) == Refusal("bad_args", "answer")
