"""The risk of a place, plainly: how many accidents a year to expect in a 100 m cell, and at which hours.

*Where.* Counts y of the cells are taken as Poisson with a mean that grows with what stands around the cell::

    x_j = ln(1 + sum over things k of w_k * exp(-d_k^2 / (2 * width_j^2)))      d_k metres from the cell's middle
    mu  = exp(base + sum_j weight_j * (x_j - mean_j))                           accidents in the years of the table

fitted by iteratively reweighted least squares (Nelder & Wedderburn, JRSS A 135, 1972) with a light ridge. So each
feature multiplies the mean by exp(weight * (x - mean)), which is what the screen tells as its reason.

*Own record.* Few accidents in one cell are mostly luck. Hauer's empirical Bayes (Hauer et al., "Estimating Safety by
the Empirical Bayes Method", TRR 1784, 2002) mixes the cell's own count with what its surroundings predict::

    w = 1 / (1 + mu / phi)            phi: how much alike cells differ, var = mu + mu^2 / phi
    expected = w * mu + (1 - w) * y

*When.* The share of accidents by hour band gives each hour a multiple of the mean hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, points

from geo.frame import metres_per_degree

Floats = NDArray[np.float64]
RIDGE = 1.0  # pseudo-observations that hold each standardised weight to 0: of no weight beside hundreds of accidents
REACH = 4.0  # widths after which a thing no longer counts (exp(-8) = 0.0003)
STEPS = 50
DAY_H = 24
ALIKE = 1e6  # phi of cells that differ by nothing but luck
TOLD = 1.2  # a reason is told when it multiplies the mean by so much


class Model(msgspec.Struct, frozen=True):
    """What was learned: accidents of the average cell (natural log), and per feature its weight and mean."""

    base: float
    weights: dict[str, float]
    means: dict[str, float]
    phi: float


def plane(lons: Sequence[float] | Floats, lats: Sequence[float] | Floats, lat: float) -> Floats:
    """Points (n, 2) in metres on the plane that touches at this latitude; good for one city."""
    east, north = metres_per_degree(lat)
    return np.column_stack((np.asarray(lons, float) * east, np.asarray(lats, float) * north))


def density(at: Floats, things: Floats, amounts: Floats, width_m: float) -> Floats:
    """Sum of the things' amounts around each point of ``at``, weighted by a Gaussian of this width (m)."""
    out = np.zeros(len(at))
    if len(at) and len(things):
        tree = STRtree(points(things))
        one, other = tree.query(points(at), predicate="dwithin", distance=REACH * width_m)
        far2 = ((at[one] - things[other]) ** 2).sum(axis=1)
        np.add.at(out, one, amounts[other] * np.exp(-far2 / (2.0 * width_m * width_m)))
    return out


def fit(x: Floats, y: Floats, ridge: float = RIDGE) -> tuple[float, Floats]:
    """Base and weights of the Poisson regression of counts ``y`` (n) on centred features ``x`` (n, p).

    ``ridge`` counts on the scale of standardised features. ValueError when there is no accident to learn from.
    """
    if not y.sum() > 0:
        raise ValueError("no accident to learn from")
    rows = np.column_stack((np.ones(len(x)), x))
    held = np.diag([0.0, *(ridge * x.var(axis=0))])
    beta = np.zeros(rows.shape[1])
    beta[0] = np.log(y.mean())
    for _ in range(STEPS):
        mu = np.exp(np.clip(rows @ beta, -30.0, 10.0))
        slope = rows.T @ (y - mu) - held @ beta
        step = np.linalg.lstsq((rows * mu[:, None]).T @ rows + held, slope, rcond=None)[0]
        beta += step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0]), beta[1:]


def dispersion(y: Floats, mu: Floats) -> float:
    """Phi of var = mu + mu^2 / phi by moments: sum mu^2 / sum((y - mu)^2 - mu); ``ALIKE`` if no wider than Poisson."""
    wider = float(((y - mu) ** 2 - mu).sum())
    return min(ALIKE, float((mu**2).sum()) / wider) if wider > 0 else ALIKE


def expected(mu: Floats, y: Floats, phi: float) -> Floats:
    """Hauer's empirical Bayes: the cell's own count ``y`` and its surroundings' prediction ``mu`` mixed."""
    w = 1.0 / (1.0 + mu / phi)
    return w * mu + (1.0 - w) * y


def learn(features: Mapping[str, Floats], y: Floats, ridge: float = RIDGE) -> Model:
    """The model of these counts; ValueError when there is no accident."""
    x = np.column_stack([*features.values()])
    means = x.mean(axis=0)
    base, weights = fit(x - means, y, ridge)
    mu = np.exp(base + (x - means) @ weights)
    named = dict(zip(features, map(float, weights), strict=True))
    return Model(base, named, dict(zip(features, map(float, means), strict=True)), dispersion(y, mu))


def predict(model: Model, features: Mapping[str, Floats]) -> Floats:
    """Accidents to expect in each cell by its surroundings alone, in the years that the model learned from."""
    return np.asarray(np.exp(model.base + sum(np.log(by) for by in multiples(model, features).values())))


def multiples(model: Model, features: Mapping[str, Floats]) -> dict[str, Floats]:
    """By how much each feature multiplies the average cell's accidents, per cell."""
    return {name: np.exp(w * (features[name] - model.means[name])) for name, w in model.weights.items()}


def profile(bands: Mapping[tuple[int, int], float]) -> list[float]:
    """24 multiples of the mean hour from accidents by band (from, to hour); ValueError unless they fill the day."""
    hours = [h for first, last in bands for h in range(first, last)]
    if sorted(hours) != list(range(DAY_H)):
        raise ValueError("hour bands must fill the day once")
    total = sum(bands.values())
    if not total > 0:
        raise ValueError("no accident in any hour band")
    out = [0.0] * DAY_H
    for (first, last), n in bands.items():
        for h in range(first, last):
            out[h] = n / (last - first) * DAY_H / total
    return out


def lift(ratio: float, share: float, holds: bool) -> float:
    """A condition that multiplies the risk by ``ratio``, when the mean already holds it in this ``share`` of the time.

    ``holds / (1 + share * (ratio - 1))``: the mean over the year stays 1, so nothing is counted twice.

    >>> lift(3.0, 0.5, True), lift(3.0, 0.5, False), lift(1.5, 0.0, True)
    (1.5, 0.5, 1.5)
    """
    return (ratio if holds else 1.0) / (1.0 + share * (ratio - 1.0))


def shrunk(own: float, usual: float, prior: float) -> float:
    """How much worse than the usual a place shows itself: (prior + own) / (prior + usual), near 1 while little is seen.

    The mean of a multiple with a Gamma(prior, prior) belief after ``own`` events where ``usual`` were expected.
    """
    return (prior + own) / (prior + usual)
