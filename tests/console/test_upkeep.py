"""Backup, restore, migrate and purge as a person types them."""

import pytest

from console.upkeep import backup, migrate, purge, restore
from stream import migrations, tables
from stream.journal import Journal, read
from stream.schema import Draft
from stream.store import StartError, open_database, open_store
from stream.vault import Vault


@pytest.fixture
def data(tmp_path):
    """A data folder with one record and a vault."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    Vault(f"sqlite:///{folder / 'vault.db'}", folder / "vault.key").close()
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("fault.noted", "s", 1, {"code": "x"}), 1)])
    store.close()
    return folder


def test_copy_makes_the_same_house_and_the_person_is_told_of_the_key(data, tmp_path, capsys):
    assert backup([str(tmp_path / "copy"), "--data", str(data)]) == 0
    assert "key is not in it" in capsys.readouterr().out
    assert restore([str(tmp_path / "copy"), "--data", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    assert "the chain is whole" in said and f"key to {tmp_path / 'new' / 'vault.key'}" in said
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'store.db'}")
    assert [r.kind for r in read(store)] == ["fault.noted"]
    store.close()


def test_old_store_is_brought_to_this_version(data, capsys):
    store = open_store(f"sqlite:///{data / 'store.db'}")
    with store.begin() as conn:
        migrations.migrate(conn, migrations.VERSION - 1)
    store.close()
    assert migrate(["--data", str(data)]) == 0
    assert capsys.readouterr().out == f"schema {migrations.VERSION - 1} -> {migrations.VERSION}\n"
    found = []
    open_database(f"sqlite:///{data / 'store.db'}", lambda conn: found.append(migrations.version(conn))).close()
    assert found == [migrations.VERSION]


def test_nothing_is_migrated_under_a_running_console(data):
    store = open_store(f"sqlite:///{data / 'store.db'}")
    store.lock()
    with pytest.raises(StartError, match="already runs"):
        migrate(["--data", str(data)])
    store.close()


def test_what_is_too_old_is_destroyed_and_told(data, capsys):
    store = open_store(f"sqlite:///{data / 'store.db'}")
    with store.begin() as conn:
        conn.execute(tables.tape.insert().values(turn=1, now=1, n=1, data=b""))
    store.close()
    assert purge(["--data", str(data)]) == 0
    assert capsys.readouterr().out.startswith("destroyed: 1 tape, 0 readings, 0 seen, ")
    with pytest.raises(StartError, match="no store at"):
        purge(["--data", str(data / "typo")])
