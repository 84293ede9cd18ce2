"""Judging single events in order: at once, by score, in a series of calls; and what arms and cancels a timer.

``visits`` says for each kind which rules to look at. A reading may also be a sign of life or a leaving (CONTRACT 6,
inactivity); those are kinds of their own and are visited after the reading's own kind.
"""

from __future__ import annotations

from cep.kernels import inlined, kernel
from cep.kernels.range import out_of_range
from cep.kernels.rhythm import of_a_machine, sign_of_life
from cep.kernels.timers import arm, cancel, fire_until, push

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
def told_beside(mode, sensor, row):
    """What a sign of life says besides: 2 the front door was opened, 3 or 4 a meter of power or water grew, else -1."""
    if mode == 2 and sensor["front"] and row["value"] > 0.0:
        return 2
    return 2 + row["flag"] if mode == 3 and row["flag"] > 0 else -1


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
def at_once(visit, row):
    """Severity of an event rule or a score rule for this row, -1 when it does not fire."""
    value, conf = row["value"], row["conf"]
    if visit["does"] == 0:
        if value < visit["low"] or value > visit["high"]:
            return -1
        return 0 if conf < visit["conf"] else visit["severity"]
    if row["flag"] > 0:
        return visit["word_severity"]
    return visit["severity"] if value >= visit["low"] or conf >= visit["high"] else -1


@kernel
def on_call(visit, rule, state, row):
    """Severity of a series rule for this row, -1 when it does not fire."""
    if visit["does"] == 3:
        state["answered"] = 1
        state["answered_at"] = row["t"]
        return -1
    if visit["does"] == 4 or missed_call(rule, state, row["t"], row["value"]):
        return visit["severity"]
    return -1


@kernel
def tell(one, i, row, visit, severity):
    """Write one detection of row ``i``."""
    one["row"] = i
    one["at"] = row["t"]
    one["rule"] = visit["rule"]
    one["severity"] = severity
    one["subject"] = row["subject"]
    one["entity"] = row["source"]
    one["slot"] = visit["does"]
    one["before"] = 0
    one["a"] = row["flag"]
    one["b"] = -1
    one["u"] = row["value"]
    one["v"] = row["conf"]
    one["x"] = 0.0
    one["y"] = 0.0
    return 1


@kernel
def visit_kind(
    first, last, visits, i, row, t, order, calls, series, sensors, ranging, ranges, waits, waiting, entities, timers,
    n_timers, out, used,
):  # fmt: skip
    """Rules ``visits[first:last]`` for one event; the new number of detections."""
    for n in range(first, last):
        visit = visits[n]
        does, slot, entity = visit["does"], visit["slot"], row["subject"]
        if does < 5:
            severity = at_once(visit, row) if does < 2 else on_call(visit, series[slot], calls[entity, slot], row)
            if severity >= 0:
                used += tell(out[used], i, row, visit, severity)
            continue
        if does == 7:
            one = ranging[row["sensor"], slot]
            sensors[row["sensor"]]["seen"] = max(t, sensors[row["sensor"]]["seen"])
            if out_of_range(ranges[slot], one, t, row["value"]):
                used += tell(out[used], i, row, visit, visit["severity"])
                out[used - 1]["x"] = one["low"]
                out[used - 1]["y"] = one["high"]
            continue
        rule = waits[slot]
        if rule["by"] == 1:
            entity = row["key"]
        elif rule["by"] == 2:
            entity = row["source"]
        state = waiting[entity, slot]
        if does == 6:
            cancel(state, rule["mode"], t, order)
            continue
        armed = arm(state, rule["mode"], rule["wait"], t)
        if armed == 2:
            push(timers, n_timers, t + rule["wait"], t, order, entity, slot)
        if armed > 0 and rule["by"] == 1:
            entities[entity]["owner"] = row["subject"]
    return used


@kernel
def hear_device(source, offline, heard):
    """A status of a device: offline until it says otherwise; the time in between was not listened to."""
    if source["down"]:
        source["dark"] = max(heard, source["dark"])
    source["down"] = offline


@kernel
def listen(source, period, heard):
    """A source that is expected was heard; more than three periods after the last time, it was not listened to."""
    if source["spoke"] > 0 and heard - source["spoke"] > 3 * period:
        source["dark"] = max(heard, source["dark"])
    source["spoke"] = max(heard, source["spoke"])


