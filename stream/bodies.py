"""The bodies of records: what each kind of record carries.

A deed (incident.*, escalation.*) refuses fields it does not know, so that a fact can't slip in unread; the facts about
the house itself stand in ``stream/facts.py`` and are had from here as well. Bodies hold codes and numbers only: texts
lie in the vault and are named by ``text_ref``.
"""

from __future__ import annotations

import msgspec

from stream.facts import (
    Access,
    Aside,
    Began,
    Case,
    CaseContact,
    ContextNoted,
    Device,
    DeviceSettled,
    Drill,
    Fact,
    Fault,
    Gap,
    Handed,
    HandedRow,
    Notice,
    Paint,
    Passed,
    Purged,
    RuleChanged,
    RuleProposed,
    RuleRejected,
    Run,
    Shed,
    Taken,
    Training,
    WindowEnded,
    WindowOpened,
    Withdrawn,
)
from stream.schema import DetectionRef, Factor, Place


class Deed(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of what happens to an incident: unknown fields are refused."""


class Opened(Deed, frozen=True):
    """A new incident. ``subject`` is what it is about (site, household, case, user, source); ``since`` when it began,
    where that was before this record (a part that was split off)."""

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
    since: int = 0


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
    """A step of the procedure (from 1) was done, or is open again; ``answer`` (yes, no) to the question it asks."""

    step: int
    done: bool = True
    answer: str = ""


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


class Unattended(Deed, frozen=True):
    """Nobody has looked for ``level`` times its target; ``to`` is who is called now (``stream/unattended.py``)."""

    level: int
    to: str


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
    kind: str = ""
    domain: str = ""
    place: Place | None = None


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


class Eased(Deed, frozen=True):
    """After an alarm about silence there was a sign of life in the home (``mark.<mark>``)."""

    mark: str


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
    """What became of a report. ``answered_at`` is the agency's own time; ``state`` the incident's, if it changes;
    ``hand``: said by its liaison at the screen."""

    agency: str
    generation: int
    key: str
    receipt: str = ""
    reason: str = ""
    unit: str = ""
    eta_s: float | None = None
    answered_at: int = 0
    state: str = ""
    hand: bool = False


class Said(Deed, frozen=True):
    """A message between the control room (``side`` room) and an agency's liaison (desk); ``more``: what is asked."""

    agency: str
    side: str
    text_ref: str = ""
    more: str = ""


class Heard(Deed, frozen=True):
    """One side has read the first ``n`` messages of the other; ``settled``: none of them waits for an answer."""

    agency: str
    side: str
    n: int
    settled: bool = False
