"""One priority across domains, explained: a score of 0-100 as the sum of named factors (DESIGN 6).

    threat 0-50 (by kind) + vulnerability 0-15 + exposure 0-10 + corroboration 0-15 + together 0-20
    + record of the source -20-0 + floor

The floors of CONTRACT 6 hold whatever the record of the source says: a factor named ``floor`` supplies the points that
are missing, so the sum stays true. Waiting (0-10) is added by the queue (``stream/order.py``), never here. A word of a
person (factor ``operator``) is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from cep.exposure import ContextKey, exposure
from cep.threat import DERIVED, composite, floor, gravest_word, kind_of, leading, matter, points, words
from geo.city import City
from stream.bodies import ContextNoted
from stream.schema import DetectionRef, Factor, Place, Priority, Severity
from stream.trust import Trust, wilson

LOWEST = {Priority.P1: 70, Priority.P2: 45, Priority.P3: 25, Priority.P4: 0}  # DESIGN 6
VULNERABLE_MOST, SECOND_OPINION_MOST, RECORD_MOST = 15, 15, 20
OPINIONS = {1: 0, 2: 8, 3: 12}  # points by number of independent sources; more of them: the highest
TWO_DOMAINS = 3  # points when they even speak of different things (smoke and an unanswered call)
HOME = (("high_risk", 8), ("alone", 4), ("aged", 3))
AGED = ("75", "80", "85", "90")  # first digits of the age bands that count

Scored = tuple[int, Priority, tuple[Factor, ...]]


def priority_of(score: int) -> Priority:
    """P1 from 70, P2 from 45, P3 from 25, below: P4."""
    return next(p for p, lowest in LOWEST.items() if score >= lowest)


def score(
    detections: tuple[DetectionRef, ...],
    place: Place | None,
    context: Mapping[ContextKey, ContextNoted],
    trust: Trust,
    city: City,
    at: int,
    own: tuple[Factor, ...] = (),
) -> Scored:
    """Score, priority and factors of an incident with these detections at that moment (µs).

    ``own`` are factors a person set (``operator``); they stay, and take part in the sum before the floor.
    """
    lead, told = leading(detections), tuple(d for d in detections if not composite(d))
    domains = {matter(kind_of(d)).domain for d in told}
    found = [
        threat(lead),
        vulnerability(told, place, city),
        exposure(domains, place, context, city, at, any("rescue" in words(d) for d in told)),
        corroboration(told, domains),
        concluded(detections),
        record(told, trust),
        *own,
    ]
    factors = tuple(f for f in found if f is not None and f.points)
    total = min(100, max(0, sum(f.points for f in factors)))
    rest = total - sum(f.points for f in factors)
    if rest:  # the scale ends at 0 and at 100
        factors = (*factors, Factor("limit", rest, "scale"))
    pinned = max(detections, key=lambda d: -floor(d))
    missing = LOWEST[floor(pinned)] - total
    if missing > 0:
        factors = (*factors, Factor("floor", missing, "floor", {"rule": pinned.rule, "least": floor(pinned).name}))
        total += missing
    return total, priority_of(total), factors


def threat(lead: DetectionRef) -> Factor:
    """What it is: kind and severity of the worst, and of a case the word that made it so."""
    told = {"kind": kind_of(lead), "severity": Severity(lead.severity).name}
    word = gravest_word(lead)
    return Factor("threat", points(lead), "words" if word else "kind", told | ({"word": word} if word else {}))


def vulnerability(detections: tuple[DetectionRef, ...], place: Place | None, city: City) -> Factor | None:
    """Who it is about: a child, a caller of the school-route app, an old person alone, a school at hand."""
    reasons = dict[str, int]()
    child = any(d.rule == "speeding_with_child" and d.severity == Severity.severe for d in detections)
    if child or any(d.evidence.get("person_class") == "child" for d in detections):
        reasons["child"] = 10
    if any(d.rule == "sos" and not (place and place.household) for d in detections):
        reasons["route_app"] = 10
    home = city.households.get(place.household) if place and place.household else None
    if home is not None:
        told = {"high_risk": home.risk == "high", "alone": home.alone, "aged": home.age_band.startswith(AGED)}
        reasons |= {why: n for why, n in HOME if told[why]}
    zone = city.zones.get(place.zone) if place and place.zone else None
    if zone is not None and zone.school:
        reasons["school"] = 5
    if not reasons:
        return None
    why = max(reasons, key=lambda reason: (reasons[reason], reason))
    return Factor("vulnerability", min(VULNERABLE_MOST, sum(reasons.values())), why, {"of": sorted(reasons)})


def corroboration(detections: tuple[DetectionRef, ...], domains: set[str]) -> Factor | None:
    """How many independent sources say it; a timer over another rule's event is no second opinion.

    A second opinion makes a thing sure, not grave: of one kind that is no alarm when it is certain (a parked car, seen
    by camera and radar) it makes none (DESIGN 6: annunciate little).
    """
    if len({kind_of(d) for d in detections}) == 1 and max(map(points, detections)) < LOWEST[Priority.P3]:
        return None
    opinions = {d.source or f"timer:{d.rule}" for d in detections if d.source or d.rule not in DERIVED}
    n = len(opinions)
    if n < 2:
        return None
    given = OPINIONS.get(n, SECOND_OPINION_MOST) + (TWO_DOMAINS if len(domains) > 1 else 0)
    return Factor("corroboration", min(SECOND_OPINION_MOST, given), "sources", {"n": n, "domains": len(domains)})


def concluded(detections: tuple[DetectionRef, ...]) -> Factor | None:
    """What composite rules add: the points of the gravest of them, with its parts."""
    found = [d for d in detections if composite(d)]
    if not found:
        return None
    most = max(found, key=lambda d: (d.evidence["points"], d.rule))
    return Factor("together", most.evidence["points"], "composite", {"rule": most.rule})


def record(detections: tuple[DetectionRef, ...], trust: Trust) -> Factor | None:
    """What the source's verdicts take off: 20 points times the sure rate of false alarms (Wilson's lower bound).

    Of several sources the best speaks: a doubtful one does not lower a good one. A timer is no source: what it
    concluded speaks for nobody beside those that do, and by its subject only where nothing else was told.
    """
    best: tuple[int, int, int] | None = None
    for source in {d.source for d in detections if d.source} or {d.subject for d in detections}:
        false, n = trust.of(source)
        off = round(RECORD_MOST * wilson(false, n)[0]) if n else 0
        if best is None or off < best[0]:
            best = (off, false, n)
    if best is None or best[0] == 0:
        return None
    return Factor("source_record", -best[0], "false_alarms", {"false": best[1], "n": best[2]})
