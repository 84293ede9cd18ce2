"""From an incident on the board to the report that leaves: every word comes from the catalogue that is handed in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from connectors.emergency import Report
from stream.clock import Clock, format_kst
from stream.schema import US, Escalation, Incident, Place

CELL_M = 100  # homes and callers are known by 100 m cell
SHOWN = ("agency", "revision", "status", "event", "headline", "description", "at", "place", "lon", "lat", "radius_m",
         "sender_name", "contact")
UNITS = {"s": ("seconds", 2), "kph": ("kph", 0), "m": ("metres", 1), "mps2": ("mps2", 1)}  # ending of a name
LONG = ((3600, 3600, "hours", 1), (120, 60, "minutes", 0))  # from so many seconds on: one of it, words key, digits
FAMILIES = {"parts": "kind", "of": "rule", "signals": "signal"}  # evidence whose codes have words of their own
AREA_M = 1500  # of a place known by its dong only, from a record that does not say how far it goes
EVIDENCE_MAX = 8  # detections named in a report; the rest is in the console

Say = Callable[..., str]  # (words key, **arguments) -> text
Unseal = Callable[[str], str | None]


class Desk(msgspec.Struct, frozen=True):
    """Who reports: a name without blanks for machines, a name for people, the telephone to call back."""

    id: str
    name: str
    contact: str


def teller(desk: Desk, say: Say, status: Callable[[str, bool], Any],
           clock: Clock, unseal: Unseal) -> Callable[[Incident, Escalation], Report]:
    """``tell`` with all but the incident and its report filled in; ``status`` is ``Line.status``."""
    return lambda incident, report: tell(
        incident, report, desk, say, where, status(report.agency, report.exercise), clock.now(), unseal)


def preview(incident: Incident, agency: str, told: Callable[[Incident, Escalation], Report]) -> dict[str, Any]:
    """What a report to this agency would say now, field by field: what a confirm has to show."""
    said = msgspec.to_builtins(told(incident, Escalation(agency, 0, "", "requested", 0, "")))
    said["at"] = format_kst(said["at"])
    return {name: said[name] for name in SHOWN}


def where(incident: Incident) -> str:
    """Its place in words: dong and name; empty when it is not known. No crew finds a home by its pseudonym: that is
    said only where there is no other word.

    A site's name begins with its dong already in some cities: no word is said twice.
    """
    place = incident.place
    if place is None:
        return ""
    return " ".join(dict.fromkeys(filter(None, (place.dong, place.name)))) or place.household or place.site or ""


def tell(incident: Incident, report: Escalation, desk: Desk, say: Say, where: Callable[[Incident], str],
         status: Literal["Actual", "Exercise", "Test"], now: int, unseal: Unseal = lambda ref: None) -> Report:
    """The report of this incident as it stands. ``where`` gives its place in words, empty when it is not known;
    ``unseal`` opens what the vault keeps of a place."""
    kind, priority = say(f"kind.{incident.kind}"), say(f"priority.P{incident.priority}")
    lon, lat, radius_m = exact(incident.place, unseal)
    words = where(incident)
    told = sorted(incident.detections[-EVIDENCE_MAX:], key=lambda ref: "parts" not in ref.evidence)  # what joins others
    return Report(
        key=report.key, incident=incident.id, agency=report.agency,  # type: ignore[arg-type]
        generation=report.generation, revision=incident.revision, kind=incident.kind, domain=incident.domain,
        priority=incident.priority, at=incident.opened_at, sent=now, event=kind,
        headline=" ".join(word for word in (f"[{priority}]", kind, words) if word),
        description="\n".join(_line(ref, say) for ref in told),
        sender=desk.id, sender_name=desk.name, contact=desk.contact, status=status, place=words,
        lon=lon, lat=lat, radius_m=radius_m,
    )


def exact(place: Place | None, unseal: Unseal) -> tuple[float | None, float | None, int]:
    """Degrees and how exact they are in metres. A caller's own position comes out of the vault: help must find him."""
    if place is None:
        return None, None, 0
    if place.ref and (sealed := unseal(place.ref)):
        point = msgspec.json.decode(sealed)
        return point["lon"], point["lat"], round(point.get("accuracy_m") or 0)
    if place.site and not place.household:
        return place.lon, place.lat, 0
    near = place.household or place.ref or not place.dong
    return place.lon, place.lat, CELL_M if near else place.radius_m or AREA_M


def _line(ref: Any, say: Say) -> str:
    """One detection in a line: when, what, how often, its numbers; what the catalogue has no word for stays out."""
    again = f" ×{ref.n}" if ref.n > 1 else ""
    names = [name for name in ref.evidence if say(f"evidence.{name}") != f"evidence.{name}"]
    facts = [f"{say(f'evidence.{name}')} {text}" for name in names if (text := _value(name, ref.evidence[name], say))]
    return f"{_clock(ref.at)} {say(f'rule.{ref.rule}')}{again}{': ' if facts else ''}{', '.join(facts)}"


def _clock(at: int) -> str:
    """Date and time of day in Korea, as a person reads it out."""
    return format_kst(at - at % US)[:19].replace("T", " ")


def _value(name: str, value: Any, say: Say) -> str:
    """A piece of evidence in words; empty for what is no value.

    The screen's twin is ``amount`` of describe.js: what the panel shows and what 119 is told are the same
    (tests/e2e/test_operator.py compares them).
    """
    if isinstance(value, str):
        key = f"{FAMILIES.get(name, 'value')}.{value}"
        if (word := say(key)) != key:
            return word
        return say("evidence.unknown_signal", code=value) if name == "signals" else value
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_value(name, one, say) for one in value)))
    if isinstance(value, bool):
        return say("unit.yes" if value else "unit.no")
    if not isinstance(value, int | float):
        return ""
    return _number(name, value, say)


def _number(name: str, value: float, say: Say) -> str:
    """A number with the unit that its name tells; long times in minutes and hours, a confidence as a share."""
    if name == "conf":
        return f"{math.floor(value * 100 + 0.5)}%"
    ending = name.rpartition("_")[2] if "_" in name else ""
    unit, digits = UNITS.get(ending, ("", 2))
    for least, one, longer, kept in LONG if ending == "s" else ():
        if value >= least:
            return say(f"unit.{longer}", n=_rounded(value / one, kept))
    return say(f"unit.{unit}", n=_rounded(value, digits)) if unit else _rounded(value, digits).replace(",", "")


def _rounded(value: float, digits: int) -> str:
    """Halves go up, as on the screen; thousands with a comma, no zeros behind the point."""
    times = 10.0**digits
    text = f"{math.floor(value * times + 0.5) / times:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
