"""Numbers that are missing are listed, late ones fill the gap, repeated ones have no effect."""

from hypothesis import given
from hypothesis import strategies as st

from stream.schema import US, Draft
from stream.sequence import RANGES, Sequence, save
from stream.store import Store
from tests.stream import makers
from tests.stream.makers import T0

R = "/device/radar-1"
HOLD = 5 * US


def take(numbers: Sequence, *seqs: int, now: int = T0) -> list[bool]:
    """Frames with these numbers; the time of a frame is its number of 100 ms."""
    return [numbers.is_new(makers.frame(f"f{n}", 1, at=T0 + n * 100_000, seq=n), now) for n in seqs]


def said(drafts: list[Draft]) -> list[tuple[str, list[list[int]], bool]]:
    return [(d.kind, d.body["ranges"], d.body.get("lost", False)) for d in drafts]


def test_in_order_nothing_is_said(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    assert take(numbers, 7, 8, 9) == [True] * 3
    assert numbers.contiguous(R) == 9
    assert (numbers.last(R), numbers.last("/device/never")) == (T0 + 900_000, 0)
    assert numbers.tick(T0 + 60 * US) == []


def test_a_frame_twice_is_taken_once(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    assert take(numbers, 1, 2, 2, 1, 3, 3) == [True, True, False, False, True, False]


def test_a_gap_is_listed_after_a_while_and_its_filling_too(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, 1, 5)
    assert numbers.contiguous(R) == 1
    assert numbers.tick(T0 + HOLD - 1) == []
    assert said(numbers.tick(T0 + HOLD)) == [("source.gap", [[2, 4]], False)]
    assert numbers.tick(T0 + 2 * HOLD) == []
    assert take(numbers, 3, 2, 4, 3) == [True, True, True, False]
    assert said(numbers.tick(T0 + 3 * HOLD)) == [("source.filled", [[2, 4]], False)]
    assert (numbers.contiguous(R), numbers.missing()) == (5, 0)


def test_what_comes_a_little_late_was_never_missing(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    assert take(numbers, 1, 3, 2) == [True] * 3
    assert numbers.tick(T0 + 2 * HOLD) == []


def test_many_losses_are_one_record_a_source(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, *range(0, 40, 2))
    [draft] = numbers.tick(T0 + HOLD)
    assert (draft.subject, draft.body["n"], draft.body["first"], draft.body["last"]) == (R, 19, 1, 37)


def test_a_jump_without_end_is_one_range(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, 0)
    numbers.is_new(makers.frame("x", seq=2**63 - 1), T0)
    assert said(numbers.tick(T0 + HOLD)) == [("source.gap", [[1, 2**63 - 2]], False)]


def test_more_ranges_than_are_kept_are_given_up_by_name(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, *range(0, 2 * RANGES + 6, 2))
    drafts = numbers.tick(T0)
    assert said(drafts) == [("source.gap", [[1, 1], [3, 3]], True)]
    assert len(numbers.known[R].holes) == RANGES


def test_a_device_that_starts_again_is_heard_and_what_was_missing_is_lost(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, 100, 103)
    assert numbers.is_new(makers.frame("again", at=T0 + 60 * US, seq=0), T0)
    assert numbers.is_new(makers.frame("more", at=T0 + 61 * US, seq=1), T0)
    assert said(numbers.tick(T0)) == [("source.gap", [[101, 102]], True)]
    assert numbers.contiguous(R) == 1


def test_what_is_older_than_the_first_we_heard_is_taken_once(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    assert take(numbers, 50, 48, 48, 49) == [True, True, False, True]
    assert numbers.contiguous(R) == 50


def test_telemetry_without_numbers_is_told_apart_by_id(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    assert [numbers.is_new(makers.signal(i), T0) for i in ("a", "b", "a", "c", "b")] == [True, True, False, True, False]
    assert numbers.contiguous("/device/lamp-1") is None


def test_alarms_are_never_refused_here_but_their_numbers_count(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    alarm = makers.smoke("1", source=R, seq=4)
    assert numbers.is_new(alarm, T0)
    assert numbers.is_new(alarm, T0)
    assert take(numbers, 5, 6) == [True, True]
    assert numbers.contiguous(R) == 6


def test_what_we_shed_or_put_aside_is_not_missing(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, 1)
    numbers.settle(R, [3, 2], T0, T0)
    take(numbers, 4)
    assert numbers.tick(T0 + HOLD) == []
    assert numbers.contiguous(R) == 4


def test_all_is_known_again_after_a_restart(store: Store) -> None:
    numbers = Sequence(store, HOLD)
    take(numbers, 1, 4)
    numbers.is_new(makers.signal("a"), T0)
    for _ in range(2):
        with store.begin() as conn:
            save(conn, numbers.take_dirty())
    again = Sequence(store, HOLD)
    assert take(again, 4, 1, 2) == [False, False, True]
    assert not again.is_new(makers.signal("a"), T0)
    assert said(again.tick(T0 + HOLD)) == [("source.gap", [[3, 3]], False)]
    with store.begin() as conn:
        save(conn, again.take_dirty())
    assert Sequence(store, HOLD).tick(T0 + 9 * HOLD) == []


@given(st.lists(st.integers(0, 60), max_size=120))
def test_each_number_is_taken_exactly_once_and_the_rest_is_listed(seqs: list[int]) -> None:
    numbers = Sequence.__new__(Sequence)
    numbers.hold_us, numbers.known = 0, {}
    numbers._dirty, numbers._open, numbers._filled, numbers._lost = {}, {}, {}, {}
    fixed = [makers.frame(str(n), 1, seq=n) for n in seqs]  # all of one time: nothing looks like a restart
    taken = [e.seq for e in fixed if numbers.is_new(e, T0)]
    assert sorted(n for n in taken if n is not None) == sorted(set(seqs))
    listed = {n for d in numbers.tick(T0) for first, last in d.body["ranges"] for n in range(first, last + 1)}
    if seqs:
        above = set(range(seqs[0], max(seqs) + 1))
        assert listed == above - set(seqs)
