"""The board: every incident that is not over, folded from records, and the look-ups the queue and the deciders need.

A fold only remembers. ``apply`` costs the same with ten and with 100,000 incidents: one typed body, one new frozen
incident, one place in the order. The writer is the loop thread; other threads may read (``get``, ``open``, ``counts``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from stream import order
from stream.bodies import ContextNoted, Opened
from stream.cases import Cases
from stream.devices import Devices
from stream.fold import STEPS, opened
from stream.index import Index
from stream.instant import parse_rfc3339
from stream.kinds import KINDS, body_of
from stream.loud import Loud
from stream.order import Order
from stream.proposals import Proposals
from stream.schema import (
    US,
    Change,
    Context,
    Escalation,
    EscalationState,
    HouseError,
    Incident,
    Priority,
    Record,
    State,
)
from stream.shifts import Shifts
from stream.tally import Tally
from stream.trust import Trust
from stream.unattended import Unattended
from stream.windows import Windows

rank, waiting = order.rank, order.waiting
KOREA_US = 9 * 3600 * US
DAY_US = 24 * 3600 * US
KEEP_CLOSED = 5000  # closed incidents kept in memory for a look back; older ones are in the journal
TABLES = ("incidents", "context", "begun", "shelved", "resolved", "notices", "reports", "moving", "_closed", "_numbers")
MOVING = (EscalationState.requested, EscalationState.sent, EscalationState.delivered)


def korean_day(at: int) -> str:
    """``YYYYMMDD`` of a moment in Korea (int µs), by Howard Hinnant's civil-from-days.

    >>> korean_day(0)
    '19700101'
    """
    z = (at + KOREA_US) // DAY_US + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return f"{yoe + era * 400 + (month <= 2):04d}{month:02d}{doy - (153 * mp + 2) // 5 + 1:02d}"


def korean_time(at: int) -> str:
    """``HH:MM:SS`` of a moment in Korea (int µs).

    >>> korean_time(0)
    '09:00:00'
    """
    seconds = (at + KOREA_US) // US % 86400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class Board:
    """Incidents by id, in rank order, by subject and place; devices, context and verdicts beside them."""

    def __init__(self) -> None:
        self.incidents: dict[str, Incident] = {}
        self.devices = Devices()
        self.context: dict[tuple[str, str, str], ContextNoted] = {}
        self.begun: dict[tuple[str, str, str], int] = {}  # since when each of them is as grave as it is
        self.trust, self.loud, self.cases = Trust(), Loud(), Cases()
        self.windows, self.unattended, self.shifts = Windows(), Unattended(), Shifts()
        self.proposals = Proposals()
        self.shelved: dict[str, int] = {}
        self.resolved: dict[str, int] = {}
        self.notices: dict[str, int] = {}  # new P4: when it was last touched, in that order
        self.reports: dict[str, str] = {}  # idempotency key -> incident
        self.moving: dict[str, str] = {}  # the same, of reports that are requested, sent or delivered
        self.seq = 0
        self._closed: dict[str, None] = {}
        self._numbers: dict[str, int] = {}
        self._order, self._index, self._tally = Order(), Index(), Tally()

    # asking ----------------------------------------------------------------------------------------------------

    def get(self, id: str) -> Incident | None:
        """The incident, None when unknown or closed long ago."""
        return self.incidents.get(id)

    def open(self, now: int, limit: int | None = None) -> list[Incident]:
        """Open incidents in rank order at ``now`` (at least the last record's time), the first ``limit`` of them."""
        ids = self._order.first(now, self.incidents.get, limit)
        return [incident for id in ids if (incident := self.incidents.get(id)) is not None]

    def counts(self) -> dict[str, Any]:
        """Open incidents by priority and state, see ``Tally.view``."""
        return self._tally.view()

    def next_id(self, at: int) -> str:
        """The id of the next incident of that Korean day: ``YYYYMMDD-NNNN``."""
        day = korean_day(at)
        return f"{day}-{self._numbers.get(day, 0) + 1:04d}"

    def of(self, subject: str) -> list[Incident]:
        """Incidents about a site, household, case, user or source that are not closed, oldest first."""
        return [self.incidents[id] for id in self._index.of(subject)]

    def near(self, lon: float, lat: float) -> Iterator[Incident]:
        """Incidents not closed, all that are within 130 m of the point (east, north, south, west)."""
        return (self.incidents[id] for id in self._index.near(lon, lat))

    def report(self, key: str) -> tuple[Incident, Escalation] | None:
        """The incident and the report with this idempotency key."""
        incident = self.incidents.get(self.reports.get(key, ""))
        found = next((e for e in incident.escalations if e.key == key), None) if incident else None
        return (incident, found) if incident and found else None

    # folding ---------------------------------------------------------------------------------------------------

    def apply(self, record: Record) -> list[Change]:
        """Take one record in and tell what changed on the screens; a kind that is no incident's changes none."""
        self.seq = max(self.seq, record.seq)
        self.advance(record.noted_at)
        if other := OTHERS.get(record.kind):
            other(self, record)
            return []
        if record.kind == "incident.opened":
            return self._put(None, self._begin(record), record)
        if record.kind not in STEPS:
            body_of(record.kind, record.body)  # a kind nobody knows is a fault, not silence
            return []
        was = self.incidents.get(record.subject)
        if was is None:
            raise HouseError(f"{record.kind} of {record.subject}: no such incident on the board")
        now = STEPS[record.kind](was, record, body_of(record.kind, record.body))
        revision = was.revision + KINDS[record.kind].revises
        return self._put(was, replace(now, revision=revision, updated_at=max(was.updated_at, record.at)), record)

    def advance(self, now: int) -> None:
        """Move what has waited long enough up in the order: no fact, only the order at ``now``."""
        self._order.advance(now, self.incidents.get)

    def _begin(self, record: Record) -> Incident:
        if record.subject in self.incidents:
            raise HouseError(f"incident.opened of {record.subject}: it is open already")
        body: Opened = body_of(record.kind, record.body)
        day, _, number = record.subject.partition("-")
        if number.isdigit():
            self._numbers[day] = max(self._numbers.get(day, 0), int(number))
        return opened(record, body)

    def _put(self, was: Incident | None, now: Incident, record: Record) -> list[Change]:
        self.incidents[now.id] = now
        self._tally.move(was if was and was.is_open else None, now if now.is_open else None)
        if now.is_open and (was is None or rank(was, record.noted_at) != rank(now, record.noted_at)
                            or not was.is_open or was.new_at != now.new_at):
            self._order.put(now, record.noted_at)
        elif not now.is_open:
            self._order.drop(now.id)
        self._timers(now)
        if was is None or was.escalations is not now.escalations:
            self._follow(now)
        self.trust.weigh(was, now)
        self.loud.hear(was, now, record.at)
        self.unattended.put(now)
        if now.state == State.closed:
            self._bury(was, now)
        else:
            self._index.put(None if was and was.state == State.closed else was, now)
            self._closed.pop(now.id, None)
        gone = not now.is_open and was is not None and was.is_open
        return [Change("drop" if gone else "put", now.id, now)]

    def _timers(self, now: Incident) -> None:
        """Know what ends by itself: shelving, and the time a resolved one stays."""
        for table, state, until in ((self.shelved, State.shelved, now.shelved_until),
                                    (self.resolved, State.resolved, now.resolved_at)):
            if now.state == state:
                table[now.id] = until
            else:
                table.pop(now.id, None)
        self.notices.pop(now.id, None)
        if now.state == State.new and now.priority == Priority.P4:
            self.notices[now.id] = now.updated_at

    def _follow(self, now: Incident) -> None:
        for report in now.escalations:
            self.reports[report.key] = now.id
            if report.state in MOVING:
                self.moving[report.key] = now.id
            else:
                self.moving.pop(report.key, None)

    def _bury(self, was: Incident | None, now: Incident) -> None:
        """Closed: out of the look-ups; out of memory when many closed after it."""
        self._index.drop(was or now)
        self._closed[now.id] = None
        while len(self._closed) > KEEP_CLOSED:
            oldest = next(iter(self._closed))
            del self._closed[oldest]
            for report in self.incidents.pop(oldest).escalations:
                self.reports.pop(report.key, None)
                self.moving.pop(report.key, None)

    def copy(self) -> Board:
        """A board with the same facts that can go its own way (incidents are frozen and shared)."""
        other = Board()
        for name in TABLES:
            setattr(other, name, dict(getattr(self, name)))
        for name in ("devices", "trust", "loud", "cases", "windows", "unattended", "shifts", "proposals", "_order",
                     "_index", "_tally"):
            setattr(other, name, getattr(self, name).copy())
        other.seq = self.seq
        return other


def context_key(area: str, body: ContextNoted) -> tuple[str, str, str]:
    """What replaces what: a calendar has one word at a time, of weather each kind has its own."""
    return area, body.what, "" if body.what == "calendar" else str(body.value)


def context_said(told: Context) -> ContextNoted:
    """What a ``city.context`` says, its times as µs. Raises SourceError ``bad_time``."""
    begin, end = (parse_rfc3339(text) if text else 0 for text in (told.from_, told.to))
    return ContextNoted(told.what, told.level or "", told.value, begin, end)


def _context(board: Board, record: Record) -> None:
    body: ContextNoted = body_of(record.kind, record.body)
    key = context_key(record.subject, body)
    was = board.context.get(key)
    if was is None or was.level != body.level or (was.to and was.to <= record.at):
        board.begun[key] = body.frm or record.at
    board.context[key] = body


def _device(board: Board, record: Record) -> None:
    board.devices.apply(record)


def _case(board: Board, record: Record) -> None:
    board.cases.apply(record)


def _window(board: Board, record: Record) -> None:
    board.windows.apply(record)


def _shift(board: Board, record: Record) -> None:
    board.shifts.apply(record)


def _proposal(board: Board, record: Record) -> None:
    board.proposals.apply(record)


OTHERS: dict[str, Callable[[Board, Record], None]] = {
    "context.noted": _context,
    "device.noted": _device,
    "device.settled": _device,
    "source.gap": _device,
    "source.filled": _device,
    "case.noted": _case,
    "case.contact": _case,
    "window.opened": _window,
    "window.ended": _window,
    "detection.noted": _window,
    "shift.begun": _shift,
    "shift.handed": _shift,
    "shift.taken": _shift,
    "shift.withdrawn": _shift,
    "rule.proposed": _proposal,
    "rule.changed": _proposal,
    "rule.rejected": _proposal,
}
