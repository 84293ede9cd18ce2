"""Who worked, which boards were on, who looked at people: from records alone."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.kpi_use import Use
from stream.schema import US
from tests.ledger import T0, Ledger

HOUR = 3600 * US


def use(ledger: Ledger) -> Use:
    made = Use()
    for record in ledger.records:
        made.apply(record)
    return made


def test_looks_exports_and_boards():
    ledger = Ledger()
    rows = (("access.looked", "P-1", bodies.Access("identity", "contact")),
            ("access.looked", "P-2", bodies.Access("notes", "handling")),
            ("access.looked", "SZ-1", bodies.Access("board")), ("access.looked", "SZ-1", bodies.Access("board")),
            ("access.looked", "SZ-2", bodies.Access("board")), ("access.looked", "kpi", bodies.Access("export")),
            ("access.refused", "x", bodies.Access("GET /api/v1/kpi/export", code="forbidden")),
            ("access.refused", "x", bodies.Access("login", code="wrong")),
            ("access.login", "op1", bodies.Access("login")))
    ledger.note([draft(kind, subject, T0, body, "op1") for kind, subject, body in rows])
    told = use(ledger).view(T0, T0 + HOUR)
    assert told["use"] == {"boards": 2, "logins": 1, "people": 1, "deeds": 0}
    assert told["protection"] == {"looks": 2, "looks_by_purpose": {"contact": 1, "handling": 1}, "refused": 2,
                                  "exports": 1, "exports_refused": 1}
    assert use(ledger).view(T0 + HOUR, T0 + 2 * HOUR)["use"]["logins"] == 0


def test_the_load_is_divided_by_who_was_at_work():
    ledger = Ledger()
    a, b, c = (ledger.open().id for _ in range(3))
    for id, by in ((a, "op1"), (b, "op2"), (c, "op2")):
        ledger.do("acknowledge", id, by=by)
    ledger.wait(3600)
    made = use(ledger)
    assert made.view(T0, T0 + HOUR)["use"] == {"boards": 0, "logins": 0, "people": 2, "deeds": 3}
    # six slots of the first hour with two at work, then one with nobody seen to work: one sits there all the same
    told = made.per_operator([4, 2, 0, 0, 0, 0, 12], T0)
    assert (told["worst"], told["operators"]) == (12.0, 1.86)
    assert told["mean"] == round((2 + 1 + 12) / 7, 3)
    assert (told["calm"]["k"], told["calm"]["n"], told["flood"]["k"]) == (5, 7, 1)


def test_what_the_house_does_by_itself_is_nobodys_work():
    ledger = Ledger()
    id = ledger.open().id
    ledger.note([draft("incident.resolved", id, T0, bodies.Resolved("confirmed", "x"), "engine")])
    assert use(ledger).view(T0, T0 + HOUR)["use"]["deeds"] == 0
