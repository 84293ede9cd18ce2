"""The risk model's slow twins: formulas of ``geo/risk.py`` and ``geo/held.py`` in plain Python, one by one."""

from __future__ import annotations

from math import exp


def density(at: list[tuple[float, float]], things: list[tuple[float, float, float]], width: float) -> list[float]:
    """Each point's sum over things (x, y, amount), every one of them."""
    return [
        sum(w * exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * width * width)) for x, y, w in things) for px, py in at
    ]


def slope(x: list[list[float]], y: list[float], base: float, weights: list[float], ridge: float) -> list[float]:
    """Slope of the ridged Poisson likelihood at (base, weights): all zeros where the fit ends."""
    n, p = len(x), len(weights)
    mu = [exp(base + sum(w * v for w, v in zip(weights, row, strict=True))) for row in x]
    out = [sum(one - m for one, m in zip(y, mu, strict=True))]
    for j in range(p):
        mean = sum(row[j] for row in x) / n
        spread = sum((row[j] - mean) ** 2 for row in x) / n
        out.append(sum((y[i] - mu[i]) * x[i][j] for i in range(n)) - ridge * spread * weights[j])
    return out


def auc(score: list[float], y: list[float]) -> float:
    """Every pair of a cell with accidents and one without."""
    hit = [s for s, one in zip(score, y, strict=True) if one > 0]
    rest = [s for s, one in zip(score, y, strict=True) if not one > 0]
    return sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in hit for b in rest) / (len(hit) * len(rest))
