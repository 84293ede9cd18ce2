"""Each indicator against a fixture worked out by hand, to the second."""

from __future__ import annotations

from typing import Any

import pytest

from stream import bodies
from stream.kinds import draft
from stream.kpi import Kpi
from stream.reports import progress
from stream.schema import US, DetectionRef, EscalationState, Place, Priority
from tests.ledger import T0, Ledger

DAY = 86400 * US


class Shift(Ledger):
    """A ledger whose moments are seconds after T0."""

    def at(self, seconds: float) -> Shift:
        self.now = T0 + int(seconds * US)
        return self

    def alarm(self, seconds: float, rule: str, source: str, priority: Priority = Priority.P3, **over: Any) -> str:
        self.at(seconds)
        seen = DetectionRef(rule, self.now, source, over.pop("severity", 2), source=source)
        return self.open(priority, kind=rule, detections=(seen,), **over).id

    def paint(self, seconds: float, id: str, ms: float) -> None:
        self.at(seconds).note([draft("paint.noted", id, self.now, bodies.Paint(ms))])

    def judge(self, seconds: float, id: str, disposition: str) -> None:
        self.at(seconds).do("resolve", id, disposition=disposition, reason="x")

    def report(self, seconds: float, id: str, to: EscalationState) -> None:
        self.at(seconds)
        incident = self.get(id)
        one = progress(incident, incident.escalations[-1], to, self.now, "119", "")
        assert one
        self.note([one])

    def view(self, frm: int = T0, to: int = T0 + DAY) -> dict[str, Any]:
        kpi = Kpi()
        for record in self.records:
            kpi.apply(record)
        return kpi.view(frm, to)


def test_from_detection_to_popup_to_acknowledgement():
    shift = Shift()
    for n, (ms, seen) in enumerate([(40, 5), (80, 11), (60, 8), (400, 30)]):
        id = shift.alarm(100 * n, "near_miss", "r", Priority.P1 if n < 2 else Priority.P2)
        shift.paint(100 * n + 1, id, ms)
        shift.at(100 * n + 1 + seen).do("acknowledge", id)
        shift.at(100 * n + 90).do("assign", id)
    view = shift.view()
    assert view["detection_to_popup_ms"] == {"n": 4, "p50": 60.0, "p95": 400.0, "p99": 400.0}
    assert view["popup_to_ack_s"] == {"n": 4, "p50": 8.0, "p95": 30.0}
    assert view["p1_popup_to_ack_s"] == {"n": 2, "p50": 5.0, "p95": 11.0}
    assert view["alarm_to_response_s"] == {"n": 4, "p50": 9.0, "p95": 31.0}


def test_from_the_click_to_the_agency_to_the_place():
    shift = Shift(undo_s=5)
    id = shift.alarm(0, "smoke_or_gas", "s", Priority.P1, domain="care", severity=3)
    shift.paint(1, id, 50)
    shift.at(20).do("escalate", id, agency="119")
    for seconds, to in ((25, "sent"), (27, "delivered"), (30, "accepted"), (60, "dispatched"), (450, "arrived")):
        shift.report(seconds, id, EscalationState(to))
    shift.judge(1800, id, "confirmed")
    view = shift.view()
    assert view["popup_to_delivered_s"] == {"n": 1, "p50": 26.0, "p95": 26.0}
    assert view["confirm_to_delivered_s"] == {"n": 1, "p50": 7.0, "p95": 7.0}
    assert view["accepted_to_arrived_s"]["p50"] == 420.0
    assert view["opened_to_resolved_s"]["p50"] == 1800.0
    assert view["alarm_to_response_s"]["p50"] == 20.0


def test_false_alarms_by_rule_and_source_with_their_interval():
    shift = Shift()
    for n, (rule, source, verdict) in enumerate([
        ("smoke_or_gas", "a", "false_alarm"), ("smoke_or_gas", "a", "confirmed"), ("smoke_or_gas", "b", "confirmed"),
        ("near_miss", "r", "confirmed"), ("near_miss", "r", "test"), ("near_miss", "r", "duplicate")]):
        shift.judge(n * 10 + 5, shift.alarm(n * 10, rule, source), verdict)
    told = shift.view()["false_alarms"]
    assert told["all"] == {"k": 1, "n": 4, "rate": 0.25, "low": 0.046, "high": 0.699}
    assert (told["by_rule"]["smoke_or_gas"]["k"], told["by_rule"]["smoke_or_gas"]["n"]) == (1, 3)
    assert told["by_source"]["a"]["rate"] == 0.5 and told["by_rule"]["near_miss"]["rate"] == 0.0
    assert set(told["by_source"]) == {"a", "b", "r"}


