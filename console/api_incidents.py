"""Routes of incidents: the list, one with its timeline, a command, one opened by hand, its person and its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import TimeoutError as Late
from typing import Any

from flask import Blueprint, Response, request

from console import handover, views
from console.access import Seat, seat
from console.api import LIMIT, LIMIT_MAX, Api, body_as, chosen, moment, page_of, reply, whole
from console.deeds import WAIT_S, CommandIn, OpenIn
from console.problems import Problem
from geo.near import metres, nearest_agency
from stream import timeline
from stream.board import Board
from stream.clock import format_kst, parse_rfc3339
from stream.journal import newest
from stream.schema import US, Draft, EscalationState, Incident, Record, Refusal, SourceError, State

STATES = {state.value: frozenset({state.value}) for state in State}
STATES["over"] = frozenset({"resolved", "closed"})
STATES["open"] = frozenset(state.value for state in State) - STATES["over"]
PRIORITIES = {f"P{n}": n for n in range(1, 5)} | {str(n): n for n in range(1, 5)}
PURPOSES = ("contact", "dispatch", "verify", "guardian")
AGENCIES = ("112", "119")
MOMENTS = ("until", "last")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAY_US = 24 * 3600 * US
DEEDS = ("incident.", "escalation.")


def _cursor() -> tuple[int, str] | None:
    given = request.args.get("cursor")
    if not given:
        return None
    at, _, id = given.partition("_")
    if not at.isdigit() or not id:
        raise Problem(400, detail=f"cursor: {given!r}; allowed: the \"next\" of the page before")
    return int(at), id


def _place(i: Incident) -> tuple[int, str]:
    return i.opened_at, i.id


def _day() -> int | None:
    """When the Korean day of ``handed`` began (µs); None when none is asked for."""
    given = request.args.get("handed")
    if not given:
        return None
    try:
        if not DAY.fullmatch(given):
            raise SourceError("bad_time", given)
        return parse_rfc3339(f"{given}T00:00:00+09:00")
    except SourceError:
        raise Problem(400, detail=f"handed: {given!r}; allowed: a day as YYYY-MM-DD") from None


def _handed_on(api: Api, sitting: Seat, day: int) -> Iterable[Incident]:
    """What was reported to an agency (a liaison's own) on that day: by the journal, which forgets none of them."""
    own = views.AGENCY.get(sitting.role)
    asked = newest(api.house.store, ["escalation.requested"], day, day + DAY_US)
    ids = dict.fromkeys(r.subject for r in asked if own in (None, r.body.get("agency")))
    return [i for id in ids if (i := api.house.board.get(id) or _past(api, id)) is not None]


def listed(api: Api, sitting: Seat) -> dict[str, Any]:
    """A page of the incidents this seat may see, newest first."""
    states = chosen("state", STATES)
    priority = chosen("priority", PRIORITIES)
    kind = request.args.get("kind")
    after = _cursor()
    limit = whole("limit", LIMIT, 1, LIMIT_MAX)
    known = tuple(api.house.board.incidents.values()) if (day := _day()) is None else _handed_on(api, sitting, day)
    found = [
        i for i in known
        if (states is None or i.state in states) and (priority is None or int(i.priority) == priority)
        and (not kind or i.kind == kind) and (after is None or _place(i) < after) and views.may_see(i, sitting.role)
    ]
    found.sort(key=_place, reverse=True)
    rows, next = page_of(found, lambda i: f"{i.opened_at}_{i.id}", limit)
    return {"items": [api.deeds.view(sitting, i) for i in rows], "next": next}


def _past(api: Api, id: str) -> Incident | None:
    """An incident that was closed so long ago that the board has let go of it, folded anew from its records."""
    board, records = Board(), list(api.house.journal.read(subject=id))
    if not records or records[0].kind != "incident.opened":
        return None
    for record in records:
        board.apply(record)
    return board.get(id)


def found(api: Api, id: str, sitting: Seat) -> Incident:
    """The incident, or Problem 404 (also when this seat may not know of it)."""
    incident: Incident | None = api.house.board.get(id) or _past(api, id)
    if incident is None or not views.may_see(incident, sitting.role):
        raise Problem(404)
    return incident


def then(api: Api, id: str, sitting: Seat, at: int) -> Incident:
    """The incident as it was known at a moment (µs), perhaps of another kind. Problem 404 before its opening."""
    incident: Incident | None = api.player.board_at(at).get(id)
    if incident is None or not views.may_see(incident, sitting.role):
        raise Problem(404)
    return incident


def full(api: Api, id: str, sitting: Seat, at: int | None = None) -> dict[str, Any]:
    """One incident with the details the matrix gives this role, now or at a moment of the past (µs).

    An agency's look is written down before it is shown.
    """
    incident = found(api, id, sitting)
    if at is not None:
        incident = then(api, id, sitting, at)
    if sitting.role in views.AGENCY:
        looked(api, id, sitting.user, what="handed", purpose="handling", incident=id)
    names = api.matrix.details.get(sitting.role, ())
    details = {name: DETAILS[name](api, incident, sitting, at) for name in names}
    return (api.deeds.view(sitting, incident) or {}) | details


def _timeline(api: Api, incident: Incident, sitting: Seat, at: int | None) -> list[dict[str, Any]]:
    records = api.house.journal.read(subject=incident.id, noted_until=at)
    return [timeline_row(row) for row in timeline.rows(list(records))]


def _steps(api: Api, incident: Incident, sitting: Seat, at: int | None) -> list[dict[str, Any]]:
    steps = [step for p in api.house.procedures if p["kind"] == incident.kind for step in p.get("steps", ())]
    told = {report.agency for report in incident.escalations if report.state != EscalationState.cancelled}
    return [{**step, "n": n, "done": n in incident.steps or step.get("agency") in told}
            for n, step in enumerate(steps, 1)]


DETAILS: dict[str, Callable[[Api, Incident, Seat, int | None], Any]] = {
    "nearest": lambda api, incident, sitting, at: nearest(api, incident),
    "timeline": _timeline,
    "procedure_steps": _steps,
    "brief": lambda api, incident, sitting, at: handover.brief(incident, sitting.role, api.house),
}


def nearest(api: Api, incident: Incident) -> list[dict[str, Any]]:
    """The nearest station of each agency and its distance in a straight line; none where the place is unknown."""
    place, rows = incident.place, []
    if place is None:
        return []
    for agency in AGENCIES:
        station = nearest_agency(api.house.city, place, agency)
        if station:
            away = metres(place.lon, place.lat, station.lon, station.lat)
            rows.append({"agency": agency, "id": station.id, "name": station.name, "metres": round(away)})
    return rows


def timeline_row(row: Any) -> dict[str, Any]:
    """A row of the timeline as it goes out: moments among the arguments in ms, as everywhere."""
    args = {f"{k}_ms" if k in MOMENTS else k: v // 1000 if k in MOMENTS else v for k, v in row.args.items()}
    return {"seq": row.seq, "at": format_kst(row.at), "at_ms": views.ms(row.at), "kind": row.kind, "by": row.by,
            "key": row.words, "args": args, "n": row.n}


def worked(api: Api, incident: Incident, user: str) -> bool:
    """Whether this person has it or has done something in it."""
    if user in (incident.assigned_to, incident.acknowledged_by):
        return True
    return any(r.by == user and r.kind.startswith(DEEDS) for r in api.house.journal.read(subject=incident.id))


def looked(api: Api, subject: str, user: str, kind: str = "access.looked", **body: str) -> None:
    """Write a look at a person down before anything is shown; Problem 503 when it can't be written."""
    draft = Draft(kind, subject, api.house.clock.now(), dict(body), user)
    try:
        written = api.house.note([draft]).result(WAIT_S)
    except Late:
        written = Refusal("not_recorded")
    if isinstance(written, Refusal):
        raise Problem(503, written.code, headers={"Retry-After": "1"})


def identity(api: Api, id: str, sitting: Seat) -> dict[str, Any]:
    """The person behind an incident: only while it is open, only for who works on it, each look a record."""
    purpose = chosen("purpose", {p: p for p in PURPOSES})
    if purpose is None:
        raise Problem(400, detail=f"purpose: missing; allowed: {', '.join(PURPOSES)}")
    incident = found(api, id, sitting)
    if not incident.is_open or not worked(api, incident, sitting.user):
        raise Problem(403, "not_assigned")
    person = incident.place.household if incident.place and incident.place.household else incident.subject
    looked(api, person, sitting.user, what="identity", purpose=purpose, incident=id)
    return {"identity": api.house.vault.identity(person)}


def texts(api: Api, id: str, sitting: Seat) -> dict[str, Any]:
    """The texts of an incident, opened from the vault; the look is a record."""
    found(api, id, sitting)
    records: list[Record] = [r for r in api.house.journal.read(subject=id) if r.body.get("text_ref")]
    if records:
        looked(api, id, sitting.user, what="notes", purpose="handling", incident=id)
    return {"next": None, "items": [
        {"seq": r.seq, "at": format_kst(r.at), "by": r.by, "kind": r.kind,
         "text": api.house.vault.open(r.body["text_ref"])}
        for r in records
    ]}


def report(api: Api, id: str, sitting: Seat) -> dict[str, Any]:
    """What the confirm of an escalation shows: the very words that would leave, what the agency's screen says beside
    them, and how long they could be undone."""
    agency = chosen("agency", {a: a for a in AGENCIES})
    if agency is None:
        raise Problem(400, detail=f"agency: missing; allowed: {', '.join(AGENCIES)}")
    incident = found(api, id, sitting)
    said, beside = api.house.report(incident, agency), handover.around(incident, api.house)
    return said | beside | {"undo_s": api.house.settings.undo_s}


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("incidents", __name__, url_prefix="/api/v1/incidents")

    @routes.get("")
    def incidents() -> Response:
        if seat().role in views.AGENCY:
            looked(api, seat().role, seat().user, what="handed_list")
        return reply(listed(api, seat()))

    @routes.post("")
    def open_by_hand() -> Response:
        view = api.deeds.open(seat(), body_as(OpenIn))
        return reply(view, 201, Location=f"/api/v1/incidents/{view.get('id', '')}")

    @routes.get("/<id>")
    def incident(id: str) -> Response:
        return reply(full(api, id, seat(), moment("at", 0) or None))

    @routes.post("/<id>/commands")
    def command(id: str) -> Response:
        return reply(api.deeds.command(seat(), id, body_as(CommandIn)))

    @routes.get("/<id>/identity")
    def person(id: str) -> Response:
        return reply(identity(api, id, seat()))

    @routes.get("/<id>/notes")
    def notes(id: str) -> Response:
        return reply(texts(api, id, seat()))

    @routes.get("/<id>/report")
    def said(id: str) -> Response:
        return reply(report(api, id, seat()))

    return routes
