"""What was proposed about the rules, and what became of it."""

from stream import bodies
from stream.kinds import draft
from stream.proposals import Proposals
from stream.schema import Record


def record(seq: int, kind: str, body: object, by: str, at: int = 5) -> Record:
    made = draft(kind, "speeding", at, body, by)
    return Record(seq, made.at, made.at, made.kind, made.subject, made.by, made.cause, made.body, "")


def test_a_proposal_waits_until_a_second_person_decides() -> None:
    known = Proposals()
    proposed = bodies.RuleProposed({"margin_kph": 3.0}, {"margin_kph": 5.0}, 1, "season")
    for n in (7, 9):
        known.apply(record(n, "rule.proposed", proposed, "sup1"))
    other = known.copy()
    changed = bodies.RuleChanged(7, {"margin_kph": 3.0}, {"margin_kph": 5.0}, 2, 44)
    known.apply(record(10, "rule.changed", changed, "sup2", 8))
    known.apply(record(11, "rule.rejected", bodies.RuleRejected(9, "other"), "admin1", 9))
    known.apply(record(12, "rule.rejected", bodies.RuleRejected(99, "other"), "admin1", 9))  # of nothing: no harm
    first, second = known.of("speeding")
    assert (first.state, first.decided_by, first.decided_at, first.made, first.by) == ("changed", "sup2", 8, 2, "sup1")
    assert (second.state, second.decided_by, second.decided_reason) == ("rejected", "admin1", "other")
    assert known.pending() == [] and [p.n for p in other.pending("speeding")] == [7, 9] and not other.pending("sos")
    assert known.get(7) == first and known.get(8) is None
