"""Merging and splitting incidents by hand."""

from __future__ import annotations

from stream import bodies
from stream.ask import Ask
from stream.schema import DetectionRef, Draft, EscalationState, Priority, Refusal, State


def merge(ask: Ask) -> list[Draft] | Refusal:
    """This one is part of ``into``: its detections go there. One that was reported is never swallowed.

    The graver of the two says what it is and where: 119 would be sent to the other's place else. What a P1 is put into
    is not put aside any more (SAFETY I6).
    """
    target = ask.board.get(str(ask.arg("into", "")))
    if target is None or target.id == ask.incident.id or not target.is_open:
        return Refusal("cannot_merge", "into")
    if any(e.state != EscalationState.cancelled for e in ask.incident.escalations):
        return Refusal("cannot_merge", "reported")
    mine = ask.incident
    higher = mine.score > target.score
    over = bodies.Merged(
        absorbed=mine.id, detections=mine.detections, score=mine.score if higher else 0,
        priority=mine.priority if higher else 0, factors=mine.factors if higher else (),
        kind=mine.kind if higher else "", domain=mine.domain if higher else "", place=mine.place if higher else None)
    hidden = target.state == State.shelved and mine.priority == Priority.P1
    return [
        ask.record("incident.merged", bodies.Merged(into=target.id)),
        ask.record("incident.merged", over, target.id),
        *([ask.record("incident.unshelved", bodies.Returned(State.new, "worse"), target.id)] if hidden else ()),
    ]


def split(ask: Ask) -> list[Draft] | Refusal:
    """The detections at these positions (from 0) become an incident of their own, as urgent as this one, where the
    first of them was and since it was."""
    mine, chosen = ask.incident, ask.arg("detections")
    good = isinstance(chosen, list) and all(isinstance(n, int) and not isinstance(n, bool) for n in chosen)
    if not good or not 0 < len(set(chosen)) < len(mine.detections):
        return Refusal("cannot_split", "detections")
    if not all(0 <= n < len(mine.detections) for n in chosen):
        return Refusal("cannot_split", "detections")
    positions = tuple(sorted(set(chosen)))
    gone = tuple(mine.detections[n] for n in positions)
    kept = tuple(d for n, d in enumerate(mine.detections) if n not in positions)
    id = ask.board.next_id(ask.now)
    first = min(gone, key=lambda d: d.at)
    place = mine.place if first.subject == mine.subject else ask.place_of(first.subject) or mine.place
    opened = bodies.Opened(
        leading(gone), mine.domain, first.subject, mine.priority, mine.score, mine.factors, gone, place,
        mine.annunciated, mine.marks, stamps=mine.stamps, split_from=mine.id, since=first.at)
    return [
        ask.record("incident.split", bodies.Split(id, positions, leading(kept), mine.domain)),
        ask.record("incident.opened", opened, id),
    ]


def leading(detections: tuple[DetectionRef, ...]) -> str:
    """The kind an incident of these detections has: what the gravest, first of them is of."""
    worst = max(detections, key=lambda d: (d.severity, -d.at))
    return str(worst.evidence.get("what", worst.rule))
