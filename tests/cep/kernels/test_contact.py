"""Box against disc, step over line, point in polygon: known answers, and the slow way."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from cep.kernels.contact import contact_us, crosses, inside

near = st.floats(-30, 30, allow_subnormal=False)
SQUARE = [[-4.0, -2.0], [4.0, -2.0], [4.0, 2.0], [-4.0, 2.0]]


def straight(dx: float, dy: float, dvx: float, dvy: float) -> int:
    """Along x, half-lengths 2.55 and 1.2 (a car and a pedestrian)."""
    return int(contact_us(dx, dy, dvx, dvy, 1.0, 0.0, 2.55, 1.2))


def test_known_meetings() -> None:
    assert straight(12.55, 0, -10, 0) == 1_000_000
    assert straight(0, 0, 0, 0) == straight(2.55, 1.2, 5, 5) == 0
    assert straight(12.55, 1.3, -10, 0) == straight(-12.55, 0, -10, 0) == straight(12.55, 0, 0, 0) == -1
    assert straight(12.55, 6.2, -10, -5) == 1_000_000
    assert straight(12.55, 6.3, -10, -5) == 1_020_000
    assert straight(1e6, 0, -1, 0) == -1


def test_a_time_is_rounded_to_a_microsecond() -> None:
    assert straight(2.55 + 15.000004, 0, -10, 0) == 1_500_000
    assert straight(2.55 + 15.000006, 0, -10, 0) == 1_500_001


@settings(deadline=None)
@given(near, near, near, near, st.floats(0, 6.28))
def test_turning_everything_changes_nothing(dx: float, dy: float, vx: float, vy: float, angle: float) -> None:
    c, s = math.cos(angle), math.sin(angle)
    turned = contact_us(dx * c - dy * s, dx * s + dy * c, vx * c - vy * s, vx * s + vy * c, c, s, 2.55, 1.2)
    plain = straight(dx, dy, vx, vy)
    if (turned < 0) != (plain < 0):  # only just touching, or nearly parallel
        return
    assert abs(turned - plain) <= 2 + plain * 1e-6


@settings(deadline=None)
@given(near, near, near, near)
def test_at_that_moment_it_touches_and_before_it_does_not(dx: float, dy: float, vx: float, vy: float) -> None:
    t = straight(dx, dy, vx, vy) / 1e6
    if t < 0:
        return

    def outside(at: float) -> float:
        return max(abs(dx + vx * at) - 2.55, abs(dy + vy * at) - 1.2)

    assert outside(t) <= 1e-4 + 1e-6 * (abs(vx) + abs(vy))
    for part in (0.0, 0.3, 0.7, 0.99):
        assert t < 1e-3 or outside(t * part) > -1e-4


def over(x0: float, y0: float, x1: float, y1: float) -> bool:
    """A step over the line from (-4, -4) to (4, -4), the crosswalk to the north."""
    return bool(crosses(x0, y0, x1, y1, -4.0, -4.0, 4.0, -4.0, 1.0))


def test_a_line_is_passed_toward_the_crosswalk_only() -> None:
    assert over(0, -5, 0, -3) and over(-4, -5, -4, -3) and over(3, -5, 4.5, -3.5)
    assert not over(0, -3, 0, -5) and not over(5, -5, 5, -3) and not over(0, -6, 0, -5) and not over(0, -3, 0, -2)


def test_a_stop_exactly_on_the_line_counts_when_it_goes_on() -> None:
    assert not over(0, -5, 0, -4) and over(0, -4, 0, -3) and not over(0, -4, 1, -4)


def test_inside_of_a_polygon() -> None:
    import numpy as np

    corners = np.array([[99.0, 99.0], *SQUARE, [3.0, -9.0], [-3.0, -9.0], [0.0, -5.0]])
    assert inside(0.0, 0.0, corners, 1, 4) and inside(3.9, -1.9, corners, 1, 4)
    assert not inside(0.0, 2.1, corners, 1, 4) and not inside(-4.1, 0.0, corners, 1, 4)
    assert inside(0.0, -6.0, corners, 5, 3) and not inside(0.0, -4.9, corners, 5, 3)
