"""Times and verdicts of incidents, worked out by hand."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.kpi_story import Stories
from stream.kpi_times import times, verdicts
from stream.reports import progress
from stream.schema import US, DetectionRef, EscalationState, Priority
from tests.ledger import T0, Ledger


def told(ledger: Ledger):
    made = Stories()
    for record in ledger.records:
        made.apply(record)
    return made.of(T0, T0 + 86400 * US)


def wait(ledger: Ledger, seconds: float) -> None:
    ledger.now = T0 + int(seconds * US)


def report(ledger: Ledger, id: str, agency: str, **moments: float) -> None:
    """Confirm a report, then move it on at these seconds."""
    ledger.do("escalate", id, agency=agency)
    for state, seconds in moments.items():
        wait(ledger, seconds)
        incident = ledger.get(id)
        one = next(e for e in incident.escalations if e.agency == agency)
        moved = progress(incident, one, EscalationState(state), ledger.now, agency, "")
        assert moved
        ledger.note([moved])


def test_each_agency_has_its_own_times():
    ledger = Ledger(undo_s=0)
    id = ledger.open(Priority.P1).id
    wait(ledger, 2)
    ledger.note([draft("paint.noted", id, ledger.now, bodies.Paint(50.0))])
    wait(ledger, 10)
    report(ledger, id, "119", sent=10, delivered=12, accepted=14, dispatched=20, arrived=314)
    report(ledger, id, "112", sent=315, delivered=332, accepted=340, dispatched=350, arrived=400)
    seen = times(told(ledger))
    assert seen["popup_to_delivered_by_agency"] == {"112": {"n": 1, "p50": 330.0, "p95": 330.0},
                                                    "119": {"n": 1, "p50": 10.0, "p95": 10.0}}
    assert seen["accepted_to_arrived_by_agency"]["119"]["p50"] == 300.0
    assert seen["accepted_to_arrived_by_agency"]["112"]["p50"] == 60.0
    assert seen["popup_to_delivered_s"]["p50"] == 10.0 and seen["accepted_to_arrived_s"]["p50"] == 300.0


def test_how_many_p1_were_acknowledged_in_time():
    ledger = Ledger()
    for n, seconds in enumerate((4, 10, 12, 40)):
        wait(ledger, 100 * n)
        id = ledger.open(Priority.P1).id
        ledger.note([draft("paint.noted", id, ledger.now, bodies.Paint(50.0))])
        wait(ledger, 100 * n + seconds)
        ledger.do("acknowledge", id)
    within = times(told(ledger))["p1_acknowledged_within"]
    assert (within["10"]["k"], within["15"]["k"], within["15"]["n"]) == (2, 3, 4)


def test_from_an_urgent_case_to_the_notice():
    ledger = Ledger(undo_s=0)
    for domain in ("welfare", "road"):
        wait(ledger, 0)
        id = ledger.open(Priority.P1, domain=domain, kind="welfare_urgent").id
        wait(ledger, 60)
        report(ledger, id, "112", sent=60, delivered=65)
    assert times(told(ledger))["urgent_to_notice_s"] == {"n": 1, "p50": 65.0, "p95": 65.0}


def test_misses_by_kind_and_site_without_what_a_rule_had_seen_too():
    ledger = Ledger()
    rule = ledger.open(kind="collision")
    hand = ledger.open(kind="collision", marks=("by_hand",), detections=())
    ledger.open(kind="collision", marks=("by_hand",), detections=())
    ledger.note([draft("incident.merged", hand.id, ledger.now, bodies.Merged(into=rule.id))])
    seen = verdicts(told(ledger))
    assert (seen["missed"]["k"], seen["missed"]["n"]) == (1, 2)
    assert seen["missed_by_kind"]["collision"]["rate"] == 0.5 == seen["missed_by_site"]["XW-1"]["rate"]


def test_how_much_of_what_was_closed_has_a_verdict_that_says_something():
    ledger = Ledger()
    for disposition in ("confirmed", "false_alarm", "test", "duplicate", "confirmed"):
        seen = DetectionRef("near_miss", T0, "XW-1", 2)
        ledger.do("resolve", ledger.open(detections=(seen,)).id, disposition=disposition, reason="x")
    ledger.open()
    seen = verdicts(told(ledger))["verdicts"]
    assert (seen["k"], seen["n"], seen["rate"]) == (3, 5, 0.6)
