"""One event after another within a time, and n of them within a window with a pause after each finding.

Both look at the key of the event alone. What comes older than the last thing known of a key changes nothing. A value
that is not there (NaN) reaches no bound. Each rule first chooses its rows, without a branch, then walks them: so
the processor has little to guess, and a rule that sees no kind of the batch costs a look at one number.
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
def counts_up(counted, entity, rule, t):
    """µs that the last n of this key lie apart when this one makes them n in the window, else -1.

    A key's row ``counted[entity]`` (``cep/follow.py``) holds the n - 1 before it as a ring. After a finding
    nothing is found for ``cool``; counting goes on.
    """
    before, filled, span = rule["n"] - 1, counted[entity, 2], -1
    if filled == 0 or t >= counted[entity, 0]:
        counted[entity, 0] = t
        place, told = counted[entity, 3] >> 1, counted[entity, 3] & 1
        apart = t - counted[entity, 4 + place]
        rested = told == 0 or t - counted[entity, 1] >= rule["cool"]
        if filled < before:
            counted[entity, 2] = filled + 1
        elif apart <= rule["window"] and rested:
            told, span = 1, apart
            counted[entity, 1] = t
        counted[entity, 4 + place] = t
        place = place + 1 if place + 1 < before else 0
        counted[entity, 3] = place << 1 | told
    return span


@kernel
def tell_span(one, i, row, rule, span):
    """Write one detection of row ``i``."""
    one["row"] = i
    one["at"] = row["t"]
    one["rule"] = rule["rule"]
    one["severity"] = rule["severity"]
    one["subject"] = row["subject"]
    one["entity"] = row["source"]
    one["slot"] = rule["slot"]
    one["before"] = 0
    one["a"] = rule["n"]
    one["b"] = -1
    one["u"] = span / 1e6
    one["v"] = 0.0
    one["x"] = 0.0
    one["y"] = 0.0
    return 1


@kernel
def key_of(row, by):
    """The slot that a rule keeps something for: of the subject, the case or the source; -1 for none."""
    return row["key"] if by == 1 else row["source"] if by == 2 else row["subject"]


@kernel
def choose(picked, kinds, values, asks, rule, chosen):
    """Without a branch: the rows that this rule looks at and whose bound they reach; how many.

    Each stands as four times the row and what it is to the rule: 1 to follow or to be counted, 2 to be followed.
    """
    m, low, first_low = 0, rule["low"], rule["first_low"]
    free, first_free = rule["free"] > 0, rule["first_free"] > 0
    for n in range(len(picked)):
        value = values[n]
        ask = asks[kinds[n]] & (((value >= low) | free) + 2 * ((value >= first_low) | first_free))
        chosen[m] = picked[n] << 2 | ask
        m += ask > 0
    return m


@kernel
def judge_sequence(chosen, at, rows, times, after, rule, out, used):
    """A sequence rule over ``chosen[at:]``; (how far it came, number of detections)."""
    for n in range(at, len(chosen)):
        if used == len(out):
            return n, used
        i, ask = chosen[n] >> 2, chosen[n] & 3
        row, t = rows[i], times[i]
        entity = key_of(row, rule["by"])
        if entity < 0:
            continue
        if ask & 1:
            span = follows(after[entity], rule, t)
            if span >= 0:
                used += tell_span(out[used], i, row, rule, span)
        if ask & 2:
            begins(after[entity], t)
    return len(chosen), used


@kernel
def judge_count(chosen, at, rows, times, counted, rule, out, used):
    """A count rule over ``chosen[at:]``; (how far it came, number of detections)."""
    for n in range(at, len(chosen)):
        if used == len(out):
            return n, used
        i = chosen[n] >> 2
        row, t = rows[i], times[i]
        entity = key_of(row, rule["by"])
        span = counts_up(counted, entity, rule, t) if entity >= 0 else -1
        if span >= 0:
            used += tell_span(out[used], i, row, rule, span)
    return len(chosen), used


@kernel
def judge_follow(n_picked, k, at, rows, follow, rules, room, out, used):
    """The rules from number ``k`` on, sequences, then counts, over the rows picked for them; the first from its row
    ``at`` on.

    (rule, how far it came, number of detections): it stops when ``out`` is full; after all, the rule is their number.
    What was found stands by rule. Kinds and values are laid side by side first: each rule reads them all.
    """
    picked, times, kinds, chosen = room.picks[2, :n_picked], room.picks[3], room.picks[5, :n_picked], room.picks[6]
    values, present, n_sequences = room.values[:n_picked], 0, len(rules.sequences)
    for n in range(n_picked):
        row = rows[picked[n]]
        kinds[n] = row["kind"]
        values[n] = row["value"]
        present |= 1 << kinds[n]
    while k < len(rules.kinds):
        if rules.kinds[k] & present:
            slot = k if k < n_sequences else k - n_sequences
            rule = rules.sequences[slot] if k < n_sequences else rules.counts[slot]
            mine = chosen[: choose(picked, kinds, values, rules.asks[k], rule, chosen)]
            if k < n_sequences:
                at, used = judge_sequence(mine, at, rows, times, follow.after[slot], rule, out, used)
            else:
                at, used = judge_count(mine, at, rows, times, follow.counted[slot], rule, out, used)
            if at < len(mine):
                return k, at, used
        k, at = k + 1, 0
    return k, 0, used
