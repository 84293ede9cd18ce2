"""Shapes of the answers: what OpenAPI tells, and the tests hold every answer to. A role may get fewer fields."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from console.shapes_incident import IncidentShape, Ms, Rfc3339, Shape


class IncidentList(Shape):
    """A page of incidents, newest first."""

    items: list[IncidentShape]
    next: str | None


class RecordShape(Shape):
    """One line of the journal."""

    seq: int
    at: Rfc3339
    noted_at: Rfc3339
    kind: str
    subject: str
    by: str
    cause: str
    body: dict[str, Any]
    chain: str


class RecordList(Shape):
    """Records after a number, in order."""

    items: list[RecordShape]
    next: str | None


class RowList(Shape):
    """A page of rows whose columns may grow."""

    items: list[dict[str, Any]]
    next: str | None


class Aside(Shape):
    """The bytes of a message put aside, base64."""

    id: int
    raw: str


class Me(Shape):
    """Who is signed in and what they may do."""

    user: str
    role: str
    scope: str
    lang: str
    home: str
    verbs: list[str]
    pages: list[dict[str, str]]


class Entered(Shape):
    """Signed in."""

    user: str
    role: str
    scope: str
    home: str


class Done(Shape):
    """It is done."""

    ok: bool


class IdentityShape(Shape):
    """The person of an incident."""

    identity: dict[str, Any] | None


class ReportShape(Shape):
    """What a report to an agency says; ``lon`` and ``lat`` are null when the place is not known.

    ``undo_s``: for so long after the confirm it can still be taken back. ``hazards`` ``people`` ``access``: what the
    agency's screen says beside it.
    """

    agency: str
    revision: int
    status: str
    event: str
    headline: str
    description: str
    at: Rfc3339
    place: str
    lon: float | None
    lat: float | None
    radius_m: int
    sender_name: str
    contact: str
    hazards: list[str]
    people: list[dict[str, Any]]
    access: list[dict[str, Any]]
    undo_s: float


class NoteShape(Shape):
    """The text of a note; ``seq`` is its record's, as in the timeline."""

    seq: int
    at: Rfc3339
    by: str
    kind: str
    text: str | None


class NoteList(Shape):
    """Texts of an incident."""

    items: list[NoteShape]
    next: str | None


class SuppressedShape(Shape):
    """One suppression: over what (an incident, a source, a place), by whom, until when, how much it held back."""

    what: Literal["maintenance", "roadworks", "shelved", "flood", "chattering"]
    subject: str
    kind: str
    by: str
    reason: str
    since_ms: Ms | None
    until_ms: Ms | None
    n: int


class SuppressedList(Shape):
    """All that is held back now."""

    items: list[SuppressedShape]
    next: str | None


class AccountShape(Shape):
    """An account, without anything secret."""

    user: str
    role: str
    scope: str
    disabled: bool
    fresh: bool


class AccountList(Shape):
    """All accounts."""

    items: list[AccountShape]
    next: str | None


class PersonAtWork(Shape):
    """Somebody who can be given an incident."""

    user: str
    role: str


class PeopleList(Shape):
    """Those who can be given work, by name."""

    items: list[PersonAtWork]
    next: str | None


class Features(Shape):
    """A GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]


class Ingested(Shape):
    """What became of the events of a request."""

    accepted: int
    duplicate: int
    quarantined: list[dict[str, Any]]


class ProblemShape(msgspec.Struct):
    """RFC 9457 problem details; ``code`` is stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str
