"""Handing a shift over: the summary of what is open, and the two signatures under it, as records or a clear no."""

from __future__ import annotations

from msgspec.structs import replace

from stream import bodies
from stream.board import Board, korean_day, korean_time
from stream.kinds import draft
from stream.schema import Draft, EscalationState, Incident, Priority, Refusal, State

ROWS = 200  # incidents named one by one; what is beyond is counted
NO_ANSWER = (EscalationState.unknown, EscalationState.rejected)
HANDED_ON = (State.acknowledged, State.in_progress, State.escalated)  # what has somebody who works on it


def summary(board: Board, now: int, well: int = 0, unheard: int = 0) -> bodies.Handed:
    """What whoever comes must know: open ones by priority as [unseen, in hand, shelved], each with who has it, until
    when it is shelved and which agency gave no answer; windows that hold alarms back; how many devices need a look,
    are ``well``, were never heard."""
    found = board.open(now)
    count = {p.name: [0, 0, 0] for p in Priority}
    for one in found:
        count[Priority(one.priority).name][{State.new: 0, State.shelved: 2}.get(State(one.state), 1)] += 1
    windows = tuple(f"{w.what} {w.subject}" for w in board.windows.open(now))
    rows = tuple(_row(one) for one in found[:ROWS])
    asking = len(board.devices.asking())
    return bodies.Handed("", count, rows, max(0, len(found) - ROWS), windows, asking, well, unheard)


def _row(one: Incident) -> bodies.HandedRow:
    silent = tuple(dict.fromkeys(e.agency for e in one.escalations if e.state in NO_ANSWER))
    until = one.shelved_until if one.state == State.shelved else 0
    return bodies.HandedRow(one.id, one.kind, int(one.priority), one.state, one.assigned_to or "", until, silent)


def hand(told: bodies.Handed, by: str, to: str, now: int, text_ref: str = "") -> list[Draft] | Refusal:
    """``by`` signs the summary ``told`` of now for ``to``; a hand-over of theirs that still waits is replaced."""
    if to == by:
        return Refusal("same_person", to[:64])
    body = replace(told, to=to, text_ref=text_ref)
    id = f"shift-{korean_day(now)}-{korean_time(now).replace(':', '')}-{by}"
    return [draft("shift.handed", id, now, body, by)]


def take(board: Board, id: str, by: str, now: int) -> list[Draft] | Refusal:
    """``by`` signs the hand-over ``id``: it must wait, and be meant for this person."""
    found = board.shifts.waiting.get(id)
    if found is None:
        return Refusal("no_handover", id[:64])
    if found.to != by:
        return Refusal("not_yours", found.to)
    return [draft("shift.taken", id, now, bodies.Taken(found.by), by)]


def withdraw(board: Board, id: str, by: str, now: int) -> list[Draft] | Refusal:
    """``by`` takes their own hand-over ``id`` back while it waits: nothing has gone over."""
    found = board.shifts.waiting.get(id)
    if found is None or found.by != by:
        return Refusal("no_handover", id[:64])
    return [draft("shift.withdrawn", id, now, bodies.Withdrawn(found.to), by)]


def begun(by: str, heard: tuple[int, ...], now: int) -> list[Draft]:
    """``by`` has checked the sound of a desk and heard these priorities (none: no sound at this desk)."""
    return [draft("shift.begun", f"desk-{by}", now, bodies.Began(heard), by)]


def held_by(board: Board, user: str) -> list[str]:
    """Ids of the open incidents that this person works on."""
    return [i.id for i in list(board.incidents.values()) if i.assigned_to == user and i.state in HANDED_ON]
