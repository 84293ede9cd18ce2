"""What a report says of an incident: the words of the catalogue, the numbers of the board, nothing else."""

from __future__ import annotations

from functools import partial

import msgspec

from connectors.emergency import cap, prose_faults, read_cap, tidy
from connectors.telling import AREA_M, EVIDENCE_MAX, Desk, exact, preview, tell, teller, where
from console import words
from stream.clock import ManualClock
from stream.schema import US, DetectionRef, Escalation, Factor, Incident, Place

AT = 1_795_420_800 * US
FALL = DetectionRef("fall_reported", AT, "h1", 2, {"household": "h1", "conf": 0.9})
STILL = DetectionRef("no_motion_after_fall", AT + 60 * US, "h1", 3, {"quiet_s": 60.0}, n=2)
FALLEN = Incident(
    id="20261123-0007",
    kind="no_motion_after_fall",
    domain="care",
    subject="h1",
    state="escalated",
    priority=1,
    score=85,
    factors=(Factor("life", 50, "fall"),),
    revision=4,
    opened_at=AT,
    updated_at=AT,
    detections=(FALL, STILL),
    place=Place(127.07, 37.15, household="h1", dong="대원동"),
)
REPORT = Escalation("119", 1, "ab" * 32, "sent", AT, "op1")
WORDS = {
    "kind.no_motion_after_fall": "낙상 뒤 움직임 없음", "priority.P1": "긴급", "rule.fall_reported": "낙상 신고",
    "rule.no_motion_after_fall": "낙상 뒤 움직임 없음", "evidence.conf": "신뢰도", "evidence.quiet_s": "무활동",
    "unit.seconds": "{n}초",
    "evidence.person_class": "대상", "value.child": "아동",
    "evidence.speed_kph": "속도", "unit.kph": "{n}km/h",
}  # fmt: skip
DESK = Desk("gwanje-1@osan", "오산시 관제센터", "031-000-0000")


def _say(key: str, **args: object) -> str:
    return WORDS.get(key, key).format(**args)


def test_a_fall_at_home_in_the_catalogues_words() -> None:
    told = tell(FALLEN, REPORT, DESK, _say, lambda _: "대원동 123-4, 101동 502호", "Exercise", AT + 90 * US)
    assert told.headline == "[긴급] 낙상 뒤 움직임 없음 대원동 123-4, 101동 502호"
    assert told.description.splitlines() == [
        "2026-11-23 17:00:00 낙상 신고: 신뢰도 90%",
        "2026-11-23 17:01:00 낙상 뒤 움직임 없음 ×2: 무활동 60초",
    ]
    assert (told.lon, told.lat, told.radius_m) == (127.07, 37.15, 100)
    assert (told.key, told.revision, told.sent) == (REPORT.key, 4, AT + 90 * US)


def test_it_is_sound_cap_and_says_so_when_the_place_is_not_known() -> None:
    nowhere = msgspec.structs.replace(FALLEN, kind="other", domain="other", priority=2, detections=(), place=None)
    told = tell(nowhere, REPORT, DESK, _say, lambda _: "", "Test", AT)
    raw = cap(told)
    assert prose_faults(raw) == [] and read_cap(raw) == tidy(told)
    assert read_cap(raw).place == "위치 미상" and told.lon is None


def test_a_crosswalk_is_exact_and_a_long_story_is_cut_to_its_end() -> None:
    many = tuple(DetectionRef("near_miss", AT + n * US, "s1", 2) for n in range(20))
    crossing = msgspec.structs.replace(FALLEN, subject="s1", detections=many, place=Place(127.07, 37.15, site="s1"))
    told = tell(crossing, REPORT, DESK, _say, lambda _: "s1", "Exercise", AT)
    assert told.radius_m == 0
    assert len(told.description.splitlines()) == EVIDENCE_MAX
    assert told.description.startswith("2026-11-23 17:00:12")


def test_numbers_have_their_units_codes_their_words_and_the_rest_stays_out() -> None:
    facts = {"speed_kph": 30.016, "person_class": "child", "x": -10.12, "ok": True}
    near = DetectionRef("near_miss", AT, "s1", 3, facts)
    told = tell(msgspec.structs.replace(FALLEN, detections=(near,)), REPORT, DESK, _say, where, "Exercise", AT)
    assert told.description == "2026-11-23 17:00:00 rule.near_miss: 속도 30km/h, 대상 아동"


def test_a_caller_is_sought_where_he_called_from_and_a_dong_is_no_point() -> None:
    sealed = {"r1": '{"lon":127.071234,"lat":37.151234,"accuracy_m":12.4}'}
    assert exact(Place(127.07, 37.15, dong="원동", ref="r1"), sealed.get) == (127.071234, 37.151234, 12)
    assert exact(Place(127.07, 37.15, dong="원동", ref="erased"), sealed.get) == (127.07, 37.15, 100)
    assert exact(Place(127.07, 37.15, dong="세교동", name="세교동"), sealed.get) == (127.07, 37.15, AREA_M)
    assert exact(Place(127.03, 37.18, dong="세마동", name="세마동", radius_m=4000), sealed.get) == (127.03, 37.18, 4000)
    assert exact(Place(127.07, 37.15, site="XW-1", name="앞"), sealed.get) == (127.07, 37.15, 0)
    assert exact(None, sealed.get) == (None, None, 0)


def test_the_preview_says_what_the_report_will_say() -> None:
    told = teller(DESK, _say, lambda agency, exercise: "Exercise", ManualClock(AT), lambda ref: None)
    shown, sent = preview(FALLEN, "119", told), told(FALLEN, REPORT)
    assert {name: shown[name] for name in shown if name != "at"} == {
        name: getattr(sent, name) for name in shown if name != "at"}
    assert shown["at"] == "2026-11-23T17:00:00+09:00"
    assert shown["headline"].endswith("대원동") and "h1" not in shown["headline"]


def test_no_code_of_ours_and_no_bare_number_reaches_who_reads_it_out() -> None:
    facts = {"parts": ["fall", "near_miss", "sos"], "signals": ["power_cut", "zz9"], "of": "near_miss", "conf": 0.81,
             "change_mps2": 5.392, "waited_s": 25_415.0, "quiet_s": 1800.0, "ttc_s": 0.894, "limit_kph": None}
    seen = DetectionRef("victim_at_crosswalk", AT, "s1", 3, facts)
    told = tell(msgspec.structs.replace(FALLEN, detections=(seen,)), REPORT, DESK, partial(words.say, "ko"), where,
                "Exercise", AT)
    assert told.description.partition(": ")[2] == (
        "함께 일어난 일 쓰러짐, 보행자 근접 위험, 긴급 호출, 위기 징후 단전, zz9(미등록), "
        "규칙 차량·보행자 충돌 직전, 신뢰도 81%, "
        "속도 변화 5.4m/s², 무반응 7.1시간, 무활동 30분, 충돌까지 0.89초")


def test_a_home_is_named_by_its_pseudonym_only_where_no_other_word_for_the_place_is_there() -> None:
    home = Place(127.07, 37.15, household="HH-7")
    assert where(msgspec.structs.replace(FALLEN, place=home)) == "HH-7"
    assert where(msgspec.structs.replace(FALLEN, place=msgspec.structs.replace(home, dong="원동"))) == "원동"
    assert where(msgspec.structs.replace(FALLEN, place=None)) == ""
