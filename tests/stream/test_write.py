"""One transaction a turn; what was not taken waits and goes with the next, in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from stream import tables, tape
from stream.columns import pack
from stream.journal import Journal, verify
from stream.schema import Draft
from stream.store import Store, StoreError
from stream.vault import Vault
from stream.write import Ledger, Write
from tests.stream import makers
from tests.stream.makers import T0


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")


def turn(journal: Journal, n: int) -> Write:
    record = journal.stamp(Draft("device.noted", "d", T0, {"code": "status"}), T0)
    event = makers.smoke(str(n))
    command = {"id": f"c{n}", "at": T0, "outcome": b"x"}
    return Write(n, T0 + n, 1, pack([event]), [(event.source, event.id)], [record], commands=[command])


def rows(store: Store, table: str) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(tables.schema.tables[table])).scalar_one())


def test_a_turn_is_written_whole(store: Store, vault: Vault) -> None:
    journal = Journal(store)
    ledger = Ledger(store, vault, journal)
    ref = vault.hold("h", "text", "event")
    written = ledger.commit(turn(journal, 1), {"/device/d": "state"}, {"turn": 1, "now": T0, "data": b"memory"})
    assert [one.turn for one in written] == [1]
    assert [rows(store, t) for t in ("tape", "seen", "journal", "commands", "source_state", "checkpoint")] == [1] * 6
    assert vault.open(ref) == "text"
    assert ledger.waiting == []


def test_what_was_not_taken_goes_with_the_next_in_order(store: Store, vault: Vault) -> None:
    journal = Journal(store)
    ledger = Ledger(store, vault, journal)

    def no(conn: object) -> None:
        raise StoreError("gone", "no")

    first = turn(journal, 1)
    first.deeds = [no]
    with pytest.raises(StoreError):
        ledger.commit(first, {"s": "1"}, None)
    assert rows(store, "tape") == rows(store, "journal") == rows(store, "source_state") == 0
    first.deeds = []
    assert [one.turn for one in ledger.commit(turn(journal, 2), {}, None)] == [1, 2]
    assert [t for t, _, _ in tape.read_store(store)] == [1, 2]
    assert rows(store, "source_state") == 1
    assert verify(store).ok


def test_an_empty_turn_needs_no_transaction(store: Store, vault: Vault) -> None:
    ledger = Ledger(store, vault, Journal(store))
    assert ledger.commit(Write(1, T0), {}, None) == []
    ledger.add(Write(2, T0))
    assert ledger.waiting == []


def test_only_the_last_two_checkpoints_are_kept(store: Store, vault: Vault) -> None:
    journal = Journal(store)
    ledger = Ledger(store, vault, journal)
    for n in range(1, 6):
        ledger.commit(turn(journal, n), {}, {"turn": n, "now": T0, "data": b"m"})
    with store.read() as conn:
        kept = sorted(conn.execute(select(tables.checkpoint.c.turn)).scalars())
    assert kept == [4, 5]


class LostAnswer:
    """A store whose commits come through while the answer is lost: the next ``times`` of them."""

    def __init__(self, store: Store, times: int = 1) -> None:
        self.store, self.times = store, times
        self.insert, self.sqlite = store.insert, store.sqlite

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.store.begin() as conn:
            yield conn
        if self.times:
            self.times -= 1
            raise StoreError("gone", "connection lost")


def test_a_commit_whose_answer_was_lost_is_not_written_twice(store: Store, vault: Vault) -> None:
    journal = Journal(store)
    ledger = Ledger(LostAnswer(store, 2), vault, journal)  # type: ignore[arg-type]
    only_record = Write(0, T0, records=[journal.stamp(Draft("device.noted", "d", T0, {"code": "status"}), T0)])
    for write in (turn(journal, 1), only_record):
        with pytest.raises(StoreError):
            ledger.commit(write, {}, None)
    written = ledger.commit(turn(journal, 2), {}, None)
    assert [one.turn for one in written] == [1, 0, 2]
    assert [t for t, _, _ in tape.read_store(store)] == [1, 2]
    assert verify(store).ok
    assert verify(store).n == 3
