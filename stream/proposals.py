"""Changes of thresholds that were proposed, and what became of each. A fold of ``rule.proposed/changed/rejected``."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from stream import bodies
from stream.kinds import body_of
from stream.schema import Record


class Misfit(Exception):
    """A change that cannot be taken: a refusal code, the threshold, and the numbers that are allowed."""

    def __init__(self, code: str, field: str = "", allowed: str = "") -> None:
        super().__init__(f"{code} {field} {allowed}".strip())
        self.code, self.field, self.allowed = code, field, allowed


class Proposal(msgspec.Struct, frozen=True):
    """One proposal: ``n`` is the number of its record, ``version`` that of the rule it is about; state pending, changed
    or rejected. Times in µs; ``made`` is the version that it made."""

    n: int
    rule: str
    to: dict[str, Any]
    was: dict[str, Any]
    version: int
    reason: str
    by: str
    at: int
    text_ref: str = ""
    state: str = "pending"
    decided_by: str = ""
    decided_at: int = 0
    decided_reason: str = ""
    made: int = 0


class Proposals:
    """All proposals, oldest first."""

    def __init__(self) -> None:
        self._rows: dict[int, Proposal] = {}

    def get(self, n: int) -> Proposal | None:
        """The proposal of this number."""
        return self._rows.get(n)

    def pending(self, rule: str | None = None) -> list[Proposal]:
        """Those that wait for a second person, of one rule or of all."""
        rows = list(self._rows.values())
        return [row for row in rows if row.state == "pending" and rule in (None, row.rule)]

    def of(self, rule: str) -> list[Proposal]:
        """All proposals about a rule: its change log."""
        return [row for row in list(self._rows.values()) if row.rule == rule]

    def apply(self, record: Record) -> None:
        """Take one record in."""
        body = body_of(record.kind, record.body)
        if isinstance(body, bodies.RuleProposed):
            self._rows[record.seq] = Proposal(record.seq, record.subject, body.to, body.was, body.version, body.reason,
                                              record.by, record.at, body.text_ref)
        elif isinstance(body, bodies.RuleChanged | bodies.RuleRejected) and (row := self._rows.get(body.proposal)):
            changed = isinstance(body, bodies.RuleChanged)
            self._rows[row.n] = replace(
                row, state="changed" if changed else "rejected", decided_by=record.by, decided_at=record.at,
                decided_reason="" if isinstance(body, bodies.RuleChanged) else body.reason,
                made=body.version if isinstance(body, bodies.RuleChanged) else 0)  # fmt: skip

    def copy(self) -> Proposals:
        """The same, for another writer."""
        other = Proposals()
        other._rows = dict(self._rows)
        return other
