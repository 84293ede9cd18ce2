"""Judging road frames, second walk: one track at a time against the areas of its site. Patterns: ``cep/patterns.py``.

Beside ``road.py`` and not in it, so that neither knows the other's memory: this one keeps its own count of frames and
lives of tracks. A frame older than its source's last is passed over here as well; the other walk counts it. First the
batch's tracks are touched, then each pattern walks the batch in a loop of its own: handing arrays on for each object
would cost more than all of the rules.
"""

from __future__ import annotations

import math

from cep.kernels import inlined, kernel
from cep.kernels.areas import among, area_m2, lane_at, strays
from cep.kernels.contact import inside
from cep.kernels.moves import heads_against, jolt
from cep.kernels.road import emit
from cep.kernels.stays import astray, clear_spots, dwell, gather, is_news, remain, stand, within_hours

# mypy: disable-error-code="no-untyped-def"


@kernel
def touch_course(one, t, frame):
    """The track's life in this frame, born again when unseen for 30 s; 0 when it was in the frame before."""
    if one["life"] > 0 and one["frame"] == frame and one["seen"] == t:
        return 0
    if one["life"] == 0 or t - one["seen"] >= 30_000_000:
        one["life"] += 1
    one["seen"] = t
    one["frame"] = frame
    return one["life"]


@kernel
def enter_frames(picked, start, rows, objects, watch, courses, frame_kind, most, n_throngs, lives, speeds):
    """Touch the tracks of frames from ``start``, as many as can find no more than ``most`` hold; how far it came.

    ``lives`` (0: not to be judged) and ``speeds`` (m/s) are filled for each object.
    """
    needed = 0
    for at in range(start, len(picked)):
        row = rows[picked[at]]
        if row["kind"] != frame_kind:
            continue
        needed += row["n"] + n_throngs
        if needed > most:
            return at
        source = watch[row["source"]]
        if source["frame"] > 0 and row["t"] < source["last"]:
            continue
        source["frame"] += 1
        source["last"] = row["t"]
        for n in range(row["first"], row["first"] + row["n"]):
            o = objects[n]
            speed = math.sqrt(o["vx"] * o["vx"] + o["vy"] * o["vy"])
            life = touch_course(courses[o["track"]], row["t"], source["frame"])
            lives[n] = life if speed < 1e9 else 0
            speeds[n] = speed
    return len(picked)


@inlined
def nearest_moving(rule, p, objects, speeds, first, last):
    """Number of the nearest vehicle of the frame that moves within the rule's range of ``p``, -1 when none does."""
    best, best2 = -1, rule["range2"]
    for n in range(first, last):
        v = objects[n]
        if not (rule["vehicles"] >> v["cls"]) & 1 or speeds[n] < rule["speed"]:
            continue
        dx, dy = v["x"] - p["x"], v["y"] - p["y"]
        d2 = dx * dx + dy * dy
        if d2 < best2 or (d2 == best2 and best < 0):
            best, best2 = n, d2
    return best


@kernel
def judge_strays(frames, rows, objects, lives, speeds, street, rules, out, used):
    """Astray rules over these frames; the new number of detections."""
    straying, told, watch, places, points = street.straying, street.told, street.watch, street.places, street.points
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            number = watch[row["subject"]]["place"]
            site = places[number]
            if site["n_way"] == 0 or site["n_walk"] == 0:
                continue
            for n in range(row["first"], row["first"] + row["n"]):
                p = objects[n]
                x, y = p["x"], p["y"]
                if not (rule["persons"] >> p["cls"]) & 1 or lives[n] == 0 or x < site["west"] or x > site["east"]:
                    continue
                state = straying[p["track"], k]
                if state["fired"] and state["life"] == lives[n]:
                    continue
                if y < site["south"] or y > site["north"] or inside(x, y, points, site["walk"], site["n_walk"]):
                    continue
                if not strays(rule, site, x, y, points):
                    continue
                other = nearest_moving(rule, p, objects, speeds, row["first"], row["first"] + row["n"])
                if other < 0 or not astray(rule, state, lives[n], row["t"]):
                    continue
                severity = rule["grave_severity"] if (rule["grave"] >> p["cls"]) & 1 else rule["severity"]
                if is_news(rule, told[number, k], row["t"], severity):
                    v = objects[other]
                    metres = math.sqrt((v["x"] - x) * (v["x"] - x) + (v["y"] - y) * (v["y"] - y))
                    a, b = p["track"], v["track"]
                    used += emit(out[used], i, row, rule["rule"], severity, a, b, p["cls"], metres, speeds[other], p)
    return used


@kernel
def judge_dwells(frames, rows, objects, lives, street, rules, out, used):
    """Dwell rules over these frames; the new number of detections."""
    dwelling, watch, places = street.dwelling, street.watch, street.places
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            t, number = row["t"], watch[row["subject"]]["place"]
            if number == 0 or (rule["school"] and not places[number]["school"]):
                continue
            now = within_hours(rule, t)
            for n in range(row["first"], row["first"] + row["n"]):
                p = objects[n]
                if not (rule["persons"] >> p["cls"]) & 1 or lives[n] == 0:
                    continue
                state = dwelling[p["track"], k]
                if not now:
                    state["life"] = 0
                elif dwell(rule, state, lives[n], t, p["x"], p["y"]):
                    stayed, a = (t - state["since"]) / 1e6, p["track"]
                    used += emit(out[used], i, row, rule["rule"], rule["severity"], a, -1, p["cls"], stayed, 0.0, p)
    return used


