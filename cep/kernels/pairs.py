"""Pairs of a vehicle and a person in one frame: near misses, and who was near a vehicle lately."""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.contact import contact_us

# mypy: disable-error-code="no-untyped-def"


@kernel
def emit(out, used, rows, i, rule, severity, a, b, other, u, v, place):
    """Write one detection of row ``i``: tracks a and b, the class of b, two numbers, and the place of track a."""
    one = out[used]
    one["row"] = i
    one["at"] = rows.t[i]
    one["rule"] = rule
    one["severity"] = severity
    one["subject"] = rows.subject[i]
    one["entity"] = rows.source[i]
    one["before"] = 0
    one["slot"] = other
    one["a"] = a
    one["b"] = b
    one["u"] = u
    one["v"] = v
    one["x"] = place["x"]
    one["y"] = place["y"]
    return used + 1


@kernel
def find_meeting(meetings, vehicle, person, rule):
    """Slot of this pair and rule in the hash table, or the free slot where it belongs."""
    mask = len(meetings) - 1
    slot = (int(vehicle) * 73_856_093 ^ int(person) * 19_349_663 ^ int(rule) * 83_492_791) & mask
    while meetings[slot]["used"]:
        one = meetings[slot]
        if one["vehicle"] == vehicle and one["person"] == person and one["rule"] == rule:
            break
        slot = (slot + 1) & mask
    return slot


@kernel
def meet(road, vehicle, person, k, t, gap, vehicle_life, person_life):
    """The row of this pair's encounter: the one that goes on, or a fresh one."""
    slot = find_meeting(road.meetings, vehicle, person, k)
    one = road.meetings[slot]
    if not one["used"]:
        road.n_meetings[0] += 1
    same = one["used"] and one["vehicle_life"] == vehicle_life and one["person_life"] == person_life
    if not same or t - one["held"] >= gap:
        one["used"] = 1
        one["vehicle"] = vehicle
        one["person"] = person
        one["rule"] = k
        one["vehicle_life"] = vehicle_life
        one["person_life"] = person_life
        one["run"] = 0
        one["severe_run"] = 0
        one["frame"] = -1
        one["told"] = 0
    return slot


@kernel
def advance(one, t, frame, severe, frames):
    """The pair holds in this frame: 3 when that makes it severe, 2 when it makes it serious, else 0."""
    if one["frame"] == frame:
        return 0
    follows = one["frame"] == frame - 1
    one["run"] = one["run"] + 1 if follows else 1
    one["severe_run"] = (one["severe_run"] + 1 if follows else 1) if severe else 0
    one["frame"] = frame
    one["held"] = t
    if one["severe_run"] >= frames and one["told"] < 3:
        one["told"] = 3
        return 3
    if one["run"] >= frames and one["told"] < 2:
        one["told"] = 2
        return 2
    return 0


@kernel
def judge_pair(k, i, n, p, speed, rows, objects, road, rules, classes, out, used):
    """Pair rule ``k`` for vehicle ``n`` and person ``p`` of frame ``i``; the new number of detections."""
    rule = rules.pairs[k]
    if (
        speed < rule["speed"]
        or not (rule["vehicles"] >> objects.cls[n]) & 1
        or not (rule["persons"] >> objects.cls[p]) & 1
    ):
        return used
    box, radius = classes[objects.cls[n]], classes[objects.cls[p]]["radius"]
    length = objects.length[n] if objects.length[n] > 0.0 else box["length"]
    width = objects.width[n] if objects.width[n] > 0.0 else box["width"]
    ux, uy = (objects.vx[n] / speed, objects.vy[n] / speed) if speed > 0.0 else (1.0, 0.0)
    ttc = contact_us(
        objects.x[p] - objects.x[n], objects.y[p] - objects.y[n], objects.vx[p] - objects.vx[n],
        objects.vy[p] - objects.vy[n], ux, uy, length / 2.0 + radius, width / 2.0 + radius,
    )  # fmt: skip
    if ttc < 0 or ttc > rule["ttc"]:
        return used
    vehicle, person, t = objects.track[n], objects.track[p], rows.t[i]
    lives = road.tracks[vehicle]["life"], road.tracks[person]["life"]
    one = road.meetings[meet(road, vehicle, person, k, t, rule["gap"], lives[0], lives[1])]
    level = advance(one, t, road.entities[rows.source[i]]["frame"], ttc <= rule["severe_ttc"], rule["frames"])
    if level == 0:
        return used
    return emit(
        out, used, rows, i, rule["rule"], level, vehicle, person, objects.cls[p], ttc / 1e6, speed, road.tracks[vehicle]
    )


@kernel
def remember_near(k, t, n, p, objects, road, rules):
    """Keep that person ``p`` is near vehicle ``n`` now, for memory rule ``k`` (the nearest of one moment counts)."""
    rule = rules.memories[k]
    if not (rule["vehicles"] >> objects.cls[n]) & 1 or not (rule["persons"] >> objects.cls[p]) & 1:
        return
    dx, dy = objects.x[p] - objects.x[n], objects.y[p] - objects.y[n]
    d2 = dx * dx + dy * dy
    if d2 > rule["range2"]:
        return
    state, life = road.nearness[objects.track[n], k], road.tracks[objects.track[n]]["life"]
    if state["life"] != life:
        state["life"] = life
        state["near"] = 0
        state["grave"] = 0
        state["fired"] = 0
    if not state["near"] or state["near_at"] != t or d2 < state["near_m2"]:
        state["near"] = 1
        state["near_at"] = t
        state["near_m2"] = d2
        state["near_track"] = objects.track[p]
    if (rule["grave"] >> objects.cls[p]) & 1 and (
        not state["grave"] or state["grave_at"] != t or d2 < state["grave_m2"]
    ):
        state["grave"] = 1
        state["grave_at"] = t
        state["grave_m2"] = d2
        state["grave_track"] = objects.track[p]
