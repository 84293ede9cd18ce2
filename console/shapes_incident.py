"""Shapes of an incident in an answer: its view, its story, the steps of its procedure."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Rfc3339 = Annotated[str, Meta(description="RFC 3339 with an offset, Korean time")]
Ms = Annotated[int, Meta(description="milliseconds since 1970-01-01 UTC")]
PriorityWord = Literal["P1", "P2", "P3", "P4"]
StateWord = Literal["new", "acknowledged", "in_progress", "escalated", "shelved", "resolved", "closed"]


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """Base: a field that is not here may not be in an answer."""


class FactorShape(Shape):
    """One named part of the score; ``why`` is a words key with its ``args``."""

    name: str
    points: int
    why: str
    args: dict[str, Any]


class DetectionShape(Shape):
    """What a rule concluded; ``n`` counts folded repeats."""

    rule: str
    at: Rfc3339
    at_ms: Ms | None
    subject: str
    severity: Literal["notice", "moderate", "serious", "severe"]
    evidence: dict[str, Any]
    n: int


class EscalationShape(Shape):
    """One report to 112 or 119 and how far it is."""

    agency: Literal["112", "119"]
    generation: int
    state: Literal["requested", "sent", "delivered", "accepted", "rejected", "dispatched", "arrived", "closed",
                   "unknown", "cancelled"]
    requested_at: Rfc3339
    send_at_ms: Ms | None
    updated_ms: Ms | None
    receipt: str
    reason: str
    unit: str
    eta_s: float | None
    by: str
    exercise: bool


class PlaceShape(Shape):
    """Where: degrees WGS84; homes and callers by 100 m cell."""

    lon: float
    lat: float
    site: str | None = None
    zone: str | None = None
    household: str | None = None
    dong: str | None = None
    name: str | None = None
    radius_m: float | None = None


class WaitingShape(Shape):
    """Points for waiting against the target, at this moment."""

    points: int


class TalkShape(Shape):
    """Messages with one agency: sent by each side, read by each side, what the agency still asks, how many wait."""

    agency: Literal["112", "119"]
    room: int
    desk: int
    room_read: int
    desk_read: int
    asked: str
    waits: int
    at_ms: Ms | None


class BriefShape(Shape):
    """What an agency's liaison gets beyond the view."""

    hazards: list[str]
    people: list[dict[str, Any]]
    access: list[dict[str, Any]]
    said: dict[str, Any]


class IncidentShape(Shape):
    """An incident as a role may see it; fields beyond the role's are absent."""

    id: str
    kind: str
    state: StateWord
    priority: PriorityWord
    factors: list[FactorShape]
    revision: int
    opened_at: Rfc3339
    opened_ms: Ms
    updated_ms: Ms
    escalations: list[EscalationShape]
    unplaced: bool
    place: PlaceShape | None
    steps: list[int]
    notes: int
    rank: list[int]
    talk: list[TalkShape]
    domain: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    score: int | UnsetType = UNSET
    detections: list[DetectionShape] | UnsetType = UNSET
    assigned_to: str | UnsetType | None = UNSET
    acknowledged_by: str | UnsetType | None = UNSET
    acknowledged_ms: Ms | UnsetType | None = UNSET
    annunciated: bool | UnsetType = UNSET
    marks: list[str] | UnsetType = UNSET
    shelved_until_ms: Ms | UnsetType | None = UNSET
    shelved_by: str | UnsetType = UNSET
    call: int | UnsetType = UNSET
    disposition: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    merged_into: str | UnsetType | None = UNSET
    unrecorded: bool | UnsetType = UNSET
    stamps: dict[str, Ms | None] | UnsetType = UNSET
    waiting: WaitingShape | UnsetType = UNSET
    procedure: str | UnsetType | None = UNSET
    answers: dict[str, str] | UnsetType = UNSET


class RowShape(Shape):
    """One line of the timeline; ``key`` is a words key with its ``args``."""

    seq: int
    at: Rfc3339
    at_ms: Ms
    kind: str
    by: str
    key: str
    args: dict[str, Any]
    n: int


class NearestShape(Shape):
    """The nearest station of an agency: metres in a straight line."""

    agency: str
    id: str
    name: str
    metres: int


class IncidentFullShape(IncidentShape):
    """An incident with its timeline and the steps of its procedure (control room), or its brief (liaison)."""

    timeline: list[RowShape] | UnsetType = UNSET
    nearest: list[NearestShape] | UnsetType = UNSET
    procedure_steps: list[dict[str, Any]] | UnsetType = UNSET
    brief: BriefShape | UnsetType = UNSET
