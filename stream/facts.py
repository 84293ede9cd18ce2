"""The bodies of facts about the house itself: sources, cases, access, faults. They may carry more fields."""

from __future__ import annotations

from typing import Any

import msgspec


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of what is noted about the house: more fields are allowed."""


class Notice(Fact, frozen=True):
    """A detection that opened nothing: counted. ``why`` is a code: notice, below, device, unfinished, or the kind of
    window that held it back (maintenance, roadworks); ``window`` is then what that stands over."""

    rule: str
    severity: int
    version: int = 0
    evidence: dict[str, Any] = {}
    why: str = "notice"
    source: str = ""
    window: str = ""


class Case(Fact, frozen=True):
    """A welfare case came in: for the clock of first contact and for counting; its text lies in the vault.

    ``likeness`` is the keyed fingerprint of its text, ``same_as`` the case it is told of again, ``again`` the one that
    it comes after within 90 days.
    """

    dong: str
    channel: str
    household: str = ""
    anonymous: bool = False
    risk: float | None = None
    likeness: str = ""
    same_as: str = ""
    again: str = ""


class CaseContact(Fact, frozen=True):
    """The dong's team on a case: contacted, unreachable, closed."""

    outcome: str


class Run(Fact, frozen=True):
    """A start of the console, with the digests of what decides.

    ``expects``: from this moment on every source that the city expects counts as heard, so one that never speaks is
    found silent (false with ``--idle``).
    """

    code: str = ""
    rules: str = ""
    settings: str = ""
    city: str = ""
    expects: bool = False


class Purged(Fact, frozen=True):
    """What was older than its class may be kept is destroyed: how many of each class."""

    gone: dict[str, int]


class DeviceSettled(Fact, frozen=True):
    """A person has seen to a device: the tickets with these codes are over, for this reason."""

    tickets: tuple[str, ...]
    reason: str


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


class WindowOpened(Fact, frozen=True):
    """A source (maintenance) or place (roadworks) is worked on from ``since`` to ``until`` (µs); ``reason`` a code."""

    what: str
    reason: str
    since: int
    until: int


class WindowEnded(Fact, frozen=True):
    """A window was ended by hand before its time."""

    what: str


class RuleProposed(Fact, frozen=True):
    """A person proposes other thresholds for a rule (the subject): ``to``, what they are, of which version, why."""

    to: dict[str, int | float]
    was: dict[str, int | float]
    version: int
    reason: str
    text_ref: str = ""


class RuleChanged(Fact, frozen=True):
    """A second person approved it: in force from the turn after ``turn`` on, as ``version`` of the rule."""

    proposal: int
    to: dict[str, int | float]
    was: dict[str, int | float]
    version: int
    turn: int


class RuleRejected(Fact, frozen=True):
    """It was not approved, or taken back by who proposed it; ``reason`` is a code."""

    proposal: int
    reason: str


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


class Passed(Fact, frozen=True):
    """Vehicles that a site saw in the hour from ``frm`` (µs): how many, how many of them within the limit, their mean
    speed, the limit (km/h), and in how many seconds anything was looked at (``stream/traffic.py``)."""

    frm: int
    vehicles: int
    within: int
    mean_kph: float
    limit_kph: float
    seconds: int = 0


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


class Training(Fact, frozen=True):
    """A supervisor's note for training, about a moment (µs) and perhaps an incident; its text lies in the vault."""

    text_ref: str
    about: int
    incident: str = ""


class Drill(Fact, frozen=True):
    """A drill was begun or ended; what happens in it is in the drill's own journal."""

    code: str
    story: str
    who: str


class Fault(Fact, frozen=True):
    """Something of ours broke: ``code`` says where."""

    code: str
    detail: str = ""


class HandedRow(Fact, frozen=True):
    """An open incident of a hand-over: priority 1-4, who has it, until when it is shelved (µs, 0: it isn't), agencies
    whose report got no answer."""

    id: str
    kind: str
    priority: int
    state: str
    who: str = ""
    until: int = 0
    unanswered: tuple[str, ...] = ()


class Handed(Fact, frozen=True):
    """A shift handed to the account ``to``: open incidents by priority as [unseen, in hand, shelved], the gravest of
    them one by one and ``more`` beyond, windows as "what subject", devices that need a look, are well, were never
    heard; ``text_ref`` is what who goes wrote for who comes, in the vault."""

    to: str
    open: dict[str, list[int]]
    rows: tuple[HandedRow, ...] = ()
    more: int = 0
    windows: tuple[str, ...] = ()
    devices: int = 0
    well: int = 0
    unheard: int = 0
    text_ref: str = ""


class Taken(Fact, frozen=True):
    """The second signature under a hand-over of ``handed_by``."""

    handed_by: str


class Withdrawn(Fact, frozen=True):
    """Taken back by who signed first, before the second signature; meant for ``to``."""

    to: str


class Began(Fact, frozen=True):
    """The sound of a desk was checked: priorities that were heard; none when the person heard nothing."""

    heard: tuple[int, ...] = ()
