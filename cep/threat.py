"""How grave each kind is, which group it fuses with, and when it is urgent whatever else is known.

Points are threat to life, 0-50 (DESIGN 6), by severity (notice, moderate, serious, severe). They were set against
each other, not measured: 50 is "people die in minutes" (smoke, a still body), 40 "somebody is hurt if nobody acts
now", 30 "a person should look today", below 25 it is no alarm by itself. A city may argue with them: one table.
"""

from __future__ import annotations

from typing import NamedTuple

from stream.schema import DetectionRef, Priority, Severity


class Matter(NamedTuple):
    """One kind: where it belongs, which group of the fusing table, its points by severity, and why those."""

    domain: str
    group: str
    points: tuple[int, int, int, int]
    why: str


MATTERS: dict[str, Matter] = {
    # care: what happens to a person at home
    "smoke_or_gas": Matter("care", "fire", (10, 30, 45, 50), "smoke and gas kill in minutes"),
    "no_motion_after_fall": Matter("care", "home", (10, 25, 40, 48), "fell and lies still: each minute counts"),
    "sos": Matter("care", "harm", (10, 25, 40, 46), "a person asked for help"),
    "safety_call_unanswered": Matter("care", "home", (5, 15, 30, 40), "three calls unanswered, or distress"),
    "vital": Matter("care", "home", (5, 20, 38, 45), "heart rate out of range"),
    "fall_reported": Matter("care", "home", (5, 20, 35, 42), "a fall; most can still call themselves"),
    "rhythm_break": Matter("care", "home", (5, 16, 28, 36), "silent for longer than this person ever is at that hour"),
    "inactivity": Matter("care", "home", (5, 18, 32, 40), "no sign of life for half a day"),
    "kitchen_bath_unused": Matter("care", "home", (5, 16, 26, 34), "moves, but neither eats nor goes to the toilet"),
    "hands_still": Matter("care", "home", (5, 14, 24, 32), "what moves may be a pet"),
    "door_open_night": Matter("care", "home", (5, 16, 26, 34), "gone, fallen at the door, or broken into"),
    "left_at_night": Matter("care", "home", (5, 28, 36, 42), "a person at risk is outside; in a cold warning a P2"),
    "home_hot": Matter("care", "home", (5, 22, 30, 38), "heat kills slowly, and the warned know"),
    "home_cold": Matter("care", "home", (5, 22, 30, 38), "the heating is off in the cold"),
    "heart_rate_unusual": Matter("care", "home", (5, 18, 32, 40), "out of the person's own range; a strap may slip"),
    "power_stopped": Matter("care", "home", (5, 16, 24, 32), "the lights are out; with heat or cold it is more"),
    "water_stopped": Matter("care", "home", (5, 16, 26, 34), "nobody drank, cooked or flushed for most of a day"),
    "safety_call_first": Matter("care", "home", (2, 10, 20, 30), "one call: she may be in the garden"),
    "safety_call_second": Matter("care", "home", (4, 14, 24, 34), "two calls: a care worker asks"),
    "home_unheard": Matter("care", "home", (4, 18, 26, 34), "nobody watches over this home any more"),
    "away_long": Matter("care", "home", (0, 10, 20, 30), "out for a day: known, seldom an emergency"),
    # road: what happens to people on foot among vehicles
    "collision": Matter("road", "harm", (10, 25, 40, 46), "somebody may be hurt already"),
    "assault": Matter("road", "harm", (10, 25, 40, 48), "violence under way"),
    "fire_smoke": Matter("road", "fire", (10, 25, 40, 48), "fire in the street"),
    "fall": Matter("road", "harm", (8, 20, 35, 42), "a person lies on the ground"),
    "near_miss": Matter("road", "conflict", (5, 15, 28, 40), "nearly hit; severe means below a second"),
    "speeding_with_child": Matter("road", "conflict", (5, 15, 30, 45), "severe: a child; the city plan's top"),
    "signal_violation_walk": Matter("road", "conflict", (5, 15, 30, 40), "through the red, people on the crosswalk"),
    "wrong_way": Matter("road", "conflict", (5, 20, 32, 40), "against the traffic: the next one may be head-on"),
    "obstruction": Matter("road", "blocking", (2, 16, 25, 35), "walkers are pushed into the road"),
    "crowd": Matter("road", "people", (2, 16, 30, 40), "may turn into a crush; mostly an event"),
    "crowd_event": Matter("road", "people", (2, 20, 34, 44), "so dense that people no longer choose their way"),
    "loitering": Matter("road", "people", (2, 12, 22, 30), "near a school worth a glance"),
    "jaywalking": Matter("road", "conflict", (2, 10, 20, 30), "frequent; a hazard with fast cars beside it"),
    "illegal_parking": Matter("road", "blocking", (2, 8, 16, 25), "blocks the view; enforcement, not rescue"),
    "jaywalking_dark": Matter("road", "conflict", (2, 14, 22, 32), "seen late by who drives; listed, silent"),
    "signal_violation": Matter("road", "conflict", (3, 12, 25, 35), "nobody was in its way"),
    "speed_violation": Matter("road", "conflict", (2, 10, 20, 30), "a single pass needs no answer (ANCHORS 1.6)"),
    "speeding": Matter("road", "conflict", (2, 10, 20, 30), "a single pass needs no answer (ANCHORS 1.6)"),
    "speeding_cluster": Matter("road", "conflict", (2, 10, 20, 30), "counted; for enforcement, not for the queue"),
    "speeding_then_jaywalking": Matter("road", "conflict", (5, 15, 30, 40), "a fast car and somebody in the road"),
    "speeding_school_run": Matter("road", "conflict", (2, 10, 20, 30), "counted; children are on their way"),
    "speeding_wet": Matter("road", "conflict", (2, 10, 20, 30), "counted; the way to a stop is longer"),
    "speeding_snow": Matter("road", "conflict", (2, 10, 20, 30), "counted; the way to a stop is much longer"),
    "speeding_works": Matter("road", "conflict", (2, 10, 20, 30), "counted; people walk and work in the road"),
    "school_bus_late": Matter("road", "bus", (2, 10, 20, 30), "counted; the school sees it"),
    "school_bus_harsh": Matter("road", "bus", (2, 12, 22, 32), "counted; a word with the company"),
    "post_encroachment": Matter("road", "conflict", (2, 10, 20, 30), "a measure, evidence beside a near miss"),
    "harsh_braking": Matter("road", "conflict", (2, 10, 20, 30), "evidence of a bad spot; once it needs no answer"),
    "harsh_acceleration": Matter("road", "conflict", (2, 10, 20, 30), "evidence of a bad spot; once no answer"),
    # welfare: what is told about a household
    "welfare_urgent": Matter("welfare", "welfare", (5, 18, 30, 42), "severe: a word of violence, fire, hunger"),
    "welfare_contact_overdue": Matter("welfare", "welfare", (5, 20, 28, 35), "nobody reached them in 24 or 48 hours"),
    # opened by hand only
    "missing_person": Matter("person", "harm", (10, 20, 35, 45), "a person is looked for"),
    "self_harm": Matter("welfare", "welfare", (10, 25, 40, 48), "told by phone"),
}
# Threat of a case by its urgent words: who drowns or burns has minutes, who is beaten hours, who starves a day or two.
# So of a hundred letters in a storm, all at least P2 by CONTRACT 6, those who cannot wait stand first. Ours.
WORDS = {"rescue": 47, "fire": 46, "violence": 44, "self_harm": 44, "unseen": 43, "starvation": 42}
UNKNOWN = Matter("other", "other", (2, 15, 28, 40), "a rule of the operator's own; its severity is all we know")
DEVICE_RULES = {
    "source_silent": "silent", "chattering": "chattering", "tamper_reported": "tamper", "blocked_view": "blocked",
}  # fmt: skip
LIFE_RULES = ("smoke_or_gas", "sos", "no_motion_after_fall")  # at least P1 (CONTRACT 6)
# Rules that conclude from what another one saw: no second opinion, so they corroborate nothing.
DERIVED = (
    "rhythm_break", "kitchen_bath_unused", "hands_still", "no_motion_after_fall", "welfare_contact_overdue",
    "speeding_with_child", "speeding_then_jaywalking",
)  # fmt: skip

