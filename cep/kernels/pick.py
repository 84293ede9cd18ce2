"""Which rows of a batch each kernel looks at, the moment each row counts for, and what was found in their order."""

from __future__ import annotations

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def pick(rows, now, looks, entities, room):
    """One walk without a branch over a batch; how many rows are for the road, for single events, for what follows.

    ``looks`` has a row a kind: a bit for each of the three, whether its source matters as well (an expected one, whose
    silence is told), and the least value that any rule wants. ``room`` gets the three lists of rows, in
    order, the moments: none is later than the row's arrival and ``now``, so a clock that runs ahead puts nothing off;
    and for each row of the second list the latest moment up to it.
    """
    n, c, m, latest = 0, 0, 0, -(1 << 62)
    for i in range(len(rows)):
        row = rows[i]
        look = looks[row["kind"]]
        room[0, n] = i
        room[1, c] = i
        room[2, m] = i
        t = min(row["t"], max(now, row["heard"]))
        latest = max(latest, t)
        room[3, i] = t
        room[4, c] = latest
        n += look["road"]
        c += look["care"]
        m += look["follow"] & (not row["value"] < look["least"])
        if look["source"] > look["care"]:
            c += entities[row["source"]]["period"] >= 0
    return n, c, m


@kernel
def in_order(found, keys, out):
    """Put what was found into ``out`` in the order of the rows, a timer's before the row's, else as it stands.

    ``keys`` is room for a number each.
    """
    for n in range(len(found)):
        keys[n] = (2 * found[n]["row"] - found[n]["before"] + 1) << 32 | n
    if len(found) > 1:  # to sort nothing costs as much as all the rest
        keys[: len(found)].sort()
    for n in range(len(found)):
        out[n] = found[keys[n] & 0xFFFFFFFF]
