"""Who stays: a person about one place, a vehicle on one spot, many people at once; who walks where no one should."""

from __future__ import annotations

from cep.kernels import inlined, kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def within_hours(rule, t):
    """True when the Korean time of day and weekday of ``t`` are the rule's; from after to goes past midnight."""
    local = t + 32_400_000_000
    clock, day = local % 86_400_000_000, (local // 86_400_000_000 + 3) % 7
    if not (rule["days"] >> day) & 1:
        return False
    if rule["first"] <= rule["last"]:
        return rule["first"] <= clock and clock < rule["last"]
    return clock >= rule["first"] or clock < rule["last"]


@kernel
def dwell(rule, state, life, t, x, y):
    """One sight of a person: 1 when they have stayed within the radius of where they came to for so long."""
    dx, dy = x - state["x"], y - state["y"]
    if state["life"] != life or dx * dx + dy * dy > rule["radius2"]:
        state["life"] = life
        state["since"] = t
        state["x"] = x
        state["y"] = y
        state["fired"] = 0
    if state["fired"] or t - state["since"] < rule["stay"]:
        return 0
    state["fired"] = 1
    return 1


@kernel
def astray(rule, state, life, t):
    """A person walks in the carriageway beside a moving vehicle: 1 when that has gone on for so long, once a track."""
    if state["life"] != life:
        state["life"] = life
        state["fired"] = 0
        state["since"] = t
    elif t - state["held"] > rule["gap"]:
        state["since"] = t
    state["held"] = t
    if state["fired"] or t - state["since"] < rule["hold"]:
        return 0
    state["fired"] = 1
    return 1


@kernel
def is_news(rule, told, t, severity):
    """True when nothing as grave was told of the site within the rule's quiet time: a stream of people is one."""
    if told["known"] and t - told["at"] < rule["quiet"] and severity <= told["severity"]:
        return False
    told["known"] = 1
    told["at"] = t
    told["severity"] = severity
    return True


@kernel
def gather(rule, state, t):
    """Enough people are there: 1 when they have been for so long, once until there were fewer for the gap."""
    if not state["known"] or t - state["held"] > rule["gap"]:
        state["known"] = 1
        state["told"] = 0
        state["since"] = t
    state["held"] = max(state["held"], t)
    if state["told"] or t - state["since"] < rule["hold"]:
        return 0
    state["told"] = 1
    return 1


@inlined
def clear_spots(rule, spots, parked, site, k, track, life, t, x, y, moving):
    """Forget the spots that this sight shows to be empty, and those unseen for too long.

    A spot is empty when its own vehicle is elsewhere, or when another one drives over it while its own is unseen.
    """
    if parked[site, k] > 0:
        for n in range(spots.shape[2]):
            one = spots[site, k, n]
            if one["used"]:
                dx, dy = x - one["x"], y - one["y"]
                own, off = one["track"] == track and one["life"] == life, dx * dx + dy * dy > rule["radius2"]
                over = moving and not own and not off and t - one["seen"] > 2_000_000
                if (own and off) or over or t - one["seen"] > rule["gap"]:
                    one["used"] = 0
                    parked[site, k] -= 1


@inlined
def stand(rule, spots, parked, site, k, track, life, t, x, y):
    """Number of the spot where this standing vehicle is: its own, the nearest, or a free one; -1 when all are taken."""
    best, best2, free = -1, rule["radius2"], -1
    for n in range(spots.shape[2]):
        one = spots[site, k, n]
        if not one["used"]:
            free = n if free < 0 else free
            continue
        dx, dy = x - one["x"], y - one["y"]
        d2 = dx * dx + dy * dy
        own = one["track"] == track and one["life"] == life
        if own or d2 < best2 or (d2 == best2 and best < 0):
            best, best2 = n, -1.0 if own else d2
    if best < 0 and free >= 0:
        best = free
        parked[site, k] += 1
        occupy(spots[site, k, best], track, life, t, x, y)
    return best


@kernel
def occupy(one, track, life, t, x, y):
    """A vehicle stands on a spot of its own from now on."""
    one["used"] = 1
    one["told"] = 0
    one["since"] = t
    one["seen"] = t
    one["x"] = x
    one["y"] = y
    one["track"] = track
    one["life"] = life


@kernel
def remain(rule, one, track, life, t):
    """A standing vehicle is on this spot: 1 when somebody has stood there for so long, once until it leaves."""
    if t - one["seen"] > 2_000_000:  # its own track is gone: the sensor gave the vehicle a new number
        one["track"] = track
        one["life"] = life
    one["seen"] = max(one["seen"], t)
    if one["told"] or t - one["since"] < rule["stay"]:
        return 0
    one["told"] = 1
    return 1
