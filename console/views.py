"""What a role may see of an incident: redaction happens here, on the server, before anything is encoded.

`FIELDS` has one function a field; the matrix says which fields a role gets. Liaisons see only incidents handed to
their agency, and of those only their own agency's reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from console.matrix import Matrix
from stream import board as ranking
from stream.agency import LIAISONS, NOT_HANDED
from stream.clock import format_kst
from stream.schema import DetectionRef, Escalation, Factor, Incident, Severity, State

GUESTS = {"guest_112": "112", "guest_119": "119"}
AGENCY = LIAISONS | GUESTS
Procedures = Mapping[str, str]


class Sight(msgspec.Struct, frozen=True):
    """Through whose eyes: role, the moment, and which procedure belongs to a kind."""

    role: str
    now: int
    procedures: Procedures


def ms(us: int) -> int | None:
    """Milliseconds since 1970, None for "never"."""
    return us // 1000 if us else None


def _factor(factor: Factor) -> dict[str, Any]:
    return {"name": factor.name, "points": factor.points, "why": factor.why, "args": factor.args}


def _detection(d: DetectionRef) -> dict[str, Any]:
    return {
        "rule": d.rule, "at": format_kst(d.at), "at_ms": ms(d.at), "subject": d.subject,
        "severity": Severity(d.severity).name, "evidence": d.evidence, "n": d.n,
    }


def _escalation(e: Escalation) -> dict[str, Any]:
    return {
        "agency": e.agency, "generation": e.generation, "state": e.state, "requested_at": format_kst(e.requested_at),
        "send_at_ms": ms(e.send_at), "updated_ms": ms(e.updated_at), "receipt": e.receipt, "reason": e.reason,
        "unit": e.unit, "eta_s": e.eta_s, "by": e.by, "exercise": e.exercise,
    }


def _handed(e: Escalation, agency: str) -> bool:
    return e.agency == agency and e.state not in NOT_HANDED


def _escalations(i: Incident, sight: Sight) -> list[dict[str, Any]]:
    return [_escalation(e) for e in i.escalations if sight.role not in AGENCY or _handed(e, AGENCY[sight.role])]


def _place(i: Incident, sight: Sight) -> dict[str, Any] | None:
    if i.place is None:
        return None
    hidden = ("ref",) if sight.role not in AGENCY else ("ref", "household", "zone")
    return {k: v for k, v in msgspec.structs.asdict(i.place).items() if k not in hidden}


def _talk(i: Incident, sight: Sight) -> list[dict[str, Any]]:
    """How much was said with an agency and read of it; the texts are asked for (``/messages``)."""
    return [
        {"agency": t.agency, "room": t.room, "desk": t.desk, "room_read": t.room_read, "desk_read": t.desk_read,
         "asked": t.asked, "waits": t.waits, "at_ms": ms(t.at)}
        for t in i.talk if AGENCY.get(sight.role, t.agency) == t.agency
    ]


def _waiting(i: Incident, sight: Sight) -> dict[str, int]:
    factor = ranking.waiting(i, sight.now)
    return {"points": factor.points if factor else 0}


FIELDS: dict[str, Callable[[Incident, Sight], Any]] = {
    "id": lambda i, s: i.id,
    "kind": lambda i, s: i.kind,
    "domain": lambda i, s: i.domain,
    "subject": lambda i, s: i.subject,
    "state": lambda i, s: i.state,
    "priority": lambda i, s: f"P{int(i.priority)}",
    "score": lambda i, s: i.score,
    "factors": lambda i, s: [_factor(f) for f in i.factors],
    "revision": lambda i, s: i.revision,
    "opened_at": lambda i, s: format_kst(i.opened_at),
    "opened_ms": lambda i, s: ms(i.opened_at),
    "updated_ms": lambda i, s: ms(i.updated_at),
    "detections": lambda i, s: [_detection(d) for d in i.detections],
    "assigned_to": lambda i, s: i.assigned_to,
    "acknowledged_by": lambda i, s: i.acknowledged_by,
    "acknowledged_ms": lambda i, s: ms(i.acknowledged_at),
    "escalations": _escalations,
    "unplaced": lambda i, s: i.unplaced,
    "annunciated": lambda i, s: i.annunciated,
    "marks": lambda i, s: list(i.marks),
    "place": _place,
    "steps": lambda i, s: list(i.steps),
    "answers": lambda i, s: i.answers,
    "notes": lambda i, s: i.notes,
    "shelved_by": lambda i, s: i.shelved_by if i.shelved_until else "",
    "call": lambda i, s: i.call if i.state == State.new else 0,
    "shelved_until_ms": lambda i, s: ms(i.shelved_until),
    "disposition": lambda i, s: i.disposition,
    "reason": lambda i, s: i.reason,
    "merged_into": lambda i, s: i.merged_into,
    "unrecorded": lambda i, s: i.unrecorded,
    "stamps": lambda i, s: {name: ms(at) for name, at in i.stamps.items()},
    "waiting": _waiting,
    "procedure": lambda i, s: s.procedures.get(i.kind),
    "talk": _talk,
    "rank": lambda i, s: [(r := ranking.rank(i, s.now))[0], r[1], r[2] // 1000],
}


def may_see(incident: Incident, role: str) -> bool:
    """Whether this role may know of the incident at all (fields apart)."""
    agency = AGENCY.get(role)
    return agency is None or any(_handed(e, agency) for e in incident.escalations)


def incident(found: Incident, role: str, now: int, matrix: Matrix, procedures: Procedures) -> dict[str, Any] | None:
    """The view of an incident for a role, or None when it may not see it."""
    names = matrix.fields.get(role, ())
    if not names or not may_see(found, role):
        return None
    sight = Sight(role, now, procedures)
    return {name: FIELDS[name](found, sight) for name in names}


def drill(drills: Any) -> dict[str, Any] | None:
    """The drill that goes on, for the control room's screens; None without one."""
    state = drills.state if drills is not None else None
    return state and {"story": state.story, "who": state.who, "by": state.by, "port": state.port,
                      "until_ms": ms(state.until), "over": state.over}


def counts(tally: Mapping[str, Any]) -> dict[str, Any]:
    """The board's tally as the status bar shows it: moments in ms."""
    return {
        name: {"oldest_ms": ms(row["oldest"] or 0)} | {k: n for k, n in row.items() if k != "oldest"}
        if isinstance(row, Mapping) else row for name, row in tally.items()
    }
