"""The journal keeps order and shows every edit: which record, and how."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from stream import tables
from stream.journal import GENESIS, HEAD, PAGE, Journal, Reader, head_text, link, newest, verify
from stream.schema import Draft, SourceError
from stream.store import Store, open_store

T = tables.journal


def drafts(n: int) -> list[Draft]:
    bodies = [{"ref": f"r{i}", "x": i / 7, "말": "글"} for i in range(n)]
    return [Draft("incident.noted", f"20260302-{i % 3:04}", i, body) for i, body in enumerate(bodies)]


def write(store: Store, n: int) -> Journal:
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(draft, 1000 + draft.at) for draft in drafts(n)])
    return journal


def test_what_is_written_is_read_in_order_by_any_filter(store: Store) -> None:
    journal = write(store, 30)
    records = list(journal.read())
    assert [r.seq for r in records] == list(range(1, 31))
    assert records[4].body == drafts(5)[4].body
    assert [r.seq for r in journal.read(after=27)] == [28, 29, 30]
    assert [r.seq for r in journal.read(until=2)] == [1, 2]
    assert {r.subject for r in journal.read(subject="20260302-0001")} == {"20260302-0001"}
    assert [r.seq for r in journal.read(after=3, limit=4)] == [4, 5, 6, 7]
    assert [r.seq for r in journal.read(noted_until=1002)] == [1, 2, 3]
    assert not list(journal.read(kinds=["fault.noted"]))
    assert journal.last_seq == 30


def test_the_chain_is_what_the_book_says(store: Store) -> None:
    journal = Journal(store)
    record = journal.stamp(Draft("fault.noted", "store", 5, {"b": 1, "a": 2}, "house", "timer"), 6)
    fields = (1, 5, 6, "fault.noted", "store", "house", "timer")
    assert record.chain == link(GENESIS, fields, b'{"a":2,"b":1}') == journal.chain


def test_more_than_a_page_and_a_journal_opened_again_goes_on(store: Store) -> None:
    write(store, 4100)
    journal = write(store, 10)
    assert journal.last_seq == 4110
    assert not journal.strange_head
    verdict = verify(store)
    assert (verdict.ok, verdict.n, verdict.head) == (True, 4110, head_text(4110, journal.chain))


def test_who_only_reads_knows_where_it_ends_and_writes_nothing(store: Store) -> None:
    reader = Reader(store)
    assert (reader.last_seq, list(reader.read())) == (0, [])
    write(store, 5)
    with store.read() as conn:
        head = conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == HEAD)).scalar()
    assert Reader(store).last_seq == reader.last_seq == 5
    assert [r.seq for r in reader.read(after=3)] == [4, 5]
    with store.read() as conn:
        assert conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == HEAD)).scalar() == head


def test_backwards_it_is_read_by_kind_and_time_over_more_than_a_page(store: Store) -> None:
    journal = Journal(store)
    kinds = ("run.started", "access.login")
    made = [journal.stamp(Draft(kinds[n % 2], "x", n, {}), n) for n in range(2 * PAGE + 6)]
    with store.begin() as conn:
        journal.write(conn, made)
    logins = [r.seq for r in newest(store, ["access.login"], 0, 2**62)]
    assert logins == sorted((r.seq for r in made if r.kind == "access.login"), reverse=True)
    assert [r.seq for r in newest(store, ["access.login"], 3, 6)] == [6, 4]
    assert next(newest(store, ["access.login"], 0, 2**62, before=6)).seq == 4
    assert [r.seq for r in newest(store, ["access.login"], 0, 2**62, before=7, after=2)] == [6, 4]
    assert not list(newest(store, ["access.login"], 0, 2**62, but=["engine"]))
    assert not list(newest(store, ["access.login"], 0, 2**62, by="kim"))
    assert next(newest(store, ["access.login"], 0, 7, by="ENG")).seq == 6, "a part of the account, small or large"


def test_an_empty_journal_is_whole(store: Store) -> None:
    Journal(store)
    assert verify(store).ok


def test_stamped_but_not_committed_is_not_there_and_may_be_written_later(store: Store) -> None:
    journal = Journal(store)
    record = journal.stamp(drafts(1)[0], 1)
    assert not list(journal.read())
    with pytest.raises(RuntimeError):
        with store.begin() as conn:
            journal.write(conn, [record])
            raise RuntimeError
    with store.begin() as conn:
        journal.write(conn, [record])
    assert list(journal.read()) == [record]
    assert verify(store).ok


def flip(conn, n, rnd):  # type: ignore[no-untyped-def]
    seq = rnd.randint(1, n)
    column = rnd.choice(["at", "noted_at", "kind", "subject", "by", "cause", "body", "chain"])
    old = conn.execute(select(T.c[column]).where(T.c.seq == seq)).scalar()
    if isinstance(old, int):
        new = old + rnd.choice([-1, 1, 1 << 40])
    else:
        i = rnd.randrange(len(old) + 1)
        new = old[:i] + rnd.choice("0x글 ") + old[i:]
    conn.execute(update(T).where(T.c.seq == seq).values({column: new}))
    return seq


def remove(conn, n, rnd):  # type: ignore[no-untyped-def]
    seq = rnd.randint(1, n)
    conn.execute(delete(T).where(T.c.seq == seq))
    return seq


def put_in(conn, n, rnd):  # type: ignore[no-untyped-def]
    """A record more, the later ones renumbered, no link recomputed."""
    seq = rnd.randint(1, n)
    row = dict(conn.execute(select(T).where(T.c.seq == seq)).mappings().one())
    for later in range(n, seq - 1, -1):
        conn.execute(update(T).where(T.c.seq == later).values(seq=later + 1))
    conn.execute(insert(T).values(row | {"body": '{"forged":1}'}))
    return seq


def swap(conn, n, rnd):  # type: ignore[no-untyped-def]
    """Two neighbours change places with their links."""
    seq = rnd.randint(1, n - 1)
    for old, new in ((seq, -1), (seq + 1, seq), (-1, seq + 1)):
        conn.execute(update(T).where(T.c.seq == old).values(seq=new))
    return seq


def cut_middle(conn, n, rnd):  # type: ignore[no-untyped-def]
    """Some in a row are gone and the later ones are renumbered."""
    seq = rnd.randint(1, n - 2)
    conn.execute(delete(T).where(T.c.seq.in_([seq, seq + 1])))
    for later in range(seq + 2, n + 1):
        conn.execute(update(T).where(T.c.seq == later).values(seq=later - 2))
    return seq


def cut_tail(conn, n, rnd):  # type: ignore[no-untyped-def]
    seq = rnd.randint(1, n)
    conn.execute(delete(T).where(T.c.seq >= seq))
    return seq


EDITS = [flip, remove, put_in, swap, cut_middle, cut_tail]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('journal')}/s.db")
    write(store, 25)
    yield store
    store.close()


@given(edit=st.sampled_from(EDITS), seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_edit_is_found_and_the_first_bad_record_named(filled: Store, edit, seed: int) -> None:  # type: ignore[no-untyped-def]
    with filled.read() as conn:
        before = conn.execute(select(T)).mappings().all()
    with filled.begin() as conn:
        first_bad = edit(conn, 25, random.Random(seed))
    verdict = verify(filled)
    with filled.begin() as conn:
        conn.execute(delete(T))
        conn.execute(insert(T), [dict(row) for row in before])
    assert not verdict.ok
    assert verdict.first_bad == first_bad
    assert verify(filled).ok


@pytest.mark.parametrize("edit", EDITS)
def test_each_kind_of_edit_is_found_on_both_databases(store: Store, edit) -> None:  # type: ignore[no-untyped-def]
    write(store, 12)
    with store.begin() as conn:
        first_bad = edit(conn, 12, random.Random(7))
    assert verify(store).first_bad == first_bad


def test_a_head_noted_elsewhere_shows_a_journal_that_was_cut_with_its_head(store: Store) -> None:
    journal = write(store, 10)
    noted = head_text(10, journal.chain)
    with store.begin() as conn:
        conn.execute(delete(T).where(T.c.seq > 6))
        chain = conn.execute(select(T.c.chain).where(T.c.seq == 6)).scalar_one()
        conn.execute(update(tables.meta).where(tables.meta.c.key == "journal.head").values(value=head_text(6, chain)))
    assert verify(store).ok  # the limit, as the head of the module says
    verdict = verify(store, noted)
    assert (verdict.ok, verdict.first_bad, verdict.why) == (False, 7, "cut")


def test_a_journal_rebuilt_from_a_record_on_differs_from_the_head_noted_elsewhere(store: Store) -> None:
    noted = head_text(5, write(store, 5).chain)
    with store.begin() as conn:
        conn.execute(delete(T))
        conn.execute(text("DELETE FROM meta WHERE key = 'journal.head'"))
    journal = Journal(store)
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(draft, 9) for draft in drafts(8)])
    assert verify(store).ok
    verdict = verify(store, noted)
    assert (verdict.ok, verdict.first_bad, verdict.why) == (False, 5, "rebuilt")


def test_records_after_the_head_were_not_written_by_us(store: Store) -> None:
    write(store, 3)
    journal = Journal(store)
    forged = journal.stamp(drafts(1)[0], 1)
    with store.begin() as conn:
        conn.execute(insert(T).values(seq=4, at=forged.at, noted_at=1, kind=forged.kind, subject=forged.subject,
                                      by=forged.by, cause="", body='{"ref":"r0","x":0.0,"말":"글"}',
                                      chain=forged.chain))
    verdict = verify(store)
    assert (verdict.ok, verdict.first_bad, verdict.why) == (False, 4, "appended")
    assert Journal(store).strange_head


def test_a_head_that_is_none_is_refused(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.db")
    with pytest.raises(SourceError, match="bad_head"):
        verify(store, "yesterday")
    store.close()