@kernel
def judge_parkings(frames, rows, objects, lives, speeds, street, rules, classes, out, used):
    """Parked rules over these frames, at sites with a crosswalk; the new number of detections."""
    spots, parked, watch, places, points = street.spots, street.parked, street.watch, street.places, street.points
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            t, number = row["t"], watch[row["subject"]]["place"]
            site = places[number]
            if site["n_walk"] == 0:
                continue
            for n in range(row["first"], row["first"] + row["n"]):
                v = objects[n]
                moving = speeds[n] > rule["still"]
                if not (rule["vehicles"] >> v["cls"]) & 1 or lives[n] == 0 or (moving and parked[number, k] == 0):
                    continue
                x, y, track = v["x"], v["y"], v["track"]
                clear_spots(rule, spots, parked, number, k, track, lives[n], t, x, y, moving)
                length = v["length"] if v["length"] > 0.0 else classes[v["cls"]]["length"]
                if moving:
                    continue
                apart = math.sqrt(area_m2(x, y, points, site["walk"], site["n_walk"]))
                if apart > rule["range"] + length / 2.0:
                    continue
                if site["n_way"] > 0 and area_m2(x, y, points, site["way"], site["n_way"]) > rule["kerb2"]:
                    continue
                at = stand(rule, spots, parked, number, k, track, lives[n], t, x, y)
                if at >= 0 and remain(rule, spots[number, k, at], track, lives[n], t):
                    stood = (t - spots[number, k, at]["since"]) / 1e6
                    used += emit(
                        out[used], i, row, rule["rule"], rule["severity"], track, -1, v["cls"], stood, apart, v
                    )  # fmt: skip
    return used


@kernel
def judge_jolts(frames, rows, objects, lives, speeds, street, rules, out, used):
    """Jolt rules over these frames; the new number of detections."""
    jolting = street.jolting
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            for n in range(row["first"], row["first"] + row["n"]):
                v = objects[n]
                if not (rule["vehicles"] >> v["cls"]) & 1 or lives[n] == 0:
                    continue
                a, speed = v["track"], speeds[n]
                change = jolt(rule, jolting[a, k], lives[n], row["t"], speed, v["x"], v["y"])
                if change > 0.0:
                    used += emit(out[used], i, row, rule["rule"], rule["severity"], a, -1, v["cls"], change, speed, v)
    return used


@kernel
def judge_againsts(frames, rows, objects, lives, speeds, street, rules, out, used):
    """Against rules over these frames, at sites with lanes; the new number of detections."""
    heading, watch, places, lanes, points = street.heading, street.watch, street.places, street.lanes, street.points
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            site = places[watch[row["subject"]]["place"]]
            if site["n_lanes"] == 0:
                continue
            for n in range(row["first"], row["first"] + row["n"]):
                v = objects[n]
                if not (rule["vehicles"] >> v["cls"]) & 1 or lives[n] == 0:
                    continue
                number = lane_at(v["x"], v["y"], lanes, site["lane"], site["n_lanes"], points)
                if number >= 0:
                    a, speed = v["track"], speeds[n]
                    gone = heads_against(rule, heading[a, k], lanes[number], number, lives[n], v, speed)
                    if gone > 0.0:
                        used += emit(out[used], i, row, rule["rule"], rule["severity"], a, -1, v["cls"], speed, gone, v)
    return used


@kernel
def judge_throngs(frames, rows, objects, lives, street, rules, out, used):
    """Throng rules over these frames; the new number of detections."""
    gatherings, watch, places, waits, points = (
        street.gatherings, street.watch, street.places, street.waits, street.points
    )  # fmt: skip
    for k in range(len(rules)):
        rule = rules[k]
        for i in frames:
            row = rows[i]
            number, n_people, x, y = watch[row["subject"]]["place"], 0, 0.0, 0.0
            if number == 0 or row["n"] < rule["n"]:
                continue
            for n in range(row["first"], row["first"] + row["n"]):
                p = objects[n]
                if not (rule["persons"] >> p["cls"]) & 1 or lives[n] == 0:
                    continue
                if among(rule, places[number], p["x"], p["y"], waits, points):
                    n_people += 1
                    x += p["x"]
                    y += p["y"]
            crowd = gatherings[number, k]
            if n_people >= rule["n"] and gather(rule, crowd, row["t"]):
                crowd["x"] = x / n_people
                crowd["y"] = y / n_people
                held = (row["t"] - crowd["since"]) / 1e6
                used += emit(out[used], i, row, rule["rule"], rule["severity"], -1, -1, -1, n_people, held, crowd)
    return used


@kernel
def judge_street(picked, start, rows, objects, street, rules, classes, frame_kind, lives, speeds, out):
    """Frames ``picked[start:]`` in order; (how far it came, number of detections). It stops when ``out`` may be full.

    Detections of one frame stand together only after sorting by row: each pattern walks all frames by itself.
    ``lives`` (zeros) and ``speeds`` are room for a number an object.
    """
    n_rules = len(rules.strays) + len(rules.dwells) + len(rules.parkings) + len(rules.jolts) + len(rules.againsts)
    most = len(out) // max(1, n_rules, len(rules.throngs))
    n_throngs = 1 if len(rules.throngs) > 0 else 0
    watch, courses = street.watch, street.courses
    stop = enter_frames(picked, start, rows, objects, watch, courses, frame_kind, most, n_throngs, lives, speeds)
    frames = picked[start:stop]
    used = judge_strays(frames, rows, objects, lives, speeds, street, rules.strays, out, 0)
    used = judge_dwells(frames, rows, objects, lives, street, rules.dwells, out, used)
    used = judge_parkings(frames, rows, objects, lives, speeds, street, rules.parkings, classes, out, used)
    used = judge_jolts(frames, rows, objects, lives, speeds, street, rules.jolts, out, used)
    used = judge_againsts(frames, rows, objects, lives, speeds, street, rules.againsts, out, used)
    return stop, judge_throngs(frames, rows, objects, lives, street, rules.throngs, out, used)
