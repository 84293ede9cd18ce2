"""What an agency's brief says, and who reads which words of the talk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from console import handover
from stream.schema import DetectionRef, Record
from tests.console.conftest import Desk


def test_a_home_s_brief_says_what_helps_and_not_who(desk: Desk) -> None:
    id = desk.live.opened("HH-0007")
    home = desk.live.house.city.households["HH-0007"]
    told = handover.brief(desk.live.board.get(id), "liaison_119", desk.live.house)
    assert told["hazards"] == ["smoke", "ignition"]
    assert {"code": "age", "value": home.age_band} in told["people"]
    assert [row["code"] for row in told["access"]][-2:] == ["cell", "address"]
    assert set(told["said"]) == set(handover.SAID) and "HH-0007" not in str(told)


def test_a_crosswalk_s_brief_names_the_nearest_road(desk: Desk) -> None:
    id = desk.live.opened("XW-GASU-1", "near_miss", 2)
    told = handover.brief(desk.live.board.get(id), "guest_112", desk.live.house)
    road, place = told["access"]
    assert road["name"] and 0 <= road["m"] <= handover.ROAD_M and place["code"] == "site"
    assert told["people"] == []


def test_what_people_wrote_of_it_warns_who_goes_there() -> None:
    seen = DetectionRef("welfare_urgent", 0, "c", 3, {"words": ["fire", "rescue"]})
    told = SimpleNamespace(kind="welfare_urgent", detections=(seen, seen))
    assert handover.hazards(told) == ["unknown_inside", "fire", "smoke", "flood"]  # type: ignore[arg-type]


def test_without_a_place_it_says_so(desk: Desk) -> None:
    id = desk.live.opened("nobody-knows", "sos")
    told = handover.brief(desk.live.board.get(id), "liaison_119", desk.live.house)
    assert [row["code"] for row in told["access"]] == ["unplaced"] and told["said"]["lon"] is None


def row(seq: int, kind: str, by: str, **body: Any) -> Record:
    return Record(seq, seq * 1_000_000, seq * 1_000_000, kind, "i", by, "", body)


RECORDS = [
    row(1, "talk.said", "kim119", agency="119", side="desk", more="address"),
    row(2, "talk.said", "operator-a", agency="119", side="room", text_ref="v-1"),
    row(3, "talk.said", "operator-a", agency="112", side="room", text_ref="v-2"),
    row(4, "talk.read", "operator-a", agency="119", side="room", n=1),
]


def test_messages_carry_their_receipts_and_a_liaison_reads_only_its_own() -> None:
    all_of_it = handover.messages(RECORDS, "operator", "", {"v-1": "3동", "v-2": "비밀"}.get)
    assert [(m["agency"], m["side"], m["n"], m["text"], bool(m["read_at"])) for m in all_of_it] == [
        ("119", "desk", 1, "", True), ("119", "room", 1, "3동", False), ("112", "room", 1, "비밀", False)]
    theirs = handover.messages(RECORDS, "liaison_119", "112", {"v-1": "3동"}.get)
    assert [(m["side"], m["by"]) for m in theirs] == [("desk", "kim119"), ("room", "")]
