"""What each record does to the incident it is about: one step a kind, no rule in it.

A step gets the incident, the record and its typed body, and answers with the incident as it is after it. Everything
that had to be decided (state, priority, factors) stands in the record already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from stream import bodies, talk
from stream.eased import without
from stream.order import HYSTERESIS
from stream.schema import DetectionRef, Escalation, EscalationState, Incident, Priority, Record, State

Step = Callable[[Incident, Record, Any], Incident]
NEVER_BACK = ("sent_at", "delivered_at")


def opened(record: Record, body: bodies.Opened) -> Incident:
    """The incident as it begins."""
    return Incident(
        id=record.subject, kind=body.kind, domain=body.domain, subject=body.subject, state=State.new,
        priority=body.priority, score=body.score, factors=body.factors, revision=1,
        opened_at=body.since or record.at, updated_at=record.at, detections=body.detections, place=body.place,
        unplaced=body.place is None, annunciated=body.annunciated, marks=body.marks,
        text_ref=body.text_ref, stamps=body.stamps,
        order=body.score, new_at=record.at, called_at=record.at,
    )


def what_of(detection: DetectionRef) -> str:
    """What a reported detection was of; empty for rules that are of one thing."""
    return str(detection.evidence.get("what", ""))


def identity(one: DetectionRef) -> tuple[str, str, str, str]:
    """What makes two detections the same one again: rule, subject, what was reported, and by which source."""
    return one.rule, one.subject, what_of(one), one.source


def _with(marks: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return marks + tuple(mark for mark in more if mark not in marks)


def _join(old: tuple[DetectionRef, ...], new: DetectionRef) -> tuple[DetectionRef, ...]:
    """One detection more; the same one again is counted and takes over what is worse."""
    for at, one in enumerate(old):
        if identity(one) == identity(new):
            merged = replace(new, at=one.at, n=one.n + new.n, last_at=max(one.last_at, new.at, new.last_at))
            return (*old[:at], merged, *old[at + 1 :])
    return (*old, replace(new, last_at=max(new.last_at, new.at)))


def _attached(incident: Incident, record: Record, body: bodies.Attached) -> Incident:
    place = body.place or incident.place
    return replace(
        incident, detections=_join(incident.detections, body.detection), kind=body.kind, domain=body.domain,
        place=place, unplaced=place is None, held=_held(incident),
        marks=_with(without(incident.marks, body.detection.rule), body.marks),
    )


def _folded(incident: Incident, record: Record, body: bodies.Folded) -> Incident:
    detections = incident.detections
    for at, one in enumerate(detections):
        if identity(one) == (body.rule, body.subject, body.what, body.source):
            counted = replace(one, n=one.n + 1, last_at=max(one.last_at, body.at))
            detections = (*detections[:at], counted, *detections[at + 1 :])
            break
    marks = _with(without(incident.marks, body.rule), body.marks)
    return replace(incident, detections=detections, marks=marks, held=_held(incident))


def _held(incident: Incident) -> int:
    """One detection more that calls nobody, while it is shelved."""
    return incident.held + (incident.state == State.shelved)


def _scored(incident: Incident, record: Record, body: bodies.Scored | bodies.Changed) -> Incident:
    moved = body.priority != incident.priority or abs(body.score - incident.order) > HYSTERESIS
    if body.priority < incident.priority or (body.annunciated and not incident.annunciated):
        incident = replace(incident, call=0, called_at=record.at)
    return replace(
        incident, score=body.score, priority=body.priority, factors=body.factors, annunciated=body.annunciated,
        order=body.score if moved else incident.order,
    )


def _seen(incident: Incident, record: Record) -> dict[str, Any]:
    """The first deed of a person acknowledges."""
    if incident.acknowledged_at:
        return {}
    return {"acknowledged_at": record.at, "acknowledged_by": record.by}


def _acknowledged(incident: Incident, record: Record, body: bodies.Done) -> Incident:
    state = body.state or State.acknowledged
    return replace(incident, state=state, acknowledged_at=record.at, acknowledged_by=record.by)


def _unacknowledged(incident: Incident, record: Record, body: bodies.Done) -> Incident:
    return _back_to_new(incident, record)


def _back_to_new(incident: Incident, record: Record) -> Incident:
    return replace(incident, state=State.new, acknowledged_at=0, acknowledged_by=None, new_at=record.at,
                   call=0, called_at=record.at)


def _assigned(incident: Incident, record: Record, body: bodies.Assigned) -> Incident:
    state = incident.state if incident.state == State.escalated else State.in_progress
    return replace(incident, state=state, assigned_to=body.to, **_seen(incident, record))


def _checked(incident: Incident, record: Record, body: bodies.Checked) -> Incident:
    steps = tuple(sorted((set(incident.steps) | {body.step}) if body.done else (set(incident.steps) - {body.step})))
    state = State.in_progress if incident.state in (State.new, State.acknowledged) else incident.state
    answers = {step: said for step, said in incident.answers.items() if step != str(body.step)}
    if body.done and body.answer:
        answers[str(body.step)] = body.answer
    return replace(incident, steps=steps, answers=answers, state=state, **_seen(incident, record))


def _shelved(incident: Incident, record: Record, body: bodies.Shelved) -> Incident:
    return replace(
        incident, state=State.shelved, shelved_until=body.until, reason=body.reason, shelved_by=record.by,
        shelved_at=record.at, held=0, **_seen(incident, record))


def _returned(incident: Incident, record: Record, body: bodies.Returned) -> Incident:
    cleared = replace(incident, state=body.state, shelved_until=0, disposition="", reason="", resolved_at=0)
    return _back_to_new(cleared, record) if body.state == State.new else cleared


def _resolved(incident: Incident, record: Record, body: bodies.Resolved) -> Incident:
    return replace(
        incident, state=State.resolved, disposition=body.disposition, reason=body.reason, resolved_at=record.at,
        shelved_until=0, marks=_with(incident.marks, body.marks), **_seen(incident, record),
    )


def _merged(incident: Incident, record: Record, body: bodies.Merged) -> Incident:
    if body.into:
        return replace(incident, state=State.closed, merged_into=body.into)
    detections = incident.detections
    for detection in body.detections:
        detections = _join(detections, detection)
    if body.factors:
        scored = bodies.Scored(body.score, body.priority, body.factors, body.priority < Priority.P4)
        incident = _scored(incident, record, scored)
    if body.kind:
        place = body.place or incident.place
        incident = replace(incident, kind=body.kind, domain=body.domain, place=place, unplaced=place is None)
    return replace(incident, detections=detections)


def _split(incident: Incident, record: Record, body: bodies.Split) -> Incident:
    kept = tuple(one for at, one in enumerate(incident.detections) if at not in body.detections)
    return replace(incident, detections=kept, kind=body.kind, domain=body.domain)


def _contact(incident: Incident, record: Record, body: bodies.Contact) -> Incident:
    if body.outcome == "contacted" and "contact" not in incident.stamps:
        return replace(incident, stamps={**incident.stamps, "contact": record.at})
    return incident


def _requested(incident: Incident, record: Record, body: bodies.Requested) -> Incident:
    report = Escalation(
        agency=body.agency, generation=body.generation, key=body.key, state=EscalationState.requested,
        requested_at=record.at, by=record.by, send_at=body.send_at, updated_at=record.at, exercise=body.exercise,
    )
    others = tuple(one for one in incident.escalations if one.key != body.key)
    return replace(
        incident, state=body.state, escalations=(*others, report), shelved_until=0, **_seen(incident, record))


def _progress(incident: Incident, record: Record, body: bodies.Progress) -> Incident:
    """A report goes on; which moments it sets is told by the kind."""
    to = EscalationState(record.kind.removeprefix("escalation."))
    reports = tuple(_moved(one, to, record, body) if one.key == body.key else one for one in incident.escalations)
    return replace(incident, escalations=reports, state=body.state or incident.state)


def _moved(one: Escalation, to: EscalationState, record: Record, body: bodies.Progress) -> Escalation:
    stamps = {f"{to}_at": record.at} if f"{to}_at" in NEVER_BACK else {}
    return replace(
        one, state=to, updated_at=record.at, receipt=body.receipt or one.receipt, reason=body.reason,
        unit=body.unit or one.unit, eta_s=body.eta_s if body.eta_s is not None else one.eta_s,
        answered_at=body.answered_at or one.answered_at, hand=body.hand or one.hand, **stamps,
    )


STEPS: dict[str, Step] = {
    "incident.attached": _attached,
    "incident.folded": _folded,
    "incident.marked": lambda incident, record, body: replace(incident, marks=_with(incident.marks, body.marks)),
    "incident.scored": _scored,
    "incident.acknowledged": _acknowledged,
    "incident.unacknowledged": _unacknowledged,
    "incident.assigned": _assigned,
    "incident.transferred": _assigned,
    "incident.noted": lambda incident, record, body: replace(incident, notes=incident.notes + 1),
    "incident.checked": _checked,
    "incident.shelved": _shelved,
    "incident.unshelved": _returned,
    "incident.resolved": _resolved,
    "incident.reopened": _returned,
    "incident.closed": lambda incident, record, body: replace(incident, state=State.closed),
    "incident.merged": _merged,
    "incident.split": _split,
    "incident.priority_changed": _scored,
    "incident.returned": _returned,
    "incident.unattended": lambda incident, record, body: replace(incident, call=body.level),
    "incident.contact": _contact,
    "incident.eased": lambda incident, record, body: replace(incident, marks=_with(incident.marks, (body.mark,))),
    "talk.said": talk.said,
    "talk.read": talk.heard,
    "escalation.requested": _requested,
    **{f"escalation.{state}": _progress for state in EscalationState if state != EscalationState.requested},
}
