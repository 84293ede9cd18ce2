"""The figures as anybody may read them: of a whole month that is over, no small number, nothing below a dong.

A figure is left out when it, what it is counted from, or what is left of it is more than nothing and less than five. Of
a dong only classes of counts are told, the lowest from 0 to 4: since every class is wider than one number, no sum
told beside them gives away a small one. Nothing here holds an id, a name of a place below the dong, or a moment.
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


def by_dong(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, Any]]:
    """Counts by dong and column as classes."""
    return {dong: {column: class_of(n) for column, n in row.items()} for dong, row in counts.items()}


assert all(name in BY_NAME for name in NAMES)
