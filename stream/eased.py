"""After an alarm about a silent home somebody moves in it, or answers the telephone: the open incident says so.

It lowers nothing and closes nothing: motion may be a pet or a neighbour with a key, and who answered may be unwell. But
whoever is about to send a patrol must know it. When the home falls silent again, the word is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stream import bodies
from stream.kinds import draft
from stream.schema import Draft, Event, Incident

MOVED, ANSWERED = "moved", "answered"
MARKS = (MOVED, ANSWERED)
# Rules that conclude from silence: what comes after them is news. A smoke alarm or a call for help is none of them.
SILENCE = frozenset({
    "inactivity", "rhythm_break", "kitchen_bath_unused", "hands_still", "no_motion_after_fall", "left_at_night",
    "safety_call_second", "safety_call_unanswered",
})  # fmt: skip
# Sensors that are true when somebody is there; meters are left out: a fridge draws power in an empty home too.
SHOW = ("pir", "phone", "door", "window", "fridge", "bed")


def eased(of: Callable[[str], list[Incident]], event: Event) -> list[Draft]:
    """The records that this reading or call makes on open incidents about silence in its home; once a sort of sign.

    ``of`` is ``Board.of`` (the board folds with ``without``, so it is not imported here).
    """
    told = event.data
    about = of(told.household)
    if not about or not (mark := _sign(event.type, told)):
        return []
    cause = f"event:{event.source}#{event.id}"
    return [
        draft("incident.eased", one.id, event.at, bodies.Eased(mark), "engine", cause)
        for one in about
        if one.is_open and mark not in one.marks and event.at > _silent_at(one) > 0
    ]


def _sign(type: str, told: Any) -> str:
    if type == "city.care.call":
        return ANSWERED if told.result == "answered" else ""
    shows = told.value > 0 if told.sensor == "steps" else told.sensor in SHOW and told.value is True
    return MOVED if shows else ""


def _silent_at(incident: Incident) -> int:
    """When silence was last told of (µs), 0 when it never was."""
    return max((max(d.at, d.last_at) for d in incident.detections if d.rule in SILENCE), default=0)


def without(marks: tuple[str, ...], rule: str) -> tuple[str, ...]:
    """The marks after one more detection of this rule: silence again takes back what was said of life."""
    return tuple(mark for mark in marks if mark not in MARKS) if rule in SILENCE else marks
