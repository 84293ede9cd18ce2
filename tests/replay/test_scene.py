"""A near miss seen again: the frames around it, of its site alone, not more than the eye needs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from replay.scene import scene
from stream import tape
from stream.schema import US, Event, RoadFrame, RoadObject, RoadSignal
from stream.store import open_store

START = 1_790_000_000_000_000


@pytest.fixture
def store(tmp_path: Path):
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


def frame(at: int, x: float, site: str = "XW-1", source: str = "/device/radar-1") -> Event:
    walker = RoadObject(id=7, cls="child", x=x, y=1.0, vx=1.2, vy=0.0)
    return Event(id=str(at), source=source, type="city.road.frame", time=at, subject=site,
                 data=RoadFrame(site=site, objects=[walker]), arrival=at, at=at)  # fmt: skip


def put(store, events: list[Event]) -> None:
    with store.begin() as conn:
        for turn, event in enumerate(events, tape.last_turn(conn) + 1):
            tape.append(conn, turn, event.at, [event])


def test_the_frames_around_the_moment_come_back_in_order(store):
    put(store, [frame(START + n * US // 10, n * 0.12) for n in range(-200, 200)])
    told = scene(store, "XW-1", START)
    assert told[0].at == START - 6 * US
    assert told[-1].at == START + 4 * US
    assert [p.at for p in told] == sorted(p.at for p in told)
    assert told[60].objects == [[7, "child", 0.0, 1.0, 1.2, 0.0]]


def test_other_crossings_and_other_times_are_not_in_it(store):
    put(store, [frame(START - 20 * US, 0.0), frame(START, 5.0, site="XW-2"), frame(START + 20 * US, 0.0)])
    assert scene(store, "XW-1", START) == []


def test_a_fast_sensor_gives_no_more_than_ten_pictures_a_second(store):
    put(store, [frame(START + n * US // 40, n * 0.03) for n in range(120)])
    told = scene(store, "XW-1", START + US)
    assert len(told) <= 31
    assert all(b.at - a.at >= 90_000 for a, b in pairwise(told))


def test_the_walk_signal_that_was_last_heard_stands_beside(store):
    signal = Event(id="s", source="/device/signal-1", type="city.road.signal", time=START, subject="XW-1",
                   data=RoadSignal(site="XW-1", vehicle="red", pedestrian="walk"), arrival=START, at=START)  # fmt: skip
    put(store, [frame(START - US, 0.0), signal, frame(START + US, 1.0)])
    assert [p.walk for p in scene(store, "XW-1", START)] == ["", "walk"]
