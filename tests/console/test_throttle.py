"""Guessing is slowed for whoever guesses, and for nobody else."""

from __future__ import annotations

from console.throttle import ADDRESS_S, ADDRESS_TRIES, LOCK_S, Throttle


def test_guessing_gets_slow_then_locked_for_this_address_alone() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    waits = []
    for _ in range(10):
        waits.append(throttle.wrong("kim", "10.0.0.1"))
        now[0] += throttle.wait_s("kim", "10.0.0.1")
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, LOCK_S]
    throttle.wrong("kim", "10.0.0.1")
    assert throttle.wait_s("kim", "10.0.0.1") == LOCK_S
    assert throttle.wait_s("kim", "10.0.0.2") == 0  # a shift cannot be locked out from elsewhere
    assert throttle.wait_s("lee", "10.0.0.1") == 0


def test_the_right_password_forgives_and_memory_is_bounded() -> None:
    throttle = Throttle(lambda: 0.0, limit=3)
    for _ in range(5):
        throttle.wrong("kim", "a")
    assert throttle.wait_s("kim", "a") == 1
    throttle.right("kim", "a")
    assert throttle.wait_s("kim", "a") == 0
    for n in range(50):
        throttle.wrong(f"u{n}", "a")
    assert len(throttle._tries) == 3


def test_an_address_that_tries_many_names_waits_and_nobody_else_does() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    throttle.right("kim", "10.0.0.1")
    for n in range(ADDRESS_TRIES):
        assert throttle.wait_s(f"u{n}", "10.0.0.1") == 0
        throttle.wrong(f"u{n}", "10.0.0.1")
        now[0] += 0.25
    assert throttle.wait_s("lee", "10.0.0.1") == ADDRESS_S - ADDRESS_TRIES * 0.25
    assert throttle.wait_s("kim", "10.0.0.1") == 0  # has come in from there before
    assert throttle.wait_s("lee", "10.0.0.2") == 0
    now[0] = ADDRESS_S
    assert throttle.wait_s("lee", "10.0.0.1") == 0
