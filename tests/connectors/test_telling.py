"""What a report says of an incident: the words of the catalogue, the numbers of the board, nothing else."""

from __future__ import annotations

from connectors.emergency import cap, prose_faults, read_cap, tidy
from connectors.telling import EVIDENCE_MAX, Desk, tell
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
}  # fmt: skip
DESK = Desk("gwanje-1@osan", "오산시 관제센터", "031-000-0000")


def _say(key: str, **_: object) -> str:
    return WORDS.get(key, key)


def test_a_fall_at_home_in_the_catalogues_words() -> None:
    told = tell(FALLEN, REPORT, DESK, _say, lambda _: "대원동 123-4, 101동 502호", "Exercise", AT + 90 * US)
    assert told.headline == "[긴급] 낙상 뒤 움직임 없음 대원동 123-4, 101동 502호"
    assert told.description.splitlines() == [
        "2026-11-23T17:00:00+09:00 낙상 신고: 신뢰도 0.9, household h1",
        "2026-11-23T17:01:00+09:00 낙상 뒤 움직임 없음 ×2: 무활동 60",
    ]
    assert (told.lon, told.lat, told.radius_m) == (127.07, 37.15, 100)
    assert (told.key, told.revision, told.sent) == (REPORT.key, 4, AT + 90 * US)


def test_it_is_sound_cap_and_says_so_when_the_place_is_not_known() -> None:
    nowhere = Incident(
        id="20261123-0008",
        kind="other",
        domain="other",
        subject="x",
        state="escalated",
        priority=2,
        score=50,
        factors=(),
        revision=1,
        opened_at=AT,
        updated_at=AT,
    )
    told = tell(nowhere, REPORT, DESK, _say, lambda _: "", "Test", AT)
    raw = cap(told)
    assert prose_faults(raw) == [] and read_cap(raw) == tidy(told)
    assert read_cap(raw).place == "위치 미상" and told.lon is None


def test_a_crosswalk_is_exact_and_a_long_story_is_cut_to_its_end() -> None:
    many = tuple(DetectionRef("near_miss", AT + n * US, "s1", 2) for n in range(20))
    crossing = Incident(
        id="20261123-0009",
        kind="near_miss",
        domain="road",
        subject="s1",
        state="escalated",
        priority=2,
        score=50,
        factors=(),
        revision=1,
        opened_at=AT,
        updated_at=AT,
        detections=many,
        place=Place(127.07, 37.15, site="s1"),
    )
    told = tell(crossing, REPORT, DESK, _say, lambda _: "s1", "Exercise", AT)
    assert told.radius_m == 0
    assert len(told.description.splitlines()) == EVIDENCE_MAX
    assert told.description.startswith("2026-11-23T17:00:12+09:00")