# Rules that measure: each detection is a figure. One is evidence of an incident, the next are only noted; and many of
# them are no fault of a device.
MEASURES = ("post_encroachment",)


def kind_of(detection: DetectionRef) -> str:
    """The kind a detection is of: its rule; of ``reported`` what was reported."""
    return str(detection.evidence.get("what", "reported")) if detection.rule == "reported" else detection.rule


def matter(kind: str) -> Matter:
    """The row of a kind."""
    return MATTERS.get(kind, UNKNOWN)


def points(detection: DetectionRef) -> int:
    """Threat of one detection, 0-50."""
    own = matter(kind_of(detection)).points[detection.severity]
    return max(own, WORDS.get(gravest_word(detection), 0))


def words(detection: DetectionRef) -> tuple[str, ...]:
    """Classes of urgent words that a welfare case was told with."""
    return tuple(detection.evidence.get("words", ())) if detection.rule == "welfare_urgent" else ()


def gravest_word(detection: DetectionRef) -> str:
    """The class of its words that cannot wait longest; empty without one."""
    return max(words(detection), key=lambda word: WORDS.get(word, 0), default="")


def composite(detection: DetectionRef) -> bool:
    """It is the conclusion of a composite rule (``cep/together.py``): no kind, no opinion and no group of its own."""
    return "parts" in detection.evidence


def floor(detection: DetectionRef) -> Priority:
    """The least urgent an incident with this detection may be (CONTRACT 6), P4 when nothing is pinned."""
    if composite(detection):
        return Priority[detection.evidence["least"]]
    touching = detection.rule == "near_miss" and detection.evidence.get("ttc_s") == 0
    if detection.rule in LIFE_RULES or touching:
        return Priority.P1
    return Priority.P2 if detection.severity == Severity.severe else Priority.P4


def grade(detection: DetectionRef) -> tuple[int, int]:
    """How bad it is, for comparing: a pinned P1 first, then severity. Greater is worse."""
    return int(floor(detection) == Priority.P1), detection.severity


def leading(detections: tuple[DetectionRef, ...]) -> DetectionRef:
    """The detection an incident is named after: the worst, then the one with most points, then the first."""
    return max(detections, key=lambda d: (not composite(d), *grade(d), points(d), -d.at))
