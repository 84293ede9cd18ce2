"""What an agency, a dong's team, the weather and devices say becomes records; junk becomes a ticket."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from stream.heard import hear
from stream.reports import progress
from stream.schema import (
    US,
    AgencyUpdate,
    Context,
    DetectionRef,
    DeviceStatus,
    Draft,
    EscalationState,
    Event,
    Priority,
    RoadFrame,
    Signal,
    State,
    WelfareCase,
    WelfareContact,
)
from tests.ledger import T0, Ledger


def event(type: str, data: Any, source: str = "/system/119", at: int = T0, id: str = "e1") -> Event:
    return Event(id, source, type, at, "x", data, arrival=at, at=at)


def reported(ledger: Ledger) -> tuple[str, str]:
    """An incident whose report to 119 was sent a moment ago: its id and the report's key."""
    id = ledger.open(Priority.P1).id
    key = ledger.do("escalate", id, agency="119").escalations[0].key
    sent = progress(ledger.get(id), ledger.get(id).escalations[0], EscalationState.sent, ledger.now, "outbox", "")
    assert sent
    ledger.note([sent])
    return id, key


def says(ledger: Ledger, key: str, state: str, at: int = T0, **more: Any) -> list[Draft]:
    told = event("city.agency.update", AgencyUpdate(key, state, "119-3", **more), at=at)
    drafts = hear(ledger.board, told, ledger.now)
    ledger.note(drafts)
    return drafts


def test_receipts_come_back_to_the_same_card_step_by_step():
    ledger = Ledger()
    id, key = reported(ledger)
    for state in ("delivered", "accepted", "dispatched", "arrived", "closed"):
        assert [d.kind for d in says(ledger, key, state, unit="궐동 구급 1", eta_s=240.0)] == [f"escalation.{state}"]
        assert ledger.get(id).escalations[0].state == state
    assert ledger.get(id).state == State.in_progress
    assert (ledger.get(id).escalations[0].unit, ledger.get(id).escalations[0].eta_s) == ("궐동 구급 1", 240.0)
    assert ledger.records[-1].by == "119-3" and ledger.records[-1].cause == "event:/system/119#e1"


def test_whatever_the_order_and_however_often_a_report_never_goes_back():
    rank = ["sent", "delivered", "accepted", "dispatched", "arrived"]
    for order in permutations(["delivered", "accepted", "dispatched", "arrived"]):
        ledger = Ledger()
        id, key = reported(ledger)
        reached = 0
        for state in (s for s in order for _ in range(2)):
            says(ledger, key, state)
            now = rank.index(ledger.get(id).escalations[0].state)
            assert now >= reached
            reached = now
        assert ledger.get(id).escalations[0].state == "arrived"


def test_a_late_acceptance_after_unknown_is_taken():
    ledger = Ledger()
    id, key = reported(ledger)
    ledger.wait(10)
    assert ledger.get(id).escalations[0].state == "unknown"
    says(ledger, key, "accepted", at=ledger.now)
    assert ledger.get(id).escalations[0].state == "accepted"


def test_of_yes_and_no_the_later_word_counts_whichever_comes_first():
    for late_first in (False, True):
        ledger = Ledger()
        id, key = reported(ledger)
        words = [("accepted", T0 + US), ("rejected", T0 + 2 * US)]
        for state, at in reversed(words) if late_first else words:
            says(ledger, key, state, at=at, reason="관할 아님")
        assert ledger.get(id).escalations[0].state == "rejected"
        assert ledger.get(id).state == State.in_progress


def test_nothing_turns_green_without_a_word_for_this_very_report():
    ledger = Ledger()
    id, key = reported(ledger)
    strange = (("0" * 64, "accepted", "unknown_report"), (key, "sent", "unusable"), (key, "대기", "unusable"))
    for report, word, code in strange:
        assert [(d.kind, d.body["code"]) for d in says(ledger, report, word)] == [("device.noted", code)]
    assert ledger.get(id).escalations[0].state == "sent"


