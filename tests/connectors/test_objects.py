"""Object lists of road sensors: metres stay metres, codes that mean "not known" are never put on the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.native import Device, Format
from connectors.objects import Objects, Origin
from geo.frame import to_lonlat
from stream.clock import parse_rfc3339
from stream.schema import US
from tests.connectors.native_ways import NOW, anything, hear, samples

SITE = Origin(127.05, 37.15)
SITES = {"SZ-1": SITE}
FORMAT = Format(devices={"sensor1": Device("SZ-1"), "00000001": Device("SZ-1"), "lost": Device("SZ-9")})


@pytest.fixture
def objects() -> Objects:
    return Objects(FORMAT, SITES)


def carma(id_: int = 1, at: int = 1000, **more: Any) -> dict[str, Any]:
    return {
        "type": "CAR", "sensorId": "sensor1", "objectId": id_, "position": {"x": -1.5, "y": 20, "z": 0},
        "velocity": {"x": 0.5, "y": -8.0, "z": 0.0}, "size": {"length": 4.4, "height": 1.5, "width": 1.8},
        "timestamp": at,
    } | more  # fmt: skip


def seen(pos: tuple[int, int] = (100, -50), speed: int = 500, heading: int = 7200, late: int = 0, kind: int = 1,
         id_: int = 7, **more: Any) -> dict[str, Any]:
    common = {
        "obj_type": kind, "object_id": id_, "measurement_time": late, "speed": speed, "heading": heading,
        "pos": {"offset_x": pos[0], "offset_y": pos[1], "offset_z": 0},
    }  # fmt: skip
    return {"detected_object_data": {"detected_object_common_data": common, "detected_object_optional_data": more}}


def sdsm(*rows: dict[str, Any], corner: Origin = SITE, **more: Any) -> dict[str, Any]:
    # 2026-11-23 17:00:00.250 KST is 08:00:00.250 UTC
    stamp = {"year": 2026, "month": 11, "day": 23, "hour": 8, "minute": 0, "second": 250}
    place = {"long": round(corner.lon * 1e7), "lat": round(corner.lat * 1e7)}
    return {"source_id": "00000001", "sdsm_time_stamp": stamp, "ref_pos": place, "objects": list(rows)} | more


def told(found: Any) -> list[tuple[Any, ...]]:
    """Objects of the frames, rounded."""
    objects = [o for event in found[0] for o in event.data.objects]
    return [(o.id, o.cls, *(round(v, 2) + 0.0 for v in (o.x, o.y, o.vx, o.vy))) for o in objects]


# CARMA ----------------------------------------------------------------------------------------------------------


def test_objects_of_one_time_are_one_frame_told_when_the_next_begins(objects: Objects) -> None:
    assert hear(objects, "objects/1", carma(1)) == ([], [])
    assert hear(objects, "objects/1", carma(2, type="PEDESTRIAN")) == ([], [])
    events, aside = hear(objects, "objects/1", carma(1, at=1100), NOW + 100_000)
    assert not aside and len(events) == 1
    frame = events[0]
    assert (frame.type, frame.source, frame.data.site) == ("city.road.frame", "/device/objects/sensor1", "SZ-1")
    assert frame.time == NOW + 100_000, "its own time begins nobody knows where: it counts for its arrival"
    assert [(o.id, o.cls, o.x, o.y, o.vx, o.vy, o.length, o.width) for o in frame.data.objects] == [
        (1, "vehicle", -1.5, 20.0, 0.5, -8.0, 4.4, 1.8),
        (2, "pedestrian", -1.5, 20.0, 0.5, -8.0, 4.4, 1.8),
    ]


def test_a_sensor_whose_time_stands_still_makes_frames_all_the_same(objects: Objects) -> None:
    frames = [hear(objects, "objects/1", carma(n % 2), NOW + n)[0] for n in range(6)]
    assert [len(f) for f in frames] == [0, 0, 1, 0, 1, 0]
    assert len({f[0].id for f in frames if f}) == 2, "and equal frames are not duplicates of each other"


def test_an_empty_message_is_a_heartbeat(objects: Objects) -> None:
    assert hear(objects, "o", b"") == hear(objects, "o", b" \n") == ([], [])


def test_two_sensors_are_two_frames(objects: Objects) -> None:
    both = Objects(Format(devices={"sensor1": Device("SZ-1"), "b": Device("SZ-1")}), SITES)
    hear(both, "objects/1", carma(1))
    hear(both, "objects/1", carma(5, sensorId="b"))
    assert [o[0] for o in told(hear(both, "objects/1", carma(1, at=2000)))] == [1]


def test_a_list_of_them_is_read_like_one_after_another(objects: Objects) -> None:
    assert [o[0] for o in told(hear(objects, "objects/1", [carma(1), carma(2), carma(1, at=1100)]))] == [1, 2]


def test_the_sensors_reference_point_is_moved_to_the_sites_origin() -> None:
    east_of = to_lonlat(SITE, 30.0, -10.0)
    moved = Objects(Format(devices={"sensor1": Device("SZ-1", at=east_of)}), SITES)
    hear(moved, "o", carma(1))
    assert told(hear(moved, "o", carma(1, at=2)))[0][2:4] == (28.5, 10.0)
    nowhere = Objects(Format(devices={"sensor1": Device("SZ-9", at=east_of)}), SITES)
    assert hear(nowhere, "o", carma(1))[1][0].reason == "missing_field"


@pytest.mark.parametrize(("word", "cls"), [
    ("PEDESTRIAN", "pedestrian"), ("CYCLIST", "bicycle"), ("CAR", "vehicle"), ("TRUCK", "truck"), ("?", "unknown"),
])  # fmt: skip
def test_types_are_upper_case_words(objects: Objects, word: str, cls: str) -> None:
    hear(objects, "o", carma(1, type=word))
    assert told(hear(objects, "o", carma(1, at=2)))[0][1] == cls


def test_a_sensor_that_nobody_named_is_put_aside_once(objects: Objects) -> None:
    asides = [hear(objects, "o", carma(1, at=n, sensorId="stranger"))[1] for n in range(50)]
    assert [len(a) for a in asides] == [1] + [0] * 49 and asides[0][0].reason == "unknown_type"


# SDSM -----------------------------------------------------------------------------------------------------------


def test_offsets_are_north_and_east_and_speed_has_a_heading(objects: Objects) -> None:
    events, aside = hear(objects, "o", sdsm(seen()))
    assert not aside and told((events, aside)) == [(7, "vehicle", -5.0, 10.0, 10.0, 0.0)]  # 90 degrees is east
    assert events[0].time == parse_rfc3339("2026-11-23T17:00:00.250+09:00"), "`second` is ms of the minute"


def test_the_reference_point_need_not_be_the_site(objects: Objects) -> None:
    corner = Origin(*to_lonlat(SITE, 40.0, 15.0))
    assert told(hear(objects, "o", sdsm(seen(), corner=corner)))[0][2:4] == (35.0, 25.0)


def test_an_object_measured_before_the_message_has_moved_on_since(objects: Objects) -> None:
    assert told(hear(objects, "o", sdsm(seen(late=-400))))[0][2:4] == (-1.0, 10.0)


def test_an_offset_from_utc_is_minutes(objects: Objects) -> None:
    stamp = {"year": 2026, "month": 11, "day": 23, "hour": 17, "minute": 0, "second": 250, "offset": 540}
    assert hear(objects, "o", sdsm(seen(), sdsm_time_stamp=stamp))[0][0].time == NOW + 250_000


@pytest.mark.parametrize(("kind", "more", "cls"), [
    (1, {}, "vehicle"), (1, {"detected_vehicle_data": {"vehicle_class": 27}}, "truck"),
    (1, {"detected_vehicle_data": {"vehicle_class": 40}}, "motorcycle"),
    (1, {"detected_vehicle_data": {"vehicle_class": 52}}, "bus"), (1, {"detected_vehicle_data": []}, "vehicle"),
    (2, {}, "pedestrian"), (2, {"detected_vru_data": {"basic_type": 2}}, "bicycle"),
    (2, {"detected_vru_data": {"basic_type": 0}}, "pedestrian"), (0, {}, "unknown"), (3, {}, "unknown"),
])  # fmt: skip
def test_what_it_is(objects: Objects, kind: int, more: dict[str, Any], cls: str) -> None:
    assert told(hear(objects, "o", sdsm(seen(kind=kind, **more))))[0][1] == cls


def test_sizes_are_centimetres_and_the_last_code_is_none(objects: Objects) -> None:
    rows = [seen(id_=n, detected_vehicle_data={"size": size}) for n, size in enumerate(
        ({"length": 480, "width": 190}, {"length": 4095, "width": 1023}, {"length": 0, "width": 0}))]  # fmt: skip
    frame = hear(objects, "o", sdsm(*rows))[0][0]
    assert [(o.length, o.width) for o in frame.data.objects] == [(4.8, 1.9), (None, None), (None, None)]


@pytest.mark.parametrize("unknown", [
    {"speed": 8191}, {"heading": 28800}, {"late": 1500}, {"late": -1500}, {"pos": (32767, 0)}, {"pos": (0, -32767)},
])  # fmt: skip
def test_an_object_that_is_not_known_is_left_out_and_its_neighbours_stay(objects: Objects, unknown: Any) -> None:
    assert [o[0] for o in told(hear(objects, "o", sdsm(seen(id_=1, **unknown), seen(id_=2))))] == [2]
    assert hear(objects, "o", sdsm(seen(**unknown)))[1][0].reason == "missing_field"


def test_who_stands_needs_no_heading(objects: Objects) -> None:
    assert told(hear(objects, "o", sdsm(seen(speed=0, heading=28800))))[0][4:] == (0.0, 0.0)


def test_an_empty_road_is_a_frame_too(objects: Objects) -> None:
    assert [e.data.objects for e in hear(objects, "o", sdsm())[0]] == [[]]


@pytest.mark.parametrize(("corner", "reason"), [
    (Origin(180.0000001, 90.0000001), "missing_field"), (Origin(-77.1, 38.9), "far_away"), (Origin(0, 0), "far_away"),
])  # fmt: skip
def test_a_reference_point_that_is_none_or_elsewhere_is_put_aside(objects: Objects, corner: Any, reason: str) -> None:
    assert hear(objects, "o", sdsm(seen(), corner=corner))[1][0].reason == reason


def test_a_moment_that_is_not_whole_counts_for_its_arrival(objects: Objects) -> None:
    for stamp in ({}, None, {"year": 0, "month": 0, "day": 0, "hour": 31, "minute": 60, "second": 65535}):
        assert hear(objects, "o", sdsm(seen(), sdsm_time_stamp=stamp))[0][0].time == NOW


@pytest.mark.parametrize(
    "junk", [b"{", b"5", b'"x"', b"[5]", b"{}", b'{"sensorId": 5}', b'{"sdsm_time_stamp": 1}']
)
def test_junk_is_put_aside(objects: Objects, junk: bytes) -> None:
    assert [q.raw for q in hear(objects, "o", junk)[1]] == [junk]


@given(st.sampled_from([*carma(), *sdsm(), "pos", "speed", "size"]), anything)
def test_whatever_stands_in_a_field_it_is_read_or_put_aside(field: str, value: Any) -> None:
    objects = Objects(FORMAT, SITES)
    hear(objects, "o", carma() | {field: value})
    hear(objects, "o", carma(at=5))
    hear(objects, "o", sdsm(seen()) | {field: value})
    row = seen()
    row["detected_object_data"]["detected_object_common_data"][field] = value
    row["detected_object_data"]["detected_object_optional_data"][field] = value
    hear(objects, "o", sdsm(row))


def test_the_makers_own_examples(shared: Path) -> None:
    objects = Objects(FORMAT, SITES)
    rows = samples(shared / "formats" / "object_lists.jsonl")
    found = [(row["kind"], *hear(objects, "objects/1", row["payload"], NOW + n * US)) for n, row in enumerate(rows)]
    frames = [event for _, events, _ in found for event in events]
    assert [[o.cls for o in f.data.objects] for f in frames] == [["pedestrian", "bicycle", "truck"]]
    assert [(o.x, o.y) for o in frames[0].data.objects] == [(-1.1, -2.0)] * 3
    aside = [kind for kind, _, put in found if put]
    assert aside == ["SAE J3224 SDSM"], "all limits and unavailable codes: never on the map"
