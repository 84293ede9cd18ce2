"""What came in is on the tape in the order it was judged, without its personal part."""

import pytest
from msgspec.structs import replace

from stream import tape
from stream.store import Store
from tests.stream import makers


def test_turns_come_back_in_order_with_their_moment(store: Store) -> None:
    turns = [(n, 1000 * n, [makers.frame(f"{n}-{i}") for i in range(n % 3)]) for n in range(1, 451)]
    with store.begin() as conn:
        for turn in turns:
            tape.append(conn, *turn)
    assert list(tape.read_store(store)) == turns
    assert list(tape.read_store(store, after=448)) == turns[448:]
    assert list(tape.read_store(store, after=2, until=4)) == turns[2:4]
    with store.read() as conn:
        assert tape.last_turn(conn) == 450
        assert tape.since(conn, 449_000, 100) == 448, "from the turn judged at that moment on"
        assert tape.since(conn, 0, 5) == 445, "turns 446 to 450 hold 2, 0, 1, 2, 0 events"
        assert tape.since(conn, 999_000, 100) == 450


def test_one_turn_is_written_once(store: Store) -> None:
    from sqlalchemy.exc import IntegrityError

    with store.begin() as conn:
        tape.append(conn, 1, 5, [])
    with pytest.raises(IntegrityError):
        with store.begin() as conn:
            tape.append(conn, 1, 5, [])


def test_the_personal_part_comes_back_only_through_the_one_who_has_it(store: Store) -> None:
    sealed = [makers.case("1", text=None, ref="v1"), makers.smoke("2")]
    with store.begin() as conn:
        tape.append(conn, 1, 5, sealed)
    asked = []

    def whole(event):  # type: ignore[no-untyped-def]
        asked.append(event.ref)
        return replace(event, data=replace(event.data, text="쌀이 없어요"))

    [(_, _, events)] = tape.read_store(store, whole=whole)
    assert asked == ["v1"]
    assert events[0].data.text == "쌀이 없어요"
    assert events[1] == sealed[1]
    assert list(tape.read_store(store)) == [(1, 5, sealed)]


def test_old_turns_are_forgotten(store: Store) -> None:
    with store.begin() as conn:
        for n in range(1, 6):
            tape.append(conn, n, n * 10, [])
        assert tape.purge(conn, 30) == 2
    assert [turn for turn, _, _ in tape.read_store(store)] == [3, 4, 5]
