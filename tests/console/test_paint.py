"""From arrival to paint, without comparing two clocks."""

from __future__ import annotations

from console.paint import WINDOW, Paints
from stream.kinds import check
from stream.schema import Incident

ARRIVAL = 1_790_000_000_000_000


def incident(id: str = "20260921-0001", arrival: int = ARRIVAL) -> Incident:
    stamps = {"arrival": arrival} if arrival else {}
    return Incident(id, "sos", "care", "HH-1", "new", 1, 90, (), 1, ARRIVAL, ARRIVAL, stamps=stamps)


def test_the_browsers_own_time_is_taken_off() -> None:
    paints = Paints()
    # painted 30 ms before it said so; the report came 78 ms after the arrival: 48 ms from arrival to paint
    assert paints.hear(incident(), "kim", ARRIVAL + 78_000, 1000.0, 1030.0) == 48.0
    (draft,) = paints.take()
    assert (draft.kind, draft.subject, draft.body) == ("paint.noted", "20260921-0001", {"ms": 48.0})
    check(draft)
    assert paints.take() == []


def test_only_the_first_paint_of_an_incident_is_noted_but_all_are_counted() -> None:
    paints = Paints()
    for n in range(20):
        paints.hear(incident(), "kim", ARRIVAL + 50_000 + n * 1000, 0.0, 0.0)
    assert len(paints.take()) == 1
    assert paints.view()["n"] == 20


def test_percentiles_are_of_the_last_ones() -> None:
    paints = Paints()
    assert paints.view() == {"p50": None, "p95": None, "p99": None, "n": 0}
    for ms in [5000] * 10 + list(range(1, WINDOW + 1)):
        paints.hear(incident(), "kim", ARRIVAL + ms * 1000, 0.0, 0.0)
    assert paints.view() == {"p50": 251.0, "p95": 476.0, "p99": 496.0, "n": WINDOW}


def test_a_clock_that_runs_faster_is_divided_out() -> None:
    assert Paints(speed=10.0).hear(incident(), "kim", ARRIVAL + 500_000, 0.0, 0.0) == 50.0


def test_what_cannot_be_a_paint_is_not_counted() -> None:
    paints = Paints()
    assert paints.hear(incident(arrival=0), "kim", ARRIVAL, 0.0, 0.0) is None  # opened by hand: nothing arrived
    assert paints.hear(incident(), "kim", ARRIVAL + 10_000, 100.0, 0.0) is None  # said before it was painted
    assert paints.hear(incident(), "kim", ARRIVAL + 10_000, 0.0, 50.0) is None  # painted before it arrived
    assert paints.hear(incident(), "kim", ARRIVAL + 10_000, 0.0, float("nan")) is None
    assert paints.hear(incident(), "kim", ARRIVAL + 3_600_000_000, 0.0, 0.0) is None  # an hour later: a look back
    assert paints.view()["n"] == 0
