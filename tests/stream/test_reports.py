"""Which state of a report may follow which."""

from __future__ import annotations

from hashlib import sha256

import pytest

from stream.reports import ACTIVE, ENDED, NEXT, key_of, last_report, progress
from stream.schema import EscalationState, Priority, State
from tests.ledger import T0, Ledger

S = EscalationState


def test_the_key_is_the_same_for_the_same_report_only():
    key = key_of("20260302-0001", "119", 1)
    assert key == sha256(b"20260302-0001\n119\n1").hexdigest()
    assert len({key, key_of("20260302-0001", "112", 1), key_of("20260302-0001", "119", 2)}) == 3


def test_every_state_has_a_row_and_no_way_leads_back_to_before_it_left():
    assert set(NEXT) == set(S) == set(ACTIVE) | set(ENDED)
    gone = set(S) - {S.requested, S.cancelled}
    for state in gone:
        assert not {S.requested, S.sent, S.cancelled} & set(NEXT[state]), state
    for state in (S.accepted, S.dispatched, S.arrived, S.closed):
        assert not {S.delivered, S.unknown} & set(NEXT[state]), state


def ledger_in(state: S) -> tuple[Ledger, str]:
    """A ledger with one report that came to this state on a shortest way."""
    ways = {
        S.requested: [], S.sent: [S.sent], S.delivered: [S.sent, S.delivered], S.unknown: [S.sent, S.unknown],
        S.accepted: [S.sent, S.accepted], S.rejected: [S.sent, S.rejected], S.dispatched: [S.sent, S.dispatched],
        S.arrived: [S.sent, S.arrived], S.closed: [S.sent, S.closed], S.cancelled: [S.cancelled]}
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    ledger.do("escalate", id, agency="119")
    for step in ways[state]:
        one = progress(ledger.get(id), ledger.get(id).escalations[0], step, T0, "x", "", answered_at=T0)
        assert one
        ledger.note([one])
    return ledger, id


@pytest.mark.parametrize("state", list(S))
def test_the_table_is_what_is_done(state):
    for to in S:
        ledger, id = ledger_in(state)
        incident = ledger.get(id)
        assert incident.escalations[0].state == state
        one = progress(incident, incident.escalations[0], to, T0, "x", "", answered_at=T0 + 1)
        assert (one is not None) == (to in NEXT[state])
        if one:
            ledger.note([one])
            assert ledger.get(id).escalations[0].state == to
            assert (ledger.get(id).state == State.in_progress) == (to in ENDED or state in ENDED)


def test_an_older_word_does_not_undo_a_newer_one():
    ledger, id = ledger_in(S.rejected)
    report = ledger.get(id).escalations[0]
    assert progress(ledger.get(id), report, S.accepted, T0, "x", "", answered_at=T0) is None
    assert progress(ledger.get(id), report, S.accepted, T0, "x", "", answered_at=T0 + 1) is not None


def test_the_work_stays_with_the_agency_while_another_report_is_active():
    ledger, id = ledger_in(S.accepted)
    ledger.do("escalate", id, agency="112")
    police = last_report(ledger.get(id), "112")
    assert police is not None and last_report(ledger.get(id), "110") is None
    one = progress(ledger.get(id), police, S.cancelled, T0, "op", "")
    assert one is not None
    ledger.note([one])
    assert ledger.get(id).state == State.escalated
