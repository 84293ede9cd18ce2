"""Absence: what was armed and not called off in time. A binary heap of deadlines, looked at lazily.

A rule's ``mode`` (see ``cep/patterns.py``): 0 last, 1 each, 2 first. In modes last and first there is one entry for a
rule and key; a new arm only moves the deadline in ``waiting``, and the entry is put back when it comes up too early. In
mode each every arm has its own entry, and what called it off is told by time, then by order.
"""

from __future__ import annotations

from cep.kernels import kernel

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
def arm(state, mode, wait, t, order, timers, n_timers, entity, slot):
    """Start waiting at ``t``; what is older than the last thing known of this key changes nothing."""
    month = 2_592_000_000_000
    if mode == 1:
        if not state["known"] or state["last"] <= t:
            push(timers, n_timers, t + wait, t, order, entity, slot)
        return
    if state["known"] and (t < state["last"] if mode == 0 else t - state["last"] < month):
        return
    state["known"] = 1
    state["armed"] = 1
    state["last"] = t
    state["due"] = t + wait
    if not state["queued"]:
        state["queued"] = 1
        push(timers, n_timers, t + wait, t, order, entity, slot)


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
def comes_up(entry, state, mode, timers, n_timers):
    """Take the earliest entry off; True when it stands, so that its rule fires."""
    due, at, order, entity, slot = entry["due"], entry["at"], entry["order"], entry["entity"], entry["slot"]
    pop(timers, n_timers)
    if mode == 1:
        return not state["known"] or state["last"] < at or (state["last"] == at and state["order"] < order)
    if state["armed"] and state["due"] > due:
        push(timers, n_timers, state["due"], at, order, entity, slot)
        return False
    state["queued"] = 0
    if not state["armed"]:
        return False
    state["armed"] = 0
    return True


@kernel
def fire_until(limit, row, care, rules, out, used):
    """Every timer due at or before ``limit``; the new number of detections, -1 - number when ``out`` is full."""
    while care.n_timers[0] > 0 and care.timers[0]["due"] <= limit:
        if used >= len(out):
            return -1 - used
        entity, slot, due = care.timers[0]["entity"], care.timers[0]["slot"], care.timers[0]["due"]
        rule = rules.waits[slot]
        state = care.waiting[entity, slot]
        started = due - care.timers[0]["at"]
        if comes_up(care.timers[0], state, rule["mode"], care.timers, care.n_timers):
            owner = care.entities[entity]["owner"]
            one = out[used]
            one["row"] = row
            one["at"] = due
            one["rule"] = rule["rule"]
            one["severity"] = rule["severity"]
            one["subject"] = entity if rule["by"] != 1 else owner
            one["entity"] = entity
            one["slot"] = slot
            one["before"] = 1
            one["a"] = -1
            one["b"] = -1
            one["u"] = (started if rule["mode"] == 1 else due - state["last"]) / 1e6
            one["v"] = 0.0
            one["x"] = 0.0
            one["y"] = 0.0
            used += 1
    return used
