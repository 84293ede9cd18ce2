"""A batch in one call: what is to be looked at, single events and timers, what follows, all in its order.

Each call from Python costs some µs, whatever it does; a small batch takes no longer than that by itself.
"""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.care import judge_events
from cep.kernels.follow import judge_follow
from cep.kernels.pick import in_order, pick

# mypy: disable-error-code="no-untyped-def"


@kernel
def judge(rows, top, last, looks, derived, care, rules, follow, follow_rules, room, out):
    """How many rows are for the road, for single events and for what follows, how much was found, and how far it
    came: two numbers of ``judge_events``, two of ``judge_follow``.

    What was found stands in the room's ``tidy``. Where ``out`` or the heap was too small, the caller goes on there.
    """
    picks = room.picks
    n, c, m = pick(rows, top, looks, care.entities, picks)
    times, latest = picks[3, : len(rows)], picks[4, :c]
    done, at, used = judge_events(picks[1, :c], 0, 0, last, rows, times, latest, care, rules, looks, derived, out)
    k, place = 0, 0
    if at > len(rows):
        k, place, used = judge_follow(m, 0, 0, rows, follow, follow_rules, room, out, used)
    in_order(out[:used], room.keys, room.tidy)
    return n, c, m, used, done, at, k, place
