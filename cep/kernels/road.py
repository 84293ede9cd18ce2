"""Judging road frames: near misses, speeding, speeding near a person, stop lines crossed while people walk.

One frame at a time, in order. Track, holding, nearness and meeting rows are described in ``cep/state.py``; ``was_x``,
``was_y`` of a track are its place in the frame ``before``.
"""

from __future__ import annotations

import math

from cep.kernels import kernel
from cep.kernels.contact import crosses, inside
from cep.kernels.pairs import emit, judge_pair, remember_near

# mypy: disable-error-code="no-untyped-def"


@kernel
def touch_track(tracks, track, t, frame, x, y):
    """Note that this track is in this frame of its source; born again when unseen for 30 s."""
    one = tracks[track]
    if one["life"] > 0 and one["frame"] == frame:
        return
    if one["life"] == 0 or t - one["seen"] >= 30_000_000:
        one["life"] += 1
        one["before"] = -1
    else:
        one["before"] = one["frame"]
        one["was_x"] = one["x"]
        one["was_y"] = one["y"]
    one["seen"] = t
    one["frame"] = frame
    one["x"] = x
    one["y"] = y


@kernel
def hold(rule, state, life, t, frame, speed, limit):
    """One frame of a vehicle against a hold rule: 1 when the rule fires now."""
    if state["life"] != life:
        state["life"] = life
        state["frame"] = -1
        state["fired"] = 0
        state["going"] = 0
    if state["frame"] == frame or not speed > (limit + rule["margin"]) / 3.6:
        return 0
    if state["frame"] != frame - 1:
        state["start"] = t
        state["peak"] = speed
        state["going"] = 0
    state["frame"] = frame
    state["peak"] = max(state["peak"], speed)
    if state["fired"] or t - state["start"] < rule["hold"]:
        return 0
    state["fired"] = 1
    state["going"] = 1
    state["told_at"] = t
    return 1


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


@kernel
def passes_line(one, site, stop_lines, frame):
    """True when the track's step into this frame passes a stop line of the site toward its crosswalk."""
    if one["before"] != frame - 1:
        return False
    for n in range(site["lines"], site["lines"] + site["n_lines"]):
        x0, y0, x1, y1 = stop_lines[n, 0], stop_lines[n, 1], stop_lines[n, 2], stop_lines[n, 3]
        side = (x1 - x0) * (site["middle_y"] - y0) - (y1 - y0) * (site["middle_x"] - x0)
        toward = 1.0 if side > 0.0 else -1.0 if side < 0.0 else 0.0
        if toward != 0.0 and crosses(one["was_x"], one["was_y"], one["x"], one["y"], x0, y0, x1, y1, toward):
            return True
    return False


@kernel
def person_on_crosswalk(rule, site, corners, objects, first, last):
    """Track of the first person of the frame who is on the crosswalk, -1 when none is."""
    for n in range(first, last):
        if (rule["persons"] >> objects.cls[n]) & 1 and inside(
            objects.x[n], objects.y[n], corners, site["corners"], site["n_corners"]
        ):
            return objects.track[n]
    return -1


@kernel
def judge_vehicle(i, n, speed, rows, objects, road, rules, out, used):
    """Hold, memory and crossing rules for vehicle ``n`` of frame ``i``; the new number of detections."""
    t, track, entity, bit = rows.t[i], objects.track[n], rows.source[i], objects.cls[n]
    frame, one = road.entities[entity]["frame"], road.tracks[objects.track[n]]
    for k in range(len(rules.holds)):
        rule = rules.holds[k]
        if (rule["vehicles"] >> bit) & 1 and hold(
            rule, road.holdings[track, k], one["life"], t, frame, speed, rows.value[i]
        ):
            peak = road.holdings[track, k]["peak"]
            used = emit(out, used, rows, i, rule["rule"], rule["severity"], track, -1, -1, peak, rows.value[i], one)
    for k in range(len(rules.memories)):
        rule = rules.memories[k]
        if not (rule["vehicles"] >> bit) & 1:
            continue
        state, holding = road.nearness[track, k], road.holdings[track, rule["hold"]]
        level = recall(rule, state, holding, one["life"], t, frame)
        if level > 0:
            other = state["grave_track"] if level == 2 else state["near_track"]
            metres = math.sqrt(state["grave_m2"] if level == 2 else state["near_m2"])
            severity = 3 if level == 2 else rule["severity"]
            used = emit(out, used, rows, i, rule["rule"], severity, track, other, -1, holding["peak"], metres, one)
    site = road.entities[rows.subject[i]]
    for k in range(len(rules.crosses)):
        rule = rules.crosses[k]
        walk = site["heard"] and (rule["signals"] >> site["signal"]) & 1 and t - site["signal_at"] <= rule["age"]
        if walk and (rule["vehicles"] >> bit) & 1 and passes_line(one, site, road.stop_lines, frame):
            other = person_on_crosswalk(rule, site, road.corners, objects, rows.first[i], rows.first[i] + rows.n[i])
            if other >= 0:
                used = emit(
                    out, used, rows, i, rule["rule"], rule["severity"], track, other, -1, speed, site["signal"], one
                )
    return used


