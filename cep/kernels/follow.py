"""One event after another within a time, and n of them within a window with a pause after each finding.

Both look at the key of the event alone. What comes older than the last thing known of a key changes nothing. A value
that is not there (NaN) reaches no bound.
"""

from __future__ import annotations

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def pick(rows, road, looks, on_road, others):
    """Numbers of the rows of either table's kinds, in order, in one walk without a branch; (how many, how many)."""
    n, m = 0, 0
    for i in range(len(rows)):
        kind = rows[i]["kind"]
        on_road[n] = i
        others[m] = i
        n += road[kind]
        m += looks[kind]
    return n, m


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


@kernel
def counts_up(state, stamps, rule, t):
    """µs that the last n of this key lie apart when this one makes them n in the window, else -1.

    ``stamps`` is a ring of the n - 1 before it. After a finding nothing is found for ``cool``; counting goes on.
    """
    if state["known"] and t < state["last"]:
        return -1
    state["known"] = 1
    state["last"] = t
    before, place, span = rule["n"] - 1, state["place"], -1
    rested = not state["told"] or t - state["fired"] >= rule["cool"]
    if rested and state["filled"] == before and t - stamps[place] <= rule["window"]:
        state["told"] = 1
        state["fired"] = t
        span = t - stamps[place]
    if state["filled"] < before:
        state["filled"] += 1
    stamps[place] = t
    state["place"] = place + 1 if place + 1 < before else 0
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
def judge_follow(picked, start, rows, now, follow, rules, out):
    """Rows ``picked[start:]`` in order; (how far it came, detections). It stops early when ``out`` has little room."""
    visit_at, visits, sequences, counts = rules.visit_at, rules.visits, rules.sequences, rules.counts
    after, counted, stamps = follow.after, follow.counted, follow.stamps
    used, most = 0, len(visits)
    for p in range(start, len(picked)):
        if used + most > len(out):
            return p, used
        i = picked[p]
        row = rows[i]
        kind, t = row["kind"], min(row["t"], max(now, row["heard"]))
        for n in range(visit_at[kind], visit_at[kind + 1]):
            visit = visits[n]
            if visit["bounded"] and not row["value"] >= visit["low"]:
                continue
            does, slot, entity = visit["does"], visit["slot"], row["subject"]
            if visit["by"] == 1:
                entity = row["key"]
            elif visit["by"] == 2:
                entity = row["source"]
            if entity < 0:
                continue
            if does == 1:
                begins(after[entity, slot], t)
                continue
            rule = sequences[slot] if does == 0 else counts[slot]
            if does == 0:
                span = follows(after[entity, slot], rule, t)
            else:
                span = counts_up(counted[entity, slot], stamps[entity, slot], rule, t)
            if span >= 0:
                used += tell_span(out[used], i, row, visit, rule, span)
    return len(picked), used
