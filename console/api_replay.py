"""Routes of the look back: the time strip, steps and jumps, what moved at a site, who did what, notes for training."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import TimeoutError as Late
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from console.access import seat
from console.api import Api, body_as, chosen, moment, reply, whole
from console.api_incidents import looked, timeline_row
from console.deeds import TEXT_MAX
from console.frames import flat
from console.problems import Problem
from console.views import ms
from replay import lanes
from replay.course import course
from replay.scene import passing
from stream import timeline
from stream.bodies import Training
from stream.clock import parse_rfc3339
from stream.kinds import draft
from stream.schema import US, Record, Refusal, SourceError

WAIT_S = 5.0
TAPE_S = 30  # of what moved, at most so many seconds an answer
DEEDS_MAX = 500
LOOKS_US = 3600 * US  # looks at an incident are sought until an hour after its last record
NOTE, SUBJECT = "training.noted", "training"
LOOKED = ("what", "purpose", "code")


class TrainingIn(msgspec.Struct, forbid_unknown_fields=True):
    """A note for training about a moment (RFC 3339), perhaps about an incident."""

    at: str
    text: str
    incident: str = ""


def up(at: int) -> int:
    """A moment in whole ms that is not before it: a board asked for there holds its record."""
    return -(-at // 1000)


def spanned(api: Api, most: int) -> tuple[int, int]:
    """``from`` and ``to`` of the query in µs; Problem 400 when they are no span or a longer one than ``most``."""
    now = api.house.clock.now()
    frm, to = moment("from", now - 3600 * US), moment("to", now)
    if not 0 < to - frm <= most:
        raise Problem(400, detail=f"from, to: allowed: a span of at most {most // US} seconds")
    return frm, to


def found_at(api: Api, what: str) -> Record | None:
    """The record that a jump asks for: ``#number``, or an incident by its id (its opening)."""
    if what.startswith("#") and what[1:].isdecimal() and len(what) <= 18:
        return next(api.house.journal.read(after=int(what[1:]) - 1, limit=1), None)
    first = next(api.house.journal.read(subject=what, limit=1), None)
    return first if first is not None and first.kind == "incident.opened" else None


def deed(record: Record) -> dict[str, Any]:
    """A deed as a row: as in an incident's timeline, with what it was about; its time is when it was noted."""
    row = timeline_row(timeline.rows([record])[0])
    args = row["args"] | {k: record.body[k] for k in LOOKED if record.body.get(k)}
    about = record.body.get("incident") or record.subject
    return row | {"at_ms": up(record.noted_at), "args": args, "subject": about}


def of_incident(api: Api, id: str) -> list[Record]:
    """An incident's records, with the looks at its person and texts, in order; Problem 404 when there is none."""
    own = list(api.house.journal.read(subject=id))
    if not own or own[0].kind != "incident.opened":
        raise Problem(404)
    until = own[-1].noted_at + LOOKS_US
    looks = api.house.journal.read(after=own[0].seq, noted_until=until, kinds=["access.looked"])
    beside = [r for r in looks if r.body.get("incident") == id and r.subject != id]
    return sorted(own + beside, key=lambda r: r.seq)


def deeds(records: Iterable[Record], by: str) -> dict[str, Any]:
    """What people did and saw among these records, the last of them when they are many."""
    rows = [r for r in records if lanes.is_deed(r) and by in ("", r.by)]
    return {"items": [deed(r) for r in rows[-DEEDS_MAX:]], "next": None}


def in_span(api: Api, frm: int, to: int) -> Iterable[Record]:
    """The records noted in the span."""
    first, last = lanes.numbers(api.house.store, frm, to)
    return api.house.journal.read(after=first - 1, until=last) if last else ()


def objects(api: Api) -> dict[str, Any]:
    """What moved at a site from a moment on, in the form of the socket's ``frames``."""
    name = request.args.get("site", "")
    site = api.house.city.sites.get(name)
    if site is None:
        raise Problem(404)
    frm = moment("from", api.house.clock.now())
    to = frm + whole("seconds", 10, 1, TAPE_S) * US
    rows = [{"at_ms": ms(e.at), "flat": flat(site, e)} for e in passing(api.house.store, name, frm, to)]
    return {"items": rows, "next": None}


