"""Judging single events in order: at once, by score, in a series of calls; and what arms and cancels a timer.

``visits`` says for each kind which rules to look at. A reading may also be a sign of life or a leaving (CONTRACT 6,
inactivity); those are kinds of their own and are visited after the reading's own kind.
"""

from __future__ import annotations

from cep.kernels import inlined, kernel
from cep.kernels.range import out_of_range
from cep.kernels.rhythm import learn, of_a_machine, sign_of_life, teaches
from cep.kernels.timers import arm, cancel, push, take, take_home

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
def in_range(one, i, row, t, visit, rule, state, sensor):
    """A range rule for a reading; 1 when a detection was written."""
    sensor["seen"] = max(t, sensor["seen"])
    if not out_of_range(rule, state, t, row["value"]):
        return 0
    tell(one, i, row, visit, visit["severity"])
    one["x"] = state["low"]
    one["y"] = state["high"]
    return 1


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


@kernel
def hear_hub(hub, period, mode, heard):
    """What a row says of its source: that it is heard, and whether a device is down."""
    if period > 0:  # 0: expected, but without a number; below: not expected
        listen(hub, period, heard)
    if mode > 4:
        hear_device(hub, mode == 5, heard)


@kernel
def concerns(rule, sensor):
    """True when this sensor's sign of life belongs to the rhythm: the front door's does to every one."""
    return rule["of"] == 0 or sensor["front"] > 0 or (sensor["signs"] >> rule["of"]) & 1


@kernel
def heard_from(hub, row):
    """A sign of life ends that its hub is down; True when the clock it came with is more than two minutes off."""
    if hub["down"]:
        hear_device(hub, False, row["heard"])
    return row["t"] - row["heard"] > 120_000_000 or row["heard"] - row["t"] > 120_000_000


@kernel
def wait(does, rule, state, t, order):
    """An event that calls a timer off, or arms it (see ``arm``)."""
    if does == 6:
        cancel(state, rule["mode"], t, order)
        return 0
    return arm(state, rule["mode"], rule["wait"], t)


@inlined
def hear_home(row, t, order, mode, hub, sensors, entities, homes, habits, rhythms, timers, n_timers):
    """A sign of life at home, for each rule about a rhythm that it concerns."""
    sensor = sensors[row["sensor"]]
    if len(rhythms) > 0 and (mode != 3 or not of_a_machine(sensor, t)):
        off, home = heard_from(hub, row), entities[row["subject"]]["home"] - 1
        moment = row["heard"] if off else t
        for k in range(len(rhythms)):
            if concerns(rhythms[k], sensor) and teaches(homes[home, k], rhythms[k], moment, off, hub["dark"]):
                learn(homes[home, k], habits[home, k], homes[home, k]["last"], moment)
            if concerns(rhythms[k], sensor) and sign_of_life(homes[home, k], moment, off, row, sensor):
                push(timers, n_timers, moment + rhythms[k]["least"], moment, order, row["subject"], -1 - k)


@inlined
def hear_source(row, order, period, waits, silences, waiting, timers, n_timers):
    """A source that is expected spoke: its silences begin anew."""
    for n in range(len(silences) if period >= 0 else 0):
        slot, heard, source = silences[n], row["heard"], row["source"]
        late = waits[slot]["times"] * (period if period > 0 else waits[slot]["wait"])
        if arm(waiting[source, slot], 0, late, heard) == 2:
            push(timers, n_timers, heard + late, heard, order, source, slot)


@inlined
def judge_events(picked, start, at, last, rows, times, latest, care, rules, looks, derived, out):
    """Rows ``picked[start:]`` in order, each after the timers due before it, then those due by ``last``.

    A timer due before a row that is not picked fires there as well: rows from ``at`` on are looked at for their moments
    (``times``) alone, and only where a timer is due by the latest moment up to a picked row (``latest``). Returns
    (picked rows done, rows done, detections); rows + 1 means all is done. It stops early when ``out`` or the heap is
    too small. Helpers get rows and numbers or are written in, as this is: to hand arrays on costs more than most do.
    """
    entities, sensors, ranging, homes, habits, waiting, calls, timers, n_timers, orders = care
    visit_at, visits, waits, silences, series, ranges, rhythms = rules
    used, most = 0, len(visits) + len(silences) + len(rhythms) + 1
    for p in range(start, len(picked) + 1):
        i = picked[p] if p < len(picked) else len(times)
        if p < len(picked) and (n_timers[0] == 0 or latest[p] <= timers[0]["due"]):
            at = i + 1
        while at <= i:
            limit = times[at] - 1 if at < len(times) else last
            if n_timers[0] == 0 or timers[0]["due"] > limit:
                at += 1
            elif used + most > len(out):
                return p, at, used
            elif timers[0]["slot"] < 0:
                used += take_home(timers, n_timers, entities, homes, habits, rhythms, at, out, used)
            else:
                used += take(timers, n_timers, entities, waiting, waits, at, out, used)
        if p == len(picked) or used + most > len(out) or n_timers[0] + most > len(timers):
            return p, at, used
        orders[0] += 1
        row, t, order, source, life = rows[i], times[i], orders[0], rows[i]["source"], 0
        hub, period, mode = entities[source], entities[source]["period"], looks[row["kind"]]["mode"]
        hear_hub(hub, period, mode, row["heard"])
        for part in range(1 if mode == 0 or mode > 4 else 3):  # its own kind, what it tells of life, what beside that
            told = row["kind"] - derived if part == 0 else told_beside(mode, sensors[row["sensor"]], row)
            if part == 1:
                life = life_of(mode, sensors[row["sensor"]], t, row["value"])
                told = life - 1
            if part > 0 and told < 0:
                break
            for n in range(visit_at[derived + told], visit_at[derived + told + 1]):
                visit, entity = visits[n], row["subject"]
                does, slot = visit["does"], visit["slot"]
                if does < 5:
                    level = at_once(visit, row) if does < 2 else on_call(visit, series[slot], calls[entity, slot], row)
                    used += tell(out[used], i, row, visit, level) if level >= 0 else 0
                elif does == 7:
                    one, sensor = ranging[row["sensor"], slot], sensors[row["sensor"]]
                    used += in_range(out[used], i, row, t, visit, ranges[slot], one, sensor)
                else:
                    by = waits[slot]["by"]
                    entity = row["key"] if by == 1 else source if by == 2 else entity
                    armed = wait(does, waits[slot], waiting[entity, slot], t, order)
                    if armed == 2:
                        push(timers, n_timers, t + waits[slot]["wait"], t, order, entity, slot)
                    if armed > 0 and by == 1:
                        entities[entity]["owner"] = row["subject"]
        if life > 0:
            hear_home(row, t, order, mode, hub, sensors, entities, homes, habits, rhythms, timers, n_timers)
        hear_source(row, order, period, waits, silences, waiting, timers, n_timers)
    return len(picked), len(times) + 1, used
