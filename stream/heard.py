"""What the world says about incidents and devices, as records: no rule judges these events.

``hear`` is called for every event, in order, before the engine sees it. An agency's word may come late, twice or out of
order: it never moves a report back (``stream/reports.py``). A source that nobody registered is asked for once; one
that was silent is back with its first message.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from stream import bodies, signals
from stream.agency import overruled
from stream.board import Board, context_key, context_said
from stream.devices import KEEP_SIGNALS, LOW_BATTERY_PCT
from stream.eased import eased
from stream.kinds import draft
from stream.likeness import fingerprint
from stream.reports import progress
from stream.schema import (
    AgencyUpdate,
    Context,
    DeviceStatus,
    Draft,
    EscalationState,
    Event,
    SourceError,
    WelfareCase,
    WelfareContact,
)

DEVICE = "/device/"
Registered = Callable[[Event], bool]
Count = Callable[[Event], list[Draft]]
WORD = 80  # letters of an agency's word that are kept
STATES = {state.value: state for state in EscalationState}


def hear(
    board: Board, event: Event, now: int, registered: Registered | None = None, key: bytes = b"",
    count: Count | None = None, dong: Callable[[str], str | None] | None = None,
) -> list[Draft]:
    """The records this event makes by itself; ``registered`` says whether the city file knows its source.

    ``key`` is the vault's secret for fingerprints of texts (``stream.secret.likeness_key``); empty for a plain file.
    ``count`` (``Traffic.hear``) counts what is no record by itself. ``dong`` gives the city's name of a dong as people
    write it (``Wards.named``), so that one letter told as from 궐동 and from 오산시 궐동 is one.
    """
    drafts = _device(board, event, registered)
    if count is not None:
        drafts += count(event)
    if event.type == "city.welfare.case":
        known = dong(event.data.dong) if dong else None
        return drafts + _case(board, event, key, known or event.data.dong)
    if fact := FACTS.get(event.type):
        drafts += fact(board, event, now)
    return drafts


def cause_of(event: Event) -> str:
    """How records name an event: ``event:<source>#<id>``."""
    return f"event:{event.source}#{event.id}"


def _noted(event: Event, subject: str, body: bodies.Device) -> Draft:
    return draft("device.noted", subject, event.at, body, event.source, cause_of(event))


def _device(board: Board, event: Event, registered: Registered | None) -> list[Draft]:
    row = board.devices.get(event.source)
    if row is not None and row.silent_since:
        return [_noted(event, event.source, bodies.Device("back", type=event.type))]
    if registered is None or (row is not None and not row.registered) or registered(event):
        return []
    if not event.source.startswith(DEVICE):  # the city file knows what stands at a site or in a home; a system does not
        return []
    return [_noted(event, event.source, bodies.Device("unregistered", type=event.type))]


def _agency(board: Board, event: Event, now: int) -> list[Draft]:
    """An agency's word on a report of ours; what says nothing new is no record, an unknown report is a ticket."""
    told: AgencyUpdate = event.data
    to, found = STATES.get(told.state), board.report(told.report)
    if event.source.startswith(DEVICE):  # a sensor speaks for no agency: a card must not turn green by one
        return [_noted(event, event.source, bodies.Device("unusable", status=told.state[:WORD]))]
    if found is None:
        return [_noted(event, event.source, bodies.Device("unknown_report", status=told.state[:WORD]))]
    incident, report = found
    ours = (EscalationState.requested, EscalationState.sent, EscalationState.unknown, EscalationState.cancelled)
    if to is None or to in ours:  # not a word an agency can say of a report
        return [_noted(event, event.source, bodies.Device("unusable", status=told.state[:WORD]))]
    if overruled(report):
        return []
    moved = progress(
        incident, report, to, now, told.by[:WORD], cause_of(event), reason=(told.reason or "")[:WORD],
        unit=(told.unit or "")[:WORD], eta_s=told.eta_s, answered_at=event.time)
    return [moved] if moved else []


def _contact(board: Board, event: Event, now: int) -> list[Draft]:
    """A word of the dong's team on a case: the case's own clock hears it, and every incident about it."""
    told: WelfareContact = event.data
    body = bodies.Contact(told.outcome, told.case)
    about, by = board.of(told.case), told.by[:WORD]
    cause = cause_of(event)
    case = draft("case.contact", told.case, event.at, bodies.CaseContact(told.outcome), by, cause)
    return [case, *(draft("incident.contact", incident.id, event.at, body, by, cause) for incident in about)]


def _case(board: Board, event: Event, key: bytes, dong: str) -> list[Draft]:
    """A welfare case: noted whether or not a rule makes an incident of it; and the signs nobody knows the names of."""
    told: WelfareCase = event.data
    print_ = fingerprint(told.text, key)
    body = bodies.Case(dong, told.channel, told.household or "", bool(told.anonymous), told.risk, print_)
    same, again = board.cases.same(told.case, body, event.at), board.cases.again(told.case, body, event.at)
    noted = replace(body, same_as=same, again=again)
    drafts = [draft("case.noted", told.case, event.at, noted, event.source, cause_of(event))]
    row = board.devices.get(event.source)
    asked = row.unknown_signals if row else ()
    for code in signals.unknown(signals.told((one.code, one.weight) for one in told.signals)):
        if code not in asked and len(asked) < KEEP_SIGNALS:
            asked = (*asked, code)
            drafts.append(_noted(event, event.source, bodies.Device("unknown_signal", rule=code)))
    return drafts


def _context(board: Board, event: Event, now: int) -> list[Draft]:
    """Weather, calendar, works, an event: noted when it says something else than what holds already."""
    told: Context = event.data
    try:
        body = context_said(told)
    except SourceError:
        return [_noted(event, event.source, bodies.Device("unusable", status=told.what))]
    if board.context.get(context_key(told.area, body)) == body:
        return []
    return [draft("context.noted", told.area, event.at, body, event.source, cause_of(event))]


def _status(board: Board, event: Event, now: int) -> list[Draft]:
    """A device's own word: a record when its state or firmware changed, or its battery became low or good again."""
    told: DeviceStatus = event.data
    device = _source(told.device, event.source)
    row = board.devices.get(device)
    same = row is not None and row.status == told.status and (told.firmware or row.firmware) == row.firmware
    if row is not None and same and _low(told.battery_pct) in (None, _low(row.battery_pct) or False):
        return []
    body = bodies.Device(
        "status", told.device, told.status, battery_pct=told.battery_pct, rssi_dbm=told.rssi_dbm,
        firmware=told.firmware or "", clock_offset_ms=told.clock_offset_ms)
    return [_noted(event, device, body)]


def _source(device: str, source: str) -> str:
    """The source that a device is: a gateway speaks for others, most speak for themselves."""
    if device.startswith("/") or source.endswith(f"/{device}"):
        return device if device.startswith("/") else source
    return f"/device/{device}"


def _low(battery_pct: float | None) -> bool | None:
    return None if battery_pct is None else battery_pct < LOW_BATTERY_PCT


FACTS: dict[str, Callable[[Board, Event, int], list[Draft]]] = {
    "city.agency.update": _agency,
    "city.welfare.contact": _contact,
    "city.context": _context,
    "city.device.status": _status,
    "city.care.reading": lambda board, event, now: eased(board.of, event),
    "city.care.call": lambda board, event, now: eased(board.of, event),
}
