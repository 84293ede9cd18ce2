"""What the encroachment pattern remembers: a grid of squares for each source and crosswalk, and who met whom.

One ``Encroach`` a rule, so that a rule that is not there costs nothing. The kernel is ``cep/kernels/encroach.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

import numpy as np

from cep.codes import CLASS, FRAME
from cep.kernels.contact import inside
from cep.kernels.encroach import judge_encroach
from cep.rules import Rule
from cep.state import FOUND, row, widened
from cep.table import bits, us

RULE = row(i8="pet danger warning vehicles persons", f8="speed", i4="rule", i1="severity")
SOURCE = row(i8="frame last", i4="site grid", i1="crosswalk")
GRID = row(f8="x0 y0 cell", i4="first nx ny")
SQUARE = row(i8="person_at vehicle_at", f8="x y speed", i4="person vehicle", i1="on cls")
MET = row(i8="touched frame where gap least", i4="other", i1="told")
RING = 4  # vehicles that a person is known to have met; a fifth one within 30 s takes the place of the oldest
MOST = 4096  # squares of one crosswalk; a larger polygon is no crosswalk and is not measured
TABLES = ("sources", "grids", "squares", "rings")
Saved = tuple[dict[str, bytes], list[tuple[str, str]]]


class Encroach:
    """State of one rule. ``sources`` goes with the memory's entities, ``rings`` with its tracks."""

    def __init__(self, n: int, rule: Rule, city: Any) -> None:
        t, m = rule.thresholds, rule.match
        self.table = np.zeros(1, RULE)
        one = self.table[0]
        one["rule"], one["severity"], one["speed"] = n, rule.severity, t["min_speed_mps"]
        for name in ("pet", "danger", "warning"):
            one[name] = us(t[f"{name}_s"])
        for name in ("vehicles", "persons"):
            one[name] = bits(m[name], CLASS)
        self.cell = float(t["cell_m"])
        self.crosswalks = {id: s.crosswalk for id, s in city.sites.items() if s.crosswalk and self._cells(s.crosswalk)}
        self.sources, self.grids = np.zeros(64, SOURCE), np.zeros(0, GRID)
        self.squares, self.rings = np.zeros(0, SQUARE), np.zeros((64, RING), MET)
        self.grid_of: dict[tuple[str, str], int] = {}

    def _cells(self, corners: Any) -> tuple[float, float, int, int] | None:
        """Least corner and number of squares along x and y; None when they are too many."""
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        wide, high = (max(xs) - min(xs)) / self.cell, (max(ys) - min(ys)) / self.cell
        if not (wide + 1) * (high + 1) <= MOST:
            return None
        return min(xs), min(ys), max(1, ceil(wide)), max(1, ceil(high))

    def born(self, slot: int, name: str) -> None:
        """A name got this slot of the entities."""
        if slot >= len(self.sources):
            self.sources = widened(self.sources, max(64, 2 * slot))
        self.sources[slot] = np.zeros((), SOURCE)
        self.sources[slot]["crosswalk"] = name in self.crosswalks

    def tracked(self, slot: int) -> None:
        """A new track got this slot."""
        if slot >= len(self.rings):
            self.rings = widened(self.rings, max(64, 2 * slot))
        self.rings[slot] = np.zeros((), MET)

    def freed(self, slots: np.ndarray) -> None:
        """These entities are forgotten: no source looks at such a site any more."""
        self.sources["site"][np.isin(self.sources["site"], slots + 1)] = 0

    def look_at(self, source: int, site: int, names: list[Any]) -> None:
        """Let this source (slot) measure on its own grid of this site (slot)."""
        key = names[source], names[site]
        if key not in self.grid_of:
            self.grid_of[key] = len(self.grids)
            self._add(self.crosswalks[key[1]])
        self.sources[source]["site"], self.sources[source]["grid"] = site + 1, self.grid_of[key]

    def _add(self, corners: Any) -> None:
        cells = self._cells(corners)
        assert cells is not None
        x0, y0, nx, ny = cells
        fields = {"x0": x0, "y0": y0, "cell": self.cell, "first": len(self.squares), "nx": nx, "ny": ny}
        self.grids = widened(self.grids, len(self.grids) + 1)
        for name, value in fields.items():
            self.grids[-1][name] = value
        outline = np.array(corners, np.float64).reshape(-1, 2)
        squares = np.zeros(nx * ny, SQUARE)
        for n in range(nx * ny):
            x, y = x0 + (n % nx + 0.5) * self.cell, y0 + (n // nx + 0.5) * self.cell
            squares[n]["x"], squares[n]["y"] = x, y
            squares[n]["on"] = inside(x, y, outline, 0, len(outline))
        self.squares = np.concatenate([self.squares, squares])

    def judge(
        self, picked: np.ndarray, rows: np.ndarray, objects: np.ndarray, classes: np.ndarray, names: list[Any]
    ) -> Iterator[np.ndarray]:
        """What this rule finds in the frames ``picked`` of these rows (``state.FOUND``)."""
        at, out = 0, np.zeros(256, FOUND)
        while at < len(picked):
            at, n = judge_encroach(
                picked, at, rows, objects, self.table, self.sources, self.grids, self.squares, self.rings, classes,
                FRAME, out,
            )  # fmt: skip
            yield out[:n].copy()
            if at < len(picked):
                row = rows[picked[at]]
                if self.sources[row["source"]]["site"] != row["subject"] + 1:
                    self.look_at(int(row["source"]), int(row["subject"]), names)
                elif n == 0:
                    out = np.zeros((int(row["n"]) // 2 + 1) ** 2, FOUND)

    def save(self, entities: int, tracks: int) -> Saved:
        """The rows in use as bytes, and whose the grids are."""
        used = {"sources": entities, "rings": tracks}
        tables = {name: getattr(self, name)[: used.get(name)].tobytes() for name in TABLES}
        return tables, list(self.grid_of)

    def load(self, saved: Saved) -> None:
        """Go on from ``save``. Raises ValueError when it is of another form."""
        tables, owners = saved
        if set(tables) != set(TABLES):
            raise ValueError("a table is missing")
        for name in TABLES:
            dtype = getattr(self, name).dtype
            setattr(self, name, np.frombuffer(tables[name], dtype).copy().reshape(-1, *getattr(self, name).shape[1:]))
        self.grid_of = {owner: n for n, owner in enumerate(owners)}


def encroachments(rules: Iterable[tuple[int, Rule]], city: Any) -> tuple[Encroach, ...]:
    """One state for each rule of the pattern (its place in the table, the rule)."""
    return tuple(Encroach(n, rule, city) for n, rule in rules)
