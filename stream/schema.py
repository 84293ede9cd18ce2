"""Every type of the house, defined once, frozen; the contract's part of them stands in ``stream/contract.py``.

Times are integer microseconds since 1970-01-01 UTC (``int``, suffix-less inside the house; ``at`` is the moment
a thing counts for, ``noted_at`` the moment we wrote it down). Bodies hold codes and numbers, never sentences.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from stream.contract import (
    DATA,
    FAR_M,
    AgencyUpdate,
    BusPosition,
    CareAlarm,
    CareCall,
    CareReading,
    Context,
    Delivery,
    DeviceStatus,
    EscalationState,
    Priority,
    RoadDetection,
    RoadFrame,
    RoadObject,
    RoadSignal,
    Severity,
    Signal,
    Sos,
    State,
    WelfareCase,
    WelfareContact,
    Wire,
)  # fmt: skip
from stream.reported import Escalation, Talk

US = 1_000_000  # microseconds in a second


class SourceError(Exception):
    """Their message is bad: quarantine it with ``code`` and ``detail``, count it, go on."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class HouseError(Exception):
    """Our own bug or a broken part of ours: record ``fault.noted``, show it, go on in a safe state."""


class Event(msgspec.Struct, frozen=True):
    """What the world said. ``(source, id)`` is its identity.

    ``time`` is the device's word, ``arrival`` when we had it, ``at`` the moment it is judged for (CONTRACT 1:
    alarms and frames with a wrong clock are judged at arrival). ``marks`` holds ``clock_suspect`` and the like;
    ``ref`` points at the sealed personal part (text, exact position) in the vault, if it has one.
    """

    id: str
    source: str
    type: str
    time: int
    subject: str
    data: Any
    seq: int | None = None
    arrival: int = 0
    at: int = 0
    marks: tuple[str, ...] = ()
    ref: str | None = None

    @property
    def delivery(self) -> Delivery:
        """Class of this event (telemetry, reading, alarm)."""
        return DATA[self.type][1]


class Quarantined(msgspec.Struct, frozen=True):
    """A message put aside: its bytes, why, when it came, from whom. ``id`` is its own ``(source, id)`` if legible."""

    raw: bytes
    reason: str
    detail: str
    source: str
    arrival: int
    id: str | None = None
    seq: int | None = None
    index: int = 0


class Detection(msgspec.Struct, frozen=True):
    """What a rule concluded. ``evidence`` holds numbers and codes only."""

    rule: str
    version: int
    at: int
    subject: str
    severity: Severity
    evidence: dict[str, Any]


class Command(msgspec.Struct, frozen=True):
    """What a person asks. ``id`` is made by the browser (a double click is one command); ``revision`` was shown."""

    id: str
    verb: str
    incident: str
    args: dict[str, Any]
    by: str
    role: str
    revision: int | None = None


class Refusal(msgspec.Struct, frozen=True):
    """A clear no, as a value. ``code`` is a words key (``refusal.<code>``); ``stale`` answers 409, the rest 422."""

    code: str
    detail: str = ""


class Draft(msgspec.Struct, frozen=True):
    """A record before the journal gives it its number and its link in the chain."""

    kind: str
    subject: str
    at: int
    body: dict[str, Any]
    by: str = "engine"
    cause: str = ""


class Record(msgspec.Struct, frozen=True):
    """One line of the journal, the only stored truth.

    ``subject`` is the incident id for incident and escalation records, else source, site or account.
    ``cause`` is ``event:<source>#<id>``, ``command:<id>``, ``record:<seq>`` or ``timer``. ``chain`` is the hex
    SHA-256 over the previous chain and this record's canonical JSON.
    """

    seq: int
    at: int
    noted_at: int
    kind: str
    subject: str
    by: str
    cause: str
    body: dict[str, Any]
    chain: str = ""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an incident is: degrees WGS84 and the ids a person knows. Homes and callers are given by 100 m cell.

    ``radius_m``: how far off it may be, where only a dong is known.
    """

    lon: float
    lat: float
    site: str | None = None
    zone: str | None = None
    household: str | None = None
    dong: str | None = None
    name: str | None = None
    ref: str | None = None
    radius_m: int | None = None


def place_of(found: Any) -> Place | None:
    """geo's word for a place as ours; None stays None."""
    return msgspec.convert(found, Place, from_attributes=True) if found else None


