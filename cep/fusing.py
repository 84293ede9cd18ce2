"""Which detections are one matter: a table of groups, metres and seconds, each with its reason.

The same subject counts as zero metres, and so does the same home (its silent hub is another subject). Homes are known
by a 100 m cell only, so two of them never fuse by place, and what is known by its dong alone fuses with nothing but its
own subject.
"""

from __future__ import annotations

from typing import NamedTuple

from cep.threat import composite, matter
from geo.near import metres
from geo.place import is_area
from stream.schema import US, Incident, Place


class Row(NamedTuple):
    """How far apart in metres (0: the same subject only) and in seconds two groups are still one matter, and why."""

    metres: float
    seconds: float
    why: str


HOME_S = 48 * 3600.0  # one person's signs belong together until somebody has looked: the longest contact clock
_ROWS: dict[tuple[str, str], Row] = {
    ("conflict", "conflict"): Row(40, 300, "one crosswalk, one surge of traffic; crossings stand further apart"),
    ("conflict", "harm"): Row(60, 120, "a near miss, then a fall or a call at the same spot: one event"),
    ("conflict", "blocking"): Row(40, 900, "a blocked view explains the conflicts beside it"),
    ("conflict", "people"): Row(40, 120, "a crowd that spills onto the road"),
    ("blocking", "blocking"): Row(30, 1800, "the same obstacle, seen again until it leaves"),
    ("blocking", "harm"): Row(40, 120, "somebody fell over it or was hit beside it"),
    ("harm", "harm"): Row(120, 300, "one victim, several cameras and an app; a caller is known by a 100 m cell"),
    ("people", "people"): Row(60, 600, "the same group"),
    ("people", "harm"): Row(60, 300, "a fight or a fall in the group"),
    ("fire", "fire"): Row(130, 1800, "a camera and a detector see one fire; a home is known by a 100 m cell"),
    ("fire", "harm"): Row(60, 600, "people go down in smoke"),
    ("fire", "home"): Row(0, HOME_S, "smoke and no motion in one home"),
    ("fire", "welfare"): Row(0, HOME_S, "a report about the home that burns"),
    ("harm", "home"): Row(0, HOME_S, "a call for help and what the home's sensors say"),
    ("harm", "welfare"): Row(0, HOME_S, "a call for help and what is known of the household"),
    ("home", "home"): Row(0, HOME_S, "one person's signs"),
    ("home", "welfare"): Row(0, HOME_S, "a neighbour's report and the home's own sensors"),
    ("welfare", "welfare"): Row(0, HOME_S, "one case, reported again"),
    ("bus", "bus"): Row(0, 600, "one bus on one run"),
    ("other", "other"): Row(0, 600, "the same rule of the operator's own at the same subject"),
}
# A resolved matter that goes on no worse is still the same and needs nobody again: seconds from its resolution on, or,
# for what stands where it stands, from its last report on. A group without a row: the first of them.
SETTLE_S = 300.0
GOES_ON_S = {"blocking": 1800.0}  # a camera tells the parked car every few minutes until it leaves
ROWS: dict[frozenset[str], Row] = {frozenset(pair): row for pair, row in _ROWS.items()}
# The furthest and the longest that any row of a group reaches: what lies beyond needs no look into the table.
REACH = {
    group: (max(row.metres for row in rows), max(row.seconds for row in rows) * US)
    for group in sorted({one for pair in _ROWS for one in pair})
    if (rows := [row for pair, row in _ROWS.items() if group in pair])
}


def last_at(incident: Incident) -> int:
    """When something of it was last seen (µs)."""
    return max((max(d.at, d.last_at) for d in incident.detections), default=incident.opened_at)


def groups(incident: Incident) -> set[str]:
    """The groups of what is in it."""
    told = [d for d in incident.detections if not composite(d)]
    named = {str(d.evidence.get("what", d.rule)) if d.rule == "reported" else d.rule for d in told}
    return {matter(kind).group for kind in named or {incident.kind}}


def joins(incident: Incident, subject_same: bool, group: str, place: Place | None, at: int) -> float | None:
    """Metres between an incident and a detection that belongs to it; None when it is another matter."""
    reach_m, reach_us = REACH[group]
    apart = 0.0 if subject_same else _metres(incident.place, place)
    if apart is None or apart > reach_m:
        return None
    waited = abs(at - last_at(incident))
    if waited > reach_us:
        return None
    for other in groups(incident):
        row = ROWS.get(frozenset((group, other)))
        if row and waited <= row.seconds * US and (subject_same or apart <= row.metres):
            return apart
    return None


def _metres(one: Place | None, other: Place | None) -> float | None:
    """Metres between two places; None when one is unknown, an area, or they are two homes. A home is where it is."""
    if one is None or other is None or is_area(one) or is_area(other):  # type: ignore[arg-type]
        return None
    if one.household and other.household:
        return 0.0 if one.household == other.household else None
    return metres(one.lon, one.lat, other.lon, other.lat)
