"""Post-encroachment time on a crosswalk, measured from tracks, and how near a touch was predicted before it.

The crosswalk is cut into squares along the site's axes; a square whose middle lies on it is a *conflict area*. A person
encroaches on the square its position lies in, a moving vehicle on those whose middles lie in its box (along its
velocity, centred on its position). Each square keeps the last mark of each. When one comes onto a square that the other
left at most ``pet`` ago,

    PET = (first frame of the second on the square) - (last frame of the first on it)

after Allen, Shin and Cooper (Transportation Research Record 667, 1978), see FHWA-RD-03-050, section 7; 0 when both are
there in one frame. The Pedestrian Safety Margin is the same time with a sign: above zero when the person went first.

Osan's study (Jin, No and Noh, Cities 156 (2025) 105505) names PSM and a *predicted collision risk* level; its abstract
is public, its formulas are not known to us. So the sign, the squares and the levels are ours: the prediction is t* of
CONTRACT 6 (box against disc, both keep their velocity), its least while the person was on the crosswalk. The study's
own group predicts by a trained network; its levels are danger, warning, relatively safe (arXiv:2105.02572, abstract).
"""

from __future__ import annotations

import math

from cep.kernels import inlined, kernel
from cep.kernels.contact import contact_us

# mypy: disable-error-code="no-untyped-def"


@kernel
def square_at(x, y, grid):
    """Index of the square under a point, -1 outside of the grid."""
    u, v = (x - grid["x0"]) / grid["cell"], (y - grid["y0"]) / grid["cell"]
    if not (u >= 0.0 and v >= 0.0 and u < grid["nx"] and v < grid["ny"]):
        return -1
    return grid["first"] + int(v) * grid["nx"] + int(u)


@kernel
def recall(ring, vehicle, t):
    """Place of this vehicle in a person's ring (30 s untouched is forgotten), made in the one touched longest ago."""
    oldest = 0
    for n in range(len(ring)):
        if ring[n]["other"] == vehicle + 1 and t - ring[n]["touched"] < 30_000_000:
            return n
        if ring[n]["touched"] < ring[oldest]["touched"]:
            oldest = n
    one = ring[oldest]
    one["other"] = vehicle + 1
    one["told"] = 0
    one["least"] = -1
    one["frame"] = -1
    one["touched"] = t
    return oldest


@kernel
def foresee(ring, vehicle, t, ttc):
    """Keep the least predicted time to contact with this vehicle."""
    one = ring[recall(ring, vehicle, t)]
    one["touched"] = t
    if one["least"] < 0 or ttc < one["least"]:
        one["least"] = ttc


@kernel
def measure(rule, ring, out, used, i, row, frame, vehicle, person, cls, speed, gap, sign, x, y):
    """A second one came ``gap`` µs after the first: told once for the pair, the least gap of that frame."""
    t = row["t"]
    one = ring[recall(ring, vehicle, t)]
    one["touched"] = t
    if one["told"]:
        if one["frame"] != frame or gap >= one["gap"]:
            return used
        found = out[one["where"]]
    else:
        one["told"] = 1
        one["frame"] = frame
        one["where"] = used
        found = out[used]
        used += 1
    one["gap"] = gap
    found["row"] = i
    found["at"] = t
    found["rule"] = rule["rule"]
    found["severity"] = rule["severity"]
    found["subject"] = row["subject"]
    found["entity"] = one["least"]
    found["before"] = 0
    found["slot"] = cls
    found["a"] = vehicle
    found["b"] = person
    found["u"] = sign * gap / 1e6
    found["v"] = speed
    found["x"] = x
    found["y"] = y
    return used


@inlined
def persons_on(rule, i, row, frame, objects, classes, grid, squares, rings, out, used):
    """Marks of the persons of a frame, what they came upon, and what was predicted for them."""
    t, pet = row["t"], rule["pet"]
    soon = (rule["warning"] + 1) / 1e6  # t* is rounded to 1 µs
    for n in range(row["first"], row["first"] + row["n"]):
        p = objects[n]
        if not (rule["persons"] >> p["cls"]) & 1:
            continue
        at = square_at(p["x"], p["y"], grid)
        if at < 0 or not squares[at]["on"]:
            continue
        square, track = squares[at], p["track"]
        for m in range(row["first"], row["first"] + row["n"]):
            v = objects[m]
            if not (rule["vehicles"] >> v["cls"]) & 1 or v["track"] == track:
                continue
            box, radius = classes[v["cls"]], classes[p["cls"]]["radius"]
            half_a = (v["length"] if v["length"] > 0.0 else box["length"]) / 2.0 + radius
            half_b = (v["width"] if v["width"] > 0.0 else box["width"]) / 2.0 + radius
            dx, dy, dvx, dvy = p["x"] - v["x"], p["y"] - v["y"], p["vx"] - v["vx"], p["vy"] - v["vy"]
            if abs(dx) > abs(dvx) * soon + half_a + half_b or abs(dy) > abs(dvy) * soon + half_a + half_b:
                continue  # too far to touch in time, whichever way the box is turned
            speed = math.sqrt(v["vx"] * v["vx"] + v["vy"] * v["vy"])
            if not (speed >= rule["speed"] and speed < 1e9):
                continue
            ttc = contact_us(dx, dy, dvx, dvy, v["vx"] / speed, v["vy"] / speed, half_a, half_b)
            if 0 <= ttc <= rule["warning"]:
                foresee(rings[track], v["track"], t, ttc)
        other, gap = square["vehicle"] - 1, t - square["vehicle_at"]
        was_here = square["person"] == track + 1 and square["person_at"] >= square["vehicle_at"]
        if other >= 0 and other != track and gap <= pet and not was_here:
            used = measure(
                rule, rings[track], out, used, i, row, frame, other, track, p["cls"], square["speed"], gap, -1.0,
                square["x"], square["y"],
            )  # fmt: skip
        square["person"] = track + 1
        square["person_at"] = t
        square["cls"] = p["cls"]
    return used


