"""Keeping turns while the store comes and goes."""

from pathlib import Path

from stream.checkpoint import Checkpoint
from stream.columns import pack
from stream.journal import Journal
from stream.keep import Keeper
from stream.schema import US
from stream.sequence import Sequence
from stream.store import open_store
from stream.vault import Vault
from stream.write import Ledger, Write
from tests.stream import makers
from tests.stream.makers import T0
from tests.stream.test_checkpoint import Counting


def keeper(folder: Path) -> Keeper:
    store = open_store(f"sqlite:///{folder}/s.db")
    ledger = Ledger(store, Vault(f"sqlite:///{folder}/v.db", folder / "key"), Journal(store))
    return Keeper(ledger, Checkpoint(store, Counting(), 60 * US, lambda e: e), Sequence(store, US))


def write(n: int, broken: list[bool] | None = None) -> Write:
    """A turn that the store does not take while ``broken`` holds a True."""
    def fail(conn: object) -> None:
        if broken and broken[0]:
            raise OSError("no such device")

    return Write(n, T0 + n, 1, pack([makers.smoke(str(n))]), deeds=[fail])


def test_the_first_failure_is_a_fault_the_next_are_the_same_one(tmp_path: Path) -> None:
    kept, broken = keeper(tmp_path), [True]
    fault = kept.keep(write(1, broken), T0 + 1)
    assert fault is not None
    assert (fault.kind, fault.body["code"], fault.body["detail"]) == ("fault.noted", "store", "gone")
    assert (kept.away, kept.away_since, kept.stored, kept.undurable) == (True, T0 + 1, 0, 1)
    assert kept.keep(write(2), T0 + 2) is None  # not tried again within a second
    assert len(kept.ledger.waiting) == 2
    kept._retry_at = 0.0
    assert kept.keep(write(3), T0 + 3) is None
    assert kept.away
    assert kept.pause_s > 0


def test_it_heals_by_itself_and_all_is_written(tmp_path: Path) -> None:
    kept, broken = keeper(tmp_path), [True]
    kept.keep(write(1, broken), T0)
    assert [(e.id, at) for events, at in kept.unkept() for e in events] == [("1", T0 + 1)]
    broken[0], kept._retry_at = False, 0.0
    assert kept.keep(write(2), T0) is None
    assert (kept.away, kept.stored, kept.undurable, kept.why, kept.unkept()) == (False, 2, 0, "ok", [])


def test_a_checkpoint_goes_with_the_turn_once_a_minute_and_never_while_the_store_is_away(tmp_path: Path) -> None:
    kept, broken = keeper(tmp_path), [True]
    kept.keep(write(1), T0)
    assert kept.checkpoint.turn == 1
    kept.keep(write(2), T0 + US)
    assert kept.checkpoint.turn == 1
    kept.keep(write(3, broken), T0 + 61 * US)
    assert kept.checkpoint.turn == 1
    broken[0], kept._retry_at = False, 0.0
    kept.keep(write(4), T0 + 62 * US)
    kept.keep(write(5), T0 + 63 * US)
    assert kept.checkpoint.turn == 5
