"""Judging road frames: near misses, speeding, speeding near a person, stop lines crossed while people walk.

One frame at a time, in order. Rows of state are described in ``cep/state.py``. Helpers get rows and numbers, not
arrays: an array handed on costs more than what most of them do.
"""

from __future__ import annotations

import math

from cep.kernels import inlined, kernel
from cep.kernels.pairs import advance, find_meeting, meet, pair_us, recall, remember_near
from cep.kernels.tracks import hear_signal, hold, passes_line, person_on_crosswalk, touch_track, walk_says

# mypy: disable-error-code="no-untyped-def"


@kernel
def emit(one, i, row, rule, severity, a, b, other, u, v, place):
    """Write one detection of row ``i``: tracks a and b, the class of b, two numbers, and the place of track a."""
    one["row"] = i
    one["at"] = row["t"]
    one["rule"] = rule
    one["severity"] = severity
    one["subject"] = row["subject"]
    one["entity"] = row["source"]
    one["before"] = 0
    one["slot"] = other
    one["a"] = a
    one["b"] = b
    one["u"] = u
    one["v"] = v
    one["x"] = place["x"]
    one["y"] = place["y"]
    return 1


@inlined
def enter_frame(row, source, objects, tracks, classes, persons):
    """Count the frame and touch its tracks; how many persons there are (their objects in ``persons``)."""
    source["frame"] += 1
    source["last"] = row["t"]
    n_persons = 0
    for n in range(row["first"], row["first"] + row["n"]):
        o = objects[n]
        touch_track(tracks[o["track"]], row["t"], source["frame"], o["x"], o["y"])
        if classes[o["cls"]]["radius"] > 0.0:
            persons[n_persons] = n
            n_persons += 1
    return n_persons


@inlined
def judge_vehicle(
    i, row, v, speed, frame, one, site, objects, holdings, nearness, stop_lines, corners, holds, memories, lines, out,
    used,
):  # fmt: skip
    """Hold, memory and crossing rules for one vehicle of frame ``i``; the new number of detections."""
    t, track = row["t"], v["track"]
    for k in range(len(holds)):
        rule, state = holds[k], holdings[track, k]
        if (rule["vehicles"] >> v["cls"]) & 1 and hold(rule, state, one["life"], t, frame, speed, row["value"]):
            severity, peak, limit = rule["severity"], state["peak"], row["value"] * rule["share"]
            used += emit(out[used], i, row, rule["rule"], severity, track, -1, -1, peak, limit, one)
    for k in range(len(memories)):
        rule, state, held = memories[k], nearness[track, k], holdings[track, memories[k]["hold"]]
        level = recall(rule, state, held, one["life"], t, frame) if (rule["vehicles"] >> v["cls"]) & 1 else 0
        if level > 0:
            other = state["grave_track"] if level == 2 else state["near_track"]
            metres = math.sqrt(state["grave_m2"] if level == 2 else state["near_m2"])
            severity = 3 if level == 2 else rule["severity"]
            used += emit(out[used], i, row, rule["rule"], severity, track, other, -1, held["peak"], metres, one)
    for k in range(len(lines)):
        rule = lines[k]
        if not walk_says(rule, site, t) or not (rule["vehicles"] >> v["cls"]) & 1:
            continue
        if passes_line(one, site, stop_lines, frame):
            other = person_on_crosswalk(rule, site, corners, objects, row["first"], row["first"] + row["n"])
            if other >= 0:
                severity, word = rule["severity"], site["signal"]
                used += emit(out[used], i, row, rule["rule"], severity, track, other, -1, speed, word, one)
    return used


@inlined
def judge_pairs(
    i, row, v, speed, frame, one, n_persons, objects, persons, classes, tracks, nearness, meetings, n_meetings, pairs,
    memories, out, used,
):  # fmt: skip
    """Pair and memory rules for one vehicle and every person of frame ``i``; the new number of detections."""
    t, box = row["t"], classes[v["cls"]]
    ux, uy = (v["vx"] / speed, v["vy"] / speed) if speed > 0.0 else (1.0, 0.0)
    for at in range(n_persons):
        p = objects[persons[at]]
        for k in range(len(pairs)):
            rule = pairs[k]
            ttc = pair_us(rule, v, p, ux, uy, speed, box, classes[p["cls"]]["radius"])
            if ttc < 0:
                continue
            pair = meetings[find_meeting(meetings, v["track"], p["track"], k)]
            person_life = tracks[p["track"]]["life"]
            n_meetings[0] += meet(pair, v["track"], p["track"], k, t, rule["gap"], one["life"], person_life)
            level = advance(pair, t, frame, ttc <= rule["severe_ttc"], rule["frames"])
            if level > 0:
                a, b = v["track"], p["track"]
                used += emit(out[used], i, row, rule["rule"], level, a, b, p["cls"], ttc / 1e6, speed, one)
        for k in range(len(memories)):
            remember_near(memories[k], nearness[v["track"], k], one["life"], v, p, t)
    return used


@inlined
def room_for(row, objects, classes, n_pairs, n_others, free_out, free_meetings):
    """True when neither detections nor meetings of a frame can overflow."""
    vehicles, persons = 0, 0
    for n in range(row["first"], row["first"] + row["n"]):
        vehicles += classes[objects[n]["cls"]]["length"] > 0.0
        persons += classes[objects[n]["cls"]]["radius"] > 0.0
    pairs = vehicles * persons * n_pairs
    return pairs + vehicles * n_others <= free_out and pairs <= free_meetings


@kernel
def judge_road(picked, start, rows, objects, road, rules, classes, persons, frame_kind, out):
    """Frames and signals ``picked[start:]`` in order; (how far it came, number of detections).

    It stops early when ``out`` or the table of meetings has too little room for the next frame. ``persons`` is room for
    indices of objects.
    """
    used, entities, tracks, holdings, nearness = 0, road.entities, road.tracks, road.holdings, road.nearness
    meetings, n_meetings, stop_lines, corners = road.meetings, road.n_meetings, road.stop_lines, road.corners
    pairs, holds, memories, lines = rules.pairs, rules.holds, rules.memories, rules.crosses
    n_others = len(holds) + len(memories) + len(lines)
    for at in range(start, len(picked)):
        i = picked[at]
        row = rows[i]
        source, site = entities[row["source"]], entities[row["subject"]]
        if row["kind"] != frame_kind:
            hear_signal(site, row["t"], row["value"])
            continue
        if source["frame"] > 0 and row["t"] < source["last"]:
            road.late[0] += 1
            continue
        free = len(meetings) // 2 - n_meetings[0]
        if not room_for(row, objects, classes, len(pairs), n_others, len(out) - used, free):
            return at, used
        n_persons = enter_frame(row, source, objects, tracks, classes, persons)
        frame = source["frame"]
        for n in range(row["first"], row["first"] + row["n"]):
            v = objects[n]
            speed = math.sqrt(v["vx"] * v["vx"] + v["vy"] * v["vy"])
            if not classes[v["cls"]]["length"] > 0.0 or not speed < 1e9:
                continue  # no vehicle, or a number that no vehicle has and that would break the arithmetic
            one = tracks[v["track"]]
            used = judge_pairs(
                i, row, v, speed, frame, one, n_persons, objects, persons, classes, tracks, nearness, meetings,
                n_meetings, pairs, memories, out, used,
            )  # fmt: skip
            used = judge_vehicle(
                i, row, v, speed, frame, one, site, objects, holdings, nearness, stop_lines, corners, holds, memories,
                lines, out, used,
            )  # fmt: skip
    return len(picked), used
