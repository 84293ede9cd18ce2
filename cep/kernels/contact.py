"""Geometry on the road: time to contact of a box and a disc, crossing a line, lying in a polygon."""

from __future__ import annotations

from cep.kernels import kernel


@kernel
def contact_us(dx: float, dy: float, dvx: float, dvy: float, ux: float, uy: float, half_a: float, half_b: float) -> int:
    """µs until a point at (dx, dy) moving with (dvx, dvy), both relative, is in a box about the origin.

    The box lies along the unit vector (ux, uy), ``half_a`` to the front, ``half_b`` to the side (metres, m/s). 0 when
    it is inside now, -1 when it never is or not within about an hour. Slab method; rounded to a whole µs (CONTRACT 6).
    """
    px, py = dx * ux + dy * uy, dy * ux - dx * uy
    wx, wy = dvx * ux + dvy * uy, dvy * ux - dvx * uy
    enter, leave = 0.0, 4000.0
    if wx == 0.0:
        if abs(px) > half_a:
            return -1
    else:
        t1, t2 = (-half_a - px) / wx, (half_a - px) / wx
        enter, leave = max(enter, min(t1, t2)), min(leave, max(t1, t2))
    if wy == 0.0:
        if abs(py) > half_b:
            return -1
    else:
        t1, t2 = (-half_b - py) / wy, (half_b - py) / wy
        enter, leave = max(enter, min(t1, t2)), min(leave, max(t1, t2))
    if not enter <= leave:
        return -1
    return int(enter * 1e6 + 0.5)


@kernel
def crosses(
    x0: float, y0: float, x1: float, y1: float, lx0: float, ly0: float, lx1: float, ly1: float, toward: float
) -> bool:
    """True when the step (x0, y0) to (x1, y1) passes the segment (lx0, ly0) to (lx1, ly1) to the side ``toward``.

    ``toward`` is the sign of the side (of ``side_of``). A step that starts on the line passes it, one that ends on it
    does not yet; the ends of the segment belong to it.
    """
    before = ((lx1 - lx0) * (y0 - ly0) - (ly1 - ly0) * (x0 - lx0)) * toward
    after = ((lx1 - lx0) * (y1 - ly0) - (ly1 - ly0) * (x1 - lx0)) * toward
    if before > 0.0 or after <= 0.0:
        return False
    a = (x1 - x0) * (ly0 - y0) - (y1 - y0) * (lx0 - x0)
    b = (x1 - x0) * (ly1 - y0) - (y1 - y0) * (lx1 - x0)
    return (a <= 0.0 and b >= 0.0) or (a >= 0.0 and b <= 0.0)


@kernel
def inside(x: float, y: float, corners, first: int, count: int) -> bool:  # type: ignore[no-untyped-def]
    """True when the point lies in the polygon of ``corners[first : first + count]`` (even-odd)."""
    found = False
    j = first + count - 1
    for i in range(first, first + count):
        xi, yi = corners[i, 0], corners[i, 1]
        xj, yj = corners[j, 0], corners[j, 1]
        if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
            found = not found
        j = i
    return found
