"""A flood of refusals is one line and a number."""

from __future__ import annotations

from console.access import Seat
from console.refusals import QUIET_S, REMEMBERED, Refusals
from stream.kinds import check
from stream.schema import Draft


def test_the_first_is_written_then_they_are_counted() -> None:
    noted: list[Draft] = []
    tick = [0.0]
    refusals = Refusals(noted.extend, lambda: 7, lambda: tick[0])
    for _ in range(100):
        refusals.hear(Seat("kim", "operator"), "10.0.0.1", "GET /api/v1/records", "forbidden")
    tick[0] = QUIET_S
    refusals.hear(Seat("kim", "operator"), "10.0.0.1", "GET /api/v1/records", "forbidden")
    assert [draft.body["before"] for draft in noted] == [0, 99]
    for draft in noted:
        check(draft)


def test_others_and_other_routes_are_lines_of_their_own() -> None:
    noted: list[Draft] = []
    refusals = Refusals(noted.extend, lambda: 7, lambda: 0.0)
    refusals.hear(Seat("kim", "operator"), "10.0.0.1", "GET /a", "forbidden")
    refusals.hear(Seat("lee", "operator"), "10.0.0.1", "GET /a", "forbidden")
    refusals.hear(Seat("kim", "operator"), "10.0.0.1", "GET /b", "forbidden")
    refusals.hear(Seat(), "10.0.0.1", "GET /a", "foreign_origin")
    assert [(d.by, d.body["what"]) for d in noted] == [
        ("kim", "GET /a"),
        ("lee", "GET /a"),
        ("kim", "GET /b"),
        ("unknown", "GET /a"),
    ]


def test_what_is_remembered_is_bounded() -> None:
    refusals = Refusals(lambda drafts: None, lambda: 7, lambda: 0.0)
    for n in range(REMEMBERED + 10):
        refusals.hear(Seat(), f"10.0.{n}", "GET /a", "forbidden")
    assert len(refusals._seen) == REMEMBERED
