"""The OpenAPI 3.1 document, made from one table of endpoints and the structs that requests and answers are held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from flask import Blueprint, Response

from console import shapes, shapes_rooms
from console.api import LIMIT_MAX, reply
from console.api_accounts import AccountIn, RoleIn, SecretOnce
from console.api_audit import ExportIn, ReviewIn, Verified, VerifyIn
from console.api_drill import DrillIn
from console.api_handover import LinkIn
from console.api_history import HistoryShape
from console.api_incidents import AGENCIES, PRIORITIES, PURPOSES, STATES
from console.api_media import MediaList
from console.api_quarantine import Again, GroupIn, SettleIn
from console.api_replay import TrainingIn
from console.api_risk import RiskShape
from console.api_rules import ProposalIn, Proposed, RejectIn, RuleNow, TrialIn
from console.api_scene import SceneShape
from console.api_shift import BeginIn, HandIn, ShiftShape, TakeIn, WithdrawIn
from console.api_tokens import TokenIn, TokenList, TokenMade
from console.api_windows import SettledIn, WindowEndIn, WindowIn
from console.audit import ASKED
from console.deeds import TEXT_MAX, CommandIn, OpenIn
from console.login import LoginIn
from console.matrix import BY_PAGE, PUBLIC, Matrix
from console.shapes_incident import IncidentFullShape, IncidentShape
from console.shapes_replay import DrillList, DrillShape, ReplayPoint, ReplayRange, ReplayStrip
from stream.kpi_span import PARTS

REF = "#/components/schemas/{name}"
COMMON = (401, 403, 404)


class Param(msgspec.Struct, frozen=True):
    """A query parameter."""

    name: str
    help: str
    schema: dict[str, Any] | None = None
    required: bool = False


class Endpoint(msgspec.Struct, frozen=True):
    """One row of the API: Flask rule, what it does, what goes in and comes out."""

    method: str
    rule: str
    help: str
    answer: type[msgspec.Struct] | None
    status: int = 200
    body: type[msgspec.Struct] | None = None
    params: tuple[Param, ...] = ()
    errors: tuple[int, ...] = ()
    media: str = "application/json"


CURSOR = Param("cursor", "the \"next\" of the page before; empty: the first page")
LIMIT = Param("limit", "rows of a page", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX})
TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
V1 = "/api/v1"
SPAN = (Param("from", "default: midnight", TIME), Param("to", "default: now", TIME),
        Param("by", "also as a series", {"enum": list(PARTS)}), Param("area", "only of this dong or zone"))
FROM_TO = (Param("from", "default: an hour ago", TIME), Param("to", "default: now; six hours at most", TIME))
ACCESS = (Param("from", "default: ever", TIME), Param("to", "default: now", TIME), Param("by", "part of an account"),
          Param("deed", "only this deed, or these: access, acts", {"enum": list(ASKED)}),
          Param("subject", "part of a subject or incident"))
OVER = Param("month", "YYYY-MM; default: the last one that is over")

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", f"{V1}/incidents", "Incidents, newest first", shapes.IncidentList, params=(
        Param("state", "only of this state; over: resolved or closed; open: all others", {"enum": list(STATES)}),
        Param("priority", "only of this priority", {"enum": list(PRIORITIES)}), Param("kind", "only of this kind"),
        Param("handed", "only what was reported to an agency on this day in Korea: YYYY-MM-DD"), LIMIT, CURSOR,
    ), errors=(400,)),
    Endpoint("POST", f"{V1}/incidents", f"Open one by hand; text at most {TEXT_MAX} characters", IncidentShape,
             201, OpenIn, errors=(400, 415, 422, 503)),
    Endpoint("GET", f"{V1}/incidents/<id>", "One incident with timeline, factors, escalations",
             IncidentFullShape, params=(Param("at", "as it was then; default: now", TIME),), errors=(400,)),
    Endpoint("POST", f"{V1}/incidents/<id>/commands", "Do something; answers the new incident", IncidentShape,
             200, CommandIn, errors=(400, 409, 415, 422, 503)),
    Endpoint("GET", f"{V1}/incidents/<id>/identity", "The person of an open incident that you work on; recorded",
             shapes.IdentityShape, params=(Param("purpose", "why you look", {"enum": list(PURPOSES)}, True),),
             errors=(400, 503)),
    Endpoint("GET", f"{V1}/incidents/<id>/notes", "Texts of an incident; recorded", shapes.NoteList, errors=(503,)),
    Endpoint("GET", f"{V1}/incidents/<id>/report", "What a report to an agency would say now", shapes.ReportShape,
             params=(Param("agency", "to whom", {"enum": list(AGENCIES)}, True),), errors=(400,)),
    Endpoint("GET", f"{V1}/incidents/<id>/media", "Pictures and clips that devices named", MediaList),
    Endpoint("GET", f"{V1}/incidents/<id>/media/<int:n>", "A still from a host that is allowed; recorded", None,
             errors=(502, 503), media="image/jpeg"),
    Endpoint("GET", f"{V1}/incidents/<id>/scene", "The moment again: frames of the crosswalk around it", SceneShape),
    Endpoint("GET", f"{V1}/incidents/<id>/history", "A day of the home's sensors beside what is usual; recorded",
             HistoryShape, params=(Param("at", "until this moment; default: now", TIME),), errors=(400, 503)),
    Endpoint("GET", f"{V1}/incidents/<id>/messages", "The talk with an agency; recorded", shapes_rooms.MessageList,
             params=(Param("agency", "only with this one", {"enum": list(AGENCIES)}),), errors=(400, 503)),
    Endpoint("GET", f"{V1}/incidents/<id>/links", "Links that open this incident for an agency", shapes_rooms.LinkList),
    Endpoint("POST", f"{V1}/incidents/<id>/links", "Make one, at most 24 h; told once, recorded", shapes_rooms.LinkMade,
             201, LinkIn, errors=(400, 415, 422)),
    Endpoint("POST", f"{V1}/incidents/<id>/links/<name>/revoke", "End a link", shapes.Done),
    Endpoint("GET", f"{V1}/kpi", "Key figures of a span, and each indicator of the city's plan", None, params=SPAN,
             errors=(400,)),
    Endpoint("GET", f"{V1}/kpi/export", "The indicators by day, week or month as a table; recorded", None, params=SPAN,
             errors=(400, 503), media="text/csv"),
    Endpoint("GET", f"{V1}/kpi/report", "A month's report; recorded", None, params=(OVER,), errors=(400, 503),
             media="application/pdf"),
    Endpoint("GET", f"{V1}/open/kpi", "Public figures of a month that is over, small numbers hidden", None,
             params=(OVER,)),
    Endpoint("GET", f"{V1}/open/kpi/export", "The same as a table", None, params=(OVER,), media="text/csv"),
    Endpoint("GET", f"{V1}/records", "Records after a number", shapes.RecordList,
             params=(Param("after", "number of a record"), LIMIT, CURSOR), errors=(400,)),
    Endpoint("GET", f"{V1}/access", "Records of access after a number", shapes.RecordList,
             params=(Param("after", "number of a record"), LIMIT, CURSOR), errors=(400,)),
    Endpoint("GET", f"{V1}/access/search", "Access and deeds of people, newest first", shapes.RowList,
             params=(*ACCESS, LIMIT, CURSOR), errors=(400,)),
    Endpoint("POST", f"{V1}/access/export", "The same as a table; recorded with its reason", None, 200, ExportIn,
             ACCESS, (400, 415, 422, 503), "text/csv"),
    Endpoint("GET", f"{V1}/access/review", "A month of access, person by person", None, params=(OVER,), errors=(400,)),
    Endpoint("POST", f"{V1}/access/review", "A month was looked through", shapes.Done, 201, ReviewIn,
             errors=(400, 415, 503)),
    Endpoint("POST", f"{V1}/access/verify", "Check the record chain; recorded", Verified, 200, VerifyIn,
             errors=(400, 415, 503)),
    Endpoint("GET", f"{V1}/devices", "Devices and sources", shapes.RowList, params=(LIMIT, CURSOR), errors=(400,)),
    Endpoint("GET", f"{V1}/quarantine", "Messages put aside", shapes.RowList, params=(LIMIT, CURSOR), errors=(400,)),
    Endpoint("GET", f"{V1}/quarantine/<int:id>", "The bytes of one, base64; recorded", shapes.Aside, errors=(503,)),
    Endpoint("POST", f"{V1}/quarantine/<int:id>/resubmit", "Judge one again", shapes.Done),
    Endpoint("GET", f"{V1}/quarantine/groups", "The same by source and reason, with whose fault", shapes.RowList),
    Endpoint("POST", f"{V1}/quarantine/resubmit", "Judge those of a source and reason again", Again, 200, GroupIn,
             errors=(400, 415, 503)),
    Endpoint("POST", f"{V1}/quarantine/settle", "They were seen to; recorded", Again, 200, SettleIn,
             errors=(400, 415, 503)),
    Endpoint("GET", f"{V1}/zones", "Zones with their limits by time", shapes.RowList),
    Endpoint("GET", f"{V1}/city", "GeoJSON of what you may see", shapes.Features, media="application/geo+json"),
    Endpoint("GET", f"{V1}/risk", "The risk index of an hour: cells above the city's mean, crosswalks by it", RiskShape,
             params=(Param("at", "a moment of the past; default: now", TIME),), errors=(400,)),
    Endpoint("GET", f"{V1}/procedures", "What to do, by kind of incident", shapes.RowList),
    Endpoint("GET", f"{V1}/rules", "The algorithm register: rules, results, change log", shapes.RowList),
    Endpoint("GET", f"{V1}/rules/proposals", "Changes that wait for a second person", shapes.RowList),
    Endpoint("POST", f"{V1}/rules/<rule>/proposals", "Propose other thresholds", Proposed, 201, ProposalIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/rules/proposals/<int:n>/trial", "Try it on the last hours of the tape", shapes.Done, 202,
             TrialIn, errors=(400, 415)),
    Endpoint("POST", f"{V1}/rules/proposals/<int:n>/approve", "Put a change in force, as a second person",
             RuleNow, errors=(409, 422, 503)),
    Endpoint("POST", f"{V1}/rules/proposals/<int:n>/reject", "Refuse or withdraw a change", shapes.Done, 200, RejectIn,
             errors=(400, 415, 422, 503)),
    Endpoint("GET", f"{V1}/replay/range", "What there is to play", ReplayRange),
    Endpoint("GET", f"{V1}/replay/strip", "How much happened when, by lane", ReplayStrip, params=(
        *FROM_TO, Param("bins", "parts of the span", {"type": "integer", "minimum": 1, "maximum": 720})),
        errors=(400,)),
    Endpoint("GET", f"{V1}/replay/step", "The next or the previous record of a moment", ReplayPoint, params=(
        Param("at", "default: now", TIME), Param("way", "default: next", {"enum": ["next", "previous"]})),
        errors=(400,)),
    Endpoint("GET", f"{V1}/replay/find", "The moment of a record or of an incident's opening", ReplayPoint,
             params=(Param("what", "#number of a record, or an incident's id", required=True),)),
    Endpoint("GET", f"{V1}/replay/objects", "What moved at a site, from the tape", shapes.RowList, params=(
        Param("site", "whose crosswalk", required=True), Param("from", "default: now", TIME),
        Param("seconds", "how long", {"type": "integer", "minimum": 1, "maximum": 30})), errors=(400,)),
    Endpoint("GET", f"{V1}/replay/deeds", "What people did and saw", shapes.RowList, params=(
        *FROM_TO, Param("incident", "of this one, instead of a span"), Param("by", "only this account")),
        errors=(400,)),
    Endpoint("GET", f"{V1}/replay/incidents/<id>", "How long an incident took, moment by moment", shapes.RowList),
    Endpoint("GET", f"{V1}/replay/notes", "Notes for training, with their texts; recorded", shapes.RowList, params=(
        *FROM_TO, Param("incident", "about this one, instead of a span")), errors=(400, 503)),
    Endpoint("POST", f"{V1}/replay/notes", "Write one", shapes.Done, 201, TrainingIn, errors=(400, 415, 422, 503)),
    Endpoint("GET", f"{V1}/drills", "The stories that can be drilled, and the drill that goes on", DrillList),
    Endpoint("POST", f"{V1}/drills", "Begin a drill for one person, on a console of its own", DrillShape, 201,
             DrillIn, errors=(400, 415, 422)),
    Endpoint("POST", f"{V1}/drills/end", "End it; a second time: close its console", shapes.Done),
    Endpoint("GET", f"{V1}/school/<zone>", "Counts of a school zone", shapes_rooms.SchoolBoard),
    Endpoint("GET", f"{V1}/suppressed", "What is held back now: shelved, windows, flood, chatter",
             shapes.SuppressedList),
    Endpoint("POST", f"{V1}/devices/settle", "The tickets of a device are over", shapes.Done, 200, SettledIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/windows", "Set a window of maintenance or roadworks", shapes.Done, 201, WindowIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/windows/end", "End a window before its time", shapes.Done, 200, WindowEndIn,
             errors=(400, 415, 422, 503)),
    Endpoint("GET", f"{V1}/me", "Who you are and what you may do", shapes.Me),
    Endpoint("GET", f"{V1}/people", "Who can be given work", shapes.PeopleList),
    Endpoint("GET", f"{V1}/shift", "What is open for who comes, and hand-overs that wait", ShiftShape),
    Endpoint("POST", f"{V1}/shift/begin", "The sound of this desk was checked", shapes.Done, 201, BeginIn,
             errors=(400, 415, 503)),
    Endpoint("POST", f"{V1}/shift/hand", "Sign the summary of now for somebody", shapes.Done, 201, HandIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/shift/take", "Sign a hand-over; with a password at any desk", shapes.Done, 200, TakeIn,
             errors=(400, 415, 422, 429, 503)),
    Endpoint("POST", f"{V1}/shift/withdraw", "Take an own hand-over back", shapes.Done, 200, WithdrawIn,
             errors=(400, 415, 422, 503)),
    Endpoint("GET", f"{V1}/accounts", "Accounts", shapes.AccountList),
    Endpoint("POST", f"{V1}/accounts", "Make an account", shapes.AccountShape, 201, AccountIn, errors=(400, 415, 422)),
    Endpoint("POST", f"{V1}/accounts/<user>/disable", "Shut an account", shapes.Done, errors=(422, 503)),
    Endpoint("POST", f"{V1}/accounts/<user>/enable", "Open it again", shapes.Done, errors=(422, 503)),
    Endpoint("POST", f"{V1}/accounts/<user>/role", "Give another role", shapes.Done, 200, RoleIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/accounts/<user>/reset", "A one-time secret instead of the password, told once", SecretOnce,
             errors=(422, 503)),
    Endpoint("GET", f"{V1}/tokens", "Tokens that are good now", TokenList),
    Endpoint("POST", f"{V1}/tokens", "Make one for events or a school's board, told once", TokenMade, 201, TokenIn,
             errors=(400, 415, 422, 503)),
    Endpoint("POST", f"{V1}/tokens/<name>/revoke", "End one", shapes.Done, errors=(503,)),
    Endpoint("POST", f"{V1}/login", "Sign in: session cookie", shapes.Entered, 200, LoginIn, errors=(400, 415, 429)),
    Endpoint("POST", f"{V1}/logout", "Sign out", shapes.Done),
    Endpoint("POST", f"{V1}/events", "Events in: one or a batch of CloudEvents, at most 16 MB", shapes.Ingested, 202,
             errors=(413, 415, 503)),
    Endpoint("GET", "/livez", "Whether the console runs", None),
    Endpoint("GET", "/readyz", "Whether it can do its work; 503 names the part that can't", None),
    Endpoint("GET", "/metrics", "Figures for Prometheus", None, media="text/plain"),
    Endpoint("GET", "/openapi.json", "This document", None),
)


def _parameters(row: Endpoint) -> list[dict[str, Any]]:
    inside = [part[1:-1] for part in row.rule.split("/") if part.startswith("<")]
    path = [
        {"name": name.partition(":")[2] or name, "in": "path", "required": True,
         "schema": {"type": "integer" if name.startswith("int:") else "string"}} for name in inside
    ]
    query = [{"name": p.name, "in": "query", "required": p.required, "description": p.help,
         "schema": p.schema or TEXT} for p in row.params]
    return path + query


def _operation(row: Endpoint, matrix: Matrix, schemas: dict[Any, Any]) -> dict[str, Any]:
    allowed = matrix.routes.get(f"{row.method} {row.rule}", frozenset())
    public = allowed != BY_PAGE and PUBLIC in allowed
    good = schemas[row.answer] if row.answer else {"type": "object"}
    content = {"application/problem+json": {"schema": schemas[shapes.ProblemShape]}}
    problem = {"description": "problem details", "content": content}
    operation: dict[str, Any] = {
        "summary": row.help,
        "x-roles": sorted(allowed),
        "parameters": _parameters(row),
        "responses": {str(row.status): {"description": row.help, "content": {row.media: {"schema": good}}}}
        | {str(code): problem for code in sorted({*COMMON, *row.errors})},
        "security": [] if public else [{"session": []}, {"token": []}],
    }
    if row.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[row.body]}}}
    if row.rule == f"{V1}/events":
        event = {"schema": {"type": "object"}}
        operation["requestBody"] = {"required": True, "content": {
            "application/cloudevents+json": event,
            "application/cloudevents-batch+json": {"schema": {"type": "array", "items": event["schema"]}}}}
    return operation


def document(matrix: Matrix, build: str, endpoints: Sequence[Endpoint] = ENDPOINTS) -> dict[str, Any]:
    """The whole document."""
    types = list({t: None for row in endpoints for t in (row.answer, row.body) if t} | {shapes.ProblemShape: None})
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for row in endpoints:
        path = row.rule.replace("<int:", "<").replace("<", "{").replace(">", "}")
        paths.setdefault(path, {})[row.method.lower()] = _operation(row, matrix, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gwanje console", "version": build,
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": "gwanje"},
            "token": {"type": "http", "scheme": "bearer"},
        }},
    }


def blueprint(matrix: Matrix, build: str) -> Blueprint:
    """`/openapi.json`."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return reply(document(matrix, build))

    return routes
