"""Judging road frames: near misses, speeding, speeding near a person, stop lines crossed while people walk.

One frame at a time, in order. Rows of state are described in ``cep/state.py``. Helpers get rows and numbers, not
arrays: an array handed on costs more than what most of them do.
"""

from __future__ import annotations

import math

from cep.kernels import kernel
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


@kernel
def enter_frame(source, t):
    """Count the frame of a source; its number."""
    source["frame"] += 1
    source["last"] = t
    return source["frame"]


@kernel
def near_miss(out, i, row, rule, pair, frame, ttc, v, p, speed, one):
    """The encounter of a vehicle and a person goes on in this frame; 1 when it is told."""
    level = advance(pair, row["t"], frame, ttc <= rule["severe_ttc"], rule["frames"])
    if level == 0:
        return 0
    return emit(out, i, row, rule["rule"], level, v["track"], p["track"], p["cls"], ttc / 1e6, speed, one)


@kernel
def too_fast(out, i, row, rule, state, v, speed, frame, one):
    """A hold rule for a vehicle of this frame; 1 when it is told."""
    if not (rule["vehicles"] >> v["cls"]) & 1:
        return 0
    if not hold(rule, state, one["life"], row["t"], frame, speed, row["value"]):
        return 0
    peak, limit = state["peak"], row["value"] * rule["share"]
    return emit(out, i, row, rule["rule"], rule["severity"], v["track"], -1, -1, peak, limit, one)


@kernel
def too_fast_near(out, i, row, rule, state, held, v, frame, one):
    """A memory rule for a vehicle of this frame; 1 when it is told."""
    if not (rule["vehicles"] >> v["cls"]) & 1:
        return 0
    level = recall(rule, state, held, one["life"], row["t"], frame)
    if level == 0:
        return 0
    other = state["grave_track"] if level == 2 else state["near_track"]
    metres = math.sqrt(state["grave_m2"] if level == 2 else state["near_m2"])
    severity = 3 if level == 2 else rule["severity"]
    return emit(out, i, row, rule["rule"], severity, v["track"], other, -1, held["peak"], metres, one)


@kernel
def may_cross(rule, site, t, v):
    """True when people have the walk signal and the vehicle is one that must stop."""
    return walk_says(rule, site, t) and (rule["vehicles"] >> v["cls"]) & 1


@kernel
def run_light(out, i, row, rule, site, v, person, speed, one):
    """Write that a vehicle crossed its stop line while this person walked."""
    severity, word = rule["severity"], site["signal"]
    return emit(out, i, row, rule["rule"], severity, v["track"], person, -1, speed, word, one)


@kernel
def judge_road(picked, start, rows, objects, road, rules, classes, persons, frame_kind, out):
    """Frames and signals ``picked[start:]`` in order; (how far it came, number of detections).

    It stops early when ``out`` or the table of meetings has too little room for the next frame. ``persons`` is room for
    indices of objects. All loops stand here: an array handed on for each vehicle cost more than the rules.
    """
    used, entities, tracks, holdings, nearness = 0, road.entities, road.tracks, road.holdings, road.nearness
    meetings, n_meetings, stop_lines, corners = road.meetings, road.n_meetings, road.stop_lines, road.corners
    pairs, holds, memories, lines = rules
    n_others = len(holds) + len(memories) + len(lines)
    for at in range(start, len(picked)):
        i = picked[at]
        row = rows[i]
        t, first, last = row["t"], row["first"], row["first"] + row["n"]
        source, site = entities[row["source"]], entities[row["subject"]]
        if row["kind"] != frame_kind:
            hear_signal(site, t, row["value"])
            continue
        if source["frame"] > 0 and t < source["last"]:
            road.late[0] += 1
            continue
        most = (row["n"] // 2 + 1) * (row["n"] // 2 + 1) * len(pairs)  # vehicles times persons
        if used + most + row["n"] * n_others >= len(out) or most > len(meetings) // 2 - n_meetings[0]:
            return at, used
        n_persons, frame = 0, enter_frame(source, t)
        for n in range(first, last):
            o = objects[n]
            touch_track(tracks[o["track"]], t, frame, o["x"], o["y"])
            persons[n_persons] = n
            n_persons += classes[o["cls"]]["radius"] > 0.0
        for n in range(first, last):
            v = objects[n]
            track, one, box = v["track"], tracks[v["track"]], classes[v["cls"]]
            speed = math.sqrt(v["vx"] * v["vx"] + v["vy"] * v["vy"])
            if not box["length"] > 0.0 or not speed < 1e9:
                continue  # no vehicle, or a number that no vehicle has and that would break the arithmetic
            ux, uy = (v["vx"] / speed, v["vy"] / speed) if speed > 0.0 else (1.0, 0.0)
            for m in range(n_persons):
                p = objects[persons[m]]
                for k in range(len(pairs)):
                    ttc = pair_us(pairs[k], v, p, ux, uy, speed, box, classes[p["cls"]]["radius"])
                    if ttc >= 0:
                        pair, two = meetings[find_meeting(meetings, track, p["track"], k)], tracks[p["track"]]
                        n_meetings[0] += meet(pair, track, p["track"], k, t, pairs[k]["gap"], one["life"], two["life"])
                        used += near_miss(out[used], i, row, pairs[k], pair, frame, ttc, v, p, speed, one)
                for k in range(len(memories)):
                    remember_near(memories[k], nearness[track, k], one["life"], v, p, t)
            for k in range(len(holds)):
                used += too_fast(out[used], i, row, holds[k], holdings[track, k], v, speed, frame, one)
            for k in range(len(memories)):
                held = holdings[track, memories[k]["hold"]]
                used += too_fast_near(out[used], i, row, memories[k], nearness[track, k], held, v, frame, one)
            for k in range(len(lines)):
                if may_cross(lines[k], site, t, v) and passes_line(one, site, stop_lines, frame):
                    p = person_on_crosswalk(lines[k], site, corners, objects, first, last)
                    if p >= 0:
                        used += run_light(out[used], i, row, lines[k], site, v, p, speed, one)
    return len(picked), used
