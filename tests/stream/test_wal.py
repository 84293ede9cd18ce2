"""The log is moved into the file beside the writer, readers or not, and nothing is lost by it."""

import time
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from stream import tables, wal
from stream.store import Store, open_store


def put(store: Store, first: int, n: int) -> None:
    for i in range(first, first + n):
        with store.begin() as conn:
            conn.execute(insert(tables.tape).values(turn=i, now=i, n=0, data=b"x" * 20_000))


def count(store: Store) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(tables.tape)).scalar_one())


def test_a_console_has_its_log_moved_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "EVERY_S", 0.01)
    monkeypatch.setattr(wal, "WORTH_BYTES", 100_000)
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.lock()
    put(store, 0, 100)
    assert store._mover is not None
    until = time.monotonic() + 30
    while not store._mover.moved and time.monotonic() < until:
        time.sleep(0.01)
    assert store._mover.moved
    with store.read() as conn:  # a reader that stays does not stop it
        assert conn.execute(select(func.count()).select_from(tables.tape)).scalar_one() == 100
        put(store, 100, 100)
    assert count(store) == 200
    store.close()
    again = open_store(f"sqlite:///{tmp_path}/store.db")
    assert count(again) == 200
    again.close()


def test_a_database_that_is_gone_does_not_end_the_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "EVERY_S", 0.01)
    (tmp_path / "s.db-wal").write_bytes(b"x" * (3 << 20))
    (tmp_path / "s.db").mkdir()
    mover = wal.Mover(tmp_path / "s.db")
    time.sleep(0.05)
    assert mover._thread.is_alive()
    mover.stop()
    assert not mover._thread.is_alive()


def test_a_tool_without_the_lock_has_no_thread(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    assert store._mover is None
    store.close()
