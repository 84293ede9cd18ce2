"""The kinds of records: one row each, with the shape of the body (``stream/bodies.py``) and whether it revises.

``revises`` says that a confirm must have seen it: it raises the incident's revision. Repeats of what is known and an
agency's good news don't, or a chattering sensor would make every confirm stale.
"""

from __future__ import annotations

from typing import Any

import msgspec

from stream import bodies
from stream.schema import Draft, HouseError


class Kind(msgspec.Struct, frozen=True):
    """One row: its name, the shape of its body, whether a confirm must have seen it, its words key."""

    name: str
    body: type[msgspec.Struct]
    revises: bool
    words: str


_ROWS: tuple[tuple[str, type[msgspec.Struct], bool], ...] = (
    ("run.started", bodies.Run, False),
    ("detection.noted", bodies.Notice, False),
    ("incident.opened", bodies.Opened, True),
    ("incident.attached", bodies.Attached, True),
    ("incident.folded", bodies.Folded, False),
    ("incident.marked", bodies.Marked, False),
    ("incident.scored", bodies.Scored, True),
    ("incident.acknowledged", bodies.Done, True),
    ("incident.unacknowledged", bodies.Done, True),
    ("incident.assigned", bodies.Assigned, True),
    ("incident.transferred", bodies.Assigned, True),
    ("incident.noted", bodies.Noted, True),
    ("incident.checked", bodies.Checked, True),
    ("incident.shelved", bodies.Shelved, True),
    ("incident.unshelved", bodies.Returned, True),
    ("incident.resolved", bodies.Resolved, True),
    ("incident.reopened", bodies.Returned, True),
    ("incident.closed", bodies.Closed, True),
    ("incident.merged", bodies.Merged, True),
    ("incident.split", bodies.Split, True),
    ("incident.priority_changed", bodies.Changed, True),
    ("incident.returned", bodies.Returned, True),
    ("incident.unattended", bodies.Unattended, False),
    ("incident.contact", bodies.Contact, True),
    ("incident.eased", bodies.Eased, False),
    ("case.noted", bodies.Case, False),
    ("case.contact", bodies.CaseContact, False),
    ("escalation.requested", bodies.Requested, True),
    ("escalation.sent", bodies.Progress, False),
    ("escalation.delivered", bodies.Progress, False),
    ("escalation.accepted", bodies.Progress, False),
    ("escalation.rejected", bodies.Progress, True),
    ("escalation.dispatched", bodies.Progress, False),
    ("escalation.arrived", bodies.Progress, False),
    ("escalation.closed", bodies.Progress, True),
    ("escalation.unknown", bodies.Progress, True),
    ("escalation.cancelled", bodies.Progress, True),
    ("talk.said", bodies.Said, False),
    ("talk.read", bodies.Heard, False),
    ("source.gap", bodies.Gap, False),
    ("source.filled", bodies.Gap, False),
    ("device.noted", bodies.Device, False),
    ("device.settled", bodies.DeviceSettled, False),
    ("context.noted", bodies.ContextNoted, False),
    ("window.opened", bodies.WindowOpened, False),
    ("window.ended", bodies.WindowEnded, False),
    ("shift.begun", bodies.Began, False),
    ("shift.handed", bodies.Handed, False),
    ("shift.taken", bodies.Taken, False),
    ("shift.withdrawn", bodies.Withdrawn, False),
    ("rule.proposed", bodies.RuleProposed, False),
    ("rule.changed", bodies.RuleChanged, False),
    ("rule.rejected", bodies.RuleRejected, False),
    ("quarantine.noted", bodies.Aside, False),
    ("shed.noted", bodies.Shed, False),
    ("traffic.noted", bodies.Passed, False),
    ("access.looked", bodies.Access, False),
    ("access.login", bodies.Access, False),
    ("access.refused", bodies.Access, False),
    ("access.linked", bodies.Access, False),
    ("access.unlinked", bodies.Access, False),
    ("access.reviewed", bodies.Access, False),
    ("paint.noted", bodies.Paint, False),
    ("training.noted", bodies.Training, False),
    ("drill.noted", bodies.Drill, False),
    ("fault.noted", bodies.Fault, False),
    ("store.purged", bodies.Purged, False),
)

_ENCODE, _DECODE = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode

KINDS: dict[str, Kind] = {name: Kind(name, body, revises, f"record.{name}") for name, body, revises in _ROWS}


def body_of(kind: str, body: dict[str, Any]) -> Any:
    """The body as its struct; HouseError when the kind is unknown or the body does not fit it."""
    row = KINDS.get(kind)
    if row is None:
        raise HouseError(f"record kind {kind!r} is not in stream/kinds.py")
    try:
        return msgspec.convert(body, row.body)
    except msgspec.ValidationError as misfit:
        raise HouseError(f"{kind}: {misfit}") from misfit


def check(draft: Draft) -> None:
    """Nothing, when the draft can become a record; HouseError when its kind or body is not ours."""
    body_of(draft.kind, draft.body)


def draft(kind: str, subject: str, at: int, body: msgspec.Struct, by: str = "engine", cause: str = "") -> Draft:
    """A draft with this body as plain values, the same that the journal reads back."""
    return Draft(kind, subject, at, _DECODE(_ENCODE(body)), by, cause)
