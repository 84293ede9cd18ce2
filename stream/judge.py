"""A person's own judgement: another priority, or an incident that no sensor saw."""

from __future__ import annotations

from typing import Any

from stream import bodies
from stream.ask import CODE, Ask, code_of
from stream.board import Board
from stream.kinds import draft
from stream.schema import Draft, Factor, Place, Priority, Refusal

POINTS = {Priority.P1: 70, Priority.P2: 45, Priority.P3: 25, Priority.P4: 0}  # lowest score of a priority (DESIGN 6)
# What can be opened by hand and how urgent it is unless the person says otherwise: life first (112's codes 0 and 1).
HAND_KINDS: dict[str, tuple[str, Priority]] = {
    "fire_smoke": ("road", Priority.P1),
    "assault": ("road", Priority.P1),
    "collision": ("road", Priority.P1),
    "sos": ("person", Priority.P1),
    "fall": ("road", Priority.P2),
    "missing_person": ("person", Priority.P2),
    "self_harm": ("welfare", Priority.P1),
    "welfare_urgent": ("welfare", Priority.P2),
    "obstruction": ("road", Priority.P3),
    "illegal_parking": ("road", Priority.P3),
    "crowd": ("road", Priority.P3),
    "loitering": ("road", Priority.P3),
    "other": ("other", Priority.P3),
}

def priority_of(value: object) -> Priority | None:
    """``P1`` … ``P4`` or 1 … 4 as a priority."""
    names: dict[object, Priority] = {p.name: p for p in Priority} | {int(p): p for p in Priority}
    return names.get(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def operator_factor(factors: tuple[Factor, ...], priority: Priority, why: str) -> tuple[int, tuple[Factor, ...]]:
    """Score and factors with a factor ``operator`` whose points carry the sum into this priority."""
    rest = tuple(f for f in factors if f.name != "operator")
    score = sum(f.points for f in rest)
    most = 100 if priority == Priority.P1 else POINTS[Priority(priority - 1)] - 1
    wanted = min(max(score, POINTS[priority]), most)
    own = (Factor("operator", wanted - score, why),) if wanted != score else ()
    return wanted, rest + own


def change_priority(ask: Ask) -> list[Draft] | Refusal:
    """A person sees it otherwise: ``priority`` and a ``reason`` code."""
    priority, reason = priority_of(ask.arg("priority")), code_of(ask.arg("reason"))
    if priority is None:
        return Refusal("bad_args", "priority")
    if reason is None:
        return Refusal("bad_args", "reason")
    if priority == ask.incident.priority:
        return Refusal("unchanged", priority.name)
    score, factors = operator_factor(ask.incident.factors, priority, "operator")
    body = bodies.Changed(priority, score, factors, reason, priority < Priority.P4)
    return [ask.record("incident.priority_changed", body)]


def open_by_hand(
    board: Board, args: dict[str, Any], by: str, now: int, place: Place | None
) -> list[Draft] | Refusal:
    """``kind`` (HAND_KINDS or another code), a place, ``subject`` or ``text_ref`` (sealed), ``priority`` if wished."""
    kind, subject = args.get("kind"), args.get("subject") or ""
    if not isinstance(kind, str) or not CODE.fullmatch(kind):
        return Refusal("bad_args", "kind")
    domain, usual = HAND_KINDS.get(kind, ("other", Priority.P3))
    priority = priority_of(args["priority"]) if args.get("priority") is not None else usual
    text_ref = args.get("text_ref")
    if not isinstance(subject, str) or priority is None:
        return Refusal("bad_args", "priority" if priority is None else "subject")
    if not subject and place is None and not text_ref:
        return Refusal("bad_args", "place")
    id = board.next_id(now)
    score, factors = operator_factor((), priority, "by_hand")
    body = bodies.Opened(
        kind, domain, subject or id, priority, score, factors, place=place, annunciated=priority < Priority.P4,
        marks=("by_hand",), text_ref=text_ref, stamps={"decided": now})
    return [draft("incident.opened", id, now, body, by, f"command:{args['id']}" if args.get("id") else "hand")]
