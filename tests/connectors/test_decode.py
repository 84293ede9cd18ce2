"""Bytes in: every event of the contract is taken, everything else is put aside with its reason, nothing raises."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.decode import MAX_BYTES, REASONS, decode, subject_of
from stream.clock import format_kst, parse_rfc3339
from stream.schema import DATA, US
from tests.connectors.wire import NOW, SAMPLES, packed, wire

TELEMETRY = [name for name, (_, delivery) in DATA.items() if delivery == "telemetry"]
READINGS = [name for name, (_, delivery) in DATA.items() if delivery == "reading"]
ALARMS = [name for name, (_, delivery) in DATA.items() if delivery == "alarm"]


def reason(payload: bytes | Any, **options: Any) -> str:
    """The one reason for which this payload is refused."""
    events, aside = decode(payload if isinstance(payload, bytes) else packed(payload), NOW, **options)
    assert not events and len(aside) == 1 and aside[0].reason in REASONS
    return aside[0].reason


@pytest.mark.parametrize("type_", sorted(DATA))
def test_each_type_of_the_contract_is_taken_with_its_fields(type_: str) -> None:
    (event,), aside = decode(packed(wire(type_, seq=9, strange={"a": [1]})), NOW)
    assert not aside and (event.type, event.seq, event.marks) == (type_, 9, ())
    assert event.time == event.at == event.arrival == NOW
    assert isinstance(event.data, DATA[type_][0])
    assert event.subject == (subject_of(event.data) or "/device/d1")


def test_every_required_field_of_every_type_is_required() -> None:
    for type_, data in SAMPLES.items():
        required = {f for f in data if _without(type_, data, f) == "missing_field"}
        optional = set(data) - required
        assert all(_without(type_, data, f) is None for f in optional)
        assert required, type_
    for field in ("specversion", "id", "source", "type", "time", "data"):
        assert reason(wire(**{field: ...})) == "missing_field"


def _without(type_: str, data: dict[str, Any], field: str) -> str | None:
    events, aside = decode(packed(wire(type_, data={k: v for k, v in data.items() if k != field})), NOW)
    assert len(events) + len(aside) == 1
    return aside[0].reason if aside else None


OBJECT = SAMPLES["city.road.frame"]["objects"][0]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("x", "1", "wrong_type"),
        ("x", True, "wrong_type"),
        ("x", None, "wrong_type"),
        ("id", 1.0, "wrong_type"),
        ("id", 2**63, "wrong_type"),
        ("id", None, "wrong_type"),
        ("class", "tank", "wrong_type"),
        ("length", "long", "wrong_type"),
        ("x", 20_001, "far_away"),
        ("y", -1e9, "far_away"),
    ],
)
def test_a_mistyped_or_far_object_puts_its_frame_aside(field: str, value: Any, why: str) -> None:
    data = {"site": "S1", "objects": [OBJECT, {**OBJECT, field: value}]}
    assert reason(wire("city.road.frame", data=data)) == why


@pytest.mark.parametrize(
    ("type_", "field", "value"),
    [
        ("city.care.reading", "value", "on"),
        ("city.care.reading", "sensor", "nose"),
        ("city.care.call", "attempt", -1),
        ("city.care.call", "attempt", True),
        ("city.welfare.case", "signals", [{"code": "x", "weight": "1"}]),
        ("city.sos", "user", 5),
        ("city.road.signal", "pedestrian", "green"),
        ("city.device.status", "status", None),
    ],
)
def test_a_mistyped_field_is_refused(type_: str, field: str, value: Any) -> None:
    assert reason(wire(type_, data={**SAMPLES[type_], field: value})) == "wrong_type"


def test_envelope_fields_are_checked() -> None:
    assert reason(wire(specversion="0.3")) == reason(wire(id="")) == reason(wire(id=5)) == "wrong_type"
    assert reason(wire(seq=-1)) == reason(wire(seq="3")) == reason(wire(seq=2**63)) == "wrong_type"
    assert reason(wire(time="yesterday")) == reason(wire(time="2026-03-02T08:00:00")) == "wrong_type"
    assert reason(wire(time=1772406000)) == reason(wire(time=None)) == reason(wire(data=None)) == "wrong_type"
    assert reason(wire(type="city.ufo")) == "unknown_type"
    assert reason(wire(source="d1")) == reason(wire(source="/device/")) == "wrong_source"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "no_json"),
        (b"hello", "no_json"),
        (b"\xff\xfe{\x00", "wrong_encoding"),
        ("{}".encode("utf-16"), "wrong_encoding"),
        (b"\xef\xbb\xbf{}", "no_json"),
        (b"[] []", "no_json"),
        (b"[{},]", "no_json"),
        (b"5", "wrong_type"),
        (b"null", "wrong_type"),
        (b"{}", "missing_field"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b"\x00", "no_json"),
        (b"\x1f\x8b\x08\x00junk", "wrong_encoding"),
    ],
)
def test_what_is_no_event_at_all_is_refused(payload: bytes, why: str) -> None:
    assert reason(payload) == why


def test_numbers_that_are_none_are_refused() -> None:
    frame = packed(wire("city.road.frame"))
    for word, why in (
        (b"NaN", "not_finite"),
        (b"-Infinity", "not_finite"),
        (b"1e999", "not_finite"),
        (b"1.", "no_json"),
    ):
        assert reason(frame.replace(b"-2.5", word)) == why


def test_depth_size_and_poison_are_refused() -> None:
    deep = packed(wire()).replace(b'"smoke"', b'"smoke","more":' + b"[" * 50_000 + b"]" * 50_000)
    assert reason(deep) == "too_deep"
    assert reason(wire(note="x" * MAX_BYTES)) == "too_big"
    fits = MAX_BYTES - len(packed(wire(note="")))
    assert len(decode(packed(wire(note="x" * fits)), NOW)[0]) == 1
    assert reason(packed(wire()).replace(b'"H1"', b'"H\\u0000"')) == "bad_text"
    assert reason(packed(wire()).replace(b'"H1"', b'"\\ud800"')) == "no_json"
    assert reason(wire(id="x" * 513)) == reason(wire(source="/device/" + "x" * 200)) == "bad_text"
    assert reason(wire(subject="S", data={"household": "h" * 300, "alarm": "fall"})) == "bad_text"


def test_of_a_key_given_twice_the_last_counts() -> None:
    (event,), _ = decode(packed(wire()).replace(b'"H1"', b'"H0", "household": "H9"'), NOW)
    assert event.data.household == "H9"


def test_one_and_text_one_stay_two_ids() -> None:
    data = {"site": "S1", "objects": [OBJECT | {"id": 1}, OBJECT | {"id": "1"}]}
    (event,), _ = decode(packed(wire("city.road.frame", data=data)), NOW)
    assert [o.id for o in event.data.objects] == [1, "1"]


def test_a_bad_one_in_a_batch_stops_none_of_its_neighbours() -> None:
    good, big = wire(id="a"), wire(id="b", note="x" * MAX_BYTES)
    bad, other = wire(id="c", seq=4, data={}), wire("city.sos", id="d")
    events, aside = decode(packed([good, big, bad, 5, other]), NOW)
    assert [e.id for e in events] == ["a", "d"]
    assert [(q.index, q.reason, q.id, q.seq) for q in aside] == [
        (1, "too_big", "b", None),
        (2, "missing_field", "c", 4),
        (3, "wrong_type", None, None),
    ]
    assert aside[1].raw == packed(bad) and aside[1].source == "/device/d1" and aside[1].arrival == NOW
    assert decode(b"[]", NOW) == ([], [])


def test_one_too_deep_or_not_a_number_stops_none_of_its_neighbours() -> None:
    deep = packed(wire(id="b", data="?")).replace(b'"?"', b"[" * 50_000 + b"]" * 50_000)
    nan = packed(wire(id="c", data={"household": "h1", "alarm": "sos", "conf": 0.5})).replace(b"0.5", b"NaN")
    for bad, why in ((deep, "too_deep"), (nan, "not_finite")):
        payload = b"[" + b",".join([packed(wire(id="a")), bad, packed(wire(id="z"))]) + b"]"
        events, aside = decode(payload, NOW)
        assert [e.id for e in events] == ["a", "z"]
        assert [(q.index, q.reason, q.raw) for q in aside] == [(1, why, bad)]
    assert aside[0].id == "c" and aside[0].source == "/device/d1", "its ack can name it, so it is not sent for ever"
    assert reason(b"[{}," + nan) == "not_finite", "an array without an end is put aside whole"


def test_every_event_of_a_topic_carries_its_source() -> None:
    assert len(decode(packed(wire(source="/system/d1")), NOW, topic_source="d1")[0]) == 1
    mixed = packed([wire(id="a"), wire(id="b", source="/device/other")])
    events, aside = decode(mixed, NOW, topic_source="d1")
    assert [e.id for e in events] == ["a"] and [(q.reason, q.source) for q in aside] == [
        ("wrong_source", "/device/other")
    ]
    assert decode(b"junk", NOW, topic_source="d1")[1][0].source == "d1"


def test_far_away_calls_are_refused() -> None:
    assert reason(wire("city.sos"), far=lambda lon, lat: True) == "far_away"
    assert len(decode(packed(wire("city.sos")), NOW, far=lambda lon, lat: (lon, lat) != (127.07, 37.15))[0]) == 1
    assert reason(wire("city.sos", data={"user": "u", "lon": 181, "lat": 0})) == "far_away"
    assert reason(wire("city.road.detection", data={"site": "S", "what": "fall", "x": 30_000})) == "far_away"


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59+09:00", "2026-03-02T08:02:00.001+09:00"])
@pytest.mark.parametrize("type_", ALARMS)
def test_an_alarm_with_a_wrong_clock_is_an_alarm_at_its_arrival(type_: str, time: str) -> None:
    (event,), aside = decode(packed(wire(type_, time=time)), NOW)
    assert not aside and event.at == NOW and event.time == parse_rfc3339(time) and event.marks == ("clock_suspect",)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"])
def test_an_alarm_at_the_ends_of_the_calendar_can_still_be_told_and_waited_for(time: str) -> None:
    (event,), _ = decode(packed(wire(time=time)), NOW, check_clock=False)
    assert all(format_kst(event.at + days * 86_400 * US) for days in (0, 30))


@pytest.mark.parametrize("type_", TELEMETRY + READINGS)
def test_telemetry_and_readings_of_1970_and_2099_are_refused(type_: str) -> None:
    for time in (
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2099-01-01T00:00:00Z",
        "2026-03-03T08:00:00.001+09:00",
    ):
        assert reason(wire(type_, time=time)) == "wrong_time"
    assert reason(wire(type_, time="1970-01-01T00:00:00Z"), check_clock=False) == "wrong_time"


@pytest.mark.parametrize("type_", TELEMETRY + READINGS)
def test_old_readings_keep_their_time_and_old_frames_count_at_arrival(type_: str) -> None:
    for time in ("2026-03-01T08:00:00+09:00", "2026-03-02T20:00:00+09:00"):
        (event,), _ = decode(packed(wire(type_, time=time)), NOW)
        assert event.marks == ("clock_suspect",) and event.time == parse_rfc3339(time)
        assert event.at == (event.time if type_ in READINGS else NOW)


def test_up_to_two_minutes_off_is_no_wrong_clock() -> None:
    for time in ("2026-03-02T08:02:00+09:00", "2026-03-02T07:58:00+09:00"):
        (event,), _ = decode(packed(wire(time=time)), NOW)
        assert event.marks == () and event.at == event.time


def test_a_rerun_checks_no_clock() -> None:
    for type_ in DATA:
        (event,), _ = decode(packed(wire(type_, time="2031-05-05T05:05:05Z")), 0, check_clock=False)
        assert event.at == event.arrival == event.time and event.marks == ()
    assert decode(packed(wire(time="1970-01-01T00:00:00Z")), NOW, check_clock=False)[0][0].at == 0


def test_times_in_every_notation_are_the_same_instant() -> None:
    for time in (
        "2026-03-01T23:00:00Z",
        "2026-03-01t23:00:00z",
        "2026-03-02T08:00:00.000000+09:00",
        "2026-03-01T22:59:60Z",
    ):
        assert decode(packed(wire(time=time)), NOW)[0][0].time == NOW


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_junk_never_raises(payload: bytes) -> None:
    events, aside = decode(payload, NOW)
    assert not events and (len(aside) == 1 or payload.strip() == b"[]")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_an_event_with_any_one_field_spoilt_is_taken_or_put_aside_whole(data: st.DataObject) -> None:
    event = wire(data.draw(st.sampled_from(sorted(DATA))))
    place: Any = data.draw(st.sampled_from([event, event["data"]]))
    copy = json.loads(json.dumps(event))
    (copy if place is event else copy["data"])[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
    raw = json.dumps(copy).encode()
    events, aside = decode(raw, NOW)
    assert len(events) + len(aside) == 1
    assert not aside or (aside[0].raw == raw and aside[0].reason in REASONS)


@pytest.mark.parametrize("name", ["crosswalk/all", "homes/hh-kc", "homes/hh-mp"])
def test_recorded_life_is_taken_whole(shared: Path, name: str) -> None:
    lines = gzip.decompress((shared / f"{name}.jsonl.gz").read_bytes()).splitlines()
    assert all(len(decode(line, 0, check_clock=False)[0]) == 1 for line in lines[:4000])
