"""Which rows of a batch each kernel looks at, the moment each row counts for, and what was found in their order."""

from __future__ import annotations

from cep.kernels import kernel

# mypy: disable-error-code="no-untyped-def"


@kernel
def pick(rows, now, looks, entities, room):
    """One walk without a branch over a batch; how many rows are for the road, for single events, for what follows.

    ``looks`` has a row a kind: a bit for each of the three, whether its source matters as well (an expected one, whose
    silence is told), and the least value that any rule wants. ``room`` (4, rows) gets the three lists of rows, in
    order, and the moments: none is later than the row's arrival and ``now``, so a clock that runs ahead puts nothing
    off.
    """
    n, c, m = 0, 0, 0
    for i in range(len(rows)):
        row = rows[i]
        look = looks[row["kind"]]
        room[0, n] = i
        room[1, c] = i
        room[2, m] = i
        room[3, i] = min(row["t"], max(now, row["heard"]))
        n += look["road"]
        c += look["care"]
        m += look["follow"] & (not row["value"] < look["least"])
        if look["source"] > look["care"]:
            c += entities[row["source"]]["period"] >= 0
    return n, c, m


@kernel
def in_order(found, counts, out):
    """Put what was found into ``out`` in the order of the rows, a timer's before the row's, else as it stands.

    ``counts`` is room for two numbers a row and four more.
    """
    counts[:] = 0
    for one in found:
        counts[2 * one["row"] - one["before"] + 2] += 1
    for n in range(1, len(counts)):
        counts[n] += counts[n - 1]
    for one in found:
        place = 2 * one["row"] - one["before"] + 1
        out[counts[place]] = one
        counts[place] += 1