@kernel
def judge_frame(i, rows, objects, road, rules, classes, persons, out, used):
    """All road rules for frame ``i``; the new number of detections. ``persons`` is room for indices of objects."""
    t, entity = rows.t[i], road.entities[rows.source[i]]
    if entity["frame"] > 0 and t < entity["last"]:
        road.late[0] += 1
        return used
    entity["frame"] += 1
    entity["last"] = t
    first, last, n_persons = rows.first[i], rows.first[i] + rows.n[i], 0
    for n in range(first, last):
        touch_track(road.tracks, objects.track[n], t, entity["frame"], objects.x[n], objects.y[n])
        if classes[objects.cls[n]]["radius"] > 0.0:
            persons[n_persons] = n
            n_persons += 1
    for n in range(first, last):
        if not classes[objects.cls[n]]["length"] > 0.0:
            continue
        speed = math.sqrt(objects.vx[n] * objects.vx[n] + objects.vy[n] * objects.vy[n])
        if not speed < 1e9:
            continue  # a number that no vehicle has would break the arithmetic
        for p in range(n_persons):
            for k in range(len(rules.pairs)):
                used = judge_pair(k, i, n, persons[p], speed, rows, objects, road, rules, classes, out, used)
            for k in range(len(rules.memories)):
                remember_near(k, t, n, persons[p], objects, road, rules)
        used = judge_vehicle(i, n, speed, rows, objects, road, rules, out, used)
    return used


@kernel
def room_for(i, rows, objects, rules, classes, out, used, road):
    """True when neither detections nor meetings of frame ``i`` can overflow."""
    vehicles, persons = 0, 0
    for n in range(rows.first[i], rows.first[i] + rows.n[i]):
        vehicles += classes[objects.cls[n]]["length"] > 0.0
        persons += classes[objects.cls[n]]["radius"] > 0.0
    pairs = vehicles * persons * len(rules.pairs)
    others = vehicles * (len(rules.holds) + len(rules.memories) + len(rules.crosses))
    return used + pairs + others <= len(out) and (road.n_meetings[0] + pairs) * 2 <= len(road.meetings)


@kernel
def hear_signal(i, rows, road):
    """Keep what the site's signal says, unless something newer was heard."""
    site = road.entities[rows.subject[i]]
    if not site["heard"] or rows.t[i] >= site["signal_at"]:
        site["heard"] = 1
        site["signal"] = int(rows.value[i])
        site["signal_at"] = rows.t[i]


@kernel
def judge_road(picked, start, rows, objects, road, rules, classes, persons, frame_kind, out):
    """Frames and signals ``picked[start:]`` in order; (how far it came, number of detections).

    It stops early when ``out`` or the table of meetings has too little room for the next frame.
    """
    used = 0
    for at in range(start, len(picked)):
        i = picked[at]
        if rows.kind[i] != frame_kind:
            hear_signal(i, rows, road)
        elif room_for(i, rows, objects, rules, classes, out, used, road):
            used = judge_frame(i, rows, objects, road, rules, classes, persons, out, used)
        else:
            return at, used
    return len(picked), used
