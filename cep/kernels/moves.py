"""How a vehicle moves: harsh changes of its speed, and driving against its lane."""

from __future__ import annotations

import math

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def mean_change(rule, s):
    """Change of speed in m/s² from the oldest to the newest half window, in the rule's direction; 0 when not sure.

    Each half window is a mean over its frames. They must agree with the way: a track that jumps from one vehicle to
    another changes its speed, but is not where that speed would have brought it.
    """
    if s["n0"] < 2 or s["n2"] < 2:
        return 0.0
    span = (s["t2"] / s["n2"] - s["t0"] / s["n0"]) / 1e6
    before, after = s["v0"] / s["n0"], s["v2"] / s["n2"]
    if not span > 0.0 or max(before, after) < rule["speed"]:
        return 0.0
    dx, dy = s["x2"] / s["n2"] - s["x0"] / s["n0"], s["y2"] / s["n2"] - s["y0"] / s["n0"]
    if abs(math.sqrt(dx * dx + dy * dy) - (before + after) / 2.0 * span) > rule["slip"]:
        return 0.0
    change = (after - before) / span * rule["sign"]
    return change if change >= rule["change"] and change <= rule["most"] else 0.0


@kernel
def shift(s, t):
    """The newest half window is full: it becomes the middle one, the middle one the oldest."""
    s["n0"], s["t0"], s["v0"], s["x0"], s["y0"] = s["n1"], s["t1"], s["v1"], s["x1"], s["y1"]
    s["n1"], s["t1"], s["v1"], s["x1"], s["y1"] = s["n2"], s["t2"], s["v2"], s["x2"], s["y2"]
    empty(s, t)


@kernel
def empty(s, t):
    """Begin a half window at ``t``."""
    s["start"] = t
    s["n2"] = 0
    s["t2"] = 0
    s["v2"] = 0.0
    s["x2"] = 0.0
    s["y2"] = 0.0


@kernel
def jolt(rule, s, life, t, speed, x, y):
    """One sight of a vehicle: the change of speed (m/s²) when it is harsh, else 0. Not again within the gap."""
    if s["life"] != life or t - s["last"] > rule["half"]:
        if s["life"] != life:
            s["life"] = life
            s["known"] = 0
        s["origin"] = t
        s["n0"] = 0
        s["n1"] = 0
        empty(s, t)
    s["last"] = t
    change = 0.0
    if t - s["start"] >= rule["half"]:
        if not s["known"] or t - s["told"] >= rule["gap"]:
            change = mean_change(rule, s)
        if change > 0.0:
            s["known"] = 1
            s["told"] = t
        shift(s, t)
    s["n2"] += 1
    s["t2"] += t - s["origin"]
    s["v2"] += speed
    s["x2"] += x
    s["y2"] += y
    return change


@kernel
def heads_against(rule, state, lane, number, life, v, speed):
    """A vehicle in a lane: metres it has gone against it when that is enough, else 0. Once a track."""
    if state["life"] != life:
        state["life"] = life
        state["going"] = 0
        state["fired"] = 0
    if speed < rule["speed"]:
        return 0.0
    x, y = v["x"], v["y"]
    if v["vx"] * lane["ux"] + v["vy"] * lane["uy"] > -rule["cosine"] * speed:
        state["going"] = 0
        return 0.0
    if not state["going"] or state["lane"] != number:
        state["going"] = 1
        state["lane"] = number
        state["x"] = x
        state["y"] = y
    gone = (state["x"] - x) * lane["ux"] + (state["y"] - y) * lane["uy"]
    if state["fired"] or gone < rule["run"]:
        return 0.0
    state["fired"] = 1
    return gone
