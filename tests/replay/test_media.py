"""What devices named is found again by place and time, each once, and nothing of another place."""

from __future__ import annotations

from pathlib import Path

from replay.media import Reference, references
from stream import tape
from stream.schema import US, DetectionRef, Event, RoadDetection
from stream.store import Store, open_store

AT = 1_790_000_000 * US
SITE = "XW-1"


def told(store: Store, at: int, site: str = SITE, **named: str) -> None:
    """A device's report, on the tape."""
    data = RoadDetection(site=site, what="fall", **named)
    event = Event(id=str(at), source="/device/cam", type="city.road.detection", time=at, subject=site, data=data, at=at)
    with store.begin() as conn:
        tape.append(conn, tape.last_turn(conn) + 1, at + US, [event])


def test_what_was_named_near_a_detection_at_its_place_is_told_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    told(store, AT - 60 * US, snapshot="https://nvr/old.jpg")
    told(store, AT, snapshot="https://nvr/a.jpg", clip="https://nvr/a.mp4")
    told(store, AT + US, snapshot="https://nvr/a.jpg")
    told(store, AT, site="XW-2", snapshot="https://nvr/other.jpg")
    told(store, AT)
    seen = [DetectionRef("reported", AT, SITE, 2), DetectionRef("near_miss", AT + US, SITE, 2)]
    assert references(store, SITE, seen) == [
        Reference("snapshot", AT, "/device/cam", "https://nvr/a.jpg"),
        Reference("clip", AT, "/device/cam", "https://nvr/a.mp4"),
    ]
    assert references(store, SITE, []) == []
    store.close()
