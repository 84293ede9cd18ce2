"""The figures as anybody may read them: of a whole month that is over, no small number, nothing below a dong.

A figure is left out when it, what it is counted from, or what is left of it is more than nothing and less than five.
Of a dong only classes of counts are told, the lowest from 0 to 4; and none at all of a month in which their sum, that
may be told beside them, would leave a small count only one value. Nothing here holds an id, a name of a place below the
dong, or a moment.
"""

from __future__ import annotations

from typing import Any

from stream.kpi_table import BY_NAME

FEW = 5
NAMES = (
    "ack_p1", "response", "notice", "arrival", "resolve", "false_alarms", "missed", "verdicts", "early", "load",
    "uptime", "vehicles", "compliance", "mean_speed", "speeding", "signal", "jaywalking", "risk", "contact_24",
    "contact_48", "case_lead", "reports", "reports_100k", "neighbours", "recurring", "boards", "looks", "exports",
)  # fmt: skip
CLASSES = (0, 5, 10, 20, 50, 100)  # lowest counts of the classes
FIELDS = ("name", "group", "unit", "value", "n")

Row = dict[str, Any]


def small(n: float | None) -> bool:
    """More than nothing and less than five.

    >>> [small(n) for n in (None, 0, 1, 4, 5)]
    [False, False, True, True, False]
    """
    return n is not None and 0 < n < FEW


def class_of(n: int) -> dict[str, int | None]:
    """The class of a count: ``least`` and ``most`` (None: no upper bound).

    >>> class_of(3), class_of(12), class_of(500)
    ({'least': 0, 'most': 4}, {'least': 10, 'most': 19}, {'least': 100, 'most': None})
    """
    at = max(i for i, least in enumerate(CLASSES) if n >= least)
    return {"least": CLASSES[at], "most": CLASSES[at + 1] - 1 if at + 1 < len(CLASSES) else None}


def hidden(row: Row) -> bool:
    """Whether the figure would tell of few: its count, its sample, those counted in it or those not."""
    n, k, unit = row["n"], row["k"], row["unit"]
    if unit == "count":
        return small(row["value"])
    if unit == "share":
        return False  # of devices
    rest = n - k if unit == "rate" and n is not None and k is not None else None
    return small(n) or small(k) or small(rest)


def public(rows: list[Row]) -> list[Row]:
    """The rows that anybody may read; of a hidden one neither value nor sample, ``few`` says so."""
    told = {row["name"]: row for row in rows}
    found = []
    for name in NAMES:
        row = told[name]
        few = hidden(row)
        shown = {field: row[field] for field in FIELDS}
        found.append(shown | {"few": few} | ({"value": None, "n": None} if few else {}))
    return found


def told_away(counts: list[int]) -> bool:
    """Whether classes and sum together leave a small count only one value: when all others are as high as they can be.

    >>> told_away([4, 9]), told_away([3, 9])
    (True, False)
    """
    if not any(small(n) for n in counts):
        return False
    most = [class_of(n)["most"] for n in counts]
    return None not in most and sum(counts) == sum(m for m in most if m is not None)


def by_dong(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, Any]]:
    """Counts by dong and column as classes; a column that would give a small count away is None for every dong."""
    columns = list(next(iter(counts.values()), {}))
    away = {column for column in columns if told_away([row[column] for row in counts.values()])}
    return {dong: {column: None if column in away else class_of(n) for column, n in row.items()}
            for dong, row in counts.items()}


assert all(name in BY_NAME for name in NAMES)
