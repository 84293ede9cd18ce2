"""What a turn decides: facts and detections in the order of their events, and no crash costs more than its event."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from cep.engine import Engine
from cep.fuse import Fuse
from stream import heard
from stream.board import Board
from stream.decide import TRIES, Decided, Decider, subject_of
from stream.journal import Chain
from stream.schema import US, BusPosition, Detection, Draft, Event, Severity, WelfareContact
from tests.stream import makers
from tests.stream.loop import city, rules
from tests.stream.makers import T0


class Scripted:
    """An engine whose detections are written down: event id -> detections; crashes on ids in ``bad``."""

    def __init__(self, found: dict[str, list[Detection]], bad: dict[str, int] | None = None) -> None:
        self.found, self.bad = found, bad or {}
        self.seen: list[str] = []

    def step(self, events: list[Event], now: int | None) -> list[Detection]:
        for event in events:
            if self.bad.get(event.id, 0) > 0:
                self.bad[event.id] -= 1
                raise ZeroDivisionError
        self.seen += [e.id for e in events]
        return [d for e in events for d in self.found.get(e.id, [])]


def found(at: int, subject: str, severity: Severity = Severity.severe, rule: str = "smoke_or_gas") -> Detection:
    return Detection(rule, 1, at, subject, severity, {})


def note_all(board: Board, detection: Detection, now: int, cause: str) -> list[Draft]:
    body = {"rule": detection.rule, "severity": 0}
    return [Draft("detection.noted", detection.subject, detection.at, body, cause=cause)]


def hear_all(board: Board, event: Event, now: int) -> list[Draft]:
    return [Draft("device.noted", event.source, event.at, {"code": "status"}, cause=f"event:{event.source}#{event.id}")]


def decider(engine: Any, fuse: Any = note_all, hear: Any = hear_all, restore: Any = lambda done: None) -> Decider:
    return Decider(Board(), Chain(), engine, fuse, hear, restore)


def story(out: Decided) -> list[tuple[str, str]]:
    return [(r.kind.split(".")[0], r.cause) for r in out.records]


def test_a_fact_comes_before_the_detections_of_its_event_and_after_those_before_it() -> None:
    a, b, c = makers.smoke("a", "h-1", T0), makers.smoke("b", "h-2", T0 + 1), makers.smoke("c", "h-3", T0 + 2)
    engine = Scripted({"a": [found(T0, "h-1")], "c": [found(T0 + 2, "h-3")]})
    whole = story(decider(engine).judge([a, b, c], T0 + 5))
    at = "event:/device/smoke-h-"
    assert whole == [("device", f"{at}1#a"), ("detection", f"{at}1#a"), ("device", f"{at}2#b"), ("device", f"{at}3#c"),
                     ("detection", f"{at}3#c")]
    one = decider(Scripted(engine.found))
    single = [line for event in (a, b, c) for line in story(one.judge([event], T0 + 5))]
    assert single == whole


def test_a_timer_stands_before_the_first_event_of_its_moment() -> None:
    a, b = makers.smoke("a", "h-1", T0), makers.smoke("b", "h-2", T0 + 10)
    engine = Scripted({"b": [found(T0 + 5, "h-9", rule="inactivity")]})
    assert [cause[-2:] if "#" in cause else cause for _, cause in story(decider(engine).judge([a, b], T0 + 10))] == [
        "#a", "timer", "#b"]


def test_one_by_one_or_all_at_once_the_real_parts_make_the_same_records() -> None:
    events = [
        makers.smoke("1", "h-1", T0), makers.reading("2", "h-1", True, T0 + US), makers.case("3", at=T0 + 2 * US),
        makers.event("city.welfare.contact", WelfareContact("case-3", "contacted", "w"), "4", "/system/w", T0 + 3 * US),
        makers.smoke("5", "h-1", T0 + 4 * US), makers.frame("6", 6, at=T0 + 5 * US), makers.sos("7", at=T0 + 6 * US),
    ]

    def records(cuts: list[int]) -> list[tuple[str, str, Any]]:
        one = Decider(Board(), Chain(), Engine(city(), rules()), Fuse(city()).decide, heard.hear, lambda done: None)
        edges = [0, *cuts, len(events)]
        parts = [events[i:j] for i, j in pairwise(edges)]
        return [(r.kind, r.cause, {k: v for k, v in r.body.items() if k != "stamps"})
                for part in parts for r in one.judge(part, part[-1].at).records]

    whole = records([])
    assert {kind for kind, _, _ in whole} >= {"incident.opened", "incident.contact"}
    assert records([1, 2, 3, 4, 5, 6]) == records([3]) == whole


def test_the_subject_of_an_event_is_what_a_detection_of_it_is_about() -> None:
    bus = makers.event("city.bus.position", BusPosition("b1", 127.0, 37.0, 30.0), "x", "/device/bus")
    subjects = [subject_of(e) for e in (makers.frame("f"), makers.smoke("a"), makers.case("c"), makers.sos("s"), bus)]
    assert subjects == ["site-1", "h-1", "h-9", "u-1", "/device/bus"]


@pytest.mark.parametrize("times", [1, TRIES])
def test_what_crashes_now_and_then_is_judged_in_the_end(times: int) -> None:
    engine = Scripted({"b": [found(T0, "h-2")]}, {"b": times})
    out = decider(engine).judge([makers.smoke("a"), makers.smoke("b", "h-2")], T0)
    assert (out.poison, out.detections) == ([], 1)
    assert [r.body["code"] for r in out.records if r.kind == "fault.noted"] == ["engine"]


def test_what_crashes_always_is_poison_and_the_memory_is_put_back_before_the_others() -> None:
    restored: list[list[str]] = []

    def restore(done: Any) -> None:
        restored.append([e.id for events, _ in done for e in events])

    events = [makers.smoke("a"), makers.smoke("bad", "h-2"), makers.smoke("c", "h-3")]
    out = decider(Scripted({}, {"bad": 10**6}), restore=restore).judge(events, T0)
    assert [(event.id, why) for event, why in out.poison] == [("bad", "ZeroDivisionError")]
    assert restored == [[], ["a"], ["a"], ["a"]]
    assert [cause for kind, cause in story(out) if kind == "device"] == [
        "event:/device/smoke-h-1#a", "event:/device/smoke-h-3#c"]


def test_a_fuse_or_ear_that_crashes_is_a_fault_and_the_alarm_is_an_incident_all_the_same() -> None:
    def broken(*_: Any) -> list[Draft]:
        raise KeyError("x")

    engine = Scripted({"a": [found(T0, "h-1"), found(T0, "h-1", Severity.notice, "speeding")]})
    out = decider(engine, broken, broken).judge([makers.smoke("a")], T0)
    kinds = [r.kind for r in out.records]
    assert kinds.count("incident.opened") == kinds.count("detection.noted") == 1
    assert {r.body["code"] for r in out.records if r.kind == "fault.noted"} == {"hear", "fuse"}


def test_a_detection_that_fusing_says_nothing_of_is_not_lost() -> None:
    out = decider(Scripted({"a": [found(T0, "h-1")]}), lambda *_: []).judge([makers.smoke("a")], T0)
    assert "incident.opened" in [r.kind for r in out.records]


def test_a_record_that_does_not_fit_leaves_no_hole_in_the_chain() -> None:
    one = decider(Scripted({}))
    out = Decided()
    drafts = [Draft("incident.acknowledged", "nobody", T0, {}), Draft("no.such", "x", T0, {}),
              Draft("device.noted", "d", T0, {"code": "status"})]
    assert one.put(drafts, T0, out) == 1
    assert [r.seq for r in out.records] == [1, 2, 3]
    assert [r.kind for r in out.records] == ["device.noted", "fault.noted", "fault.noted"]
    assert one.faults == 2


def test_an_alarm_with_a_wrong_clock_opens_an_incident_that_says_so() -> None:
    alarm = msgspec.structs.replace(makers.smoke("a", "h-1", T0), time=0, marks=("clock_suspect",))
    out = decider(Engine(city(), rules()), Fuse(city()).decide).judge([alarm], T0 + 5)
    opened = next(r for r in out.records if r.kind == "incident.opened")
    assert "clock_suspect" in opened.body["marks"]
    assert opened.at == T0 and opened.body["stamps"]["source"] == 0


def test_an_incident_knows_where_the_vault_holds_the_words_and_the_exact_place_behind_it() -> None:
    told = msgspec.structs.replace(makers.case("c", text=None), ref="v-1")
    called = msgspec.structs.replace(makers.sos("s"), ref="v-2")
    engine = Scripted({
        "c": [found(told.at, "h-9", Severity.serious, "welfare_urgent")],
        "s": [Detection("sos", 1, called.at, "u-1", Severity.severe, {"lon": called.data.lon, "lat": called.data.lat})],
    })
    whole = decider(engine, Fuse(city()).decide)
    out = whole.judge([told, called], T0 + 5)
    assert [r.kind for r in out.records if r.kind.startswith("incident")] == ["incident.opened"] * 2
    case, sos = whole.board.incidents.values()
    assert (case.text_ref, sos.text_ref) == ("v-1", None)
    assert sos.place is not None and sos.place.ref == "v-2"
    again = msgspec.structs.replace(makers.case("d", text=None, at=T0 + US), ref="v-3")
    engine.found["d"] = [found(again.at, "h-9", Severity.severe, "safety_call_unanswered")]
    records = whole.judge([again], T0 + US).records
    assert [r.body.get("text_ref") for r in records if r.kind == "incident.attached"] == ["v-3"]
