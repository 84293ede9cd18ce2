"""Shapes of what the look back and the drills answer with."""

from __future__ import annotations

from console.shapes_incident import Ms, PriorityWord, Shape


class MarkShape(Shape):
    """An opening on the replay slider."""

    at_ms: Ms
    id: str
    priority: PriorityWord


class ReplayRange(Shape):
    """What there is to play."""

    first_ms: Ms | None
    last_ms: Ms | None
    marks: list[MarkShape]


class ReplayStrip(Shape):
    """Counts of equal parts of a span, by lane: sensor, ruling, incident, operator, agency."""

    from_ms: Ms
    to_ms: Ms
    bins: int
    lanes: dict[str, list[int]]


class ReplayPoint(Shape):
    """A moment to go to: its record and, for a jump, the incident it is about ("" for none)."""

    at_ms: Ms | None
    seq: int | None
    incident: str


class DrillShape(Shape):
    """A drill: its story, for whom and by whom, the port of its console, until when; over: only for looking back."""

    story: str
    who: str
    by: str
    port: int
    until_ms: Ms
    over: bool


class DrillList(Shape):
    """What can be drilled, what goes on."""

    stories: list[str]
    state: DrillShape | None