def test_a_verdict_taken_back_does_not_count():
    shift = Shift()
    id = shift.alarm(0, "near_miss", "r")
    shift.judge(10, id, "false_alarm")
    shift.at(20).do("reopen", id)
    assert shift.view()["false_alarms"]["all"]["n"] == 0 and shift.view()["opened_to_resolved_s"]["n"] == 0


def test_alarm_load_counts_what_sounded_by_ten_minutes():
    shift = Shift()
    for n in range(12):
        shift.alarm(n, "near_miss", "r", Priority.P3)
    quiet = shift.alarm(30, "jaywalking", "r", Priority.P4)
    loud = shift.alarm(601, "sos", "r", Priority.P1)
    shift.at(700).do("shelve", shift.alarm(650, "near_miss", "r", Priority.P2), reason="x", minutes=10)
    shift.at(700).do("acknowledge", loud)
    shift.wait(600)
    shift.at(1400).do("change_priority", quiet, priority="P2", reason="x")
    load = shift.view(T0, T0 + 1800 * US)["load"]
    assert load["slots"] == [12, 2, 2] and (load["n"], load["mean"], load["worst"]) == (16, 5.333, 12)
    assert load["flood_slots"] == 1
    assert load["share"] == {"P1": 0.0625, "P2": 0.1875, "P3": 0.75}


