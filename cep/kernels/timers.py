"""Absence: what was armed and not called off in time. A binary heap of deadlines, looked at lazily.

A rule's ``mode`` (see ``cep/patterns.py``): 0 last, 1 each, 2 first. In modes last and first there is one entry for a
rule and key; a new arm only moves the deadline in ``waiting``, and the entry is put back when it comes up too early. In
mode each every arm has its own entry, and what called it off is told by time, then by order.
"""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.rhythm import draw_band, look_again

# mypy: disable-error-code="no-untyped-def"


@kernel
def push(timers, n_timers, due, at, order, entity, slot):
    """Add an entry to the heap (room for it is the caller's care)."""
    i = n_timers[0]
    n_timers[0] += 1
    while i > 0:
        parent = (i - 1) // 2
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


@kernel
def pop(timers, n_timers):
    """Drop the earliest entry of the heap."""
    n_timers[0] -= 1
    n = n_timers[0]
    due, i = timers[n]["due"], 0
    while 2 * i + 1 < n:
        child = 2 * i + 1
        if child + 1 < n and timers[child + 1]["due"] < timers[child]["due"]:
            child += 1
        if due <= timers[child]["due"]:
            break
        timers[i] = timers[child]
        i = child
    timers[i] = timers[n]


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


@kernel
def fire_until(limit, row, entities, waiting, timers, n_timers, waits, homes, habits, rhythms, out, used):
    """Every timer due at or before ``limit``, while there is room; the new number of detections.

    A slot below zero is a home's rhythm (-1 the first rule of that pattern).
    """
    while n_timers[0] > 0 and timers[0]["due"] <= limit and used < len(out):
        due, at, order = timers[0]["due"], timers[0]["at"], timers[0]["order"]
        entity, slot = timers[0]["entity"], timers[0]["slot"]
        pop(timers, n_timers)
        if slot < 0:
            home = entities[entity]["home"] - 1
            if home < 0:
                continue  # forgotten
            life, habit, rhythm = homes[home, -1 - slot], habits[home, -1 - slot], rhythms[-1 - slot]
            hub = entities[life["hub"]]
            unheard = hub["down"] > 0 or (hub["period"] > 0 and due - hub["spoke"] > 3 * hub["period"])
            next_look = look_again(life, habit, rhythm, due, hub["dark"], unheard)
            if next_look > due:
                push(timers, n_timers, next_look, at, order, entity, slot)
            elif next_look == due:
                draw_band(out[used], life, habit, rhythm, due)
                limit_s = out[used]["v"]
                used += tell_timer(out[used], row, due, rhythm, entity, entity, slot, due - life["last"])
                out[used - 1]["v"] = limit_s
            continue
        rule, state = waits[slot], waiting[entity, slot]
        if rule["mode"] != 1 and state["armed"] and state["due"] > due:
            push(timers, n_timers, state["due"], at, order, entity, slot)
        elif stands(state, rule["mode"], at, order):
            subject = entities[entity]["owner"] if rule["by"] == 1 else entity
            waited = due - (at if rule["mode"] == 1 else state["last"])
            used += tell_timer(out[used], row, due, rule, entity, subject, slot, waited)
    return used
