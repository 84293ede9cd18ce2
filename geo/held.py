"""How good a risk model is on places it has never seen: blocks of cells held back as on a checkerboard.

Neighbouring cells are alike, so a random half would be tested on the neighbours of what it learned. Here whole blocks
(1 km by default) are black or white: learned on the white, tested on the black, and the other way round. Intervals are
95 %, by the jackknife over blocks (leave one block out; Efron 1982), for cells of one block are no separate evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from geo.risk import Floats, learn, predict

BLOCK_M = 1000.0
TOP = 0.1
Z95 = 1.96

Whole = NDArray[np.int64]


class Figure(msgspec.Struct, frozen=True):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


class Held(msgspec.Struct, frozen=True):
    """Figures of both halves together: each cell was scored by the model that had not seen its half."""

    auc: Figure
    top: Figure


def colours(at: Floats, block_m: float = BLOCK_M, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[Whole, Whole]:
    """Per point (metres) its colour 0 or 1 and the number of its block; ``shift`` moves the board (m)."""
    column = np.floor((at[:, 0] + shift[0]) / block_m).astype(np.int64)
    row = np.floor((at[:, 1] + shift[1]) / block_m).astype(np.int64)
    return (column + row) % 2, np.unique(np.column_stack((column, row)), axis=0, return_inverse=True)[1].reshape(-1)


def auc(score: Floats, y: Floats) -> float:
    """Chance that a cell with accidents is scored above one without; equal scores count half. NaN without both."""
    hit = y > 0
    n, rest = int(hit.sum()), int((~hit).sum())
    if not n or not rest:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    return float((ranks[hit].sum() - n * (n + 1) / 2.0) / (n * rest))


def top_share(score: Floats, y: Floats, top: float = TOP) -> float:
    """Share of the accidents that lie in the ``top`` part of the cells by score."""
    best = np.argsort(-score, kind="stable")[: max(1, round(len(score) * top))]
    return float(y[best].sum() / y.sum()) if y.sum() else float("nan")


def jackknife(figure: Callable[[NDArray[np.bool_]], float], blocks: Whole) -> Figure:
    """The figure of all, and its interval from leaving out one block after the other."""
    value = figure(np.ones(len(blocks), bool))
    each = np.array([figure(blocks != b) for b in np.unique(blocks)])
    each = each[~np.isnan(each)]
    n = len(each)
    wide = Z95 * float(np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum())) if n else float("nan")
    return Figure(value, value - wide, value + wide)


def scores(features: Mapping[str, Floats], y: Floats, colour: Whole) -> Floats:
    """Each cell's expectation by the model of the other colour, whose accidents alone it was made from."""
    out = np.empty(len(y))
    for one in (0, 1):
        test = colour == one
        model = learn({name: x[~test] for name, x in features.items()}, y[~test])
        out[test] = predict(model, {name: x[test] for name, x in features.items()})
    return out


def held_back(
    features: Mapping[str, Floats], y: Floats, at: Floats, block_m: float = BLOCK_M,
    among: NDArray[np.bool_] | None = None, shift: tuple[float, float] = (0.0, 0.0),
) -> Held:
    """Both figures on held-back blocks, of all cells or of those ``among`` them.

    ``y`` counts per cell, ``at`` the cells' middles in metres. ValueError when a half has no accident to learn from.
    """
    colour, blocks = colours(at, block_m, shift)
    return measured(scores(features, y, colour), y, blocks, among)


def measured(score: Floats, y: Floats, blocks: Whole, among: NDArray[np.bool_] | None = None) -> Held:
    """AUC and share in the top tenth of given scores."""
    among = np.ones(len(y), bool) if among is None else among
    score, y, blocks = score[among], y[among], blocks[among]
    return Held(jackknife(lambda kept: auc(score[kept], y[kept]), blocks),
                jackknife(lambda kept: top_share(score[kept], y[kept]), blocks))
