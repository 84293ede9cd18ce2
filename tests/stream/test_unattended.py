"""Nobody looks: louder, every operator, the supervisors; by event time, once each, until a person does anything."""

from __future__ import annotations

import pytest

from stream import bodies
from stream.kinds import draft
from stream.schema import US, Draft, Factor, Priority
from stream.unattended import MOST, TO
from tests.ledger import T0, Ledger


def calls(drafts: list[Draft]) -> list[tuple[str, int, str]]:
    return [(d.subject, d.body["level"], d.body["to"]) for d in drafts if d.kind == "incident.unattended"]


@pytest.mark.parametrize(("priority", "target_s"), [(Priority.P1, 15), (Priority.P2, 60), (Priority.P3, 300)])
def test_each_level_is_due_at_a_multiple_of_the_target_and_told_once(priority: Priority, target_s: int) -> None:
    ledger = Ledger()
    id = ledger.open(priority).id
    for n in (1, 2, 3):
        assert calls(ledger.wait(target_s - 1)) == []
        assert calls(ledger.wait(1)) == [(id, n, TO[n])]
        assert ledger.get(id).call == n
    assert calls(ledger.wait(3600)) == [] and ledger.get(id).revision == 1  # no confirm becomes stale by it


@pytest.mark.parametrize(("verb", "args"), [
    ("acknowledge", {}), ("assign", {}), ("check", {"step": 1}), ("escalate", {"agency": "119"}),
    ("resolve", {"disposition": "confirmed", "reason": "handled"}),
])  # fmt: skip
def test_any_deed_ends_it_and_back_to_new_begins_anew(verb: str, args: dict[str, object]) -> None:
    ledger = Ledger()
    id = ledger.open(Priority.P2).id
    ledger.wait(125)
    assert ledger.get(id).call == 2
    ledger.do(verb, id, **args)
    assert calls(ledger.wait(600)) == []
    ledger.note([draft("incident.returned", id, ledger.now, bodies.Returned("new", "worse"))])
    assert ledger.get(id).call == 0
    assert calls(ledger.wait(59)) == [] and calls(ledger.wait(1)) == [(id, 1, "louder")]


def test_a_notice_and_what_is_silent_in_a_flood_call_nobody_until_they_sound() -> None:
    ledger = Ledger()
    notice = ledger.open(Priority.P4).id
    silent = ledger.open(Priority.P3, annunciated=False, marks=("flood",)).id
    assert calls(ledger.wait(1000)) == []
    ledger.note([draft("incident.scored", silent, ledger.now,
                       bodies.Scored(50, Priority.P2, (Factor("threat", 50, "kind"),), True))])
    assert calls(ledger.wait(60)) == [(silent, 1, "louder")] and ledger.get(notice).call == 0


def test_what_becomes_more_urgent_has_the_time_of_its_new_priority() -> None:
    ledger = Ledger()
    id = ledger.open(Priority.P3).id
    ledger.wait(299)
    ledger.note([draft("incident.scored", id, ledger.now,
                       bodies.Scored(75, Priority.P1, (Factor("threat", 75, "kind"),), True))])
    assert calls(ledger.wait(14)) == [] and calls(ledger.wait(1)) == [(id, 1, "louder")]


def test_what_was_overlooked_for_long_goes_to_its_level_at_once() -> None:
    ledger = Ledger()
    id = ledger.open(Priority.P1).id
    assert calls(ledger.wait(40)) == [(id, 2, "operators")]
    assert calls(ledger.wait(1000)) == [(id, 3, "supervisors")]


def test_more_than_a_room_can_hear_is_told_over_some_seconds_longest_waiting_first() -> None:
    ledger = Ledger()
    ids = []
    for n in range(MOST + 20):
        ledger.now = T0 + n * US // 1000
        ids.append(ledger.open(Priority.P1, subject=f"S{n}").id)
    first, second = calls(ledger.wait(16)), calls(ledger.wait(1))
    assert [id for id, _, _ in first] == ids[:MOST] and [id for id, _, _ in second] == ids[MOST:]
    copied = ledger.board.unattended.copy()
    assert copied.due(ledger.now + 60 * US) == ledger.board.unattended.due(ledger.now + 60 * US) != []
