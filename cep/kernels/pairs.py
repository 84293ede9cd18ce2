"""Pairs of a vehicle and a person in one frame: near misses, and who was near a vehicle lately."""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.contact import contact_us

# mypy: disable-error-code="no-untyped-def"


@kernel
def pair_us(rule, v, p, ux, uy, speed, box, radius):
    """µs until vehicle ``v`` (unit vector ux, uy) and person ``p`` touch, -1 when the pair does not hold."""
    if speed < rule["speed"] or not (rule["vehicles"] >> v["cls"]) & 1 or not (rule["persons"] >> p["cls"]) & 1:
        return -1
    length = v["length"] if v["length"] > 0.0 else box["length"]
    width = v["width"] if v["width"] > 0.0 else box["width"]
    dx, dy, dvx, dvy = p["x"] - v["x"], p["y"] - v["y"], p["vx"] - v["vx"], p["vy"] - v["vy"]
    ttc = contact_us(dx, dy, dvx, dvy, ux, uy, length / 2.0 + radius, width / 2.0 + radius)
    return ttc if ttc <= rule["ttc"] else -1


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
def meet(one, vehicle, person, k, t, gap, vehicle_life, person_life):
    """Make this row the pair's encounter: go on with it, or begin afresh. 1 when the row was free."""
    free = 0 if one["used"] else 1
    same = one["vehicle_life"] == vehicle_life and one["person_life"] == person_life
    if free or not same or t - one["held"] >= gap:
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
    return free


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
def remember_near(rule, state, life, v, p, t):
    """Keep that person ``p`` is near vehicle ``v`` now (the nearest of one moment counts)."""
    if not (rule["vehicles"] >> v["cls"]) & 1 or not (rule["persons"] >> p["cls"]) & 1:
        return
    dx, dy = p["x"] - v["x"], p["y"] - v["y"]
    d2 = dx * dx + dy * dy
    if d2 > rule["range2"]:
        return
    if state["life"] != life:
        state["life"] = life
        state["near"] = 0
        state["grave"] = 0
        state["fired"] = 0
    if not state["near"] or state["near_at"] != t or d2 < state["near_m2"]:
        state["near"] = 1
        state["near_at"] = t
        state["near_m2"] = d2
        state["near_track"] = p["track"]
    if (rule["grave"] >> p["cls"]) & 1 and (not state["grave"] or state["grave_at"] != t or d2 < state["grave_m2"]):
        state["grave"] = 1
        state["grave_at"] = t
        state["grave_m2"] = d2
        state["grave_track"] = p["track"]


@kernel
def recall(rule, state, holding, life, t, frame):
    """A pair_memory rule for a vehicle of this frame: 2 when it fires gravely, 1 when it fires, else 0."""
    if state["life"] != life or state["fired"] or holding["life"] != life or not holding["fired"]:
        return 0
    going = holding["going"] and holding["frame"] == frame
    if not going and t - holding["told_at"] > rule["look_back"]:
        return 0
    grave = state["grave"] and t - state["grave_at"] <= rule["look_back"]
    near = state["near"] and t - state["near_at"] <= rule["look_back"]
    if grave or near:
        state["fired"] = 1
    return 2 if grave else 1 if near else 0
