"""Slow twin of ``cep/together.py``: tries every choice of detections for the parts, straight from the rule file."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

from stream.schema import US, DetectionRef, Severity

RULES = Path(__file__).parents[1] / "cep" / "rules"


def raw(id: str) -> dict[str, Any]:
    """The rule file as it is written."""
    return tomllib.loads((RULES / f"{id}.toml").read_text("utf-8"))


def is_part(row: dict[str, Any], d: DetectionRef) -> bool:
    """The detection fits this row of [[match.parts]]."""
    what = d.evidence.get("what") if d.rule == "reported" else d.rule
    for name, value in row.get("where", {}).items():
        told = d.evidence.get(name)
        if told != value and not (isinstance(told, list) and value in told):
            return False
    return what in row["kinds"] and d.severity >= Severity[row.get("least", "notice")]


def holds(id: str, detections: list[DetectionRef], at: int) -> bool:
    """Some choice of detections near ``at`` fills every named part."""
    rule = raw(id)
    near = [d for d in detections if abs(at - max(d.at, d.last_at)) <= rule["thresholds"]["window_s"] * US]
    rows = rule["match"]["parts"]
    for name in {row["name"] for row in rows}:
        filled = False
        for row in (row for row in rows if row["name"] == name):
            for size in range(1, len(near) + 1):
                for choice in combinations(near, size):
                    if all(is_part(row, d) for d in choice) and sum(d.n for d in choice) >= row.get("n", 1):
                        filled = True
        if not filled:
            return False
    return True
