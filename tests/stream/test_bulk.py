"""Many rows in one statement say the same on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from stream import tables
from stream.bulk import find_keys, insert_rows
from stream.store import Store


def rows(store: Store) -> list[tuple[object, ...]]:
    with store.read() as conn:
        return [tuple(row) for row in conn.execute(select(tables.seen).order_by(tables.seen.c.id))]


def test_texts_and_numbers_come_back_as_they_were(store: Store) -> None:
    told = [("/device/'\"\\", "가\n\t:x %s", 2**62), ("s", "", -5), ("s", "9007199254740993", 9007199254740993)]
    with store.begin() as conn:
        insert_rows(conn, tables.seen, told)
        insert_rows(conn, tables.seen, [])
    assert sorted(rows(store), key=str) == sorted(told, key=str)


def test_what_is_there_stays_or_is_set_anew_or_is_an_error(store: Store) -> None:
    with store.begin() as conn:
        insert_rows(conn, tables.seen, [("s", "1", 1)])
        insert_rows(conn, tables.seen, [("s", "1", 2), ("s", "2", 2)], "nothing")
    assert rows(store) == [("s", "1", 1), ("s", "2", 2)]
    with store.begin() as conn:
        insert_rows(conn, tables.seen, [("s", "1", 3)], "at")
    assert rows(store) == [("s", "1", 3), ("s", "2", 2)]
    with pytest.raises(IntegrityError):
        with store.begin() as conn:
            insert_rows(conn, tables.seen, [("s", "1", 4)])


def test_ten_thousand_rows(store: Store) -> None:
    with store.begin() as conn:
        insert_rows(conn, tables.seen, [("s", str(i), i) for i in range(10_000)])
    assert len(rows(store)) == 10_000


def test_keys_are_found_among_many(store: Store) -> None:
    with store.begin() as conn:
        insert_rows(conn, tables.seen, [(f"s{i % 7}", str(i), i) for i in range(5000)])
    asked = [("s0", "0"), ("s0", "1"), ("가", "'"), ("s6", "4997"), ("s6", "9999")]
    with store.read() as conn:
        assert find_keys(conn, tables.seen, asked) == {("s0", "0"), ("s6", "4997")}
        assert find_keys(conn, tables.seen, []) == set()
