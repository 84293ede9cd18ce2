"""Judging single events in order: at once, by score, in a series of calls; and what arms and cancels a timer.

``visits`` says for each kind which rules to look at. A reading may also be a sign of life or a leaving (CONTRACT 6,
inactivity); those are kinds of their own and are visited after the reading's own kind.
"""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.timers import arm, cancel, fire_until

# mypy: disable-error-code="no-untyped-def"


@kernel
def life_of(mode, sensor, t, value):
    """What a reading tells of life: 0 nothing, 1 a sign of life, 2 the front door was closed. Remembers the reading.

    Modes as in ``cep/codes.py``: 1 when true, 2 when changed, 3 when above the last, 4 when positive. A reading older
    than the last one of its sensor is no change of it.
    """
    known = sensor["known"] and t - sensor["seen"] < 2_592_000_000_000
    late, before = known and t < sensor["seen"], sensor["value"]
    if not late:
        sensor["known"] = 1
        sensor["seen"] = t
        sensor["value"] = value
    if mode == 1 or mode == 4:
        return 1 if value > 0.0 else 0
    if late or not known:
        return 0
    if mode == 3:
        return 1 if value > before else 0
    if value == before:
        return 0
    return 2 if sensor["front"] and before > 0.0 and value == 0.0 else 1


@kernel
def tell(out, used, rows, i, visit, severity, u, v):
    """Write one detection of row ``i``; the new number of detections."""
    one = out[used]
    one["row"] = i
    one["at"] = rows.t[i]
    one["rule"] = visit["rule"]
    one["severity"] = severity
    one["subject"] = rows.subject[i]
    one["entity"] = rows.source[i]
    one["slot"] = visit["does"]
    one["before"] = 0
    one["a"] = rows.flag[i]
    one["b"] = -1
    one["u"] = u
    one["v"] = v
    one["x"] = 0.0
    one["y"] = 0.0
    return used + 1


@kernel
def missed_call(rule, state, t, attempt):
    """A call nobody took; True when the rule fires. A lower number or too long a gap begins a new series."""
    if not state["known"] or attempt <= state["attempt"] or t - state["last"] > rule["within"]:
        state["known"] = 1
        state["answered"] = 0
    state["attempt"] = attempt
    state["last"] = t
    answered = state["answered"] and t - state["answered_at"] <= rule["within"]
    return attempt >= rule["attempts"] and not answered


@kernel
def visit_row(visit, i, t, rows, care, rules, out, used):
    """One rule for one event; the new number of detections."""
    does, slot, entity = visit["does"], visit["slot"], rows.subject[i]
    if does == 0:
        if visit["low"] <= rows.value[i] <= visit["high"] or rows.value[i] != rows.value[i]:
            severity = 0 if rows.conf[i] < visit["conf"] else visit["severity"]
            return tell(out, used, rows, i, visit, severity, rows.value[i], rows.conf[i])
    elif does == 1:
        if rows.flag[i] > 0:
            return tell(out, used, rows, i, visit, visit["word_severity"], rows.value[i], rows.conf[i])
        if rows.value[i] >= visit["low"] or rows.conf[i] >= visit["high"]:
            return tell(out, used, rows, i, visit, visit["severity"], rows.value[i], rows.conf[i])
    elif does == 2:
        if missed_call(rules.series[slot], care.calls[entity, slot], rows.t[i], rows.value[i]):
            return tell(out, used, rows, i, visit, visit["severity"], rows.value[i], 0.0)
    elif does == 3:
        care.calls[entity, slot]["answered"] = 1
        care.calls[entity, slot]["answered_at"] = rows.t[i]
    elif does == 4:
        return tell(out, used, rows, i, visit, visit["severity"], rows.value[i], 0.0)
    else:
        rule = rules.waits[slot]
        if rule["by"] == 1:
            entity = rows.key[i]
        elif rule["by"] == 2:
            entity = rows.source[i]
        state = care.waiting[entity, slot]
        if does == 5:
            arm(state, rule["mode"], rule["wait"], t, care.order[0], care.timers, care.n_timers, entity, slot)
            if rule["by"] == 1 and (rule["mode"] == 1 or state["last"] == t):
                care.entities[entity]["owner"] = rows.subject[i]
        else:
            cancel(state, rule["mode"], t, care.order[0])
    return used


@kernel
def visit_kind(kind, i, t, rows, care, rules, out, used):
    """Every rule that looks at this kind."""
    for n in range(rules.visit_at[kind], rules.visit_at[kind + 1]):
        used = visit_row(rules.visits[n], i, t, rows, care, rules, out, used)
    return used


@kernel
def hear_source(i, rows, care, rules):
    """Put off the silence of a source that the city expects (``period`` above 0, µs; 0: expected without a number)."""
    source = rows.source[i]
    if care.entities[source]["period"] < 0:
        return
    t = rows.heard[i]
    for n in range(len(rules.silences)):
        slot = rules.silences[n]
        rule, period = rules.waits[slot], care.entities[source]["period"]
        wait = rule["times"] * (period if period > 0 else rule["wait"])
        arm(care.waiting[source, slot], 0, wait, t, care.order[0], care.timers, care.n_timers, source, slot)


@kernel
def judge_events(start, now, last, rows, care, rules, modes, first_derived, out):
    """Rows from ``start`` in order, each after the timers due before it, then those due by ``last``.

    No row counts for a moment after its arrival and ``now``: a clock that runs ahead puts nothing off. Returns (how far it came, detections); rows + 1 means all is done. It
    stops early when ``out`` or the heap has too little room for the next row.
    """
    used, n_rows, most = 0, len(rows.t), len(rules.visits) + len(rules.silences)
    for i in range(start, n_rows):
        t = min(rows.t[i], max(now, rows.heard[i]))
        if used + most > len(out) or care.n_timers[0] + most > len(care.timers):
            return i, used
        used = fire_until(t - 1, i, care, rules, out, used)
        if used < 0 or used + most > len(out):
            return i, -1 - used if used < 0 else used
        care.order[0] += 1
        kind = rows.kind[i]
        used = visit_kind(kind, i, t, rows, care, rules, out, used)
        if modes[kind] > 0:
            life = life_of(modes[kind], care.sensors[rows.sensor[i]], t, rows.value[i])
            if life > 0:
                used = visit_kind(first_derived + life - 1, i, t, rows, care, rules, out, used)
        hear_source(i, rows, care, rules)
    used = fire_until(last, n_rows, care, rules, out, used)
    if used < 0:
        return n_rows, -1 - used
    return n_rows + 1, used
