"""The store: durable or refused, one console, one writer, and plain words when something is wrong."""

import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select, text

from stream import tables
from stream.store import StartError, Store, StoreError, open_store


def put(store: Store, key: str, value: str = "x") -> None:
    with store.begin() as conn:
        conn.execute(insert(tables.meta).values(key=key, value=value))


def keys(store: Store) -> set[str]:
    with store.read() as conn:
        return set(conn.execute(select(tables.meta.c.key)).scalars())


def test_what_is_committed_is_there_for_a_reader_and_after_opening_again(store: Store, store_url: str) -> None:
    put(store, "a")
    assert "a" in keys(store)
    store.close()
    again = open_store(store_url)
    assert "a" in keys(again)
    again.close()


def test_what_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="no"):
        with store.begin() as conn:
            conn.execute(insert(tables.meta).values(key="half", value="x"))
            raise RuntimeError("no")
    put(store, "next")
    assert keys(store) >= {"next"}
    assert "half" not in keys(store)


def test_a_reader_sees_nothing_before_the_commit(store: Store) -> None:
    with store.begin() as conn:
        conn.execute(insert(tables.meta).values(key="later", value="x"))
        assert "later" not in keys(store)
    assert "later" in keys(store)


def test_writers_wait_for_each_other(store: Store) -> None:
    def write(i: int) -> None:
        for j in range(5):
            put(store, f"{i}-{j}")

    threads = [threading.Thread(target=write, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("-" in key for key in keys(store)) == 30


def test_a_second_console_is_refused_until_the_first_lets_go(store_url: str) -> None:
    first, second = open_store(store_url), open_store(store_url)
    first.lock()
    with pytest.raises(StartError, match="another console"):
        second.lock()
    first.close()
    second.lock()
    second.close()


def test_a_newer_schema_is_refused(store: Store, store_url: str) -> None:
    with store.begin() as conn:
        conn.execute(tables.meta.update().where(tables.meta.c.key == "schema").values(value="99"))
    with pytest.raises(StartError, match="schema 99"):
        open_store(store_url)


def test_sqlite_is_refused_unless_it_keeps_what_it_confirmed() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StartError, match="memory keeps nothing"):
            open_store(url)


def test_sqlite_runs_wal_and_full_on_every_connection(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.db")
    for opened in (store.begin(), store.read()):
        with opened as conn:
            assert conn.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert conn.execute(text("PRAGMA synchronous")).scalar() == 2
    store.close()


def test_postgresql_without_synchronous_commit_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as conn:
        name = conn.info.dbname
        conn.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with pytest.raises(StartError, match="synchronous_commit is off, must be on"):
        open_store(postgres_url)


@pytest.mark.parametrize(
    ("url", "words"),
    [("nonsense", "not an address"), ("mysql://a/b", "not mysql"), ("oracle://a/b", "sqlite or postgresql")],
)
def test_an_address_that_is_none_is_refused_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(StartError, match=words):
        open_store(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"this is a diary, not a database" * 100)
    with pytest.raises(StartError, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/s.db")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StartError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/s.db")


def test_a_postgresql_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot be opened"):
        open_store(f"postgresql://gwanje@/x?host={tmp_path}")


def test_a_full_disk_is_a_clear_no_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.db")
    with store.begin() as conn:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError) as refused:
        put(store, "big", "x" * 1_000_000)
    assert refused.value.code == "full"
    put(store, "big", "x" * 1_000_000)  # the writer is a new connection, without the limit
    assert "big" in keys(store)
    store.close()


def test_a_writer_whose_connection_was_cut_writes_again_and_holds_the_lock(postgres_url: str) -> None:
    first, second = open_store(postgres_url), open_store(postgres_url)
    first.lock()
    with second.begin() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                          " AND datname = current_database()"))
    with pytest.raises(StoreError):
        put(first, "cut")
    put(first, "again")
    with pytest.raises(StartError):
        second.lock()
    assert "again" in keys(first)
    first.close()
    second.close()


def test_a_writer_that_was_cut_and_overtaken_may_not_write(postgres_url: str) -> None:
    first, second = open_store(postgres_url), open_store(postgres_url)
    first.lock()
    with second.begin() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                          " AND datname = current_database()"))
    with pytest.raises(StoreError):
        put(first, "cut")
    second.lock()
    with pytest.raises(StoreError) as refused:
        put(first, "late")
    assert refused.value.code == "taken"
    first.close()
    second.close()
