"""What is remembered of an incident, and that a span of them is cut by time and place."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.kpi_story import Stories, cut
from stream.schema import US, Place, Priority
from tests.ledger import T0, Ledger


def stories(ledger: Ledger) -> Stories:
    made = Stories()
    for record in ledger.records:
        made.apply(record)
    return made


def test_a_span_of_rows_takes_its_beginning_and_not_its_end():
    assert cut([(1, "a"), (2, "b"), (2, "c"), (3, "d")], 2, 3) == [(2, "b"), (2, "c")]


def test_an_incident_counts_for_its_dong_and_its_zone():
    ledger = Ledger()
    ledger.open(place=Place(127.0, 37.1, site="XW-1", zone="SZ-1", dong="궐동"))
    ledger.open(place=Place(127.0, 37.1, dong="오산동"))
    ledger.open(place=None)
    made = stories(ledger)
    assert [len(made.of(T0, T0 + 1, area)) for area in ("", "궐동", "SZ-1", "오산동", "SZ-2")] == [3, 1, 1, 1, 0]
    assert [len(made.annunciated(T0, T0 + 1, area)) for area in ("", "SZ-1")] == [3, 1]


def test_a_place_that_came_later_counts_too():
    ledger = Ledger()
    incident = ledger.open(place=None)
    seen = incident.detections[0]
    body = bodies.Attached(seen, "near_miss", "road", Place(127.0, 37.1, zone="SZ-1"))
    ledger.note([draft("incident.attached", incident.id, T0, body)])
    assert len(stories(ledger).of(T0, T0 + 1, "SZ-1")) == 1


def test_only_a_trusted_clock_gives_the_way_from_the_device():
    ledger = Ledger()
    stamps = {"source": T0 - 300_000, "arrival": T0 - 100_000, "decided": T0}
    for marks in ((), ("clock_suspect",)):
        incident = ledger.open(Priority.P1, stamps=stamps, marks=marks)
        ledger.note([draft("paint.noted", incident.id, T0 + US, bodies.Paint(80.0))])
    made = stories(ledger)
    assert [s.late_ms for s in made.of(T0, T0 + 1)] == [280.0, None]
    assert made.painted(T0, T0 + 2 * US) == [80.0, 80.0]


def test_of_two_merged_the_swallowed_one_is_known():
    ledger = Ledger()
    a, b = ledger.open(), ledger.open()
    ledger.note([
        draft("incident.merged", b.id, T0, bodies.Merged(into=a.id)),
        draft("incident.merged", a.id, T0, bodies.Merged(absorbed=b.id))])
    assert [s.merged for s in stories(ledger).of(T0, T0 + 1)] == [False, True]
