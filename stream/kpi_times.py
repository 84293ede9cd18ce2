"""Figures of incidents, from their stories: how long each step took, what was false, what nobody's rule saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from stream.figures import quantiles, rate
from stream.kpi_story import Story
from stream.schema import US, Severity

GRAVE = (Severity.serious, Severity.severe)
CARE = ("care", "cross")
AGENCIES = ("112", "119")
ACK_S = (10, 15)  # seconds within which a P1 is to be acknowledged (NENA-STA-020: 15 s; ours 10 s, SAFETY Q1)
WELFARE = "welfare"


def times(stories: list[Story]) -> dict[str, Any]:
    """Seconds of each way an incident goes, by nearest rank; ``n`` is how many went it."""
    first = [s for s in stories if s.priority == 1]
    return {
        "popup_to_ack_s": waits(stories, "painted", "acted"),
        "p1_popup_to_ack_s": waits(first, "painted", "acted"),
        "p1_acknowledged_within": {str(s): _within(first, s) for s in ACK_S},
        "alarm_to_response_s": waits(stories, "at", "acted"),
        "device_to_popup_ms": quantiles((s.late_ms for s in stories if s.late_ms is not None), 0.99),
        "popup_to_delivered_s": quantiles(
            (min(s.delivered.values()) - s.painted) / US for s in stories if s.painted and s.delivered),
        "popup_to_delivered_by_agency": {name: _notice(stories, name) for name in AGENCIES},
        "confirm_to_delivered_s": quantiles(
            (at - s.requested[key]) / US for s in stories for key, at in s.delivered.items() if key in s.requested),
        "accepted_to_arrived_s": waits(stories, "accepted", "arrived"),
        "accepted_to_arrived_by_agency": {name: _arrival(stories, name) for name in AGENCIES},
        "urgent_to_notice_s": quantiles(
            (min(s.delivered.values()) - s.at) / US for s in stories if s.domain == WELFARE and s.delivered),
        "opened_to_resolved_s": waits(stories, "at", "resolved"),
    }


def waits(stories: Iterable[Story], start: str, end: str) -> dict[str, Any]:
    """Seconds from one moment of an incident to another, of those that have both."""
    pairs = ((getattr(s, start), getattr(s, end)) for s in stories)
    return quantiles((b - a) / US for a, b in pairs if a and b)


def _within(stories: list[Story], seconds: int) -> dict[str, Any]:
    """Of what was painted and touched, how much was touched in time."""
    seen = [s for s in stories if s.painted and s.acted]
    return rate(sum(s.acted - s.painted <= seconds * US for s in seen), len(seen))


def _notice(stories: list[Story], agency: str) -> dict[str, Any]:
    found = ((s.painted, [at for key, at in s.delivered.items() if s.agency[key] == agency]) for s in stories)
    return quantiles((min(at) - painted) / US for painted, at in found if painted and at)


def _arrival(stories: list[Story], agency: str) -> dict[str, Any]:
    return quantiles((at - s.accepts[key]) / US for s in stories for key, at in s.arrivals.items()
                     if s.agency[key] == agency and key in s.accepts)


def verdicts(stories: list[Story]) -> dict[str, Any]:
    """False alarms, misses, early detection, and how much of what was closed has a verdict that says something."""
    over = [s for s in stories if s.disposition]
    judged = [s for s in over if s.disposition in ("confirmed", "false_alarm")]
    own = [s for s in stories if not s.merged]
    return {
        "false_alarms": _false_alarms(judged),
        "verdicts": rate(len(judged), len(over)),
        "missed": rate(sum(s.by_hand for s in own), len(own)),
        "missed_by_kind": _missed(own, "kind"),
        "missed_by_site": _missed(own, "site"),
        "early_detection": _early(stories),
    }


def _false_alarms(judged: list[Story]) -> dict[str, Any]:
    """False alarms of all verdicts (confirmed or false), in all, by rule and by source."""
    table = {"all": rate(sum(s.disposition == "false_alarm" for s in judged), len(judged))}
    for name, keys in (("by_rule", "rules"), ("by_source", "sources")):
        n, false = Counter[str](), Counter[str]()
        for story in judged:
            n.update(getattr(story, keys))
            false.update(getattr(story, keys) if story.disposition == "false_alarm" else ())
        table[name] = {key: rate(false[key], n[key]) for key in sorted(n)}
    return table


def _missed(stories: list[Story], field: str) -> dict[str, Any]:
    """Incidents that a person had to open, of all of the same kind (or at the same site)."""
    n = Counter(getattr(s, field) for s in stories)
    hand = Counter(getattr(s, field) for s in stories if s.by_hand)
    return {key: rate(hand[key], n[key]) for key in sorted(n) if key}


def _early(stories: list[Story]) -> dict[str, Any]:
    """Share of the confirmed grave care incidents that a rule raised before anybody reported them."""
    grave = [s for s in stories if s.disposition == "confirmed" and s.domain in CARE
             and (s.worst in GRAVE or s.by_hand)]  # fmt: skip
    return rate(sum(not s.by_hand for s in grave), len(grave))
