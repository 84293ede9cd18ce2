"""When a heat or cold warning begins or ends, the open incidents in its area are scored anew (DESIGN 6).

Pure: the board and the event in, records out; told twice it says nothing the second time. A warning that ends takes its
points off but makes nothing less urgent: only a person does that. What comes up stays where somebody has it in hand,
unless it is a P1 now: that is new again (SAFETY I6).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cep.exposure import HOME_WEATHER
from cep.priority import score
from cep.together import Composite, together
from geo.city import City
from stream import bodies
from stream.board import Board
from stream.heard import cause_of
from stream.kinds import draft
from stream.schema import DetectionRef, Draft, Event, Incident, Priority, State

MOST = 500  # incidents scored anew by one change, the most urgent first; the others are at their next detection


def rescored(board: Board, city: City, rules: tuple[Composite, ...], event: Event, now: int) -> list[Draft]:
    """What this ``city.context``, heard by the board already, makes of the open incidents at ``now`` (µs)."""
    if event.data.what != "weather" or event.data.value not in HOME_WEATHER:
        return []
    drafts: list[Draft] = []
    scored = 0
    for incident in board.open(now):
        more = list(_anew(board, city, rules, incident, event))
        drafts += more
        scored += bool(more)
        if scored == MOST:
            break
    return drafts


def _anew(
    board: Board, city: City, rules: tuple[Composite, ...], incident: Incident, event: Event
) -> Iterator[Draft]:
    if incident.domain == "road" or not incident.detections:
        return
    if any(f.name == "operator" and f.points < 0 for f in incident.factors):
        return  # what a person lowered stays so until something more is detected
    at, was, cause = max(event.at, incident.updated_at), Priority(incident.priority), cause_of(event)
    made = _together(board, city, rules, incident, event.at)
    own = tuple(f for f in incident.factors if f.name == "operator")
    points, priority, factors = score(
        (*incident.detections, *made), incident.place, board.context, board.trust, city, event.at, own)
    if factors == incident.factors or priority > was:
        return
    lead = incident.kind, incident.domain
    for one in made:
        yield draft("incident.attached", incident.id, at, bodies.Attached(one, *lead), "engine", cause)
    body = bodies.Scored(points, priority, factors, incident.annunciated or priority <= Priority.P2)
    yield draft("incident.scored", incident.id, at, body, "engine", cause)
    if priority == Priority.P1 < was and incident.state != State.new:
        yield draft("incident.returned", incident.id, at, bodies.Returned(State.new, "worse"), "engine", cause)


def _together(
    board: Board, city: City, rules: tuple[Composite, ...], incident: Incident, at: int
) -> list[DetectionRef]:
    """What is concluded now that the weather is another: each detection may be the part that was waiting for it."""
    made: list[DetectionRef] = []
    for one in incident.detections:
        known = (*incident.detections, *made)
        made += together(rules, known, replace(one, at=at), incident.place, board.context, city)
    return made
