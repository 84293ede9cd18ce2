"""The timeline of an incident is its records, told in order."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.schema import Priority, Record
from stream.timeline import rows
from tests.ledger import T0, Ledger


def test_a_life_is_told_deed_by_deed_with_who_and_when():
    ledger = Ledger()
    id = ledger.open(Priority.P2).id
    ledger.now += 1_000_000
    ledger.do("acknowledge", id, by="op1")
    ledger.do("assign", id, by="op1", to="op2")
    ledger.do("escalate", id, by="op2", agency="119")
    ledger.do("cancel_escalation", id, by="op2")
    ledger.do("resolve", id, by="op2", disposition="false_alarm", reason="steam")
    told = rows(ledger.records)
    assert [(r.kind, r.by) for r in told] == [
        ("incident.opened", "engine"), ("incident.acknowledged", "op1"), ("incident.assigned", "op1"),
        ("escalation.requested", "op2"), ("escalation.cancelled", "op2"), ("incident.resolved", "op2")]
    assert told[0].args == {"score": 45, "priority": "P2", "rule": "near_miss", "severity": "serious"}
    assert told[2].args == {"to": "op2"} and told[3].args == {"agency": "119", "generation": 1}
    assert told[5].args == {"disposition": "false_alarm", "reason": "steam"}
    assert [r.words for r in told] == [f"record.{r.kind}" for r in told]
    assert [r.at for r in told] == [T0] + [T0 + 1_000_000] * 5


def test_repeats_stand_in_one_row_until_something_else_happens():
    ledger = Ledger()
    id = ledger.open().id
    fold = bodies.Folded("near_miss", "XW-1", T0, 2, "", "/device/radar-1")
    for n in range(4):
        ledger.note([draft("incident.folded", id, T0 + n, fold)])
    ledger.do("acknowledge", id)
    ledger.note([draft("incident.folded", id, T0 + 9, fold)])
    told = rows(ledger.records)
    assert [(r.kind, r.n) for r in told] == [
        ("incident.opened", 1), ("incident.folded", 4), ("incident.acknowledged", 1), ("incident.folded", 1)]
    assert (told[1].at, told[1].args["n"], told[1].args["last"]) == (T0, 4, T0 + 3)


def test_no_text_no_key_and_no_reference_is_told():
    ledger = Ledger()
    id = ledger.open().id
    ledger.do("note", id, text_ref="v-1")
    ledger.do("escalate", id, agency="112")
    assert all(not {"text_ref", "key"} & set(r.args) for r in rows(ledger.records))


def test_a_kind_of_a_later_version_is_left_out():
    assert rows([Record(1, T0, T0, "incident.dreamt", "x", "", "", {})]) == []