def write_note(api: Api, asked: TrainingIn, user: str) -> None:
    """The text to the vault, a record of it to the journal; Problem when one of them can't be."""
    if not asked.text.strip() or len(asked.text) > TEXT_MAX:
        raise Problem(422, "too_long" if asked.text.strip() else "bad_args", "" if asked.text.strip() else "text")
    try:
        about = parse_rfc3339(asked.at)
    except SourceError:
        raise Problem(400, detail="at: allowed: RFC 3339 with an offset") from None
    if asked.incident and found_at(api, asked.incident) is None:
        raise Problem(404)
    ref = api.house.vault.seal(SUBJECT, asked.text, SUBJECT)
    told = draft(NOTE, SUBJECT, api.house.clock.now(), Training(ref, about, asked.incident), user)
    try:
        answer = api.house.note([told]).result(WAIT_S)
    except Late:
        answer = Refusal("not_recorded")
    if isinstance(answer, Refusal):
        raise Problem(503, answer.code, headers={"Retry-After": "1"})


def notes(api: Api, frm: int, to: int, incident: str, user: str) -> dict[str, Any]:
    """Notes about the span or about the incident, with their texts; a look at them is a record."""
    rows = [r for r in api.house.journal.read(subject=SUBJECT, kinds=[NOTE])
            if (r.body.get("incident") == incident if incident else frm <= r.body["about"] < to)]
    if rows:
        looked(api, SUBJECT, user, what="training", purpose="verify")
    return {"next": None, "items": [
        {"seq": r.seq, "at_ms": ms(r.noted_at), "about_ms": ms(r.body["about"]), "by": r.by,
         "incident": r.body.get("incident", ""), "text": api.house.vault.open(r.body["text_ref"])} for r in rows]}


def _looking(routes: Blueprint, api: Api) -> None:
    @routes.get("/strip")
    def strip() -> Response:
        frm, to = spanned(api, lanes.SPAN_MAX_US)
        told = lanes.strip(api.house.store, frm, to, whole("bins", 240, 1, lanes.BINS_MAX))
        return reply({"from_ms": ms(told.frm), "to_ms": ms(told.to), "bins": told.bins, "lanes": told.lanes})

    @routes.get("/step")
    def step() -> Response:
        onward = chosen("way", {"next": 1, "previous": -1}) != -1
        at = moment("at", api.house.clock.now())
        # a record stands at the whole ms after it (``up``): back from there is what has an earlier ms, not itself again
        there = lanes.beside(api.house.store, at if onward else at - 999, onward)
        return reply({"at_ms": up(there[0]) if there else None, "seq": there[1] if there else None, "incident": ""})

    @routes.get("/find")
    def find() -> Response:
        record = found_at(api, request.args.get("what", ""))
        if record is None:
            raise Problem(404)
        about = record.subject if record.kind.startswith(("incident.", "escalation.")) else ""
        return reply({"at_ms": up(record.noted_at), "seq": record.seq, "incident": about})

    @routes.get("/objects")
    def moved() -> Response:
        return reply(objects(api))


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes = Blueprint("replay", __name__, url_prefix="/api/v1/replay")
    _looking(routes, api)

    @routes.get("/deeds")
    def done() -> Response:
        id = request.args.get("incident", "")
        records = of_incident(api, id) if id else in_span(api, *spanned(api, lanes.SPAN_MAX_US))
        return reply(deeds(records, request.args.get("by", "")))

    @routes.get("/incidents/<id>")
    def moments(id: str) -> Response:
        rows = [{"name": m.name, "at_ms": up(m.at), "ms": m.ms, "seq": m.seq, "by": m.by}
                for m in course(of_incident(api, id))]
        return reply({"items": rows, "next": None})

    @routes.get("/notes")
    def kept() -> Response:
        return reply(notes(api, *spanned(api, lanes.SPAN_MAX_US), request.args.get("incident", ""), seat().user))

    @routes.post("/notes")
    def keep() -> Response:
        write_note(api, body_as(TrainingIn), seat().user)
        return reply({"ok": True}, 201)

    return routes