def test_a_sensor_speaks_for_no_agency():
    ledger = Ledger()
    id, key = reported(ledger)
    forged = event("city.agency.update", AgencyUpdate(key, "accepted", "119-3"), source="/device/cam-1")
    drafts = hear(ledger.board, forged, T0)
    assert [(d.kind, d.subject, d.body["code"]) for d in drafts] == [("device.noted", "/device/cam-1", "unusable")]
    ledger.note(drafts)
    assert ledger.get(id).escalations[0].state == "sent"


def test_a_contact_is_told_to_every_incident_about_the_case():
    ledger = Ledger()
    seen = DetectionRef("welfare_urgent", T0, "HH-1", 2, {"case": "WC-9"})
    incident = ledger.open(kind="welfare_urgent", domain="welfare", subject="HH-1", detections=(seen,))
    ledger.note(hear(ledger.board, event("city.welfare.contact", WelfareContact("WC-9", "unreachable", "team-3")), T0))
    assert "contact" not in ledger.get(incident.id).stamps
    late = event("city.welfare.contact", WelfareContact("WC-9", "contacted", "team-3"), at=T0 + US)
    ledger.note(hear(ledger.board, late, T0 + US))
    assert ledger.get(incident.id).stamps["contact"] == T0 + US
    other = hear(ledger.board, event("city.welfare.contact", WelfareContact("WC-1", "closed", "team-3")), T0)
    assert [(d.kind, d.subject) for d in other] == [("case.contact", "WC-1")]


def test_a_case_is_noted_without_its_text():
    told = WelfareCase("WC-9", "궐동", "neighbour", [], household="HH-1", risk=55.0, text="옆집이 조용해요")
    drafts = hear(Ledger().board, event("city.welfare.case", told), T0)
    assert [(d.kind, d.subject, d.body) for d in drafts] == [
        ("case.noted", "WC-9", {"dong": "궐동", "channel": "neighbour", "household": "HH-1", "risk": 55.0})]


def test_weather_is_noted_once_until_it_says_something_else():
    ledger = Ledger()
    warning = Context("weather", "오산시", "warning", "heatwave", "2026-07-01T10:00:00+09:00")
    ledger.note(first := hear(ledger.board, event("city.context", warning), T0))
    assert [d.subject for d in first] == ["오산시"] and first[0].body["frm"] == 1_782_867_600 * US
    assert hear(ledger.board, event("city.context", warning), T0) == []
    assert len(hear(ledger.board, event("city.context", Context("weather", "오산시", "none", "heatwave")), T0)) == 1
    broken = Context("weather", "오산시", "warning", "heatwave", "어제")
    assert hear(ledger.board, event("city.context", broken), T0)[0].body["code"] == "unusable"


def test_a_device_is_noted_when_it_changes_not_each_time_it_speaks():
    ledger = Ledger()

    def status(**more: Any) -> list[Draft]:
        data = DeviceStatus("radar-1", more.pop("status", "online"), **more)
        told = event("city.device.status", data, "/device/radar-1")
        drafts = hear(ledger.board, told, T0)
        ledger.note(drafts)
        return drafts

    assert len(status(battery_pct=80.0)) == 1
    assert status(battery_pct=60.0) == [] and status() == []
    assert len(status(battery_pct=19.0)) == 1 and status(battery_pct=18.0) == []
    assert len(status(status="offline")) == 1 and len(status(firmware="2.1")) == 1
    row = ledger.board.devices.get("/device/radar-1")
    assert row is not None and (row.firmware, row.battery_pct) == ("2.1", 19.0)


