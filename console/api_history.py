"""The route of a home's sensors: the last day of each beside what is usual there, for an incident of that home.

It shows how a person lives, so it belongs to an incident, ends six hours after that was closed, and each look is on
record before anything is shown.
"""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response

from console.access import Seat, seat
from console.api import Api, moment, reply
from console.api_incidents import found, looked
from console.views import ms
from replay import history
from stream import readings
from stream.schema import Incident

AFTER_US = 6 * history.HOUR_US
ROAD = "road"


class LaneShape(msgspec.Struct):
    """One sensor's day as the page draws it (``replay.history.Lane``), moments in ms."""

    what: str
    location: str
    unit: str
    form: str
    hours: list[float | None]
    band: list[tuple[float, float] | None]
    often: list[bool]
    marks: list[list[float]]
    now: float | None
    usual: tuple[float, float] | None
    out: str
    last_ms: int | None


class HistoryShape(msgspec.Struct):
    """Whose day, from when to when, when the alarm was, from how many days is told what is usual, and the lanes."""

    household: str | None
    from_ms: int | None
    to_ms: int | None
    at_ms: int | None
    days: int
    lanes: list[LaneShape]


NONE = HistoryShape(None, None, None, None, 0, [])


def home(incident: Incident) -> str | None:
    """The home an incident is about; None of one on the road."""
    if incident.domain == ROAD:
        return None
    return incident.place.household if incident.place and incident.place.household else incident.subject


def until(incident: Incident, now: int) -> int:
    """Up to when a look may go: now while it is open, then a little beyond its end."""
    return now if incident.is_open else min(now, incident.updated_at + AFTER_US)


def told(api: Api, incident: Incident, sitting: Seat) -> HistoryShape:
    """The day of the incident's home; without lanes where nothing was heard. The look is a record."""
    household, end = home(incident), until(incident, api.house.clock.now())
    to = min(moment("at", end), end)
    span = (to - (history.DAYS + 1) * history.DAY_US + 1, to)
    rows = readings.of(api.house.store, household, *span) if household else []
    if not rows or household is None:
        return NONE
    looked(api, household, sitting.user, what="history", purpose="handling", incident=incident.id)
    made = history.day(rows, to)
    at = min((d.at for d in incident.detections), default=incident.opened_at)
    lanes = [_lane(one) for one in made.lanes]
    return HistoryShape(household, ms(to - history.DAY_US), ms(to), ms(at), made.days, lanes)


def _lane(lane: history.Lane) -> LaneShape:
    fields: dict[str, Any] = msgspec.structs.asdict(lane)
    last, marks = fields.pop("last"), fields.pop("marks")
    level = lane.form == "level"
    cut = [[mark[0] // 1000, mark[1]] if level else [at // 1000 for at in mark] for mark in marks]
    return LaneShape(**fields, marks=cut, last_ms=ms(last or 0))


def blueprint(api: Api) -> Blueprint:
    """The route."""
    routes = Blueprint("history", __name__)

    @routes.get("/api/v1/incidents/<id>/history")
    def day(id: str) -> Response:
        return reply(told(api, found(api, id, seat()), seat()))

    return routes
