"""The bodies of records: what each kind of record carries.

A deed (incident.*, escalation.*) refuses fields it does not know, so that a fact can't slip in unread; the bodies of
facts about the house itself (sources, access, faults) may carry more numbers than the fields named here. Bodies hold
codes and numbers only: texts lie in the vault and are named by ``text_ref``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stream.schema import DetectionRef, Factor, Place


class Deed(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of what happens to an incident: unknown fields are refused."""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of what is noted about the house: more fields are allowed."""


class Opened(Deed, frozen=True):
    """A new incident. ``subject`` is what it is about (site, household, case, user, source)."""

    kind: str
    domain: str
    subject: str
    priority: int
    score: int
    factors: tuple[Factor, ...]
    detections: tuple[DetectionRef, ...] = ()
    place: Place | None = None
    annunciated: bool = True
    marks: tuple[str, ...] = ()
    text_ref: str | None = None
    stamps: dict[str, int] = {}
    split_from: str = ""


class Attached(Deed, frozen=True):
    """One more detection, or a worse one of a rule and subject that is already in it; ``kind`` is the leading one."""

    detection: DetectionRef
    kind: str
    domain: str
    place: Place | None = None
    marks: tuple[str, ...] = ()
    text_ref: str | None = None


class Folded(Deed, frozen=True):
    """A repeat that says nothing new: counted under the same detection (rule, subject, what, source)."""

    rule: str
    subject: str
    at: int
    severity: int
    what: str = ""
    source: str = ""
    marks: tuple[str, ...] = ()


class Marked(Deed, frozen=True):
    """Marks for the screens (``mark.<mark>``), such as ``chattering``."""

    marks: tuple[str, ...]


class Scored(Deed, frozen=True):
    """The score as it is now, without waiting; the points of the factors sum up to it."""

    score: int
    priority: int
    factors: tuple[Factor, ...]
    annunciated: bool


class Done(Deed, frozen=True):
    """A deed that needs no more words than its kind and its ``by``; ``state`` if it isn't the usual one after it."""

    state: str = ""


class Assigned(Deed, frozen=True):
    """Who works on it now, and who did before."""

    to: str
    was: str = ""
    reason: str = ""


class Noted(Deed, frozen=True):
    """A note; its text lies in the vault."""

    text_ref: str


class Checked(Deed, frozen=True):
    """A step of the procedure (from 1) was done, or is open again."""

    step: int
    done: bool = True


class Shelved(Deed, frozen=True):
    """Put aside until ``until`` (µs), by whom stands in ``by``."""

    reason: str
    until: int


class Returned(Deed, frozen=True):
    """It is ``state`` (again); ``why`` is a code: ended, by_hand, worse, again, undone."""

    state: str
    why: str
    reason: str = ""


class Resolved(Deed, frozen=True):
    """A verdict with its reason code."""

    disposition: str
    reason: str
    marks: tuple[str, ...] = ()


class Closed(Deed, frozen=True):
    """``why``: settled (time after the verdict), expired (a notice nobody had to look at)."""

    why: str


class Merged(Deed, frozen=True):
    """Two records, one a side: the swallowed one says ``into``, the survivor ``absorbed`` and what it took over."""

    into: str = ""
    absorbed: str = ""
    detections: tuple[DetectionRef, ...] = ()
    score: int = 0
    priority: int = 0
    factors: tuple[Factor, ...] = ()


class Split(Deed, frozen=True):
    """These detections (by position) went to the incident ``into``."""

    into: str
    detections: tuple[int, ...]
    kind: str
    domain: str


class Changed(Deed, frozen=True):
    """A person's word on the priority; the factor ``operator`` makes the sum fit it."""

    priority: int
    score: int
    factors: tuple[Factor, ...]
    reason: str
    annunciated: bool


class Contact(Deed, frozen=True):
    """A word from the dong's team on a welfare case: contacted, unreachable, closed."""

    outcome: str
    case: str


class Requested(Deed, frozen=True):
    """A person confirmed a report to an agency: it leaves at ``send_at`` unless taken back."""

    agency: str
    generation: int
    key: str
    send_at: int
    revision: int
    exercise: bool
    state: str = "escalated"
    text_ref: str | None = None


class Progress(Deed, frozen=True):
    """What became of a report. ``answered_at`` is the agency's own time; ``state`` the incident's, if it changes."""

    agency: str
    generation: int
    key: str
    receipt: str = ""
    reason: str = ""
    unit: str = ""
    eta_s: float | None = None
    answered_at: int = 0
    state: str = ""


class Notice(Fact, frozen=True):
    """A detection that opened nothing: counted. ``why`` is a code: notice, below, device, unfinished."""

    rule: str
    severity: int
    version: int = 0
    evidence: dict[str, Any] = {}
    why: str = "notice"
    source: str = ""


class Case(Fact, frozen=True):
    """A welfare case came in: for the clock of first contact and for counting; its text lies in the vault."""

    dong: str
    channel: str
    household: str = ""
    anonymous: bool = False
    risk: float | None = None


class CaseContact(Fact, frozen=True):
    """The dong's team on a case: contacted, unreachable, closed."""

    outcome: str


class Run(Fact, frozen=True):
    """A start of the console, with the digests of what decides."""

    code: str = ""
    rules: str = ""
    settings: str = ""
    city: str = ""


class Device(Fact, frozen=True):
    """About a source or device. ``code``: status, silent, back, chattering, tamper, or one of devices.TICKETS."""

    code: str
    device: str = ""
    status: str = ""
    rule: str = ""
    battery_pct: float | None = None
    rssi_dbm: float | None = None
    firmware: str = ""
    clock_offset_ms: float | None = None
    type: str = ""


class ContextNoted(Fact, frozen=True):
    """Weather, calendar, works or an event over an area; ``frm`` and ``to`` in µs, 0 = open."""

    what: str
    level: str = ""
    value: str | float | bool | None = None
    frm: int = 0
    to: int = 0


class Gap(Fact, frozen=True):
    """Numbers of a source that are missing (or came after all): from ``first`` to ``last``."""

    first: int
    last: int


class Aside(Fact, frozen=True):
    """A message put into quarantine."""

    reason: str


class Shed(Fact, frozen=True):
    """Telemetry that was dropped under load: how many messages."""

    n: int


class Access(Fact, frozen=True):
    """Who looked, signed in, or was refused; the account is the record's ``by``."""

    what: str = ""
    purpose: str = ""
    code: str = ""
    incident: str = ""


class Paint(Fact, frozen=True):
    """A browser painted an incident for the first time: milliseconds since its deciding event arrived."""

    ms: float
    incident: str = ""


class Fault(Fact, frozen=True):
    """Something of ours broke: ``code`` says where."""

    code: str
    detail: str = ""
