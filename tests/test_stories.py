"""Every story of tests/stories: it ends as it says, and its queue folds the same live and from the journal."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from stream.board import Board
from stream.canon import canon
from stream.journal import Journal, read, verify
from stream.kinds import KINDS
from stream.schema import Draft, Record
from stream.store import open_store
from tests.story import FOLDER, Story, shown

FILES = sorted(FOLDER.glob("*.toml"))


@cache
def told(file: Path) -> Story:
    """A story, told once for all the tests."""
    return Story(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_story_ends_as_it_says(file):
    told(file).check()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_prefix_folds_the_same_live_and_from_the_journal(file):
    story, board = told(file), Board()
    assert len(story.board.states) == len(story.records)
    for record, live in zip(story.records, story.board.states, strict=True):
        board.apply(msgspec.json.decode(canon(record), type=Record))
        assert shown(board, record.noted_at) == live, f"after record {record.seq} {record.kind}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_told_twice_it_is_the_same_to_the_last_link_of_the_chain(file):
    assert [r.chain for r in Story(file).records] == [r.chain for r in told(file).records]


def test_all_stories_one_after_another_in_a_real_journal(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    for file in FILES:
        records, board = told(file).records, Board()
        first = Journal(store).last_seq
        journal = Journal(store)
        again = [journal.stamp(_draft(r), r.noted_at) for r in records]
        with store.begin() as conn:
            journal.write(conn, again)
        for record in read(store, after=first):
            board.apply(record)
        if records:
            assert shown(board, records[-1].noted_at) == told(file).board.states[-1], file.stem
    assert verify(store).ok and verify(store).n > 1000


def _draft(record: Record) -> Draft:
    return Draft(record.kind, record.subject, record.at, record.body, record.by, record.cause)


def test_the_stories_use_every_deed_there_is():
    used = {r.kind for file in FILES for r in told(file).records}
    mine = {name for name in KINDS if name.startswith(("incident.", "escalation.", "case.", "context.", "detection."))}
    assert mine - used == set()
