"""Moving objects reach the screens that watch their site, the newest frame only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from console import frames as module
from console.frames import OVERVIEW_SITES, WATCH_MAX, Frames, flat
from stream.schema import Event, RoadFrame, RoadObject
from tests.console.livehouse import LiveHouse

Sent = list[tuple[str, dict[str, Any], str]]


def frame(site: str, x: float = 10.0) -> Event:
    objects = [RoadObject(7, "child", x, -5.0, 3.0, 4.0), RoadObject("b", "bus", 0.0, 0.0, 0.0, 0.0)]
    return Event("e", "/device/r", "city.road.frame", 1, site, RoadFrame(site, objects))


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def frames(live: LiveHouse, sent: Sent, tick: list[float]) -> Frames:
    return Frames(live.house.city, lambda event, raw, room: sent.append((event, msgspec.json.decode(bytes(raw)), room)))


def hear(frames: Frames, *events: Event) -> None:
    frames.hear(SimpleNamespace(events=list(events)))


def test_an_object_is_five_values_in_degrees_and_metres_a_second(live: LiveHouse) -> None:
    site = next(iter(live.house.city.sites.values()))
    row = flat(site, frame(site.id))
    assert row[:2] == [7, "child"]
    assert (row[2] > site.lon, row[3] < site.lat, row[4]) == (True, True, 5.0)
    assert row[5:] == ["b", "bus", round(site.lon, 6), round(site.lat, 6), 0.0]


def test_only_watched_sites_are_sent_and_only_their_newest_frame(live: LiveHouse, frames: Frames, sent: Sent) -> None:
    first, second = list(live.house.city.sites)[:2]
    hear(frames, frame(first))
    assert not frames.waiting
    assert frames.watch("screen", [first, "nowhere"]) == [f"site:{first}"]
    hear(frames, frame(first, 1.0), frame(second), frame(first, 20.0))
    frames.flush(5_000)
    ((event, body, room),) = sent
    assert (event, room, body["at"], list(body["sites"])) == ("frames", f"site:{first}", 5, [first])
    assert body["sites"][first] == flat(live.house.city.sites[first], frame(first, 20.0))


def test_at_most_ten_a_second(live: LiveHouse, frames: Frames, sent: Sent, tick: list[float]) -> None:
    site = next(iter(live.house.city.sites))
    frames.watch("screen", [site])
    for _ in range(100):  # one second of a sensor at 100 Hz
        hear(frames, frame(site))
        frames.flush(0)
        tick[0] += 0.01
    assert len(sent) in (9, 10, 11)
    tick[0] += 1.0
    frames.flush(0)
    assert not frames.waiting  # what was held back is not lost


def test_nobody_watching_costs_nothing(live: LiveHouse, frames: Frames, sent: Sent) -> None:
    site = next(iter(live.house.city.sites))
    frames.watch("screen", [site])
    frames.leave("screen")
    hear(frames, frame(site))
    frames.flush(0)
    assert sent == []


def test_the_overview_shows_sites_that_have_something_open(live: LiveHouse, frames: Frames, sent: Sent) -> None:
    sites = list(live.house.city.sites)
    assert frames.watch("wall", ["*"]) == ["site:*"]
    frames.overview([None, "HH-0001", *sites[:8], sites[0]])
    hear(frames, *(frame(site) for site in sites[:8]))
    frames.flush(0)
    overview = [body for _, body, room in sent if room == "site:*"]
    assert [list(body["sites"]) for body in overview] == [sites[:OVERVIEW_SITES]]


def test_the_list_is_bounded(live: LiveHouse, frames: Frames) -> None:
    assert len(frames.watch("screen", list(live.house.city.sites))) == WATCH_MAX