class Factor(msgspec.Struct, frozen=True, omit_defaults=True):
    """One named part of the score. ``why`` is a words key (``why.<why>``), ``args`` its numbers."""

    name: str
    points: int
    why: str
    args: dict[str, Any] = {}


class DetectionRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A detection as it stands in an incident; ``n`` counts folded repeats, ``last_at`` is the latest of them.

    ``source`` is the source of the deciding event, empty for a timer.
    """

    rule: str
    at: int
    subject: str
    severity: int
    evidence: dict[str, Any] = {}
    n: int = 1
    last_at: int = 0
    source: str = ""


class Incident(msgspec.Struct, frozen=True):
    """Folded from records, never stored as truth. ``revision`` grows with each change that a confirm must have seen.

    ``order`` is the score the queue goes by (it follows ``score`` past a hysteresis), ``new_at`` since when it waits
    for a person, ``stamps`` moments by name (source, decided, contact, ...). ``call`` is the level at which it calls
    unattended since ``called_at``; ``held`` counts what it took in while shelved.
    """

    id: str
    kind: str
    domain: str
    subject: str
    state: str
    priority: int
    score: int
    factors: tuple[Factor, ...]
    revision: int
    opened_at: int
    updated_at: int
    detections: tuple[DetectionRef, ...] = ()
    place: Place | None = None
    unplaced: bool = False
    annunciated: bool = True
    assigned_to: str | None = None
    acknowledged_at: int = 0
    acknowledged_by: str | None = None
    escalations: tuple[Escalation, ...] = ()
    steps: tuple[int, ...] = ()
    notes: int = 0
    marks: tuple[str, ...] = ()
    shelved_until: int = 0
    disposition: str = ""
    reason: str = ""
    resolved_at: int = 0
    merged_into: str | None = None
    text_ref: str | None = None
    unrecorded: bool = False
    stamps: dict[str, int] = {}
    order: int = 0
    new_at: int = 0
    call: int = 0
    called_at: int = 0
    shelved_by: str = ""
    shelved_at: int = 0
    held: int = 0
    answers: dict[str, str] = {}
    talk: tuple[Talk, ...] = ()

    @property
    def is_open(self) -> bool:
        """Open is every state but resolved and closed."""
        return self.state not in (State.resolved, State.closed)


class Change(msgspec.Struct, frozen=True):
    """A delta for screens: ``op`` is ``put`` (new or changed) or ``drop`` (left the open queue)."""

    op: str
    id: str
    incident: Incident | None = None


# Columns of the engine's batch: name -> dtype. One row an event; the objects of frames have rows of their own, from
# ``first``, ``n`` of them. NaN is "no reading", so kernels never use fastmath. Indices are dense, -1 is none. The wide
# ones first: a row is then 64 bytes, what a processor fetches at once.
COLUMNS: dict[str, type] = {
    "t": np.int64,
    "heard": np.int64,
    "value": np.float64,
    "conf": np.float64,
    "subject": np.int32,
    "source": np.int32,
    "key": np.int32,
    "sensor": np.int32,
    "first": np.int32,
    "n": np.int32,
    "kind": np.int16,
    "flag": np.int16,
}
OBJECT_COLUMNS: dict[str, type] = {
    "track": np.int32,
    "cls": np.int8,
    "x": np.float64,
    "y": np.float64,
    "vx": np.float64,
    "vy": np.float64,
    "length": np.float64,
    "width": np.float64,
}
