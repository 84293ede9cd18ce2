"""When an incident that somebody has seen comes back to new: it got worse, or a new P1 joined it (SAFETY I6).

A P1 is never hidden by folding: another P1-grade detection (another rule, source or pair of people, or the same after a
quiet time) annunciates again, whatever was acknowledged before. The same alarm that just goes on does not.
"""

from __future__ import annotations

from cep.threat import grade
from stream.schema import US, DetectionRef, Incident, Priority, State

AGAIN_S = 600  # the same P1 alarm after so much quiet is a new one
JUDGED_S = 60  # an alarm that still sounds this long after its verdict comes back; sooner, it is the one judged
SEEN = (State.acknowledged, State.shelved, State.resolved)


def comes_back(incident: Incident, ref: DetectionRef, known: DetectionRef | None, priority: Priority) -> str:
    """Why it returns to new: ``worse`` or ``again``; empty when it stays. ``known`` is the same detection before."""
    if incident.state == State.new:
        return ""
    if priority < incident.priority and (priority == Priority.P1 or incident.state in SEEN):
        return "worse"
    judged = incident.state == State.resolved and ref.at - incident.resolved_at >= JUDGED_S * US
    if another_p1(ref, known) or (judged and grade(ref)[0]):
        return "again"
    if incident.state in SEEN and (known is None or grade(ref) > grade(known)) and _gravest(ref, incident):
        return "worse"
    return ""


def another_p1(ref: DetectionRef, known: DetectionRef | None) -> bool:
    """A P1 that is not just the one before (``known``) going on."""
    if not grade(ref)[0]:
        return False
    if known is None or not grade(known)[0]:
        return True
    pair = [(d.evidence.get("vehicle"), d.evidence.get("person")) for d in (ref, known)]
    return pair[0] != pair[1] or ref.at - max(known.at, known.last_at) >= AGAIN_S * US


def _gravest(ref: DetectionRef, incident: Incident) -> bool:
    return all(grade(ref) > grade(d) for d in incident.detections)
