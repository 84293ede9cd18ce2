"""Vehicles of a site and hour, counted from frames: by hand, in any cut, from several sources, over a stop."""

from __future__ import annotations

from typing import Any

from stream.schema import US, Event, RoadFrame, RoadObject
from stream.traffic import MOST, Traffic

T0 = 1_772_409_600 * US  # 2026-03-02 09:00 in Korea
KPH = 1 / 3.6


def frame(seconds: float, *objects: tuple[Any, str, float], source: str = "/device/r1", site: str = "XW-1") -> Event:
    """A frame with objects (id, class, km/h)."""
    at = T0 + int(seconds * US)
    seen = [RoadObject(id, cls, 0.0, 0.0, kph * KPH, 0.0) for id, cls, kph in objects]
    return Event(f"{source}{at}", source, "city.road.frame", at, site, RoadFrame(site, seen), None, at, at)


def told(events: list[Event], rest_s: float | None = None) -> list[tuple[str, dict[str, Any]]]:
    traffic = Traffic(lambda site, at: 30.0)
    drafts = [d for e in events for d in traffic.hear(e)]
    drafts += [] if rest_s is None else traffic.rest(T0 + int(rest_s * US))
    return [(d.subject, d.body) for d in drafts]


def test_an_hour_counted_by_hand():
    events = [
        frame(0, (1, "vehicle", 20), (2, "bus", 40), (9, "pedestrian", 5), (7, "truck", 0)),
        frame(0.5, (1, "vehicle", 99)),  # the same second: not looked at
        frame(1, (1, "vehicle", 30), (2, "bus", 50), (7, "truck", 0)),
        frame(2, (1, "vehicle", 34)),  # once above is an error of the sensor, not speeding
        frame(3, (3, "motorcycle", 60)),  # seen once only, and too fast
        frame(100, (1, "vehicle", 12)),  # the id again after 30 s: another vehicle
        frame(3659),
        frame(3660),
    ]
    ((site, body),) = told(events)
    assert site == "XW-1"
    # 1: mean 28, kept; 2: mean 45, twice above; 3: 60; 1 again: 12, kept; the truck stood, the pedestrian walked
    assert body == {"frm": T0, "vehicles": 4, "within": 2, "mean_kph": 36.25, "limit_kph": 30.0, "seconds": 5}


def test_a_vehicle_counts_for_the_hour_it_was_last_seen_in():
    rows = told([frame(3599, (1, "vehicle", 20)), frame(3601, (1, "vehicle", 20)), frame(7300)])
    assert [(b["frm"] - T0, b["vehicles"]) for _, b in rows] == [(0, 0), (3600 * US, 1)]


def test_of_two_sources_at_one_site_the_one_that_counted_more_speaks():
    events = [frame(n, (n // 2, "vehicle", 20), source="/device/r1") for n in range(10)]
    events += [frame(n, (1, "vehicle", 20), source="/device/cam") for n in range(20, 22)]
    ((_, body),) = told([*events, frame(3700)])
    assert (body["vehicles"], body["within"]) == (5, 5)


def test_a_site_that_fell_silent_is_told_when_the_console_stops():
    events = [frame(0, (1, "vehicle", 20)), frame(5, (1, "vehicle", 20), site="XW-2", source="/device/r2")]
    assert [(site, b["vehicles"]) for site, b in told(events, rest_s=60)] == [("XW-1", 1), ("XW-2", 1)]


def test_an_older_frame_of_a_source_and_other_events_are_not_looked_at():
    late = frame(1, (2, "vehicle", 90))
    rows = told([frame(5, (1, "vehicle", 20)), late], rest_s=60)
    assert [b["vehicles"] for _, b in rows] == [1]
    other = Event("x", "/device/r1", "city.road.signal", T0, "XW-1", None, None, T0, T0)
    assert told([other], rest_s=60) == []


def test_a_source_that_invents_tracks_does_not_fill_the_memory():
    crowd = [(n, "vehicle", 20) for n in range(MOST + 50)]
    ((_, body),) = told([frame(0, *crowd)], rest_s=60)
    assert body["vehicles"] == MOST
