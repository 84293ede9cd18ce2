"""The signs of a welfare case by name: what a code means on a screen, what it weighs when its sender has no weight.

The weights of a case are its own (CONTRACT 1 and 6); nothing here changes their sum. A code nobody knows is accepted,
counts with the weight it came with, and asks to be registered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "signals.toml"
CODE = re.compile(r"[A-Za-z0-9_.:-]{1,48}")  # what may stand in a record: a code, nothing somebody wrote about a person
STRANGE = "?"  # stands for what is no code
TOLD = 8  # signs of a case that are named, the heaviest first


class Sign(NamedTuple):
    """One row: its names, its usual weight, whether it is one of the national signs (``basis``), and who says so."""

    ko: str
    en: str
    weight: float
    basis: str
    source: str


SIGNS: dict[str, Sign] = {
    code: Sign(**row) for code, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
}


def told(signals: Iterable[tuple[str, float]]) -> list[str]:
    """The codes of these (code, weight), the heaviest first, each once, at most eight; no code becomes "?".

    >>> told([("smell", 0.2), ("power_cut", 0.5), ("김 할머니, 101호", 0.1)])
    ['power_cut', 'smell', '?']
    """
    weights: dict[str, float] = {}
    for code, weight in signals:
        name = code if CODE.fullmatch(code) else STRANGE
        weights[name] = max(weight, weights.get(name, weight))
    return sorted(weights, key=lambda code: (-weights[code], code))[:TOLD]


def unknown(codes: Iterable[str]) -> list[str]:
    """Those that have no row."""
    return [code for code in codes if code not in SIGNS]
