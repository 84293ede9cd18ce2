"""A store written to a file and read into an empty one is the same store, whichever database either is."""

import io

import pytest
from sqlalchemy import insert, select

from stream import dump, tables
from stream.journal import Journal, verify
from stream.schema import Draft, SourceError
from stream.store import open_store


@pytest.fixture
def filled(store):
    """A store with records, bytes, a flag and enough identities for several frames."""
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("incident.noted", "i", n, {"말": n}), n) for n in range(7)])
        conn.execute(insert(tables.tape).values(turn=1, now=5, n=2, data=b"\x00\xff"))
        conn.execute(insert(tables.seen), [{"source": "s", "id": f"{n:05}", "at": n} for n in range(1200)])
        conn.execute(insert(tables.accounts).values(user="kim", hash="h", role="operator", disabled=True))
    return store


def written(store):
    out = io.BytesIO()
    with store.read() as conn:
        n = dump.write(conn, tables.schema, out)
    return n, out.getvalue()


def empty(tmp_path, name="other.db"):
    """A new SQLite store whose tables hold nothing at all."""
    other = open_store(f"sqlite:///{tmp_path / name}")
    with other.begin() as conn:
        conn.execute(tables.meta.delete())
    return other


def rows(store):
    with store.read() as conn:
        return {t.name: [tuple(r) for r in conn.execute(select(t).order_by(*t.primary_key))]
                for t in tables.schema.sorted_tables}


def test_what_is_read_back_is_what_was_written(filled, tmp_path):
    n, data = written(filled)
    other = empty(tmp_path)
    with other.begin() as conn:
        assert dump.read(conn, tables.schema, io.BytesIO(data)) == n > 1200
    assert rows(other) == rows(filled)
    assert verify(other).ok
    other.close()


@pytest.mark.parametrize("cut", [10, -3, -40])
def test_file_that_was_cut_is_refused_and_nothing_stays(filled, tmp_path, cut):
    _, data = written(filled)
    other = empty(tmp_path)
    with pytest.raises(SourceError, match="bad_backup"), other.begin() as conn:
        dump.read(conn, tables.schema, io.BytesIO(data[:cut]))
    assert all(found == [] for found in rows(other).values())
    other.close()


def test_other_bytes_are_no_backup(store):
    with pytest.raises(SourceError, match="bad_backup"):
        list(dump.frames(io.BytesIO(b"a letter to the editor")))