def test_an_unknown_source_asks_once_for_its_registration_and_a_silent_one_is_back():
    ledger = Ledger()
    told = event("city.bus.position", None, "/device/bus-7")
    first = hear(ledger.board, told, T0, registered=lambda e: False)
    ledger.note(first)
    assert [(d.subject, d.body["code"], d.body["type"]) for d in first] == [
        ("/device/bus-7", "unregistered", "city.bus.position")]
    assert hear(ledger.board, told, T0, registered=lambda e: False) == []
    assert hear(ledger.board, event("city.bus.position", None, "/device/b2"), T0, registered=lambda e: True) == []
    system = event("city.bus.position", None, "/system/agency-119")
    assert hear(ledger.board, system, T0, registered=lambda e: False) == []  # stands nowhere that a city file could say
    ledger.note([Draft("device.noted", "/device/bus-7", T0, {"code": "silent"})])
    ledger.note(back := hear(ledger.board, told, T0, registered=lambda e: False))
    assert [d.body["code"] for d in back] == ["back"]
    assert hear(ledger.board, told, T0, registered=lambda e: False) == []


def case(id: str, **over: object) -> WelfareCase:
    given: dict = {"dong": "궐동", "channel": "neighbour", "signals": []}
    return WelfareCase(id, **{**given, **over})


def note(ledger: Ledger, told: WelfareCase, hours: float = 0.0, key: bytes = b"") -> dict:
    """Hear a case so many hours after the start; the body of its record."""
    at = T0 + int(hours * 3600 * US)
    drafts = hear(ledger.board, event("city.welfare.case", told, at=at), at, key=key)
    ledger.note(drafts)
    return drafts[0].body


LETTER = "옆집 할머니가 일주일째 안 보이시고 우편물이 잔뜩 쌓여 있어서 걱정이 됩니다. 확인 부탁드립니다."


def test_the_same_letter_from_another_mouth_is_the_same_matter_and_no_word_of_it_is_kept():
    ledger = Ledger()
    assert "same_as" not in note(ledger, case("A", text=LETTER))
    again = note(ledger, case("B", text=LETTER.replace("부탁드립니다", "부탁드려요 ㅠㅠ"), channel="citizen"), 3)
    assert again["same_as"] == "A" and "again" not in again
    assert "same_as" not in note(ledger, case("C", text=LETTER, dong="오산동"), 3)
    address = event("city.welfare.case", WelfareCase("D", "오산시 궐동", "chatbot", []))
    noted = [hear(ledger.board, address, T0, dong=named)[-1].body["dong"]
             for named in ({"오산시 궐동": "궐동"}.get, lambda text: None)]
    assert noted == ["궐동", "오산시 궐동"]
    assert "same_as" not in note(ledger, case("D", text=LETTER), 60)  # past every contact clock
    assert not any(word in str(ledger.records) for word in LETTER.split())


def test_a_household_told_of_twice_is_one_matter_and_a_later_case_is_a_recurrence():
    ledger = Ledger()
    note(ledger, case("A", household="HH-1"))
    assert note(ledger, case("B", household="HH-1"), 5)["same_as"] == "A"
    assert note(ledger, case("C", household="HH-1"), 24 * 30)["again"] == "B"
    assert "again" not in note(ledger, case("D", household="HH-2"), 24 * 30)
    assert "again" not in note(ledger, case("E", household="HH-1"), 24 * 121)


def test_signs_nobody_knows_are_asked_for_once_by_source_and_what_is_no_code_is_not_written_down():
    ledger = Ledger()
    told = case("A", signals=[Signal("power_cut", 0.4), Signal("X-17", 0.3), Signal("김영희 010-1234-5678", 0.2)])
    first = hear(ledger.board, event("city.welfare.case", told), T0)
    assert [d.body.get("rule") for d in first if d.kind == "device.noted"] == ["X-17", "?"]
    ledger.note(first)
    assert [d.kind for d in hear(ledger.board, event("city.welfare.case", told), T0)] == ["case.noted"]
    assert "김영희" not in str(ledger.records)


def test_what_is_counted_beside_comes_with_the_event():
    counted = [Draft("traffic.noted", "XW-1", T0, {}, "engine")]
    frame = event("city.road.frame", RoadFrame("XW-1", []), "/device/r1")
    assert hear(Ledger().board, frame, T0, count=lambda one: counted if one is frame else []) == counted