@inlined
def vehicle_on(rule, i, row, frame, v, speed, box, grid, squares, rings, out, used):
    """Marks of one moving vehicle of a frame, and what it came upon."""
    t, pet, track, cell = row["t"], rule["pet"], v["track"], grid["cell"]
    half_a = (v["length"] if v["length"] > 0.0 else box["length"]) / 2.0
    half_b = (v["width"] if v["width"] > 0.0 else box["width"]) / 2.0
    ux, uy = v["vx"] / speed, v["vy"] / speed
    wide, tall = abs(ux) * half_a + abs(uy) * half_b, abs(uy) * half_a + abs(ux) * half_b
    left, right = (v["x"] - wide - grid["x0"]) / cell, (v["x"] + wide - grid["x0"]) / cell
    low, high = (v["y"] - tall - grid["y0"]) / cell, (v["y"] + tall - grid["y0"]) / cell
    if not (right >= 0.0 and high >= 0.0 and left < grid["nx"] and low < grid["ny"]):
        return used
    for iy in range(int(max(low, 0.0)), int(min(high, grid["ny"] - 1.0)) + 1):
        for ix in range(int(max(left, 0.0)), int(min(right, grid["nx"] - 1.0)) + 1):
            square = squares[grid["first"] + iy * grid["nx"] + ix]
            dx, dy = square["x"] - v["x"], square["y"] - v["y"]
            along, beside = abs(dx * v["vx"] + dy * v["vy"]), abs(dy * v["vx"] - dx * v["vy"])
            if not square["on"] or along > half_a * speed or beside > half_b * speed:
                continue  # the edge itself is inside: not divided by the speed, so that round numbers stay round
            other, gap = square["person"] - 1, t - square["person_at"]
            was_here = square["vehicle"] == track + 1 and square["vehicle_at"] >= square["person_at"]
            if other >= 0 and other != track and gap <= pet and not was_here:
                used = measure(
                    rule, rings[other], out, used, i, row, frame, track, other, square["cls"], speed, gap, 1.0,
                    square["x"], square["y"],
                )  # fmt: skip
            square["vehicle"] = track + 1
            square["vehicle_at"] = t
            square["speed"] = speed
    return used


@kernel
def judge_encroach(picked, start, rows, objects, table, sources, grids, squares, rings, classes, frame_kind, out):
    """Frames ``picked[start:]`` in order for one rule (``table`` has one row); (how far it came, number of detections).

    It stops early when ``out`` has too little room for the next frame, or when the frame's source has no grid of the
    frame's site yet. A frame older than its source's last one is left out.
    """
    used, rule = 0, table[0]
    for at in range(start, len(picked)):
        i = picked[at]
        row = rows[i]
        if row["kind"] != frame_kind:
            continue
        source = sources[row["source"]]
        if source["frame"] > 0 and row["t"] < source["last"]:
            continue
        if sources[row["subject"]]["crosswalk"]:
            n = row["n"]
            if source["site"] != row["subject"] + 1 or used + (n // 2 + 1) * (n // 2 + 1) > len(out):
                return at, used
        source["frame"] += 1
        source["last"] = row["t"]
        if not sources[row["subject"]]["crosswalk"]:
            continue
        frame, grid = source["frame"], grids[source["grid"]]
        used = persons_on(rule, i, row, frame, objects, classes, grid, squares, rings, out, used)
        for n in range(row["first"], row["first"] + row["n"]):
            v = objects[n]
            if not (rule["vehicles"] >> v["cls"]) & 1:
                continue
            speed = math.sqrt(v["vx"] * v["vx"] + v["vy"] * v["vy"])
            if speed >= rule["speed"] and speed < 1e9:
                box = classes[v["cls"]]
                used = vehicle_on(rule, i, row, frame, v, speed, box, grid, squares, rings, out, used)
    return len(picked), used
