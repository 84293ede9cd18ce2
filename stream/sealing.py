"""What of an event is personal, and how it is taken out, kept, and put back.

Three forms of one event. *Sealed* is what the tape keeps: no free text, no attachment, a caller's position as the
middle of its 100 m cell, and ``ref``. *Judged* is what the rules see: the sealed form with the text in it (urgent words
count), the same live and in a re-run. *Whole* is what was sent, for who may see it. What was erased stays sealed.
"""

from __future__ import annotations

from typing import Protocol

import msgspec
from msgspec.structs import replace

from stream.schema import Event, Sos, WelfareCase

CELL_LAT, CELL_LON = 0.0009, 0.00113  # degrees, 100 m each way at 37 degrees north; the same cells as geo.frame.cell
PLACES = 5
ATTACHED = ".a"  # second entry of a case: its attachments
PURPOSE = "event"


class Holds(Protocol):
    """As much of a vault as sealing needs."""

    def hold(self, owner: str, content: str | bytes, purpose: str, ref: str = "") -> str: ...

    def open(self, ref: str) -> str | None: ...


def cell(lon: float, lat: float) -> tuple[float, float]:
    """Middle of the 100 m cell of a point.

    >>> cell(127.07712345, 37.14567891)
    (127.07697, 37.14525)
    """
    return (round((lon // CELL_LON + 0.5) * CELL_LON, PLACES), round((lat // CELL_LAT + 0.5) * CELL_LAT, PLACES))


def _seal_case(vault: Holds, event: Event) -> Event:
    data: WelfareCase = event.data
    if not data.text and not data.attachments:
        return event
    owner = data.household or data.case
    ref = vault.hold(owner, data.text or "", PURPOSE)
    if data.attachments:
        vault.hold(owner, msgspec.json.encode(data.attachments).decode(), PURPOSE, ref + ATTACHED)
    return replace(event, data=replace(data, text=None, attachments=None), ref=ref)


def _seal_sos(vault: Holds, event: Event) -> Event:
    data: Sos = event.data
    exact = msgspec.json.encode({"lon": data.lon, "lat": data.lat, "accuracy_m": data.accuracy_m}).decode()
    ref = vault.hold(data.user, exact, PURPOSE)
    lon, lat = cell(data.lon, data.lat)
    return replace(event, data=replace(data, lon=lon, lat=lat, accuracy_m=None), ref=ref)


_SEAL = {"city.welfare.case": _seal_case, "city.sos": _seal_sos}


def seal_event(vault: Holds, event: Event) -> Event:
    """The event without its personal part, which the vault holds under ``ref`` (durable after the vault's flush)."""
    seal = _SEAL.get(event.type)
    return seal(vault, event) if seal and event.ref is None else event


def _whole_case(vault: Holds, event: Event, attached: bool = True) -> Event:
    text = vault.open(event.ref or "")
    more = vault.open((event.ref or "") + ATTACHED) if attached else None
    attachments = msgspec.json.decode(more, type=list[str]) if more else None
    return replace(event, data=replace(event.data, text=text or None, attachments=attachments))


def _whole_sos(vault: Holds, event: Event) -> Event:
    exact = vault.open(event.ref or "")
    return replace(event, data=replace(event.data, **msgspec.json.decode(exact))) if exact else event


_WHOLE = {"city.welfare.case": _whole_case, "city.sos": _whole_sos}


def whole(vault: Holds, event: Event) -> Event:
    """The event as it was sent; without its personal part when that was erased or purged."""
    restore = _WHOLE.get(event.type)
    return restore(vault, event) if restore and event.ref else event


def unsealed_text(event: Event, sealed: Event) -> Event:
    """``judged`` without a look into the vault, while the event as it was sent is still at hand."""
    if sealed.ref is None or event.type != "city.welfare.case":
        return sealed
    return replace(sealed, data=replace(sealed.data, text=event.data.text))


def judged(vault: Holds, event: Event) -> Event:
    """The event as the rules see it: a case with its text, a call at its cell."""
    return _whole_case(vault, event, attached=False) if event.ref and event.type == "city.welfare.case" else event
