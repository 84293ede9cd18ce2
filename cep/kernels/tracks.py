"""One track of a road sensor: its lives, its speed against a limit, its step over a stop line."""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.contact import crosses, inside

# mypy: disable-error-code="no-untyped-def"


@kernel
def touch_track(one, t, frame, x, y):
    """Note that this track is in this frame of its source; born again when unseen for 30 s."""
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
    if state["frame"] == frame or not speed > (limit * rule["share"] + rule["margin"]) / 3.6:
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
def walk_says(rule, site, t):
    """True when the site's pedestrian signal was heard lately and says go."""
    return site["heard"] and (rule["signals"] >> site["signal"]) & 1 and t - site["signal_at"] <= rule["age"]


@kernel
def person_on_crosswalk(rule, site, corners, objects, first, last):
    """Track of the first person of the frame who is on the crosswalk, -1 when none is."""
    for n in range(first, last):
        p = objects[n]
        if (rule["persons"] >> p["cls"]) & 1 and inside(p["x"], p["y"], corners, site["corners"], site["n_corners"]):
            return p["track"]
    return -1


@kernel
def hear_signal(site, t, word):
    """Keep what the site's signal says, unless something newer was heard."""
    if not site["heard"] or t >= site["signal_at"]:
        site["heard"] = 1
        site["signal"] = int(word)
        site["signal_at"] = t
