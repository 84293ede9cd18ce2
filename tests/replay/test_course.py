"""How long an incident took, each figure from a record of it: computed by hand here."""

from __future__ import annotations

from typing import Any

from replay.course import course
from stream.schema import US, Record

START = 1_790_000_000_000_000


def record(seq: int, seconds: float, kind: str, by: str = "engine", **body: Any) -> Record:
    at = START + int(seconds * US)
    return Record(seq, at - 5, at, kind, "I", by, "", body, "")


STORY = [
    record(4, 0, "incident.opened"), record(5, 0.2, "incident.attached"), record(6, 1, "paint.noted", "kim", ms=48.5),
    record(7, 2, "paint.noted", "lee", ms=900.0), record(9, 7.5, "incident.acknowledged", "kim"),
    record(10, 9, "incident.assigned", "kim"), record(12, 21, "escalation.delivered", "outbox"),
    record(13, 24, "escalation.accepted", "/agency/119"), record(20, 400, "escalation.arrived", "/agency/119"),
    record(31, 900, "incident.resolved", "kim"), record(40, 1500, "incident.closed"),
]  # fmt: skip


def test_each_moment_is_the_first_of_its_kind_counted_from_the_opening() -> None:
    told = {m.name: (m.ms, m.seq, m.by) for m in course(STORY)}
    assert told == {
        "opened": (0.0, 4, "engine"), "popup": (48.5, 6, "kim"), "ack": (7500.0, 9, "kim"),
        "notice": (21_000.0, 12, "outbox"), "accepted": (24_000.0, 13, "/agency/119"),
        "arrival": (400_000.0, 20, "/agency/119"), "close": (900_000.0, 31, "kim"),
    }  # fmt: skip


def test_what_has_not_happened_is_not_in_it() -> None:
    assert [m.name for m in course(STORY[:3])] == ["opened", "popup"]
    assert course([]) == []
    assert course(STORY[2:]) == []
