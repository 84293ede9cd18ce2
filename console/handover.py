"""What an agency's liaison needs beyond the view: hazards, people, the way in, the words of the report; and the talk.

Nothing here says who a person is. Each brief and each reading of messages is a look, written down before it is shown.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from console import views
from console.house import House
from console.sketch import lines
from geo.near import metres
from stream.agency import LIAISONS
from stream.clock import format_kst
from stream.schema import Incident, Record
from stream.talk import DESK, ROOM

# What whoever goes there has to reckon with, by kind of incident: words ``hazard.<code>``.
HAZARDS: dict[str, tuple[str, ...]] = {
    "smoke_or_gas": ("smoke", "ignition"), "fire_smoke": ("fire", "smoke"), "collision": ("traffic", "leak"),
    "near_miss": ("traffic",), "wrong_way": ("traffic",), "fall": ("traffic",), "jaywalking": ("traffic",),
    "obstruction": ("traffic",), "speeding_with_child": ("traffic",), "assault": ("violence",),
    "self_harm": ("self_harm",), "crowd": ("crush",), "welfare_urgent": ("unknown_inside",), "sos": ("unknown_inside",),
}
# And by the urgent words of a case: who goes to a beaten or a flooded home must know it from the start.
WORDS = {"violence": ("violence",), "self_harm": ("self_harm",), "fire": ("fire", "smoke"), "rescue": ("flood",)}
CHILD = "child"
SAID = ("description", "contact", "lon", "lat", "radius_m")
TALK = ["talk.said", "talk.read"]
ROAD_M = 300  # a road farther than this is no way in


def hazards(incident: Incident) -> list[str]:
    """Codes of what is dangerous there: by its kind, and by what people wrote of it."""
    wrote = [code for d in incident.detections for word in d.evidence.get("words", ()) for code in WORDS.get(word, ())]
    return list(dict.fromkeys((*HAZARDS.get(incident.kind, ()), *wrote)))


def people(incident: Incident, house: House) -> list[dict[str, Any]]:
    """Who is there as far as it helps: lives alone, age band, a child seen; never who."""
    home = house.city.households.get((incident.place and incident.place.household) or incident.subject)
    told: list[dict[str, Any]] = []
    if home is not None:
        told += [{"code": "alone", "value": ""}] if home.alone else []
        told += [{"code": "age", "value": home.age_band}] if home.age_band else []
        told += [{"code": "at_risk", "value": ""}] if home.risk == "high" else []
    seen = {str(value) for d in incident.detections for value in d.evidence.values() if isinstance(value, str)}
    return told + ([{"code": CHILD, "value": ""}] if CHILD in seen or "speeding_with_child" == incident.kind else [])


def access(incident: Incident, house: House) -> list[dict[str, Any]]:
    """The way in: the nearest named road, how exact the place is; a home's address is to be asked for."""
    place = incident.place
    if place is None:
        return [{"code": "unplaced", "name": "", "m": 0}]
    road = min(roads(house.city), key=lambda r: _away(r[1], place.lon, place.lat), default=None)
    found: list[dict[str, Any]] = []
    if road is not None and (away := _away(road[1], place.lon, place.lat)) <= ROAD_M:
        found.append({"code": "road", "name": road[0], "m": round(away)})
    found.append({"code": "site" if place.site and not place.household else "cell", "name": "", "m": 0})
    return [*found, {"code": "address", "name": "", "m": 0}] if place.household else found


def roads(city: Any) -> list[tuple[str, list[tuple[float, float]]]]:
    """Named roads, each of their lines with its points."""
    named = [f.raw for f in city.features if f.kind == "road" and f.raw["properties"].get("name")]
    return [(raw["properties"]["name"], line) for raw in named for line in lines(raw["geometry"])]


def _away(points: list[Any], lon: float, lat: float) -> float:
    """Metres to the nearest of the points and of what lies between two of them."""
    return min(_to_segment(a, b, lon, lat) for a, b in zip(points, points[1:] or points, strict=False))


def _to_segment(a: Any, b: Any, lon: float, lat: float) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else min(1.0, max(0.0, ((lon - a[0]) * dx + (lat - a[1]) * dy) / length))
    return metres(a[0] + t * dx, a[1] + t * dy, lon, lat)


def around(incident: Incident, house: House) -> dict[str, Any]:
    """``{hazards, people, access}``: what an agency's screen says beside the report, and so the confirm before it."""
    return {"hazards": hazards(incident), "people": people(incident, house), "access": access(incident, house)}


def brief(incident: Incident, role: str, house: House) -> dict[str, Any]:
    """``{hazards, people, access, said}``; ``said`` is what the report told the agency (with the exact point)."""
    told = house.report(incident, views.AGENCY[role])
    return around(incident, house) | {"said": {name: told[name] for name in SAID}}


def messages(records: list[Record], role: str, agency: str, opened: Any) -> list[dict[str, Any]]:
    """The talk as rows, oldest first: ``n`` counts each side's messages with an agency, ``read_at`` the receipt.

    A liaison gets their own agency's and no name of the control room's people. ``opened(ref)`` opens a text.
    """
    own = LIAISONS.get(role, agency)
    rows: list[dict[str, Any]] = []
    counts: Counter[tuple[str, str]] = Counter()
    for r in records:
        with_, side = r.body.get("agency", ""), r.body.get("side", "")
        if r.kind not in TALK or own not in ("", with_):
            continue
        if r.kind == "talk.said":
            counts[with_, side] += 1
            named = side == DESK or role not in LIAISONS
            rows.append({"agency": with_, "side": side, "n": counts[with_, side], "at": format_kst(r.at),
                         "by": r.by if named else "", "more": r.body.get("more", ""), "read_at": None,
                         "text": opened(r.body["text_ref"]) if r.body.get("text_ref") else ""})
            continue
        wrote = DESK if side == ROOM else ROOM
        for row in rows:
            if (row["agency"], row["side"]) == (with_, wrote) and row["n"] <= r.body["n"] and row["read_at"] is None:
                row["read_at"] = format_kst(r.at)
    return rows
