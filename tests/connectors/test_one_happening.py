"""One happening, told by cameras of three makers, by a review of them and by a radar, is one incident."""

from __future__ import annotations

from typing import Any

import pytest

from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import load_rules
from connectors.axis import Axis
from connectors.frigate import Frigate
from connectors.native import Device, Format
from connectors.objects import Objects
from connectors.onvif import Onvif
from geo.city import load_city
from stream.board import Board
from stream.decide import Decider
from stream.heard import hear as heard
from stream.journal import Chain
from stream.schema import US, Event, Incident
from tests.connectors.native_ways import NOW, hear

SITE, FAR_SITE = "XW-GASU-1", "XW-DAEHO-1"
CITY = load_city()


class Room:
    """The cameras of a crossing, and the queue that hears them."""

    def __init__(self) -> None:
        zone = {"road": {"person": "jaywalking"}}
        of = {"cam-a": SITE, "cam-b": SITE, "cam-far": FAR_SITE}
        self.frigate = Frigate(Format(devices={name: Device(site, zones=zone) for name, site in of.items()}))
        self.onvif = Onvif(Format(devices={"city/cam-7": Device(SITE, rules={"Fence1": "jaywalking"})}))
        self.axis = Axis(Format(devices={"B8": Device(SITE, rules={"Wrong way": "wrong_way"})}), CITY.sites)
        self.radar = Objects(Format(devices={"radar": Device(SITE)}), CITY.sites)
        self.board = Board()
        engine, fuse = Engine(CITY, load_rules()), Fuse(CITY)
        self._decider = Decider(self.board, Chain(), engine, fuse.decide, heard, lambda done: pytest.fail("crash"))

    def take(self, translator: Any, topic: str, body: Any, after: float) -> list[Event]:
        """One native message, ``after`` seconds from the begin."""
        at = NOW + round(after * US)
        events, aside = hear(translator, topic, body, at)
        assert not aside
        self._decider.judge(events, at)
        return events

    def open(self) -> list[Incident]:
        """What stands in the queue."""
        return self.board.open(NOW + 60 * US)


def seen(id_: str, camera: str, after: float) -> dict[str, Any]:
    """A person in the road, in Frigate's words."""
    time = NOW / US + after
    one = {"id": id_, "camera": camera, "label": "person", "frame_time": time, "score": 0.8, "current_zones": ["road"]}
    return {"type": "update", "before": one, "after": one}


def review(ids: list[str], camera: str, after: float) -> dict[str, Any]:
    """A review that groups them."""
    data = {"detections": ids, "objects": ["person"], "zones": ["road"]}
    one = {"id": "r-1", "camera": camera, "start_time": NOW / US + after, "severity": "alert", "data": data}
    return {"type": "new", "before": one, "after": one}


def crossed(after: float) -> dict[str, Any]:
    """A line was crossed, in ONVIF's words."""
    whole, part = divmod(round(after * 1000), 1000)
    time = f"2026-11-23T08:00:{whole:02d}.{part:03d}Z"
    return {"UtcTime": time, "Source": {"Rule": "Fence1"}, "Data": {"ObjectId": "15"}}


def passed(n: int) -> list[dict[str, Any]]:
    """A car that goes straight at a child, the n-th frame of ten a second."""
    car = {"type": "CAR", "objectId": 1, "position": {"x": -20 + 0.9 * n, "y": 0}, "velocity": {"x": 9.0, "y": 0}}
    child = {"type": "PEDESTRIAN", "objectId": 2, "position": {"x": 0, "y": 0}, "velocity": {"x": 0, "y": 0}}
    return [{**one, "sensorId": "radar", "timestamp": 100 * n} for one in (car, child)]


def test_events_reviews_a_line_a_radar_and_a_path_are_one_incident() -> None:
    room = Room()
    for n in range(5):  # many updates on one object
        room.take(room.frigate, "frigate/events", seen("o1", "cam-a", 0.2 * n), 0.2 * n)
    room.take(room.frigate, "frigate/events", seen("o2", "cam-b", 0.5), 0.5)
    room.take(room.frigate, "frigate/reviews", review(["o1"], "cam-a", 0.6), 0.6)
    line = "city/cam-7/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/Fence1"
    room.take(room.onvif, line, crossed(0.9), 0.9)
    for n in range(20):
        room.take(room.radar, "objects/radar", passed(n), 1 + n / 10)
    path = {"id": "p", "anomaly": "Wrong way", "confidence": 90, "timestamp": NOW / 1000, "path": [{"t": NOW / US + 6}]}
    room.take(room.axis, "dataq/path/B8", path, 6)
    room.take(room.onvif, line, b"", 7)  # and the heartbeat says nothing
    (one,) = room.open()
    assert one.kind == "near_miss" and one.place is not None and one.place.site == SITE
    sources = {d.source for d in one.detections}
    assert {"/device/frigate/cam-a", "/device/onvif/city/cam-7", "/device/objects/radar", "/device/axis/B8"} <= sources


def test_the_same_at_another_crossing_is_another_matter() -> None:
    room = Room()
    room.take(room.frigate, "frigate/events", seen("o1", "cam-a", 0), 0)
    room.take(room.frigate, "frigate/events", seen("o1", "cam-far", 0), 0)
    assert [len(room.frigate.topics), len(room.open())] == [2, 1], "one object is one, whatever camera names it"
    room.take(room.frigate, "frigate/events", seen("o2", "cam-far", 1), 1)
    assert {i.place.site for i in room.open() if i.place} == {SITE, FAR_SITE}
