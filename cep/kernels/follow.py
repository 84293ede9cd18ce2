"""One event after another within a time, and n of them within a window with a pause after each finding.

Both look at the key of the event alone. What comes older than the last thing known of a key changes nothing. A value
that is not there (NaN) reaches no bound.
"""

from __future__ import annotations

from cep.kernels import inlined, kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def follows(state, rule, t):
    """µs since the last ``first`` event of this key when this one follows it in time, else -1. It is used up then."""
    if not state["armed"] or t < state["at"] or t - state["at"] > rule["window"]:
        return -1
    state["armed"] = 0
    return t - state["at"]


@kernel
def begins(state, t):
    """A ``first`` event: the latest one counts."""
    if not state["armed"] or t >= state["at"]:
        state["armed"] = 1
        state["at"] = t


@inlined
def counts_up(counted, slot, entity, rule, t):
    """µs that the last n of this key lie apart when this one makes them n in the window, else -1.

    A key's row ``counted[slot, entity]`` (``cep/follow.py``) holds the n - 1 before it as a ring. After a finding
    nothing is found for ``cool``; counting goes on.
    """
    before, filled, span = rule["n"] - 1, counted[slot, entity, 2], -1
    if filled == 0 or t >= counted[slot, entity, 0]:
        counted[slot, entity, 0] = t
        place, told = counted[slot, entity, 3] >> 1, counted[slot, entity, 3] & 1
        apart = t - counted[slot, entity, 4 + place]
        rested = told == 0 or t - counted[slot, entity, 1] >= rule["cool"]
        if filled < before:
            counted[slot, entity, 2] = filled + 1
        elif apart <= rule["window"] and rested:
            told, span = 1, apart
            counted[slot, entity, 1] = t
        counted[slot, entity, 4 + place] = t
        place = place + 1 if place + 1 < before else 0
        counted[slot, entity, 3] = place << 1 | told
    return span


@kernel
def tell_span(one, i, row, visit, rule, span):
    """Write one detection of row ``i``."""
    one["row"] = i
    one["at"] = row["t"]
    one["rule"] = visit["rule"]
    one["severity"] = rule["severity"]
    one["subject"] = row["subject"]
    one["entity"] = row["source"]
    one["slot"] = visit["slot"]
    one["before"] = 0
    one["a"] = rule["n"]
    one["b"] = -1
    one["u"] = span / 1e6
    one["v"] = 0.0
    one["x"] = 0.0
    one["y"] = 0.0
    return 1


@kernel
def judge_follow(picked, start, rows, times, follow, rules, out):
    """Rows ``picked[start:]`` in order, each at its moment in ``times``; (how far it came, detections).

    It stops early when ``out`` has little room.
    """
    visit_at, visits, sequences, counts = rules.visit_at, rules.visits, rules.sequences, rules.counts
    after, counted = follow.after, follow.counted
    used, most = 0, len(visits)
    for p in range(start, len(picked)):
        if used + most > len(out):
            return p, used
        i = picked[p]
        row, t = rows[i], times[i]
        kind, value = row["kind"], row["value"]
        for n in range(visit_at[kind], visit_at[kind + 1]):
            visit = visits[n]
            if visit["bounded"] and not value >= visit["low"]:
                continue
            does, slot, entity = visit["does"], visit["slot"], row["subject"]
            if visit["by"] == 1:
                entity = row["key"]
            elif visit["by"] == 2:
                entity = row["source"]
            if entity < 0:
                continue
            if does == 1:
                begins(after[slot, entity], t)
            elif does == 0:
                span = follows(after[slot, entity], sequences[slot], t)
                if span >= 0:
                    used += tell_span(out[used], i, row, visit, sequences[slot], span)
            else:
                span = counts_up(counted, slot, entity, counts[slot], t)
                if span >= 0:
                    used += tell_span(out[used], i, row, visit, counts[slot], span)
    return len(picked), used
