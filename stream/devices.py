"""What is known of each source and device: a fold of ``device.noted`` ``.settled``, ``source.gap`` and ``.filled``."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from stream.bodies import Device, DeviceSettled, Gap
from stream.kinds import body_of
from stream.schema import Record

# Codes that ask a person to look at the device.
TICKETS = ("chattering", "tamper", "blocked", "unregistered", "unknown_report", "unusable", "unknown_signal")
LOW_BATTERY_PCT = 20.0  # below it a device asks for a new battery
CLOCK_OFF_MS = 2000.0  # a device's own clock further off than this: its times mean little (goal of NTP sync is 0.1 s)
KEEP_SIGNALS = 20  # codes of signs nobody knows that are listed by source
KEEP_GAPS = 20  # gaps listed by device; the rest is in the journal


class DeviceState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One source as the records tell it. Times in µs; ``tickets`` counts by code what no person has settled yet,

    the first of it at ``asked_at``; ``gaps`` are missing numbers.
    """

    source: str
    status: str = ""
    since: int = 0
    noted_at: int = 0
    silent_since: int = 0
    registered: bool = True
    type: str = ""
    battery_pct: float | None = None
    rssi_dbm: float | None = None
    firmware: str = ""
    clock_offset_ms: float | None = None
    tickets: dict[str, int] = {}
    asked_at: int = 0
    gaps: tuple[tuple[int, int], ...] = ()
    gap_count: int = 0
    unknown_signals: tuple[str, ...] = ()


def state_of(row: DeviceState | None) -> str:
    """One word: unknown (never spoken of), silent, or what the device last said of itself (else online)."""
    if row is None:
        return "unknown"
    return "silent" if row.silent_since else row.status or "online"


def asks(row: DeviceState | None) -> list[str]:
    """Why a person should look at it, the gravest first; nothing for one that is well or was never heard."""
    if row is None:
        return []
    state = state_of(row)
    codes = [state] if state in ("silent", "offline", "degraded") else []
    codes += [] if row.registered else ["unregistered"]
    codes += [code for code in row.tickets if code not in codes]
    if row.battery_pct is not None and row.battery_pct < LOW_BATTERY_PCT:
        codes.append("battery")
    if row.clock_offset_ms is not None and abs(row.clock_offset_ms) > CLOCK_OFF_MS:
        codes.append("clock")
    return codes


def _status(row: DeviceState, record: Record, body: Device) -> DeviceState:
    return replace(
        row, status=body.status, since=row.since if body.status == row.status else record.at,
        battery_pct=body.battery_pct if body.battery_pct is not None else row.battery_pct,
        rssi_dbm=body.rssi_dbm if body.rssi_dbm is not None else row.rssi_dbm,
        firmware=body.firmware or row.firmware,
        clock_offset_ms=body.clock_offset_ms if body.clock_offset_ms is not None else row.clock_offset_ms,
    )


def _ticket(row: DeviceState, record: Record, body: Device) -> DeviceState:
    n = row.tickets.get(body.code, 0) + 1
    registered = row.registered and body.code != "unregistered"
    strange = (*row.unknown_signals, body.rule) if body.code == "unknown_signal" else row.unknown_signals
    return replace(
        row, tickets={**row.tickets, body.code: n}, asked_at=row.asked_at or record.at, registered=registered,
        type=body.type or row.type, unknown_signals=strange[-KEEP_SIGNALS:],
    )


def _silent(row: DeviceState, record: Record, body: Device) -> DeviceState:
    return replace(row, silent_since=record.at) if not row.silent_since else row


def _back(row: DeviceState, record: Record, body: Device) -> DeviceState:
    return replace(row, silent_since=0)


STEPS = {"status": _status, "silent": _silent, "back": _back, **dict.fromkeys(TICKETS, _ticket)}


class Devices:
    """Rows by source. ``apply`` folds one record; reading is free of cost and changes nothing."""

    def __init__(self) -> None:
        self._rows: dict[str, DeviceState] = {}

    def get(self, source: str) -> DeviceState | None:
        """What is known of this source, None when no record ever spoke of it."""
        return self._rows.get(source)

    def rows(self) -> list[DeviceState]:
        """All of them, by source."""
        return [self._rows[source] for source in sorted(self._rows)]

    def asking(self) -> list[DeviceState]:
        """Those a person should look at (``asks``)."""
        return [row for row in self.rows() if asks(row)]

    def apply(self, record: Record) -> None:
        """Take one record of a device or source in."""
        body = body_of(record.kind, record.body)
        row = self._rows.get(record.subject) or DeviceState(record.subject)
        if isinstance(body, DeviceSettled):  # a person's deed says nothing of when the device was last heard
            left = {code: n for code, n in row.tickets.items() if code not in body.tickets}
            self._rows[record.subject] = replace(row, tickets=left, asked_at=row.asked_at if left else 0)
            return
        if isinstance(body, Gap):
            row = self._gap(row, record.kind, body)
        elif step := STEPS.get(body.code):
            row = step(row, record, body)
        self._rows[record.subject] = replace(row, noted_at=max(row.noted_at, record.at))

    def _gap(self, row: DeviceState, kind: str, body: Gap) -> DeviceState:
        span = (body.first, body.last)
        if kind == "source.filled":
            return replace(row, gaps=tuple(g for g in row.gaps if g[0] < span[0] or g[1] > span[1]))
        return replace(row, gaps=(*row.gaps, span)[-KEEP_GAPS:], gap_count=row.gap_count + 1)

    def copy(self) -> Devices:
        """The same rows, for another writer."""
        other = Devices()
        other._rows = dict(self._rows)
        return other
