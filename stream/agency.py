"""The deeds of an agency's liaison on a report that was handed over, and the messages between the two rooms.

The same state machine answers the agency's own system (``stream/heard.py``) and its liaison at the screen: a report
never goes back, whoever speaks. What a role is not the liaison of, it cannot answer for.
"""

from __future__ import annotations

from stream.ask import Ask, code_of
from stream.bodies import Heard, Said
from stream.reports import progress
from stream.schema import Draft, Escalation, EscalationState, Incident, Refusal
from stream.talk import DESK, ROOM, talk_of

LIAISONS = {"liaison_112": "112", "liaison_119": "119"}
NOT_HANDED = (EscalationState.requested, EscalationState.cancelled)  # nothing has left the house
WORD = 80  # letters of a unit's name that are kept
ETA_MAX_S = 4 * 3600.0
MORE = ("address", "people", "hazard", "access", "contact", "other")  # what an agency asks more of
ANSWERS = {
    "accept": EscalationState.accepted, "reject": EscalationState.rejected, "dispatch": EscalationState.dispatched,
    "arrive": EscalationState.arrived, "close": EscalationState.closed,
}
VERBS = (*ANSWERS, "message", "read")


def handed(incident: Incident, agency: str) -> Escalation | None:
    """The latest report to this agency that has left the house, None when nothing was handed over."""
    left = [e for e in incident.escalations if e.agency == agency and e.state not in NOT_HANDED]
    return max(left, key=lambda e: e.generation, default=None)


def answer(ask: Ask) -> list[Draft] | Refusal:
    """The liaison's word on the report: ``reason`` code (reject, close), ``unit`` and ``eta_s`` (dispatch)."""
    agency = LIAISONS.get(ask.command.role, "")
    report = handed(ask.incident, agency)
    if report is None:
        return Refusal("not_reported", agency)
    to, reason = ANSWERS[ask.command.verb], ask.arg("reason", "")
    unit, eta_s = ask.arg("unit", ""), ask.arg("eta_s")
    needed = to in (EscalationState.rejected, EscalationState.closed)
    if (needed or reason) and code_of(reason) is None:
        return Refusal("bad_args", "reason")
    if not isinstance(unit, str) or len(unit) > WORD:
        return Refusal("bad_args", "unit")
    if eta_s is not None and (type(eta_s) not in (int, float) or not 0 <= eta_s <= ETA_MAX_S):
        return Refusal("bad_args", "eta_s")
    cause = f"command:{ask.command.id}"
    moved = progress(ask.incident, report, to, ask.now, ask.command.by, cause, reason=reason, unit=unit.strip(),
                     eta_s=eta_s, answered_at=max(ask.now, report.answered_at + 1), hand=True)
    if moved is None:
        return Refusal("wrong_state", report.state)
    said = ask.arg("text_ref")
    return [moved, ask.record("talk.said", Said(agency, DESK, said))] if said else [moved]


def message(ask: Ask) -> list[Draft] | Refusal:
    """A message to the other room: its text sealed (``text_ref``); an agency may ask for ``more`` by a code instead."""
    agency, side = _side(ask)
    if handed(ask.incident, agency) is None:
        return Refusal("not_reported", agency)
    ref, more = ask.arg("text_ref"), ask.arg("more", "")
    if more and (more not in MORE or side == ROOM):
        return Refusal("bad_args", "more")
    if not more and (not isinstance(ref, str) or not ref):
        return Refusal("bad_args", "text")
    return [ask.record("talk.said", Said(agency, side, ref or "", more))]


def read(ask: Ask) -> list[Draft] | Refusal:
    """The first ``n`` messages of the other room have been read; ``settled`` (ours only): they need no answer."""
    agency, side = _side(ask)
    talk = talk_of(ask.incident, agency)
    n = ask.arg("n")
    sent, known = (talk.desk, talk.room_read) if side == ROOM else (talk.room, talk.desk_read)
    if type(n) is not int or not 0 < n <= sent:
        return Refusal("bad_args", "n")
    if ask.arg("settled", False) is True and side == ROOM:
        return [ask.record("talk.read", Heard(agency, side, n, True))] if talk.waits else Refusal("unchanged", str(n))
    return [ask.record("talk.read", Heard(agency, side, n))] if n > known else Refusal("unchanged", str(n))


def _side(ask: Ask) -> tuple[str, str]:
    """Which agency's talk, and which side speaks: a liaison only ever for their own."""
    own = LIAISONS.get(ask.command.role)
    return (own, DESK) if own else (str(ask.arg("agency", "")), ROOM)


def overruled(report: Escalation) -> bool:
    """Whether a machine's word comes too late: the liaison has said no by hand, and only a person takes that back."""
    return report.hand and report.state == EscalationState.rejected

