"""The rules in force: what people changed of them while the console runs, and from which turn on.

A change is proposed by one person and approved by another; the approval is the record ``rule.changed``, and the loop
takes it up at the beginning of that turn, before its events are judged. The record names the last turn before it, so a
restart and a re-run of the tape take it up at the very same place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog

from stream import bodies
from stream.ask import code_of
from stream.kinds import body_of, draft
from stream.proposals import Misfit, Proposal, Proposals
from stream.schema import Draft, Record, Refusal

LOG = structlog.get_logger("ruling")
Table = Any
Change = Callable[[Table, str, Mapping[str, Any], int], Table]  # cep.ruling.changed; raises Misfit


class Judge(Protocol):
    """As much of the engine (and of fusing) as a change needs."""

    def use(self, rules: Table, now: int) -> None: ...


class Engine(Judge, Protocol):
    """The engine can also begin anew, before the memory of a checkpoint is put into it."""

    def begin(self, rules: Table) -> None: ...


class Ruled(msgspec.Struct, frozen=True):
    """What a person asks about the rules: ``verb`` propose, approve or reject."""

    verb: str
    args: dict[str, Any]
    by: str


class Step(NamedTuple):
    """One change: after which turn, at which moment (µs), and all rules from then on."""

    turn: int
    at: int
    table: Table


class Ruling:
    """The tables of rules one after another. ``at``: how many of the changes the engine has taken up."""

    def __init__(self, base: Table = None, change: Change | None = None, engine: Engine | None = None,
                 others: Sequence[Judge] = ()) -> None:
        self._base, self._change, self._engine, self._others = base, change, engine, others
        self._steps: list[Step] = []
        self.at = 0

    @property
    def table(self) -> Table:
        """The rules in force."""
        return self._table(len(self._steps))

    def _table(self, n: int) -> Table:
        return self._steps[n - 1].table if n else self._base

    def hear(self, record: Record) -> None:
        """Know a change; it is taken up by ``go``. One that no longer fits the rule files is said and passed over."""
        if record.kind != "rule.changed" or self._change is None:
            return
        body: bodies.RuleChanged = body_of(record.kind, record.body)
        try:
            table = self._change(self.table, record.subject, body.to, body.version)
        except Misfit as misfit:
            LOG.error("rule.unfit", seq=record.seq, rule=record.subject, why=str(misfit))
            return
        self._steps.append(Step(body.turn, record.noted_at, table))

    def go(self, turn: int | None = None) -> None:
        """Take up what was changed before this turn (None: everything)."""
        until = len(self._steps) if turn is None else self.before(turn)
        for step in self._steps[self.at : until]:
            for judge in (self._engine, *self._others):
                if judge is not None:
                    judge.use(step.table, step.at)
        self.at = max(self.at, until)

    def before(self, turn: int) -> int:
        """How many changes came before this turn."""
        return bisect_left(self._steps, turn, key=lambda step: step.turn)

    def back(self, at: int) -> None:
        """Put the engine to the rules after ``at`` changes, with an empty memory that a checkpoint is to fill."""
        if at != self.at and self._engine is not None:
            self._engine.begin(self._table(at))
            self.at = at

    def decide(self, ask: Ruled, known: Proposals, now: int, turn: int) -> list[Draft] | Refusal:
        """The record of what a person asks, or a clear no. ``turn`` is the last one before this."""
        if ask.verb == "propose":
            return self._propose(ask, known, now)
        found = known.get(ask.args["proposal"]) if type(ask.args.get("proposal")) is int else None
        if found is None:
            return Refusal("not_found", str(ask.args.get("proposal"))[:20])
        if found.state != "pending":
            return Refusal("wrong_state", found.state)
        return self._approve(ask, found, now, turn) if ask.verb == "approve" else self._reject(ask, found, now)

    def _propose(self, ask: Ruled, known: Proposals, now: int) -> list[Draft] | Refusal:
        id, to, reason = str(ask.args.get("rule", "")), ask.args.get("to"), ask.args.get("reason")
        if not isinstance(to, dict) or code_of(reason) is None:
            return Refusal("bad_args", "reason" if isinstance(to, dict) else "to")
        new = self._try(id, to, 0)
        if isinstance(new, Refusal):
            return new
        if known.pending(id):
            return Refusal("already_proposed", id)
        was = self.table.get(id)
        told = {name: new.get(id).thresholds[name] for name in to}
        body = bodies.RuleProposed(told, {name: was.thresholds[name] for name in to}, was.version, str(reason),
                                   ask.args.get("text_ref") or "")
        return [draft("rule.proposed", id, now, body, ask.by)]

    def _approve(self, ask: Ruled, found: Proposal, now: int, turn: int) -> list[Draft] | Refusal:
        if ask.by == found.by:
            return Refusal("own_proposal", ask.by)
        was = self.table.get(found.rule)
        if was is None or was.version != found.version:
            return Refusal("stale", found.rule)
        new = self._try(found.rule, found.to, 0)
        if isinstance(new, Refusal):
            return new
        body = bodies.RuleChanged(found.n, found.to, found.was, new.get(found.rule).version, turn)
        return [draft("rule.changed", found.rule, now, body, ask.by, f"record:{found.n}")]

    def _reject(self, ask: Ruled, found: Proposal, now: int) -> list[Draft] | Refusal:
        if (reason := code_of(ask.args.get("reason"))) is None:
            return Refusal("bad_args", "reason")
        body = bodies.RuleRejected(found.n, reason)
        return [draft("rule.rejected", found.rule, now, body, ask.by, f"record:{found.n}")]

    def _try(self, id: str, to: dict[str, Any], version: int) -> Table | Refusal:
        if self._change is None:
            return Refusal("unknown_rule", id[:64])
        try:
            return self._change(self.table, id, to, version)
        except Misfit as misfit:
            return Refusal(misfit.code, " ".join(filter(None, (misfit.field, misfit.allowed)))[:200])
