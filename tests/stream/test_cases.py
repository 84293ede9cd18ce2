"""Which case is the same matter told twice, and which household comes again."""

from __future__ import annotations

from stream.bodies import Case
from stream.cases import AGAIN_US, SAME_US, Cases
from stream.kinds import draft
from stream.schema import Record
from tests.ledger import T0


class Book:
    """A fold with a shorthand."""

    def __init__(self) -> None:
        self.cases, self._n = Cases(), 0

    def note(self, kind: str, case: str, body: dict, at: int = T0) -> None:
        self._n += 1
        self.cases.apply(Record(self._n, at, at, kind, case, "x", "", body))

    def come(self, case: str, at: int = T0, **told: str) -> Case:
        """A case as ``heard`` notes it."""
        body = Case(told.pop("dong", "궐동"), "system", **told)
        same, again = self.cases.same(case, body, at), self.cases.again(case, body, at)
        noted = Case(body.dong, body.channel, body.household, likeness=body.likeness, same_as=same, again=again)
        self.note("case.noted", case, draft("case.noted", case, at, noted).body, at)
        return noted

    def close(self, case: str) -> None:
        self.note("case.contact", case, {"outcome": "closed"})


LIKE = "ab" * 32


def test_a_chain_of_repeats_points_to_the_first():
    book = Book()
    book.come("A", household="HH-1")
    assert book.come("B", household="HH-1").same_as == "A"
    assert book.come("C", household="HH-1").same_as == "A"
    assert book.cases.subjects("C") == ("A", "HH-1") and book.cases.marks("C") == ("same_report",)


def test_after_48_hours_or_when_it_was_closed_it_is_a_recurrence():
    book = Book()
    book.come("A", household="HH-1")
    late = book.come("B", T0 + SAME_US + 1, household="HH-1")
    assert (late.same_as, late.again) == ("", "A") and book.cases.marks("B") == ("recurring",)
    book.close("B")
    assert book.come("C", T0 + SAME_US + 2, household="HH-1").again == "B"
    assert book.cases.subjects("C") == ()


def test_the_same_case_after_it_was_closed_is_a_recurrence_of_itself():
    book = Book()
    book.come("A")
    assert book.come("A").again == ""
    book.close("A")
    assert book.come("A").again == "A"


def test_like_texts_join_in_one_dong_and_never_two_named_homes():
    book = Book()
    book.come("A", household="HH-1", likeness=LIKE)
    assert book.come("B", likeness=LIKE).same_as == "A"
    assert book.come("C", likeness=LIKE, dong="오산동").same_as == ""
    assert book.come("D", household="HH-2", likeness=LIKE).same_as == ""  # not by way of B either
    assert book.come("E", household="HH-3", likeness="cd" * 32).same_as == ""


def test_what_is_older_than_90_days_is_forgotten():
    book = Book()
    book.come("A", household="HH-1", likeness=LIKE)
    assert book.come("B", T0 + AGAIN_US + 1, household="HH-1").again == ""
    assert book.cases.get("A") is None and [row.case for row in book.cases.rows()] == ["B"]


def test_a_copy_goes_its_own_way():
    book = Book()
    book.come("A", household="HH-1")
    other = book.cases.copy()
    book.come("B", household="HH-1")
    assert other.get("B") is None and other.rows() != book.cases.rows()
