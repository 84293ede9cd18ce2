"""The board of a past moment is the board that the loop had then, from whatever checkpoint it is folded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.player import CHECKPOINTS_MAX, Player, board_at
from stream.board import Board
from stream.journal import Journal
from stream.schema import Draft, Record
from stream.store import Store, StoreError, open_store

START = 1_790_000_000_000_000
SECOND = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


class Day:
    """A journal that is written record by record, and the live board beside it."""

    def __init__(self, store: Store) -> None:
        self.store, self.journal, self.board, self.now = store, Journal(store), Board(), START
        self.history: list[tuple[int, bytes]] = []

    def write(self, *drafts: Draft, step: int = SECOND) -> None:
        self.now += step
        records = [self.journal.stamp(draft, self.now) for draft in drafts]
        with self.store.begin() as conn:
            self.journal.write(conn, records)
        for record in records:
            self.board.apply(record)
        self.history.append((self.now, picture(self.board)))

    def opened(self, step: int = SECOND) -> str:
        id = self.board.next_id(self.now)
        factors = [{"name": "threat", "points": 50, "why": "kind"}]
        body = {"kind": "sos", "domain": "care", "subject": f"HH-{id}", "priority": 1, "score": 80, "factors": factors}
        self.write(Draft("incident.opened", id, self.now, body), step=step)
        return id

    def done(self, kind: str, id: str, body: dict[str, object] | None = None, step: int = SECOND) -> None:
        self.write(Draft(kind, id, self.now, body or {}, "kim"), step=step)


def picture(board: Board) -> bytes:
    """Everything of the board that a screen can show."""
    return msgspec.json.encode(dict(sorted(board.incidents.items())))


def test_a_moment_holds_what_was_noted_by_then_and_nothing_after(store: Store) -> None:
    day = Day(store)
    id = day.opened()
    before = day.now
    day.done("incident.acknowledged", id)
    assert board_at(day.journal, before).get(id).state == "new"
    assert board_at(day.journal, day.now - 1).get(id).state == "new"
    assert board_at(day.journal, day.now).get(id).state == "acknowledged"
    assert board_at(day.journal, START).incidents == {}


DEEDS = st.lists(
    st.tuples(st.sampled_from(["open", "ack", "assign", "resolve", "reopen"]), st.sampled_from([0, SECOND]))
)


@given(DEEDS, st.integers(1, 5))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_prefix_folds_to_the_live_board(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]], every: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('day') / 'store.db'}")
    day, player = Day(store), None
    player = Player(day.journal, every)
    kinds = {
        "ack": ("incident.acknowledged", {}),
        "assign": ("incident.assigned", {"to": "lee"}),
        "resolve": ("incident.resolved", {"disposition": "test", "reason": "drill"}),
        "reopen": ("incident.reopened", {"state": "acknowledged", "why": "by_hand"}),
    }
    for n, (deed, step) in enumerate(deeds):
        ids = list(day.board.incidents)
        if deed == "open" or not ids:
            day.opened(step)
        else:
            kind, body = kinds[deed]
            day.done(kind, ids[n % len(ids)], body, step)
        player.board_at(day.now - SECOND * (n % 3))  # somebody looks back meanwhile
    live = dict(day.history)  # the last of one moment counts
    for at, expected in [*live.items(), *reversed(live.items())]:
        assert picture(player.board_at(at)) == expected
        assert picture(board_at(day.journal, at)) == expected
    store.close()


def test_seeking_reads_only_from_the_checkpoint_on(store: Store) -> None:
    day = Day(store)
    for _ in range(40):
        day.opened()
    read: list[int] = []

    class Counting:
        def read(self, after: int = 0, **more: object) -> Iterator[object]:
            for record in day.journal.read(after=after, **more):
                read.append(record.seq)
                yield record

    player = Player(Counting(), every=10)
    player.board_at(day.now)
    assert len(read) == 40
    read.clear()
    assert len(player.board_at(day.now).incidents) == 40
    assert len(read) <= 10


def test_who_changes_the_answer_does_not_change_the_past(store: Store) -> None:
    day = Day(store)
    day.opened()
    day.opened()
    player = Player(day.journal, every=1)
    player.board_at(day.now).incidents.clear()
    assert len(player.board_at(day.now).incidents) == 2


def test_checkpoints_are_bounded(store: Store) -> None:
    day = Day(store)
    for _ in range(CHECKPOINTS_MAX + 20):
        day.opened()
    player = Player(day.journal, every=1)
    player.board_at(day.now)
    assert len(player._points) <= CHECKPOINTS_MAX
    assert len(player.board_at(day.now).incidents) == CHECKPOINTS_MAX + 20


def test_the_span_has_ends_and_openings(store: Store) -> None:
    day = Day(store)
    assert Player(day.journal).span().marks == ()
    first = day.opened()
    begin = day.now
    day.opened()
    span = Player(day.journal).span(limit=1)
    assert (span.first, span.last, len(span.marks)) == (begin, day.now, 1)
    assert Player(day.journal).span().marks[0].id == first


def test_the_follower_lays_checkpoints_that_seeking_then_uses(store: Store) -> None:
    day = Day(store)
    for _ in range(30):
        day.done("incident.acknowledged", day.opened())
    player = Player(day.journal, every=10)
    while player.follow():
        pass
    assert [seq for _, seq, _ in player._points] == [10, 20, 30, 40, 50, 60]
    read = counted(day.journal, player)
    at, then = day.history[44]
    assert picture(player.board_at(at)) == then
    assert read() <= 10  # not the forty-four before it
    day.opened()
    assert player.follow() == 1  # what is written later is followed too


def counted(journal: Journal, player: Player):
    """How many records the player reads from here on."""
    n = [0]

    class Counted:
        last_seq = journal.last_seq

        def read(self, **how: Any) -> Iterator[Record]:
            for record in journal.read(**how):
                n[0] += 1
                yield record

    player._journal = Counted()
    return lambda: n[0]


def test_openings_are_marked_once_however_often_the_span_is_asked(store: Store) -> None:
    day = Day(store)
    player, first = Player(day.journal), day.opened()
    assert [m.id for m in player.span().marks] == [first]
    second = day.opened()
    assert [m.id for m in player.span().marks] == [first, second]
    assert [m.id for m in player.span(limit=1).marks] == [second]


def test_a_store_that_is_away_does_not_end_the_follower(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    day = Day(store)
    day.opened()
    player, answers = Player(day.journal), iter([StoreError("store", "away"), None])
    follow = player.follow

    def sometimes() -> int:
        if broken := next(answers):
            raise broken
        return follow()

    monkeypatch.setattr(player, "follow", sometimes)
    pauses: list[float] = []
    ended = threading.Event()

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        if len(pauses) == 3:
            ended.set()
        return ended.is_set()

    player.start(pause)
    assert ended.wait(10)
    assert player._ahead[0] == 1
