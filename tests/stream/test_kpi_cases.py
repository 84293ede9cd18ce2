"""Welfare cases: closing, neighbours, households that come again, rates per 100,000."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.kpi_cases import Cases
from stream.schema import US
from tests.ledger import T0, Ledger

DAY = 86400 * US


def cases(*rows: tuple[str, float, str, str]) -> Cases:
    """Cases (id, day, household, channel) of one dong."""
    ledger, made = Ledger(), Cases()
    for id, day, home, channel in rows:
        ledger.note([draft("case.noted", id, T0 + int(day * DAY), bodies.Case("궐동", channel, home))])
    for record in ledger.records:
        made.apply(record)
    return made


def contact(made: Cases, id: str, day: float, outcome: str) -> None:
    ledger = Ledger()
    ledger.note([draft("case.contact", id, T0 + int(day * DAY), bodies.CaseContact(outcome))])
    made.apply(ledger.records[0])


def test_a_case_that_comes_back_counts_once_a_matter():
    ledger, made = Ledger(), Cases()
    for id, more in (("A", {}), ("B", {"again": "A"}), ("C", {"same_as": "B", "again": "A"}), ("D", {})):
        ledger.note([draft("case.noted", id, T0, bodies.Case("궐동", "system", "H1", **more))])
    for record in ledger.records:
        made.apply(record)
    told = made.view(T0, T0 + DAY)["reports"]
    assert (told["recurrence_90d"]["k"], told["recurrence_90d"]["n"], told["told_twice"]) == (1, 3, 1)


def test_channels_and_rates():
    made = cases(*[(str(n), n / 100, "", "neighbour" if n < 3 else "chatbot") for n in range(12)])
    told = made.view(T0, T0 + DAY, people=240_000)["reports"]
    assert told["per_100000"] == 5.0 and (told["by_neighbours"]["k"], told["by_neighbours"]["rate"]) == (3, 0.25)
    assert made.view(T0, T0 + DAY)["reports"]["per_100000"] is None


def test_from_a_case_to_its_end_and_the_end_is_no_contact():
    made = cases(("A", 0, "", "system"), ("B", 0, "", "system"))
    contact(made, "A", 1, "closed")
    contact(made, "X", 1, "closed")
    told = made.view(T0, T0 + 3 * DAY)
    assert told["case_lead_s"] == {"n": 1, "p50": 86400.0, "p95": 86400.0}
    assert told["first_contact"]["unworked"] == 2 and told["first_contact"]["within_48h"]["k"] == 0


def test_a_case_sent_twice_counts_once_and_a_dong_has_its_own():
    made = cases(("A", 0, "H1", "system"), ("A", 1, "H1", "system"))
    assert made.view(T0, T0 + 3 * DAY)["reports"]["n"] == 1
    assert made.view(T0, T0 + 3 * DAY, area="오산동")["reports"]["n"] == 0
