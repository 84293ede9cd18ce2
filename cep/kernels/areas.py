"""Areas of a site: how far a point is from one, and which lane holds it."""

from __future__ import annotations

from cep.kernels import kernel
from cep.kernels.contact import inside

# mypy: disable-error-code="no-untyped-def"


@kernel
def edge_m2(x, y, points, first, count):
    """Squared metres from (x, y) to the nearest edge of the polygon ``points[first : first + count]``."""
    best, j = 1e18, first + count - 1
    for i in range(first, first + count):
        px, py = x - points[j, 0], y - points[j, 1]
        ex, ey = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
        long2, part = ex * ex + ey * ey, 0.0
        if long2 > 0.0:
            part = min(1.0, max(0.0, (px * ex + py * ey) / long2))
        dx, dy = px - part * ex, py - part * ey
        best = min(best, dx * dx + dy * dy)
        j = i
    return best


@kernel
def area_m2(x, y, points, first, count):
    """Squared metres from (x, y) to the polygon, 0 inside of it."""
    return 0.0 if inside(x, y, points, first, count) else edge_m2(x, y, points, first, count)


@kernel
def lane_at(x, y, lanes, first, count, points):
    """Number of the first of these lanes that holds the point, -1 when none does."""
    for n in range(first, first + count):
        if inside(x, y, points, lanes[n]["first"], lanes[n]["count"]):
            return n
    return -1


@kernel
def strays(rule, site, x, y, points):
    """True when a point off the crosswalk lies in the carriageway, off its edge, and not near the crosswalk."""
    if not inside(x, y, points, site["way"], site["n_way"]):
        return False
    if edge_m2(x, y, points, site["walk"], site["n_walk"]) <= rule["margin2"]:
        return False
    return edge_m2(x, y, points, site["way"], site["n_way"]) >= rule["kerb2"]


@kernel
def among(rule, site, x, y, waits, points):
    """True when the point lies where people wait: an area of the site's own, else on the crosswalk or near it."""
    for n in range(site["wait"], site["wait"] + site["n_waits"]):
        if inside(x, y, points, waits[n]["first"], waits[n]["count"]):
            return True
    if site["n_waits"] > 0 or site["n_walk"] == 0:
        return False
    return area_m2(x, y, points, site["walk"], site["n_walk"]) <= rule["range2"]
