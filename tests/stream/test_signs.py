"""Signs of the last days: what counts, for how long, and what a verdict takes away."""

from __future__ import annotations

from typing import Any

import pytest

from stream.journal import Chain
from stream.schema import US, Draft, Record
from stream.signs import DAY_US, HALF_US, KINDS, WEIGHTS, WINDOW_US, Signs, first_since, signs_until

START = 1_790_000_000 * US


class Book(Chain):
    """A journal in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.asked = 0

    def add(self, kind: str, subject: str, at: int, body: dict[str, Any]) -> Record:
        """One more record, noted when it happened."""
        record = self.stamp(Draft(kind, subject, at, body), at)
        self.records.append(record)
        return record

    def read(self, after=0, until=None, subject=None, kinds=None, limit=None, noted_until=None):
        """As the journal's."""
        self.asked += 1
        found = (r for r in self.records if r.seq > after and (kinds is None or r.kind in kinds)
                 and (noted_until is None or r.noted_at <= noted_until))
        return (r for n, r in enumerate(found) if limit is None or n < limit)


def ref(rule: str, subject: str, at: int, **evidence: Any) -> dict[str, Any]:
    """A detection as it stands in a body."""
    return {"rule": rule, "at": at, "subject": subject, "severity": 2, "evidence": evidence}


def signs(*records: Record) -> Signs:
    """Folded."""
    out = Signs()
    for record in records:
        out.apply(record)
    return out


def test_each_kind_of_record_counts_once_by_rule_or_by_what_was_reported():
    book = Book()
    told = signs(
        book.add("incident.opened", "I1", START, {"detections": [ref("near_miss", "A", START)]}),
        book.add("incident.attached", "I1", START + 1, {"detection": ref("reported", "A", START, what="collision")}),
        book.add("incident.folded", "I1", START + 2, {"rule": "near_miss", "subject": "A", "what": ""}),
        book.add("detection.noted", "B", START + 3, {"rule": "speeding", "evidence": {}}),
        book.add("detection.noted", "B", START + 4, {"rule": "source_silent"}),
        book.add("incident.opened", "I2", START + 5, {"detections": []}),
    )
    assert told.counts(START + 9) == {"A": {"near_miss": 2, "collision": 1}, "B": {"speeding": 1}}
    assert told.weights(START + 9) == {"A": pytest.approx(5.0), "B": pytest.approx(0.1)}


def test_what_a_person_opened_on_a_road_is_a_complaint_of_that_crosswalk():
    book, hand = Book(), {"marks": ["by_hand"], "detections": []}
    told = signs(
        book.add("incident.opened", "I1", START, {**hand, "domain": "road", "subject": "I1", "place": {"site": "A"}}),
        book.add("incident.opened", "I2", START, {**hand, "domain": "road", "subject": "B", "place": None}),
        book.add("incident.opened", "I3", START, {**hand, "domain": "care", "subject": "C"}),
    )
    assert told.counts(START) == {"A": {"complaint": 1}, "B": {"complaint": 1}}


def test_a_sign_fades_and_is_forgotten():
    told = signs(Book().add("detection.noted", "A", START, {"rule": "near_miss"}))
    assert told.weights(START + HALF_US) == {"A": pytest.approx(0.5)}
    assert told.weights(START + 2 * HALF_US) == {"A": pytest.approx(0.25)}
    assert told.weights(START + WINDOW_US + 1) == told.counts(START + WINDOW_US + 1) == {}
    assert told.weights(START - 1) == {}  # what is still to come is not known


@pytest.mark.parametrize(("disposition", "left"), [("confirmed", 1), ("false_alarm", 0), ("duplicate", 0), ("test", 0)])
def test_what_was_judged_not_so_counts_no_more(disposition, left):
    book = Book()
    told = signs(
        book.add("incident.opened", "I1", START, {"detections": [ref("near_miss", "A", START)]}),
        book.add("detection.noted", "B", START, {"rule": "speeding"}),
        book.add("incident.resolved", "I1", START + 1, {"disposition": disposition}),
    )
    assert told.counts(START + 2).get("A", {}).get("near_miss", 0) == left
    assert told.counts(START + 2)["B"] == {"speeding": 1}


def test_memory_is_bounded_by_the_window():
    book, told = Book(), Signs()
    for day in range(100):
        told.apply(book.add("detection.noted", "A", START + day * DAY_US, {"rule": "speeding"}))
    assert len(told._signs) == 15


def test_the_past_is_what_was_noted_by_then_and_reading_starts_near_it():
    book = Book()
    for day in range(1000):
        book.add("detection.noted", "A", START + day * DAY_US, {"rule": "speeding"})
    moment = START + 500 * DAY_US
    assert signs_until(book, moment).counts(moment) == {"A": {"speeding": 15}}
    assert book.asked <= 12
    assert first_since(book, START) == 0
    assert first_since(book, START + 3 * DAY_US) == 3
    assert first_since(book, START + 5000 * DAY_US) == 1000
    assert first_since(Book(), START) == 0


def test_every_kind_it_reads_exists():
    from stream.kinds import KINDS as ALL

    assert set(KINDS) <= set(ALL)
    assert min(WEIGHTS.values()) > 0