def test_ten_minutes_before_the_journal_began_were_no_calm_ones():
    shift = Shift()
    shift.alarm(0, "near_miss", "r", Priority.P3)
    told = shift.view(T0 - 86400 * US, T0 + 840 * US)["load"]
    assert (told["slots"], told["from_ms"]) == ([1, 0], T0 // 1000)
    assert told["per_operator"]["calm"]["n"] == 2


def test_first_contact_in_24_and_48_hours_unreachable_stops_no_clock():
    shift = Shift()
    hours = {"A": 1.0, "B": 30.0, "C": 50.0, "D": None, "E": None}
    for case, contacted in hours.items():
        body = bodies.Case("궐동", "neighbour", "HH-1" if case in "AB" else "")
        shift.at(0).note([draft("case.noted", case, T0 + (47 * 3600 * US if case == "E" else 0), body)])
        shift.note([draft("case.contact", case, T0 + 60 * US, bodies.CaseContact("unreachable"))])
        if contacted:
            at = T0 + int(contacted * 3600 * US)
            shift.note([draft("case.contact", case, at, bodies.CaseContact("contacted"))])
    told = shift.view(T0, T0 + 60 * 3600 * US)
    contact = told["first_contact"]
    assert (contact["within_24h"]["k"], contact["within_24h"]["n"]) == (1, 4)
    assert (contact["within_48h"]["k"], contact["within_48h"]["n"]) == (2, 4)
    assert contact["unworked"] == 1
    reports = told["reports"]
    assert (reports["n"], reports["by_channel"], reports["households_again"]) == (5, {"neighbour": 5}, 1)


def test_a_case_that_comes_back_and_one_told_twice_are_counted_apart():
    shift = Shift()
    bodies_of = (bodies.Case("궐동", "system", "HH-1"), bodies.Case("궐동", "system", "HH-1", again="A"),
                 bodies.Case("궐동", "citizen", "HH-1", same_as="B", again="B"))  # fmt: skip
    for case, body in zip("ABC", bodies_of, strict=True):
        shift.at(0).note([draft("case.noted", case, T0, body)])
    reports = shift.view(T0, T0 + 3600 * US)["reports"]
    assert (reports["n"], reports["recurring"], reports["told_twice"]) == (3, 1, 1)


def test_what_was_seen_on_the_road_by_site_and_hour():
    shift = Shift()
    for seconds, site in ((0, "XW-1"), (10, "XW-1"), (3600, "XW-2")):
        shift.at(seconds).note([draft("detection.noted", site, shift.now, bodies.Notice("speeding", 0))])
    id = shift.alarm(20, "near_miss", "XW-1")
    shift.note([draft("incident.folded", id, shift.now, bodies.Folded("near_miss", "XW-1", shift.now, 2))])
    road = shift.view()["road"]
    assert (road["speeding"]["n"], road["speeding"]["by_subject"]) == (3, {"XW-1": 2, "XW-2": 1})
    assert road["speeding"]["by_hour"][9] == 2 and road["speeding"]["by_hour"][10] == 1
    assert road["near_miss"]["n"] == 2


def test_misses_and_early_detection():
    shift = Shift()
    shift.judge(5, shift.alarm(0, "smoke_or_gas", "a", domain="care", severity=3), "confirmed")
    shift.judge(15, shift.alarm(10, "fall_reported", "b", domain="care"), "confirmed")
    shift.judge(25, shift.alarm(20, "inactivity", "c", domain="care", severity=1), "confirmed")
    shift.judge(35, shift.alarm(30, "fall", "d", domain="care", marks=("by_hand",)), "confirmed")
    told = shift.view()
    assert (told["early_detection"]["k"], told["early_detection"]["n"]) == (2, 3)
    assert (told["missed"]["k"], told["missed"]["n"]) == (1, 4)


def test_time_a_source_was_silent():
    shift = Shift()
    for seconds, source, code in ((0, "a", "silent"), (30, "a", "silent"), (90, "a", "back"), (95, "b", "silent")):
        shift.at(seconds).note([draft("device.noted", source, shift.now, bodies.Device(code))])
    assert shift.view()["recovery_s"] == {"n": 1, "p50": 90.0, "p95": 90.0} and shift.view()["silent_now"] == 1


@pytest.mark.parametrize(("frm", "to", "n"), [(T0, T0 + 1, 1), (T0 + 1, T0 + DAY, 0), (T0 - DAY, T0, 0)])
def test_a_span_takes_its_beginning_and_not_its_end(frm, to, n):
    shift = Shift()
    shift.alarm(0, "near_miss", "r")
    view = shift.view(frm, to)
    assert view["load"]["n"] == n and view["missed"]["n"] == n


def test_nothing_is_none_and_not_zero():
    view = Shift().view()
    assert view["detection_to_popup_ms"]["p95"] is None and view["false_alarms"]["all"]["rate"] is None


PLACES = {"XW-1": Place(127.0, 37.1, site="XW-1", zone="SZ-1", dong="궐동"),
          "/device/r": Place(127.0, 37.1, dong="궐동")}


def test_an_area_has_its_own_figures_and_the_parts_add_up():
    shift = Shift()
    for seconds in (0, 86_400 + 10):
        shift.alarm(seconds, "near_miss", "XW-1", place=PLACES["XW-1"])
        shift.alarm(seconds + 5, "near_miss", "XW-2", place=Place(127.0, 37.1, dong="오산동"))
    kpi = Kpi(PLACES.get, ("/device/r", "/device/elsewhere"), 200_000)
    for record in shift.records:
        kpi.apply(record)
    whole, part = kpi.view(T0, T0 + 2 * DAY), kpi.view(T0, T0 + 2 * DAY, "SZ-1")
    assert (whole["load"]["n"], part["load"]["n"]) == (4, 2)
    assert (whole["uptime"]["n"], kpi.view(T0, T0 + DAY, "궐동")["uptime"]["n"]) == (2, 1)
    assert part["road"]["near_miss"]["by_subject"] == {"XW-1": 2}
    days = kpi.series(T0, T0 + 2 * DAY, "day")
    loads = [next(f["n"] for f in day["figures"] if f["name"] == "load") for day in days]
    assert sum(loads) == whole["load"]["n"] and loads[0] == 2
    assert (kpi.first, kpi.last) == (T0, T0 + (86_400 + 15) * US)


def test_an_empty_journal_has_no_series():
    assert Kpi().series(T0, T0 + DAY, "day") == []


def test_what_a_dong_had_without_what_was_nothing():
    shift = Shift()
    shift.judge(5, shift.alarm(0, "near_miss", "r", place=PLACES["XW-1"]), "false_alarm")
    shift.judge(15, shift.alarm(10, "near_miss", "r", place=PLACES["XW-1"]), "confirmed")
    shift.alarm(20, "fall", "r", domain="care", place=PLACES["XW-1"])
    shift.note([draft("case.noted", "A", T0, bodies.Case("오산동", "system"))])
    kpi = Kpi()
    for record in shift.records:
        kpi.apply(record)
    assert kpi.by_dong(T0, T0 + DAY, ("궐동", "오산동")) == {
        "궐동": {"road": 1, "care": 1, "reports": 0}, "오산동": {"road": 0, "care": 0, "reports": 1}}
