"""How closely people and vehicles passed one another, by crosswalk: a fold of what the encroachment rule measured.

Each measurement stands in one record, attached to an incident or noted: ``psm_s`` (pedestrian safety margin, below
zero when the vehicle went first; its size is the post-encroachment time), ``pcr`` (level of the predicted risk).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable
from typing import Any

from stream.figures import quantiles
from stream.schema import Record

KINDS = ("incident.attached", "detection.noted")
KEEP = 200_000  # measurements kept in memory, the latest


class Margins:
    """``apply`` each record; ``view(frm, to)`` gives the figures of a span (µs) by site."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, float, str]] = []  # at, site, psm_s, level

    def apply(self, record: Record) -> None:
        """Take in a measurement, attached or noted; other records say nothing."""
        if record.kind not in KINDS:
            return
        told = record.body.get("detection", record.body)
        evidence = told.get("evidence") or {}
        if "psm_s" not in evidence:
            return
        site = str(told.get("subject") or record.subject)
        insort(self._rows, (record.at, site, float(evidence["psm_s"]), str(evidence["pcr"])))
        if len(self._rows) > KEEP:
            del self._rows[0]

    def view(self, frm: int, to: int, here: Callable[[str], bool] = bool) -> dict[str, Any]:
        """By site (those ``here``): ``n``, quantiles of ``pet_s``, ``vehicle_first`` (how many), ``pcr`` (by level)."""
        sites: dict[str, list[tuple[int, str, float, str]]] = {}
        for row in self._rows[bisect_left(self._rows, (frm,)) : bisect_left(self._rows, (to,))]:
            if here(row[1]):
                sites.setdefault(row[1], []).append(row)
        return {
            site: {
                "n": len(rows),
                "pet_s": quantiles(abs(row[2]) for row in rows),
                "vehicle_first": sum(row[2] < 0 for row in rows),
                "pcr": dict(Counter(row[3] for row in rows)),
            }
            for site, rows in sorted(sites.items())
        }
