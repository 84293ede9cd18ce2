"""The desk: what a person asks becomes records, or a clear no. Every verb is a row of ``TRANSITIONS``.

``decide`` looks in this order: is there such an incident and verb; is the report made already (who and when is the
answer 49 of 50 operators get); did the person see what is true now (``stale``); may it be done in this state; are the
arguments right. What happens by itself (shelving ends, an answer does not come) is ``tick``.
"""

from __future__ import annotations

from typing import Any

from stream import agency, judge, regroup, verbs
from stream.ask import OPEN, Ask, PlaceOf, Verb, nowhere
from stream.board import Board
from stream.bodies import Closed, Noted, Returned, Unattended
from stream.kinds import draft
from stream.reports import progress
from stream.schema import US, Command, Draft, EscalationState, Place, Refusal, State
from stream.settings import Settings
from stream.unattended import TO, level

ACTIVE_WORK = (State.acknowledged, State.in_progress, State.escalated)
REASONED = ("transfer", "shelve", "resolve", "reopen", "change_priority")  # a reason in words comes as ``text_ref``
NOT_CLOSED = (*OPEN, State.resolved)
EXPIRE_S = 1800  # a notice (P4) that nobody touched and nothing joined for so long leaves the queue by itself

TRANSITIONS: dict[str, Verb] = {
    "acknowledge": Verb((State.new,), verbs.acknowledge),
    "unacknowledge": Verb((State.acknowledged, State.in_progress), verbs.unacknowledge),
    "assign": Verb((State.new, *ACTIVE_WORK), verbs.assign),
    "transfer": Verb(ACTIVE_WORK, verbs.transfer),
    "note": Verb(NOT_CLOSED, verbs.note),
    "check": Verb((State.new, *ACTIVE_WORK), verbs.check),
    "shelve": Verb((State.new, State.acknowledged, State.in_progress), verbs.shelve),
    "unshelve": Verb((State.shelved,), verbs.unshelve),
    "escalate": Verb(OPEN, verbs.escalate),
    "cancel_escalation": Verb(OPEN, verbs.cancel_escalation),
    "resolve": Verb(OPEN, verbs.resolve),
    "reopen": Verb((State.resolved, State.closed), verbs.reopen),
    "merge": Verb(OPEN, regroup.merge),
    "split": Verb(OPEN, regroup.split),
    "change_priority": Verb(OPEN, judge.change_priority),
    **{verb: Verb(tuple(State), agency.answer) for verb in agency.ANSWERS},  # a unit is on its way whatever we closed
    "message": Verb(tuple(State), agency.message),
    "read": Verb(tuple(State), agency.read),
}


def decide(
    board: Board, command: Command, now: int, settings: Settings, place_of: PlaceOf = nowhere
) -> list[Draft] | Refusal:
    """The records of a command, or why not. Changes nothing."""
    incident, verb = board.get(command.incident), TRANSITIONS.get(command.verb)
    if incident is None:
        return Refusal("not_found", command.incident)
    if verb is None:
        return Refusal("unknown_verb", command.verb)
    ask = Ask(board, incident, command, now, settings, place_of)
    if command.verb == "escalate" and (told := verbs.already_reported(ask)):
        return told
    if command.revision is not None and command.revision != incident.revision:
        return Refusal("stale", str(incident.revision))
    if incident.merged_into and command.verb not in agency.VERBS:
        return Refusal("merged", incident.merged_into)
    if incident.state not in verb.states:
        return Refusal("wrong_state", incident.state)
    drafts = verb.deed(ask)
    said = ask.arg("text_ref") if command.verb in REASONED else None
    return [*drafts, ask.record("incident.noted", Noted(said))] if said and isinstance(drafts, list) else drafts


def open_by_hand(
    board: Board, args: dict[str, Any], by: str, now: int, place: Place | None
) -> list[Draft] | Refusal:
    """An incident that a person opens: a phone call, a glance at a camera. See ``judge.open_by_hand``."""
    return judge.open_by_hand(board, args, by, now, place)


def tick(board: Board, now: int, settings: Settings) -> list[Draft]:
    """What is due by itself at ``now``: reports without an answer, shelving that ends, old verdicts and notices, and
    who is called next for what nobody looks at."""
    reports, verdicts = _unanswered(board, now, settings), _settled(board, now, settings)
    return [*reports, *_shelved(board, now), *verdicts, *_expired(board, now), *_unattended(board, now)]


def _unanswered(board: Board, now: int, settings: Settings) -> list[Draft]:
    """Sent, and neither accepted nor rejected in time: unknown, so that somebody takes the phone.

    A receipt that came after that time was up has its own time: else it would be unknown again within a second.
    """
    drafts, patience = [], settings.unknown_s * US
    for key in list(board.moving):
        found = board.report(key)
        if not found or not found[1].sent_at:
            continue
        sent, delivered = found[1].sent_at, found[1].delivered_at
        if now - (delivered if delivered - sent >= patience else sent) >= patience:
            drafts.append(progress(*found, EscalationState.unknown, now, "engine", "timer"))
    return [d for d in drafts if d]


def _shelved(board: Board, now: int) -> list[Draft]:
    body = Returned(State.new, "ended")
    due = [id for id, until in board.shelved.items() if until <= now]
    return [draft("incident.unshelved", id, now, body, "engine", "timer") for id in due]


def _settled(board: Board, now: int, settings: Settings) -> list[Draft]:
    """Resolved long enough ago: closed. The table is in the order of the verdicts: the look ends at one that stays."""
    drafts: list[Draft] = []
    for id, at in board.resolved.items():
        if now - at < settings.close_h * 3600 * US:
            break
        drafts.append(draft("incident.closed", id, now, Closed("settled"), "engine", "timer"))
    return drafts


def _unattended(board: Board, now: int) -> list[Draft]:
    """The next level of what nobody looks at; one that was overlooked for long goes to its level at once."""
    reached = [(id, level(incident, now)) for id in board.unattended.due(now) if (incident := board.get(id))]
    return [draft("incident.unattended", id, now, Unattended(n, TO[n]), "engine", "timer") for id, n in reached]


def _expired(board: Board, now: int) -> list[Draft]:
    """Notices nobody had to look at; the table is in the order of their last touch."""
    drafts: list[Draft] = []
    for id, at in board.notices.items():
        if now - at < EXPIRE_S * US:
            break
        drafts.append(draft("incident.closed", id, now, Closed("expired"), "engine", "timer"))
    return drafts
