"""Axis DataQ: a finished path and the camera's own events; pictures are no metres."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.axis import Axis
from connectors.native import Device, Format
from connectors.objects import Origin
from geo.frame import to_lonlat
from stream.schema import US
from tests.connectors.native_ways import NOW, anything, facts, hear, samples

SITE = Origin(127.05, 37.15)
GATE = Device("SZ-1", rules={"Wrong way": "wrong_way", "VideoSource/ImageTooDark": "tamper"})
CAMERAS = Format(devices={"B8A44F7ADD87": GATE})
PATH, EVENT = "dataq/path/B8A44F7ADD87", "dataq/event/B8A44F7ADD87/VideoSource/ImageTooDark"


@pytest.fixture
def axis() -> Axis:
    return Axis(CAMERAS, {"SZ-1": SITE})


def path(**more: Any) -> dict[str, Any]:
    lon, lat = to_lonlat(SITE, 12.0, -3.0)
    last = {"x": 432, "y": 718, "t": NOW / US - 2.5, "lat": lat, "lon": lon}
    points = [{"x": 120, "y": 720, "t": NOW / US - 6.0}, last]
    return {"class": "Car", "confidence": 91, "timestamp": NOW / 1000 - 6000, "id": "a1", "color": "Silver",
            "anomaly": "Wrong way", "path": points} | more  # fmt: skip


def test_a_finished_path_that_went_the_wrong_way(axis: Axis) -> None:
    events, _ = hear(axis, PATH, path())
    assert facts(events) == [("detection", "wrong_way")]
    event = events[0]
    assert (event.source, event.data.site, event.data.object) == ("/device/axis/B8A44F7ADD87", "SZ-1", "a1")
    assert event.data.conf == 0.91 and event.time == NOW - 2_500_000, "the points' times are seconds"
    assert (event.data.x, event.data.y) == (12.0, -3.0), "degrees, not the picture's numbers"


def test_without_degrees_it_is_at_its_site_and_no_picture_number_becomes_a_place(axis: Axis) -> None:
    for points in ([{"x": 432, "y": 718, "t": NOW / US}], [], None, [5]):
        event = hear(axis, PATH, path(path=points))[0][0]
        assert (event.data.x, event.data.y) == (None, None)
    assert hear(axis, PATH, path(path=[]))[0][0].time == NOW - 6 * US, "its begin is in milliseconds"
    far = hear(axis, PATH, path(path=[{"lat": 55.6, "lon": 13.0, "t": NOW / US}]))[0][0]
    assert far.data.x is None and facts([far]) == [("detection", "wrong_way")]


def test_a_path_without_an_anomaly_or_with_one_that_nobody_explained_means_nothing(axis: Axis) -> None:
    assert hear(axis, PATH, path(anomaly=None)) == hear(axis, PATH, path(anomaly="Odd")) == ([], [])
    assert hear(axis, PATH, path(), retained=True) == ([], []), "what a broker has kept is not of now"


def test_the_same_path_again_is_the_same_event(axis: Axis) -> None:
    several: tuple[dict[str, Any], ...] = ({}, {"stitched": True}, {"id": "b"})
    ids = [hear(axis, PATH, path(**more), NOW + n)[0][0].id for n, more in enumerate(several)]
    assert ids[0] == ids[1] != ids[2]


def test_an_event_is_told_when_it_begins(axis: Axis) -> None:
    states = (True, True, False, None, True)
    told = [facts(hear(axis, EVENT, {"timestamp": NOW / 1000, "active": on})[0]) for on in states]
    assert told == [[("detection", "tamper")], [], [], [], [("detection", "tamper")]]
    assert hear(axis, "dataq/event/B8A44F7ADD87/other", {"active": True}) == ([], [])


def test_connected_or_not_decides_whether_silence_means_anything(axis: Axis) -> None:
    for on, word in ((True, "online"), (False, "offline")):
        events, _ = hear(axis, "dataq/connect/B8A44F7ADD87", {"connected": on, "serial": "B8A44F7ADD87"}, retained=True)
        assert [(e.data.device, e.data.status) for e in events] == [("/device/axis/B8A44F7ADD87", word)]


def test_pictures_make_no_frames_and_strangers_and_heartbeats_say_nothing(axis: Axis) -> None:
    for topic in ("detections", "tracker", "geospace", "occupancy", "image", "status"):
        assert hear(axis, f"dataq/{topic}/B8A44F7ADD87", {"x": 412, "y": 530, "lat": 37.15, "lon": 127.05}) == ([], [])
    assert hear(axis, "dataq/path/OTHER", path()) == hear(axis, PATH, b"") == ([], [])


@pytest.mark.parametrize("junk", [b"{", b"[]", b'{"anomaly": "Wrong way"}', b'{"anomaly": "Wrong way", "id": 5}'])
def test_junk_is_put_aside(axis: Axis, junk: bytes) -> None:
    assert [q.raw for q in hear(axis, PATH, junk)[1]] == [junk]


@given(st.sampled_from([*path(), "active", "connected"]), anything, st.sampled_from(["path", "event", "connect"]))
def test_whatever_stands_in_a_field_it_is_read_or_put_aside(field: str, value: Any, topic: str) -> None:
    axis = Axis(CAMERAS, {"SZ-1": SITE})
    hear(axis, f"dataq/{topic}/B8A44F7ADD87/x", path() | {field: value})
    hear(axis, PATH, path(path=[{"t": value, "lat": value, "lon": value}]))


def test_the_makers_own_examples(shared: Path) -> None:
    axis, serial, told = Axis(CAMERAS, {"SZ-1": SITE}), "B8A44F7ADD87", []
    for row in samples(shared / "formats" / "axis.jsonl"):
        topic = "connect/{serial}" if "onnected payload" in row["topic"] else row["topic"]
        events, aside = hear(axis, "dataq/" + topic.replace("{serial}", serial), row["payload"])
        assert not aside, row["topic"]
        told += [getattr(e.data, "what", None) or e.data.status for e in events]
    assert told == ["online", "offline", "wrong_way"]
