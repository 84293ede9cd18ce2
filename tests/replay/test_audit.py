"""The auditor's verb on a journal that is whole, edited, cut, and on one that isn't there."""

import sqlite3

import pytest

from replay.audit import main
from stream.journal import Journal
from stream.schema import Draft, SourceError
from stream.store import StartError, open_store


@pytest.fixture
def journal(tmp_path):
    """A data folder with ten records; the answer is the folder and the head after the last."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("incident.noted", "i", n, {"n": n}), n) for n in range(10)])
    store.close()
    return tmp_path, f"10:{journal.chain}"


def edit(folder, statement):
    with sqlite3.connect(folder / "store.db") as conn:
        conn.execute(statement)


def test_whole_journal_is_told_with_its_head(journal, capsys):
    folder, head = journal
    assert main(["verify", "--data", str(folder), "--head", head]) == 0
    assert capsys.readouterr().out == f"whole: 10 records, head {head}\n"


@pytest.mark.parametrize(("statement", "said"), [
    ("update journal set body = '{\"n\":7}' where seq = 4", "BROKEN at record 4: it is not what was written (3"),
    ("delete from journal where seq = 6", "BROKEN at record 6: it is missing (5 records"),
    ("delete from journal where seq > 8", "BROKEN at record 9: the journal was cut off here (8 records"),
])
def test_first_bad_record_is_named(journal, capsys, statement, said):
    edit(journal[0], statement)
    assert main(["verify", "--store", f"sqlite:///{journal[0] / 'store.db'}"]) == 1
    assert capsys.readouterr().out.startswith(said)


def test_store_that_is_not_there_is_the_callers_mistake(tmp_path):
    with pytest.raises(StartError, match="no store at"):
        main(["verify", "--data", str(tmp_path / "typo")])
    assert not (tmp_path / "typo").exists()


def test_head_that_is_none_is_refused(journal):
    with pytest.raises(SourceError, match="bad_head"):
        main(["verify", "--data", str(journal[0]), "--head", "what"])
