"""From an incident on the board to the report that leaves: every word comes from the catalogue that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from connectors.emergency import Report
from stream.clock import Clock, format_kst
from stream.schema import Escalation, Incident

CELL_M = 100  # homes and callers are known by 100 m cell
EVIDENCE_MAX = 8  # detections named in a report; the rest is in the console

Say = Callable[..., str]  # (words key, **arguments) -> text


class Desk(msgspec.Struct, frozen=True):
    """Who reports: a name without blanks for machines, a name for people, the telephone to call back."""

    id: str
    name: str
    contact: str


def teller(desk: Desk, say: Say, status: Callable[[str, bool], Any],
           clock: Clock) -> Callable[[Incident, Escalation], Report]:
    """``tell`` with all but the incident and its report filled in; ``status`` is ``Line.status``."""
    return lambda incident, report: tell(
        incident, report, desk, say, where, status(report.agency, report.exercise), clock.now())


def where(incident: Incident) -> str:
    """Its place in words: dong, name, and the home by its pseudonym; empty when it is not known.

    A site's name begins with its dong already in some cities: no word is said twice.
    """
    place = incident.place
    return " ".join(dict.fromkeys(filter(None, (place.dong, place.name, place.household)))) if place else ""


def tell(incident: Incident, report: Escalation, desk: Desk, say: Say, where: Callable[[Incident], str],
         status: Literal["Actual", "Exercise", "Test"], now: int) -> Report:
    """The report of this incident as it stands. ``where`` gives its place in words, empty when it is not known."""
    place = incident.place
    kind, priority = say(f"kind.{incident.kind}"), say(f"priority.P{incident.priority}")
    words = where(incident)
    return Report(
        key=report.key, incident=incident.id, agency=report.agency,  # type: ignore[arg-type]
        generation=report.generation, revision=incident.revision, kind=incident.kind, domain=incident.domain,
        priority=incident.priority, at=incident.opened_at, sent=now, event=kind,
        headline=" ".join(word for word in (f"[{priority}]", kind, words) if word),
        description="\n".join(_line(ref, say) for ref in incident.detections[-EVIDENCE_MAX:]),
        sender=desk.id, sender_name=desk.name, contact=desk.contact, status=status, place=words,
        lon=place.lon if place else None, lat=place.lat if place else None,
        radius_m=0 if place is None or (place.site and not place.household) else CELL_M,
    )


def _line(ref: Any, say: Say) -> str:
    """One detection in a line: when, what, how often, its numbers."""
    again = f" ×{ref.n}" if ref.n > 1 else ""
    facts = [f"{_word(say, name)} {_value(value)}" for name, value in sorted(ref.evidence.items()) if _plain(value)]
    return f"{format_kst(ref.at)} {say(f'rule.{ref.rule}')}{again}{': ' if facts else ''}{', '.join(facts)}"


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _word(say: Say, name: str) -> str:
    """The name of a piece of evidence; one without a word keeps its code."""
    text = say(f"evidence.{name}")
    return name if text == f"evidence.{name}" else text


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
