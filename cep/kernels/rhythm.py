"""A person's own rhythm: how long the home is silent at each hour of the week, and when a silence is longer than that.

``habits`` of a home and rule are three weeks (the two before and the present one) of 168 hours; each cell is the
longest silence that stood in that hour, in tenths of an hour, rounded up. A silence counts in every hour it reaches
into. The week begins where the epoch does (Thursday); hours are Korea's.
"""

from __future__ import annotations

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def korean_hour(t):
    """Hours of the Korean clock since the epoch."""
    return (t + 32_400_000_000) // 3_600_000_000


@kernel
def of_a_machine(sensor, t):
    """True when this use of power or water comes at even intervals: a compressor, a softener, not a person.

    Rises less than a minute apart are one use. Six intervals in a row, none more than a tenth
    longer or shorter than the one before, are a machine's, until one is out of step.
    """
    if t < sensor["sign"]:
        return False
    fresh = sensor["every"] == 0 or t - sensor["sign"] > 60_000_000
    sensor["sign"] = t
    if fresh:
        every = max(t - sensor["begun"], 1)
        apart = abs(every - sensor["every"])
        sensor["even"] = min(sensor["even"] + 1, 100) if apart * 10 <= sensor["every"] else 0
        sensor["every"] = every
        sensor["begun"] = t
    return sensor["even"] >= 5


@kernel
def learn(state, habits, began, t):
    """A silence from ``began`` to ``t`` was usual."""
    for hour in range(korean_hour(began), korean_hour(t) + 1):
        week = hour // 168
        for new in range(max(week - 2, state["week"] + 1), week + 1):
            habits[new % 3, :] = 0
        state["week"] = max(week, state["week"])
        silent = min(t, (hour + 1) * 3_600_000_000 - 32_400_000_000) - began
        tenths = min(255, (silent + 359_999_999) // 360_000_000)
        habits[week % 3, hour % 168] = max(habits[week % 3, hour % 168], tenths)


@kernel
def longest(state, habits, hour, days):
    """The longest silence (tenths of an hour) of this hour, the one before or after, on this day of the week or on any
    of the seven (``days`` 1 or 7)."""
    found = 0
    for week in range(max(hour // 168, state["week"]) - 2, state["week"] + 1):
        for day in range(days):
            for beside in range(3):
                found = max(found, habits[week % 3, (hour + 24 * day + beside - 1) % 168])
    return found


@kernel
def limit_at(state, habits, rule, hour):
    """µs that a silence may last in this hour."""
    own = longest(state, habits, hour, 1) * rule["own_times"]
    anyday = longest(state, habits, hour, 7) * rule["any_times"]
    return max(rule["least"], int(max(own, anyday) * 360_000_000.0) + rule["margin"])


@kernel
def still_out(state, t, sensor, front):
    """Whether the person may be out. The front door says so, opened or closed, until somebody shows at home.

    Shown by two sensors within ten minutes: in an empty house one fires by itself, for hours. A home in which no second
    one has spoken for a week has only one to show with: three uses of it, a minute apart. Measured on the recorded
    homes B and C beside the residents' diaries: watched as if at home while out, 40 % of the minutes with three uses of
    one sensor and 1 % with two within ten minutes; at home and watched, 98.8 and 98.3 %.
    """
    if front:
        state["uses"] = 0
        state["by"] = -1
        return True
    if state["before"] != 0 and state["before"] != sensor + 1:
        state["changed"] = t
    state["before"] = sensor + 1
    shown = state["by"] >= 0 and state["by"] != sensor and t - state["last"] <= 600_000_000
    state["by"] = sensor
    if state["uses"] == 0 or t - state["used"] > 60_000_000:
        state["used"] = t
        state["uses"] = min(state["uses"] + 1, 3)
    if state["changed"] > 0 and t - state["changed"] <= 604_800_000_000:  # a week
        return state["away"] > 0 and not shown
    return state["away"] > 0 and state["uses"] < 3


@kernel
def teaches(state, rule, t, off, dark):
    """True when the silence that a sign of life at ``t`` ends was a usual one.

    ``off``: the clock of the device is wrong, so nothing is learned from it. ``dark``: until when the hub was not
    heard; what nobody listened to teaches nothing.
    """
    seen = state["known"] and not state["away"] and not state["off"] and not off and dark <= state["last"]
    return seen and t - state["last"] >= 1_800_000_000 and t - state["last"] <= rule["most"]


@kernel
def sign_of_life(state, t, off, row, sensor):
    """A sign of life at ``t``; True when the heap needs an entry for the home. ``off``: its clock is wrong."""
    if state["known"] and t < state["last"]:
        return False
    day = (t + 32_400_000_000) // 86_400_000_000
    if not off and day > state["day"]:
        state["day"] = day
        state["days"] += 1
    state["away"] = still_out(state, t, row["sensor"], sensor["front"] > 0)
    state["known"] = 1
    state["last"] = t
    state["off"] = off
    state["told"] = 0
    state["hub"] = row["source"]
    if state["queued"]:
        return False
    state["queued"] = 1
    return True


@kernel
def look_again(state, habits, rule, due, dark, unheard):
    """The home's entry came up: 0 nothing waits, ``due`` the silence is too long now, later: look again then."""
    if state["away"] or state["told"] or state["days"] <= rule["learn_days"]:
        state["queued"] = 0
        return 0
    since = max(state["last"], dark)
    if since + rule["least"] > due:
        return since + rule["least"]
    hour = korean_hour(due)
    next_hour = (hour + 1) * 3_600_000_000 - 32_400_000_000
    if unheard:
        return next_hour
    late = since + limit_at(state, habits, rule, hour)
    if late > due:
        return min(late, next_hour)
    state["told"] = 1
    state["queued"] = 0
    return due


@kernel
def draw_band(one, state, habits, rule, due):
    """Write what was usual in 24 hours (the 18th is the one of ``due``) and the limit, for the screen."""
    hour = korean_hour(due)
    one["v"] = limit_at(state, habits, rule, hour) / 1e6
    for part in range(3):
        word = 0
        for n in range(7, -1, -1):
            at = hour - 17 + 8 * part + n
            tenths = int(longest(state, habits, at, 7))  # wider than its byte
            word = word * 256 + tenths - (256 if n == 7 and tenths > 127 else 0)
        if part == 0:
            one["band0"] = word
        elif part == 1:
            one["band1"] = word
        else:
            one["band2"] = word
