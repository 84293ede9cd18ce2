"""Routes of the algorithm register: every rule with its results and change log; changing a threshold by two people."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as Late
from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response

from console.access import seat
from console.api import Api, body_as, reply
from console.deeds import STATUS, TEXT_MAX
from console.problems import Problem
from console.shapes import Done
from console.views import ms
from stream.proposals import Proposal
from stream.ruling import Ruled
from stream.schema import Record, Refusal

WAIT_S = 5.0
PURPOSE = "rule"
Code = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,40}$")]


class ProposalIn(msgspec.Struct, forbid_unknown_fields=True):
    """Other thresholds for a rule: ``to`` by name, why as a code, more in words."""

    to: dict[str, int | float]
    reason: Code
    text: Annotated[str, msgspec.Meta(max_length=TEXT_MAX)] = ""


class RejectIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is not approved, as a code."""

    reason: Code


class TrialIn(msgspec.Struct, forbid_unknown_fields=True):
    """On how many of the last hours it is tried."""

    hours: Literal[1, 6, 24, 72] = 6


class Proposed(msgspec.Struct):
    """The number of a proposal."""

    proposal: int


class RuleNow(msgspec.Struct):
    """A rule's version, and since when it is in force."""

    version: int
    at_ms: int


def proposal_row(api: Api, one: Proposal) -> dict[str, Any]:
    """A proposal as it goes out, its text from the vault."""
    told = msgspec.structs.asdict(one)
    ref, at, decided_at = told.pop("text_ref"), told.pop("at"), told.pop("decided_at")
    text = api.house.vault.open(ref) if ref else ""
    trial = api.house.trials.of(one.n) if api.house.trials and one.state == "pending" else None
    tried = {"trial": trial, "tried": api.house.trials is not None}
    return told | tried | {"text": text or "", "at_ms": ms(at), "decided_ms": ms(decided_at)}


def rule_rows(api: Api) -> list[dict[str, Any]]:
    """The register: what each rule is, its change log (newest first), how often its alarms were false so far."""
    known, false = api.house.board.proposals, api.house.kpi.false_alarms()["by_rule"]
    return [
        {**rule, "log": [proposal_row(api, one) for one in reversed(known.of(str(rule["id"])))],
         "result": false.get(rule["id"])}
        for rule in api.house.rules()
    ]  # fmt: skip


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("rules", __name__, url_prefix="/api/v1/rules")

    def ask(verb: str, args: dict[str, Any]) -> Record:
        try:
            answer: Sequence[Record] | Refusal = api.house.rule(Ruled(verb, args, seat().user)).result(WAIT_S)
        except Late:
            raise Problem(503, headers={"Retry-After": "1"}) from None
        if isinstance(answer, Refusal):
            raise Problem(STATUS.get(answer.code, 422), answer.code, answer.detail)
        return answer[0]

    def try_out(n: int, hours: int) -> None:
        one = api.house.board.proposals.get(n)
        if api.house.trials and one:
            api.house.trials.begin(n, one.rule, one.to, hours)

    @routes.get("")
    def rules() -> Response:
        return reply({"items": rule_rows(api), "next": None})

    @routes.get("/proposals")
    def waiting() -> Response:
        rows = [proposal_row(api, one) for one in api.house.board.proposals.pending()]
        return reply({"items": rows, "next": None})

    @routes.post("/<rule>/proposals")
    def propose(rule: str) -> Response:
        asked = body_as(ProposalIn)
        args: dict[str, Any] = {"rule": rule, "to": asked.to, "reason": asked.reason}
        if asked.text.strip():
            args["text_ref"] = api.house.vault.seal(f"rule:{rule}"[:100], asked.text.strip(), PURPOSE)
        made = ask("propose", args)
        try_out(made.seq, TrialIn().hours)
        return reply({"proposal": made.seq}, 201)

    @routes.post("/proposals/<int:n>/trial")
    def trial(n: int) -> Response:
        if (one := api.house.board.proposals.get(n)) is None or one.state != "pending":
            raise Problem(404)
        try_out(n, body_as(TrialIn).hours)
        return reply(Done(True), 202)

    @routes.post("/proposals/<int:n>/approve")
    def approve(n: int) -> Response:
        known = api.house.board.proposals.get(n)
        own = known is not None and known.by == seat().user  # it is told so by the decision itself
        if api.house.trials and known and known.state == "pending" and not own and not api.house.trials.shown(n):
            raise Problem(422, "trial_needed")
        record = ask("approve", {"proposal": n})
        return reply({"version": record.body["version"], "at_ms": ms(record.at)})

    @routes.post("/proposals/<int:n>/reject")
    def reject(n: int) -> Response:
        ask("reject", {"proposal": n, "reason": body_as(RejectIn).reason})
        return reply({"ok": True})

    return routes
