"""A copy taken while the console runs makes the same house again, except that reports under way became unknown."""

from pathlib import Path

import pytest
from sqlalchemy import select

from stream import tables
from stream.backup import MANIFEST, backup, read_manifest, restore
from stream.board import Board
from stream.journal import Journal, read, verify
from stream.kinds import check
from stream.schema import Draft, SourceError
from stream.store import StartError, open_store
from stream.vault import Vault

REPORT = {"agency": "119", "generation": 1, "key": "k1", "exercise": True}


@pytest.fixture
def urls(store_url, tmp_path):
    """Where the house is: its store (each database in turn) and its vault."""
    return {"store": store_url, "vault": f"sqlite:///{tmp_path / 'vault.db'}"}


def new(tmp_path):
    """Where a house could be made anew."""
    folder = tmp_path / "new"
    folder.mkdir(exist_ok=True)
    return {"store": f"sqlite:///{folder / 'store.db'}", "vault": f"sqlite:///{folder / 'vault.db'}"}


@pytest.fixture
def house(urls, tmp_path):
    """A running house: an incident, a report sent and not answered, a sealed text; the answer is the text's ref."""
    store, vault = open_store(urls["store"]), Vault(urls["vault"], tmp_path / "vault.key", lambda: 1)
    ref = vault.seal("case-1", "쌀이 없어요", "event")
    drafts = [
        Draft("incident.opened", "20260302-0001", 1,
              {"kind": "smoke", "domain": "care", "subject": "HH-1", "priority": 1, "score": 80, "factors": [],
           "detections": [], "text_ref": ref}),
        Draft("escalation.requested", "20260302-0001", 2, {**REPORT, "send_at": 7, "revision": 1}, "kim"),
        Draft("escalation.sent", "20260302-0001", 8, {k: REPORT[k] for k in ("agency", "generation", "key")}),
    ]
    journal = Journal(store)
    with store.begin() as conn:
        for draft in drafts:
            check(draft)
        journal.write(conn, [journal.stamp(draft, draft.at) for draft in drafts])
        conn.execute(tables.seen.insert().values(source="s", id="a", at=1))
    yield ref
    vault.close()
    store.close()


def records(url):
    store = open_store(url)
    found = list(read(store))
    assert verify(store).ok
    store.close()
    return found


def test_restored_house_is_the_same_and_sends_nothing_again(house, urls, tmp_path):
    backup(urls, tmp_path / "copy", 100)
    manifest, doubtful = restore(tmp_path / "copy", new(tmp_path), 200)
    old, made = records(urls["store"]), records(new(tmp_path)["store"])
    assert made[:-1] == old and manifest.head == f"3:{old[-1].chain}" and doubtful == 1
    assert (made[-1].kind, made[-1].body["reason"]) == ("escalation.unknown", "restored")
    board = Board()
    for record in made:
        board.apply(record)
    assert [e.state for e in board.incidents["20260302-0001"].escalations] == ["unknown"] and not board.moving
    vault = Vault(new(tmp_path)["vault"], tmp_path / "vault.key")
    assert vault.open(house) == "쌀이 없어요"
    vault.close()
    store = open_store(new(tmp_path)["store"])
    with store.read() as conn:
        assert conn.execute(select(tables.seen.c.id)).scalars().all() == ["a"]
    store.close()


def test_key_of_the_vault_is_not_in_the_copy(house, urls, tmp_path):
    backup(urls, tmp_path / "copy", 100)
    key = (tmp_path / "vault.key").read_bytes().strip()
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == [MANIFEST, "store.zst", "vault.zst"]
    assert all(key not in p.read_bytes() for p in (tmp_path / "copy").iterdir())


def test_copy_that_was_changed_is_refused_and_nothing_stays(house, urls, tmp_path):
    backup(urls, tmp_path / "copy", 100)
    file = tmp_path / "copy" / "store.zst"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(SourceError, match="store: not the bytes"):
        restore(tmp_path / "copy", new(tmp_path), 200)
    assert list((tmp_path / "new").iterdir()) == []


def test_folder_without_a_copy_is_refused(tmp_path):
    with pytest.raises(SourceError, match="bad_backup"):
        read_manifest(tmp_path)


def test_nothing_is_written_over(house, urls, tmp_path):
    backup(urls, tmp_path / "copy", 100)
    with pytest.raises(StartError, match="cannot be made"):
        backup(urls, tmp_path / "copy", 100)
    with pytest.raises(StartError, match="empty"):
        restore(tmp_path / "copy", urls, 200)
    assert len(records(urls["store"])) == 3
    restore(tmp_path / "copy", new(tmp_path), 200)
    with pytest.raises(StartError, match="exists"):
        restore(tmp_path / "copy", new(tmp_path), 300)


def test_house_that_is_not_there_is_not_copied(tmp_path):
    with pytest.raises(StartError, match="no store at"):
        backup(new(tmp_path), Path(tmp_path / "copy"), 1)
    assert not (tmp_path / "copy").exists()
