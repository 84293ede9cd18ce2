"""A clock that runs fast, and one that is turned by hand."""

import pytest

from stream.clock import Clock, ManualClock
from stream.schema import US


def test_a_fast_clock_runs_n_times_as_fast_from_where_it_began() -> None:
    clock = Clock(speed=1000.0, start=5 * US)
    first = clock.now()
    clock.sleep_until(first + 10 * US)
    assert first >= 5 * US
    assert clock.now() >= first + 10 * US


def test_a_clock_that_stands_still_is_refused() -> None:
    for speed in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="speed"):
            Clock(speed=speed)


def test_a_manual_clock_goes_only_by_hand() -> None:
    clock = ManualClock(7)
    assert (clock.now(), clock.advance(3), clock.now()) == (7, 10, 10)
    clock.sleep_until(50)
    assert clock.now() == 50
    clock.set(1)
    assert clock.now() == 1
