"""Composite rules: detections that say more together than each alone, across domains (DESIGN 6).

A rule of the pattern ``composite`` names its parts. It is looked at whenever a detection opens or joins an incident,
over what that incident holds: the table of ``cep/fusing.py`` has brought together by then what is of one subject or
within its metres. When every part is there within ``window_s``, one detection of the rule joins the same incident, with
its parts named; it never opens one. It is no second opinion and names no incident: it gives the factor ``together`` and
a floor. Pure: no memory but the incident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cep.exposure import ContextKey, active
from cep.rules import RuleTable
from cep.threat import composite, kind_of
from cep.when import Scene, holds
from stream.bodies import ContextNoted
from stream.schema import US, DetectionRef, Place, Priority, Severity


class Part(NamedTuple):
    """One row of ``[[match.parts]]``: rows of one name are alternatives."""

    name: str
    kinds: frozenset[str]
    least: Severity
    n: int
    where: dict[str, Any]


class Composite(NamedTuple):
    """One rule, ready to be asked."""

    id: str
    severity: Severity
    priority: Priority
    points: int
    window: int
    when: dict[str, Any]
    parts: tuple[Part, ...]


def composites(rules: RuleTable) -> tuple[Composite, ...]:
    """The composite rules of this table, by id."""
    return tuple(
        Composite(
            rule.id, rule.severity, Priority[rule.match["priority"]], rule.thresholds["points"],
            round(rule.thresholds["window_s"] * US), rule.when,
            tuple(Part(p["name"], frozenset(p["kinds"]), Severity[p.get("least", "notice")], p.get("n", 1),
                       p.get("where", {})) for p in rule.match["parts"]),
        )
        for _, rule in rules.of("composite")
    )  # fmt: skip


def fits(part: Part, detection: DetectionRef) -> bool:
    """The detection may be this part. ``where`` asks for a value in the evidence, of a list for one of its values."""
    if kind_of(detection) not in part.kinds or detection.severity < part.least:
        return False
    for name, wanted in part.where.items():
        told = detection.evidence.get(name)
        if wanted not in (told if isinstance(told, list | tuple) else (told,)):
            return False
    return True


def parts_of(rule: Composite, detections: Iterable[DetectionRef], at: int) -> dict[str, list[str]] | None:
    """The kinds that make each part (by the part's name), None while one is missing. ``at``: the moment in µs."""
    near = [d for d in detections if not composite(d) and abs(at - max(d.at, d.last_at)) <= rule.window]
    found: dict[str, list[str]] = {part.name: [] for part in rule.parts}
    for part in rule.parts:
        seen = [d for d in near if fits(part, d)]
        if sum(d.n for d in seen) >= part.n:
            found[part.name] += sorted({kind_of(d) for d in seen})
    return found if all(found.values()) else None


def together(
    rules: Sequence[Composite], detections: tuple[DetectionRef, ...], newest: DetectionRef, place: Place | None,
    context: Mapping[ContextKey, ContextNoted], city: Any,
) -> list[DetectionRef]:
    """The composites that hold now and are not among ``detections`` yet; ``newest`` must be a part of each."""
    known, at, made = {d.rule for d in detections}, newest.at, []
    for rule in rules:
        if rule.id in known or not any(fits(part, newest) for part in rule.parts):
            continue
        found = parts_of(rule, detections, at)
        if found is None:
            continue
        if rule.when and not holds(rule.when, Scene(at, place, active(context, place, city, at), city)):
            continue
        kinds = sorted({kind for names in found.values() for kind in names})
        evidence = {"parts": kinds, "points": rule.points, "least": rule.priority.name}
        made.append(DetectionRef(rule.id, at, newest.subject, int(rule.severity), evidence, last_at=at))
    return made
