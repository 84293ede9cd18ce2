"""The console's clock between two of its answers."""

from connectors.simulate.pace import Pace
from stream.schema import US


class Steady:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_time_goes_on_at_the_consoles_speed() -> None:
    steady = Steady()
    pace = Pace(steady, 10, 5_000 * US)
    assert pace.now() == 5_000 * US
    steady.s += 3
    assert pace.now() == 5_030 * US


def test_a_small_difference_is_followed_slowly_a_large_one_at_once() -> None:
    steady = Steady()
    pace = Pace(steady, 1, 5_000 * US)
    pace.heard(5_001 * US)
    assert pace.now() == 5_000 * US + US // 10
    pace.heard(9_000 * US)
    assert pace.now() == 9_000 * US
    pace.heard(8_000 * US)  # the console's clock was set back
    assert pace.now() == 8_000 * US