@inlined
def live_on(row, t, order, sensor, entities, homes, habits, rhythms, timers, n_timers):
    """A sign of life for every rhythm of the home that it belongs to.

    A device whose clock is more than two minutes off is taken by when it was heard. The front door, opened or closed,
    may have let the person out.
    """
    front = sensor["front"] > 0
    home, source, heard = entities[row["subject"]]["home"] - 1, entities[row["source"]], row["heard"]
    off = row["t"] - heard > 120_000_000 or heard - row["t"] > 120_000_000
    if source["down"]:
        hear_device(source, False, heard)
    for k in range(len(rhythms)):
        if rhythms[k]["of"] > 0 and not front and not (sensor["signs"] >> rhythms[k]["of"]) & 1:
            continue
        at = heard if off else t
        life, habit, dark = homes[home, k], habits[home, k], source["dark"]
        if sign_of_life(life, habit, rhythms[k], at, off, row["sensor"], front, row["source"], dark):
            push(timers, n_timers, at + rhythms[k]["least"], at, order, row["subject"], -1 - k)


@kernel
def judge_events(start, now, last, rows, care, rules, modes, first_derived, out):
    """Rows from ``start`` in order, each after the timers due before it, then those due by ``last``.

    No row counts for a moment after its arrival and ``now``: a clock that runs ahead puts nothing off. Returns (how far
    it came, detections); rows + 1 means all is done. It stops early when ``out`` or the heap has too little room.
    """
    entities, sensors, ranging, homes, habits, waiting, calls, timers, n_timers = (
        care.entities, care.sensors, care.ranging, care.homes, care.habits, care.waiting, care.calls, care.timers,
        care.n_timers,
    )  # fmt: skip
    visit_at, visits, waits, silences, series = rules.visit_at, rules.visits, rules.waits, rules.silences, rules.series
    rhythms, ranges = rules.rhythms, rules.ranges
    used, n_rows, most, order = 0, len(rows), len(visits) + len(silences) + len(rhythms) + 1, care.order[0]
    for i in range(start, n_rows):
        row = rows[i]
        t, kind = min(row["t"], max(now, row["heard"])), row["kind"]
        if n_timers[0] > 0 and timers[0]["due"] < t:
            used = fire_until(t - 1, i, entities, waiting, timers, n_timers, waits, homes, habits, rhythms, out, used)
        if used + most > len(out) or n_timers[0] + most > len(timers):
            care.order[0] = order
            return i, used
        order += 1
        if visit_at[kind] < visit_at[kind + 1]:
            used = visit_kind(
                visit_at[kind], visit_at[kind + 1], visits, i, row, t, order, calls, series, sensors, ranging, ranges,
                waits, waiting, entities, timers, n_timers, out, used,
            )  # fmt: skip
        source = row["source"]
        period = entities[source]["period"]  # µs; 0: expected without a number, below: not expected
        if period > 0:
            listen(entities[source], period, row["heard"])
        if modes[kind] > 4:
            hear_device(entities[source], modes[kind] == 5, row["heard"])
        elif modes[kind] > 0:
            life = life_of(modes[kind], sensors[row["sensor"]], t, row["value"])
            if life > 0:
                beside = told_beside(modes[kind], sensors[row["sensor"]], row)
                for told in (life - 1, beside):
                    derived = first_derived + told
                    if told >= 0 and visit_at[derived] < visit_at[derived + 1]:
                        used = visit_kind(
                            visit_at[derived], visit_at[derived + 1], visits, i, row, t, order, calls, series, sensors,
                            ranging, ranges, waits, waiting, entities, timers, n_timers, out, used,
                        )  # fmt: skip
                if len(rhythms) > 0 and (modes[kind] != 3 or not of_a_machine(sensors[row["sensor"]], t)):
                    live_on(row, t, order, sensors[row["sensor"]], entities, homes, habits, rhythms, timers, n_timers)
        if period >= 0:
            for n in range(len(silences)):
                slot, heard = silences[n], row["heard"]
                wait = waits[slot]["times"] * (period if period > 0 else waits[slot]["wait"])
                if arm(waiting[source, slot], 0, wait, heard) == 2:
                    push(timers, n_timers, heard + wait, heard, order, source, slot)
    care.order[0] = order
    used = fire_until(last, n_rows, entities, waiting, timers, n_timers, waits, homes, habits, rhythms, out, used)
    full = n_timers[0] > 0 and timers[0]["due"] <= last
    return (n_rows if full else n_rows + 1), used
