"""The time strip counts each record once, in the lane of who or what it is of, and the tape's events as they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay import lanes
from stream import tape
from stream.journal import Journal
from stream.kinds import KINDS
from stream.schema import US, Draft, Event, RoadFrame
from stream.store import Store, open_store

START = 1_790_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


def write(store: Store, *rows: tuple[int, str, str]) -> None:
    """Records (seconds after the start, kind, by)."""
    journal = Journal(store)
    records = [journal.stamp(Draft(kind, "S", START, {}, by), START + int(s * US)) for s, kind, by in rows]
    with store.begin() as conn:
        journal.write(conn, records)


@pytest.mark.parametrize(("kind", "by", "lane"), [
    ("incident.opened", "engine", "incident"), ("incident.opened", "kim", "operator"),
    ("incident.attached", "engine", "ruling"), ("detection.noted", "engine", "ruling"),
    ("incident.acknowledged", "kim", "operator"), ("incident.closed", "engine", "incident"),
    ("paint.noted", "kim", "operator"), ("access.refused", "", "operator"), ("training.noted", "lee", "operator"),
    ("escalation.requested", "kim", "operator"), ("escalation.sent", "outbox", "agency"),
    ("escalation.accepted", "agency-119", "agency"), ("device.noted", "/device/cam-1", "sensor"),
    ("source.gap", "engine", "sensor"), ("case.contact", "/dong/1", "sensor"),
])  # fmt: skip
def test_a_record_stands_in_the_lane_of_who_or_what_it_is_of(kind: str, by: str, lane: str) -> None:
    assert kind in KINDS
    assert lanes.lane_of(kind, by) == lane


ROWS = st.tuples(st.integers(0, 119), st.sampled_from(sorted(KINDS)), st.sampled_from(["engine", "kim", "/d"]))


@given(st.lists(ROWS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_counts_are_those_of_counting_one_by_one(tmp_path_factory, rows) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('s') / 'store.db'}")
    write(store, *sorted(rows))
    told = lanes.strip(store, START + 10 * US, START + 100 * US, 9)
    slow = Counter((lanes.lane_of(kind, by), (s - 10) // 10) for s, kind, by in rows if 10 <= s < 100)
    assert {(lane, n): count for lane, counts in told.lanes.items() for n, count in enumerate(counts) if count} == slow
    store.close()


def test_what_came_in_is_counted_from_the_tape(store: Store) -> None:
    frame = Event(id="f", source="/d", type="city.road.frame", time=START, subject="XW-1",
                  data=RoadFrame(site="XW-1", objects=[]), arrival=START, at=START)  # fmt: skip
    with store.begin() as conn:
        tape.append(conn, 1, START + US, [frame, frame])
        tape.append(conn, 2, START + 15 * US, [frame])
        tape.append(conn, 3, START + 20 * US, [frame])
    assert lanes.strip(store, START, START + 20 * US, 2).lanes["sensor"] == [2, 1]


def test_a_step_goes_to_the_next_record_and_back(store: Store) -> None:
    write(store, (1, "run.started", "house"), (3, "fault.noted", "house"))
    assert lanes.beside(store, START, True) == (START + US, 1)
    assert lanes.beside(store, START + US, True) == (START + 3 * US, 2)
    assert lanes.beside(store, START + 3 * US, True) is None
    assert lanes.beside(store, START + 3 * US, False) == (START + US, 1)
    assert lanes.beside(store, START + US, False) is None


def test_the_numbers_of_a_span(store: Store) -> None:
    write(store, (1, "run.started", "house"), (3, "fault.noted", "house"), (5, "fault.noted", "house"))
    assert lanes.numbers(store, START + 2 * US, START + 6 * US) == (2, 3)
    assert lanes.numbers(store, START + 6 * US, START + 9 * US) == (0, 0)
