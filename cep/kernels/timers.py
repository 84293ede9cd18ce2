"""Absence: what was armed and not called off in time. A heap of deadlines, looked at lazily.

A rule's ``mode`` (see ``cep/patterns.py``): 0 last, 1 each, 2 first. In modes last and first there is one entry for a
rule and key; a new arm only moves the deadline in ``waiting``, and the entry is put back when it comes up too early. In
mode each every arm has its own entry, and what called it off is told by time, then by order.
"""

from __future__ import annotations

from cep.kernels import inlined, kernel
from cep.kernels.rhythm import draw_band, look_again

# mypy: disable-error-code="no-untyped-def"


@inlined
def push(timers, n_timers, due, at, order, entity, slot):
    """Add an entry to the heap (room for it is the caller's care)."""
    i = n_timers[0]
    n_timers[0] += 1
    while i > 0:
        parent = (i - 1) // 4
        if timers[parent]["due"] <= due:
            break
        timers[i] = timers[parent]
        i = parent
    one = timers[i]
    one["due"] = due
    one["at"] = at
    one["order"] = order
    one["entity"] = entity
    one["slot"] = slot


@inlined
def settle(timers, n, due, at, order, entity, slot):
    """Put this entry in the place of the earliest of a heap of ``n``; what is earlier moves up.

    Four below each: half as deep as with two, and the four stand side by side.
    """
    i = 0
    while 4 * i + 1 < n:
        child = 4 * i + 1
        least = timers[child]["due"]
        for other in range(child + 1, min(child + 4, n)):
            child = other if timers[other]["due"] < least else child
            least = min(timers[other]["due"], least)
        if due <= least:
            break
        timers[i] = timers[child]
        i = child
    one = timers[i]
    one["due"] = due
    one["at"] = at
    one["order"] = order
    one["entity"] = entity
    one["slot"] = slot


@inlined
def pop(timers, n_timers):
    """Drop the earliest entry of the heap."""
    n = n_timers[0] - 1
    n_timers[0] = n
    last = timers[n]
    settle(timers, n, last["due"], last["at"], last["order"], last["entity"], last["slot"])


@kernel
def arm(state, mode, wait, t):
    """Start waiting at ``t``: 0 when nothing came of it, 1 when it waits now, 2 when the heap needs an entry for it.

    What is older than the last thing known of this key changes nothing; in mode first only a key unknown for a month
    is armed.
    """
    month = 2_592_000_000_000
    if mode == 1:
        return 2 if not state["known"] or state["last"] <= t else 0
    if state["known"] and (t < state["last"] if mode == 0 else t - state["last"] < month):
        return 0
    state["known"] = 1
    state["armed"] = 1
    state["last"] = t
    state["due"] = t + wait
    if state["queued"]:
        return 1
    state["queued"] = 1
    return 2


@kernel
def cancel(state, mode, t, order):
    """Stop waiting."""
    if mode == 2:
        state["armed"] = 0
        return
    if state["known"] and t < state["last"]:
        return
    state["known"] = 1
    state["armed"] = 0
    state["last"] = t
    state["order"] = order


@kernel
def stands(state, mode, at, order):
    """An entry came up in time: does its rule fire?"""
    if mode == 1:
        return not state["known"] or state["last"] < at or (state["last"] == at and state["order"] < order)
    state["queued"] = 0
    fires = state["armed"]
    state["armed"] = 0
    return fires > 0


@kernel
def tell_timer(one, row, due, rule, entity, subject, slot, waited):
    """Write one detection of a timer that fired before ``row``."""
    one["row"] = row
    one["at"] = due
    one["rule"] = rule["rule"]
    one["severity"] = rule["severity"]
    one["subject"] = subject
    one["entity"] = entity
    one["slot"] = slot
    one["before"] = 1
    one["a"] = -1
    one["b"] = -1
    one["u"] = waited / 1e6
    one["v"] = 0.0
    one["x"] = 0.0
    one["y"] = 0.0
    return 1


@inlined
def take_home(timers, n_timers, entities, homes, habits, rhythms, row, out, used):
    """The earliest entry is a home's rhythm (slot -1 the first such rule): it looks again later, or tells."""
    due, at, order, told = timers[0]["due"], timers[0]["at"], timers[0]["order"], 0
    entity, k = timers[0]["entity"], -1 - timers[0]["slot"]
    home, later = entities[entity]["home"] - 1, 0
    if home >= 0:  # else forgotten
        life, habit, rhythm = homes[home, k], habits[home, k], rhythms[k]
        hub = entities[life["hub"]]
        unheard = hub["down"] > 0 or (hub["period"] > 0 and due - hub["spoke"] > 3 * hub["period"])
        later = look_again(life, habit, rhythm, due, hub["dark"], unheard)
        if later == due:
            draw_band(out[used], life, habit, rhythm, due)
            limit_s = out[used]["v"]
            told = tell_timer(out[used], row, due, rhythm, entity, entity, -1 - k, due - life["last"])
            out[used]["v"] = limit_s
    if later > due:
        settle(timers, n_timers[0], later, at, order, entity, -1 - k)
    else:
        pop(timers, n_timers)
    return told


@inlined
def take(timers, n_timers, entities, waiting, waits, row, out, used):
    """The earliest entry is due: it is put off, was called off, or tells; how many detections."""
    due, at, order, told = timers[0]["due"], timers[0]["at"], timers[0]["order"], 0
    entity, slot = timers[0]["entity"], timers[0]["slot"]
    rule, state = waits[slot], waiting[entity, slot]
    if rule["mode"] != 1 and state["armed"] and state["due"] > due:
        settle(timers, n_timers[0], state["due"], at, order, entity, slot)
    else:
        pop(timers, n_timers)
        if stands(state, rule["mode"], at, order):
            subject = entities[entity]["owner"] if rule["by"] == 1 else entity
            waited = due - (at if rule["mode"] == 1 else state["last"])
            told = tell_timer(out[used], row, due, rule, entity, subject, slot, waited)
    return told
