"""The life of one report to 112 or 119: which state may follow which, and its idempotency key.

Never back, never green without the agency's word. ``accepted`` after ``unknown`` is good news that came late; of
``accepted`` and ``rejected`` the agency's later word counts.
"""

from __future__ import annotations

from hashlib import sha256

from stream import kinds
from stream.bodies import Progress
from stream.schema import Draft, Escalation, EscalationState, Incident, State

S = EscalationState
ANSWERS = (S.accepted, S.rejected, S.dispatched, S.arrived, S.closed)
NEXT: dict[EscalationState, tuple[EscalationState, ...]] = {
    S.requested: (S.sent, S.cancelled, S.unknown),
    S.sent: (S.delivered, *ANSWERS, S.unknown),
    S.delivered: (*ANSWERS, S.unknown),
    S.unknown: (S.delivered, *ANSWERS),
    S.accepted: (S.rejected, S.dispatched, S.arrived, S.closed),
    S.rejected: (S.accepted, S.dispatched, S.arrived, S.closed),
    S.dispatched: (S.rejected, S.arrived, S.closed),
    S.arrived: (S.closed,),
    S.closed: (),
    S.cancelled: (),
}
LATER_WORD = (S.accepted, S.rejected, S.dispatched)  # between these the agency's own time decides
ACTIVE = (S.requested, S.sent, S.delivered, S.accepted, S.dispatched, S.arrived, S.unknown)
ENDED = (S.rejected, S.closed, S.cancelled)


def key_of(incident: str, agency: str, generation: int) -> str:
    """The idempotency key of a report (CONTRACT 4): hex SHA-256 of incident, agency and generation, a line each."""
    return sha256(f"{incident}\n{agency}\n{generation}".encode()).hexdigest()


def last_report(incident: Incident, agency: str) -> Escalation | None:
    """The latest report of this incident to the agency."""
    return max((e for e in incident.escalations if e.agency == agency), key=lambda e: e.generation, default=None)


def progress(incident: Incident, report: Escalation, to: EscalationState, at: int, by: str, cause: str, *,
             receipt: str = "", reason: str = "", unit: str = "", eta_s: float | None = None,
             answered_at: int = 0, hand: bool = False) -> Draft | None:
    """The record that moves the report on, None when it would go back or say nothing new.

    When the last report of an escalated incident ends, the work is back with the control room (``in_progress``).
    """
    was = S(report.state)
    if to not in NEXT[was]:
        return None
    if to in LATER_WORD and was in LATER_WORD and answered_at <= report.answered_at and S.rejected in (to, was):
        return None
    others = any(e.state in ACTIVE for e in incident.escalations if e.key != report.key)
    back = incident.state == State.escalated and to in ENDED and not others
    body = Progress(report.agency, report.generation, report.key, receipt, reason, unit, eta_s, answered_at,
                    State.in_progress if back else "", hand)
    return kinds.draft(f"escalation.{to}", incident.id, at, body, by, cause)
