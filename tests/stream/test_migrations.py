"""Up and down on both databases; a step that fails leaves the version before it."""

import pytest
from sqlalchemy import inspect, select

from stream import migrations, tables
from stream.migrations import VERSION, migrate, version
from stream.schema import HouseError
from stream.store import Store


def test_a_new_store_has_this_version(store: Store) -> None:
    with store.read() as conn:
        assert version(conn) == VERSION
        assert inspect(conn).has_table("journal")


def test_down_and_up_again(store: Store) -> None:
    with store.begin() as conn:
        migrate(conn, 0)
        assert version(conn) == 0
        assert not inspect(conn).has_table("journal")
    with store.begin() as conn:
        migrate(conn)
    with store.read() as conn:
        assert version(conn) == VERSION
        assert inspect(conn).has_table("journal")


def test_a_store_of_the_first_version_gets_the_readings_of_homes_and_keeps_what_it_has(store: Store) -> None:
    with store.begin() as conn:
        migrate(conn, 1)
        assert not inspect(conn).has_table("readings")
        conn.execute(tables.seen.insert().values(source="s", id="1", at=5))
        migrate(conn)
        assert inspect(conn).has_table("readings")
        assert conn.execute(select(tables.seen.c.at)).scalars().all() == [5]


def test_a_step_that_fails_leaves_the_old_version(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(conn: object) -> None:
        raise HouseError("half-way")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, (broken, broken)))
    with pytest.raises(HouseError, match="half-way"):
        with store.begin() as conn:
            migrate(conn, VERSION + 1)
    with store.read() as conn:
        assert version(conn) == VERSION
