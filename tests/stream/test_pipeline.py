"""The loop: what comes in is kept, shown and acknowledged once, in that order, whatever happens."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from stream import tables, tape
from stream.intake import Arrival, Outcome
from stream.journal import verify
from stream.schema import US, Detection, Draft, Event, Incident, Quarantined, Refusal, Severity
from stream.sealing import cell
from stream.store import Store
from tests.servers import Postgres
from tests.stream import makers
from tests.stream.loop import FullDisk, Loop
from tests.stream.makers import T0


@pytest.fixture
def loop(store_url: str, tmp_path: Path) -> Iterator[Loop]:
    made = Loop(store_url, tmp_path)
    yield made
    made.close()


def count(store: Store, table: Any) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def on_tape(store: Store) -> list[str]:
    return [event.id for _, _, events in tape.read_store(store) for event in events]


def kinds_of(loop: Loop) -> list[str]:
    """What was recorded, without who was called when nobody looked."""
    return [r.kind for r in loop.pipeline.journal.read() if r.kind != "incident.unattended"]


def test_an_alarm_becomes_an_incident_that_is_kept_shown_and_acknowledged(loop: Loop) -> None:
    outcome = loop.turn(makers.smoke("a1", seq=1))
    assert (outcome.ok, outcome.accepted, outcome.ids) == (True, 1, ["a1"])
    assert outcome.seqs == {"/device/smoke-h-1": 1}
    [incident] = loop.board.open(T0)
    assert (incident.kind, incident.priority, incident.unrecorded) == ("smoke_or_gas", 1, False)
    assert incident.stamps == {"source": T0, "arrival": T0, "decided": T0}
    [turn] = loop.turns
    assert [c.id for c in turn.changes] == [incident.id]
    assert "incident.opened" in [r.kind for r in turn.records]
    assert on_tape(loop.store) == ["a1"]
    assert verify(loop.store).ok


def test_nothing_is_told_before_it_is_durable(store_url: str, tmp_path: Path) -> None:
    loop = Loop(store_url, tmp_path)
    seen: list[tuple[str, int]] = []
    loop.pipeline.listeners = [lambda turn: seen.append(("shown", count(loop.store, tables.tape)))]

    def told(_: Outcome) -> None:
        seen.append(("told", count(loop.store, tables.tape)))

    loop.pipeline.turn([Arrival([makers.smoke("a1")], [], told)])
    assert seen == [("shown", 1), ("told", 1)]
    loop.close()


def test_the_same_message_again_has_no_second_effect(loop: Loop) -> None:
    alarm, pir = makers.smoke("a1"), makers.reading("r1")
    loop.turn(alarm, pir)
    records, queue = kinds_of(loop), loop.queue()
    outcome = loop.turn(alarm, pir, alarm)
    assert (outcome.ok, outcome.accepted, outcome.duplicate, outcome.ids) == (True, 0, 3, ["a1", "r1", "a1"])
    assert (kinds_of(loop), loop.queue(), on_tape(loop.store)) == (records, queue, ["a1", "r1"])


def test_after_a_kill_the_queue_is_the_same_and_what_was_acknowledged_is_known(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"), makers.smoke("a2", "h-2"))
    loop.ask("acknowledge", loop.queue()[0][0], "c1")
    queue = loop.queue()
    again = loop.again()
    assert again.queue() == queue
    assert again.turn(makers.smoke("a1")).duplicate == 1
    assert again.queue() == queue
    assert verify(again.store).ok
    again.close()


def test_a_rule_with_a_long_window_survives_a_kill(loop: Loop) -> None:
    """A fall, a kill, and no motion after it: the second alarm still comes, and once."""
    from stream.schema import CareAlarm

    loop.turn(makers.event("city.care.alarm", CareAlarm("h-1", "fall"), "f1", "/device/band"))
    again = loop.again()
    again.tick(30 * US)
    assert "no_motion_after_fall" not in {d.rule for i in again.board.open(0) for d in i.detections}
    again.tick(31 * US)
    assert "no_motion_after_fall" in {d.rule for i in again.board.open(0) for d in i.detections}
    third = again.again()
    records = kinds_of(third)
    third.tick(60 * US)
    assert kinds_of(third) == records
    third.close()


def test_a_checkpoint_and_the_tape_since_give_the_same_memory(store_url: str, tmp_path: Path) -> None:
    loop = Loop(store_url, tmp_path)
    for i in range(8):
        loop.clock.advance(30 * US)
        loop.turn(makers.reading(f"r{i}", at=loop.clock.now()), makers.frame(f"f{i}", at=loop.clock.now(), seq=i))
    assert count(loop.store, tables.checkpoint) == 2
    known = loop.engine.counters()
    again = loop.again()
    assert again.engine.counters() == known
    assert future(again.engine) == future(loop.engine) != []
    again.close()


def future(engine: Any) -> list[Detection]:
    """What this memory leads to: a day in which nobody is heard any more."""
    return list(engine.step([], T0 + 86_400 * US))


def test_a_missing_number_is_listed_and_then_filled(loop: Loop) -> None:
    loop.turn(makers.frame("1", seq=1))
    assert loop.turn(makers.frame("4", at=T0 + 1, seq=4)).seqs == {"/device/radar-1": 1}
    loop.tick(2 * US)
    assert kinds_of(loop).count("source.gap") == 1
    outcome = loop.turn(makers.frame("2", seq=2), makers.frame("3", seq=3))
    assert outcome.seqs == {"/device/radar-1": 4}
    loop.tick(2 * US)
    assert kinds_of(loop).count("source.filled") == 1


def test_junk_is_put_aside_told_and_does_not_stop_the_next_alarm(loop: Loop) -> None:
    junk = Quarantined(b"{", "no_json", "", "/device/x", T0, id="q1")
    outcome = loop.turn(makers.smoke("a1"), aside=(junk,))
    assert (outcome.accepted, outcome.quarantined, sorted(outcome.ids)) == (1, 1, ["a1", "q1"])
    [entry] = loop.pipeline.quarantine.list()
    assert loop.pipeline.quarantine.raw(entry.id) == b"{"
    assert len(loop.queue()) == 1
    loop.tick(2 * US)
    assert "quarantine.noted" in kinds_of(loop)


def test_a_message_put_aside_can_be_handed_in_again(loop: Loop) -> None:
    loop.turn(aside=(Quarantined(b"fixed by a newer decoder", "no_json", "", "/device/x", T0),))

    def decode(raw: bytes, arrival: int) -> tuple[list[Event], list[Any]]:
        assert raw == b"fixed by a newer decoder"
        return [makers.smoke("a1")], []

    assert loop.pipeline.resubmit(1, decode)
    loop.pipeline.turn(loop.intake.take(0))
    loop.pipeline.turn([])
    assert len(loop.queue()) == 1
    assert loop.pipeline.quarantine.list()[0].state == "resubmitted"
    assert not loop.pipeline.resubmit(99, decode)


def test_the_tape_and_the_journal_hold_no_text_and_no_exact_position(loop: Loop) -> None:
    loop.turn(makers.case("c1", text="카나리아 죽고 싶다"), makers.sos("s1", lon=127.07712345))
    loop.ask("acknowledge", loop.queue()[0][0], "c1")
    [(_, _, events)] = tape.read_store(loop.store)
    assert events[0].data.text is None
    assert (events[1].data.lon, events[1].data.lat) == cell(127.07712345, 37.14567891)
    assert events[0].ref is not None
    assert loop.vault.open(events[0].ref) == "카나리아 죽고 싶다"
    for record in loop.pipeline.journal.read():
        assert "카나리아" not in str(record.body)
        assert "127.077123" not in str(record.body)
    urgent = next(i for i in loop.board.open(T0) if i.kind == "welfare_urgent")
    assert urgent.detections[0].severity == Severity.severe  # the rule did see the words


def test_a_command_answers_with_the_new_incident_and_its_repeat_with_the_first_answer(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"))
    id = loop.queue()[0][0]
    first = loop.ask("acknowledge", id, "c1")
    assert isinstance(first, Incident)
    assert first.state == "acknowledged"
    assert loop.ask("acknowledge", id, "c1") == first
    assert loop.ask("acknowledge", id, "c2") == Refusal("wrong_state", "acknowledged")
    loop.ask("note", id, "c3", text_ref="r")
    again = loop.again()
    assert again.ask("acknowledge", id, "c1") == first
    assert again.ask("acknowledge", id, "c2") == Refusal("wrong_state", "acknowledged")
    assert [r.kind for r in again.pipeline.journal.read()].count("incident.acknowledged") == 1
    again.close()


def test_an_incident_opened_by_hand_twice_with_one_id_is_one(loop: Loop) -> None:
    args = {"kind": "fire_smoke", "place": {"lon": 127.07, "lat": 37.15}}
    wanted = [loop.pipeline.open_by_hand(args, "op1", "hand-1") for _ in range(2)]
    loop.pipeline.turn([])
    one, two = (future.result(0) for future in wanted)
    assert one == two
    assert one.place.lon == 127.07
    assert len(loop.queue()) == 1


def test_fifty_operators_escalate_at_once_and_one_report_is_asked_for(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"))
    incident = loop.board.open(T0)[0]
    from stream.schema import Command

    wanted = [
        loop.pipeline.submit(Command(f"c{i}", "escalate", incident.id, {"agency": "119"}, f"op{i}", "operator",
                                     incident.revision))
        for i in range(50)
    ]
    loop.pipeline.turn([])
    answers = [future.result(0) for future in wanted]
    assert sum(isinstance(a, Incident) for a in answers) == 1
    assert kinds_of(loop).count("escalation.requested") == 1


def test_a_note_that_does_not_follow_is_refused_and_one_that_does_is_recorded(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"))
    incident = loop.board.open(T0)[0]
    asked = loop.ask("escalate", incident.id, "c1", agency="119", revision=incident.revision)
    key = asked.escalations[0].key
    body = {"agency": "119", "generation": 1, "key": key}

    def note(kind: str) -> Any:
        wanted = loop.pipeline.note([Draft(kind, incident.id, loop.clock.now(), body, "outbox")])
        loop.pipeline.turn([])
        return wanted.result(0)

    assert note("escalation.delivered") == Refusal("wrong_state", "escalation.delivered")
    assert [r.kind for r in note("escalation.sent")] == ["escalation.sent"]
    assert note("escalation.sent") == Refusal("wrong_state", "escalation.sent")


class Crashing:
    """The real engine, but a rule of it crashes on some events (each time, or only the first time)."""

    def __init__(self, engine: Any, bad: set[str], times: int = 10**9) -> None:
        self.engine, self.bad, self.times = engine, bad, times

    def step(self, events: list[Event], now: int | None) -> list[Detection]:
        for event in events:
            if event.id in self.bad and self.times > 0:
                self.times -= 1
                self.engine.step(events[:1], now)  # half of the work is done already: memory is spoilt
                raise ZeroDivisionError
        return self.engine.step(events, now)

    def save(self) -> bytes:
        return self.engine.save()

    def load(self, data: bytes) -> None:
        self.engine.load(data)


def real_engine() -> Any:
    from cep.engine import Engine
    from tests.stream.loop import city, rules

    return Engine(city(), rules())


def test_a_rule_that_crashes_costs_its_event_and_nothing_else(store_url: str, tmp_path: Path) -> None:
    crashing = Crashing(real_engine(), {"bad"})
    loop = Loop(store_url, tmp_path, engine=crashing)
    loop.turn(makers.reading("r0"))
    outcome = loop.turn(makers.smoke("a1"), makers.smoke("bad", "h-2"), makers.smoke("a3", "h-3"))
    assert (outcome.accepted, outcome.quarantined, outcome.ids) == (2, 1, ["a1", "bad", "a3"])
    assert {i.subject for i in loop.board.open(T0)} == {"h-1", "h-3"}
    assert on_tape(loop.store) == ["r0", "a1", "a3"]
    [entry] = loop.pipeline.quarantine.list()
    assert (entry.reason, entry.event, entry.source) == ("rule_crash", "bad", "/device/smoke-h-2")
    assert b'"id":"bad"' in (loop.pipeline.quarantine.raw(entry.id) or b"")
    assert {r.body["code"] for r in loop.pipeline.journal.read(kinds=["fault.noted"])} == {"engine", "poison"}
    again = loop.again()  # with an engine that is mended: the same memory
    assert future(again.engine) == future(crashing.engine) != []
    again.close()


def test_a_rule_that_crashes_once_costs_nothing(store_url: str, tmp_path: Path) -> None:
    loop = Loop(store_url, tmp_path, engine=Crashing(real_engine(), {"bad"}, times=2))
    assert loop.turn(makers.smoke("a1"), makers.smoke("bad", "h-2")).accepted == 2
    assert {i.subject for i in loop.board.open(T0)} == {"h-1", "h-2"}
    assert loop.pipeline.quarantine.list() == []
    loop.close()


def test_when_fusing_crashes_the_alarm_is_shown_all_the_same(store_url: str, tmp_path: Path) -> None:
    def broken(*_: Any) -> list[Draft]:
        raise KeyError("x")

    loop = Loop(store_url, tmp_path, fuse=broken)
    loop.turn(makers.smoke("a1"))
    [incident] = loop.board.open(T0)
    assert (incident.kind, incident.priority, incident.marks) == ("smoke_or_gas", 1, ("fault",))
    assert "fault.noted" in kinds_of(loop)
    loop.close()


def test_with_a_full_disk_the_alarm_is_shown_unrecorded_nothing_is_acknowledged_and_it_heals(tmp_path: Path) -> None:
    loop = Loop(f"sqlite:///{tmp_path}/store.db", tmp_path)
    loop.turn(makers.smoke("a0", "h-0"))
    disk = FullDisk(loop)
    many = [makers.reading(f"r{i}-{'x' * 200}") for i in range(2000)]
    outcome = loop.turn(makers.smoke("a1"), *many)
    assert outcome.ok is False
    shown = {i.subject: i.unrecorded for i in loop.board.open(T0)}
    assert shown == {"h-0": False, "h-1": True}
    assert loop.turns[-1].recorded is False
    assert loop.ask("acknowledge", loop.queue()[0][0], "c1") == Refusal("not_recorded")
    stats = loop.pipeline.stats()
    assert (stats["recorded"], stats["store"], stats["delta"]) == (False, "full", 0)
    assert loop.turn(makers.smoke("a1")).ok is False  # again, as a source would: still no ack
    assert [i.subject for i in loop.board.open(T0)].count("h-1") == 1

    disk.make_room()
    outcome = loop.turn(makers.smoke("a1"))
    assert (outcome.ok, outcome.duplicate) == (True, 1)
    assert {i.unrecorded for i in loop.board.open(T0)} == {False}
    assert any(c.incident and c.incident.subject == "h-1" for c in loop.turns[-1].changes)
    assert sorted(on_tape(loop.store)) == sorted(["a0", "a1", *(e.id for e in many)])
    assert "fault.noted" in kinds_of(loop)
    assert verify(loop.store).ok
    assert loop.pipeline.stats()["delta"] == 0
    queue = loop.queue()
    again = loop.again()
    assert again.queue() == queue
    again.close()


def test_a_report_whose_request_was_not_recorded_is_taken_back(tmp_path: Path) -> None:
    loop = Loop(f"sqlite:///{tmp_path}/store.db", tmp_path)
    loop.turn(makers.smoke("a1"))
    incident = loop.board.open(T0)[0]
    disk = FullDisk(loop)
    many = [loop.arrive(makers.reading(f"r{i}-{'x' * 200}")) for i in range(2000)]
    from stream.schema import Command

    wanted = loop.pipeline.submit(Command("c1", "escalate", incident.id, {"agency": "119"}, "op1", "operator",
                                          incident.revision))
    loop.pipeline.turn(many)
    assert wanted.result(0) == Refusal("not_recorded")
    loop.pipeline.turn([])
    disk.make_room()
    loop.tick(US)
    reports = loop.board.incidents[incident.id].escalations
    assert [(r.state, r.reason) for r in reports] == [("cancelled", "not_recorded")]
    assert not loop.board.moving
    loop.close()


def test_a_journal_that_was_cut_says_so_when_it_is_opened(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"))
    last = loop.pipeline.journal.last_seq
    with loop.store.begin() as conn:
        conn.execute(tables.journal.delete().where(tables.journal.c.seq == last))
    again = loop.again()
    again.pipeline.turn([])
    assert [r.body["code"] for r in again.pipeline.journal.read(kinds=["fault.noted"])] == ["journal_head"]
    again.close()


def test_the_figures_add_up(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"), makers.frame("f", seq=1), aside=(Quarantined(b"x", "no_json", "", "", T0),))
    loop.turn(makers.smoke("a1"), makers.frame("f", seq=1))
    stats = loop.pipeline.stats()
    assert {k: stats[k] for k in ("received", "stored", "duplicate", "quarantined", "delta", "undurable")} == {
        "received": 5, "stored": 2, "duplicate": 2, "quarantined": 1, "delta": 0, "undurable": 0}


def test_a_bug_in_the_middle_of_a_turn_leaves_no_hole_and_loses_nothing(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop.turn(makers.smoke("a0", "h-0"))

    def broken(*_: Any) -> None:
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr(loop.pipeline._decider, "_hear", broken)
        outcome = loop.turn(makers.smoke("a1"), makers.frame("f1"))
    assert (outcome.ok, outcome.accepted, outcome.quarantined, outcome.ids) == (True, 0, 2, ["a1"])
    assert [e.event for e in loop.pipeline.quarantine.list()] == ["f1", "a1"]
    assert loop.turn(makers.smoke("a2", "h-2")).accepted == 1
    assert verify(loop.store).ok
    assert loop.pipeline.stats()["delta"] == 0


def test_a_bug_while_sorting_keeps_nothing_and_the_next_try_is_new(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr(loop.pipeline._sorter, "_one", broken)
        loop.pipeline._safely([loop.arrive(makers.smoke("a1"))])
    assert loop.told[-1] == Outcome(ok=False)
    assert loop.turn(makers.smoke("a1")).accepted == 1
    loop.tick(US)
    assert [r.body["code"] for r in loop.pipeline.journal.read(kinds=["fault.noted"])] == ["turn"]


def test_postgresql_dies_in_the_middle_and_comes_back(postgres: Postgres, tmp_path: Path) -> None:
    server = Postgres()  # one of its own: the one of all tests is not killed
    server.start()
    loop = Loop(server.new_database(), tmp_path)
    try:
        loop.turn(makers.smoke("a0", "h-0"))
        server.kill()
        assert loop.turn(makers.smoke("a1")).ok is False
        assert {i.subject: i.unrecorded for i in loop.board.open(T0)} == {"h-0": False, "h-1": True}
        assert loop.ask("acknowledge", loop.queue()[0][0], "c1") == Refusal("not_recorded")
        server.start()
        loop.pipeline.keeper._retry_at = 0.0
        loop.tick(US)
        outcome = loop.turn(makers.smoke("a1"), makers.smoke("a2", "h-2"))
        assert (outcome.ok, outcome.duplicate, outcome.accepted) == (True, 1, 1)
        assert {i.unrecorded for i in loop.board.open(T0)} == {False}
        assert sorted(on_tape(loop.store)) == ["a0", "a1", "a2"]
        assert verify(loop.store).ok
    finally:
        loop.close()
        server.stop()


def test_the_loop_runs_by_itself_until_it_is_stopped_and_finishes_what_waits(loop: Loop) -> None:
    thread = threading.Thread(target=loop.pipeline.run)
    thread.start()
    told: queue.Queue[Outcome] = queue.Queue()
    for i in range(20):
        loop.intake.put(Arrival([makers.smoke(str(i), f"h-{i}")], [], told.put))
    assert sum(told.get(timeout=30).accepted for _ in range(20)) == 20
    asked = loop.pipeline.note([Draft("access.login", "op1", T0, {"what": "console"})])
    assert [r.kind for r in asked.result(30)] == ["access.login"]
    last = loop.intake.put(Arrival([makers.smoke("last", "h-99")], [], told.put))
    loop.pipeline.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert last
    assert told.get(timeout=30).accepted == 1
    assert len(on_tape(loop.store)) == 21
    assert loop.pipeline.note([]).result(0) == Refusal("not_recorded")


def test_a_listener_or_a_bringer_that_fails_stops_nobody(loop: Loop) -> None:
    def broken(_: Any) -> None:
        raise KeyError("x")

    loop.pipeline.listeners.insert(0, broken)
    heard: list[Outcome] = []
    loop.pipeline.turn([Arrival([makers.smoke("a")], [], broken), Arrival([makers.smoke("b", "h-2")], [], heard.append),
                        Arrival([makers.smoke("c", "h-3")])])
    assert [o.accepted for o in heard] == [1]
    assert len(loop.turns) == 1
    assert loop.pipeline.stats()["faults"] == 2


def test_a_record_that_no_longer_fits_does_not_stop_the_start(loop: Loop) -> None:
    loop.turn(makers.smoke("a1"))
    journal = loop.pipeline.journal
    with loop.store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("incident.acknowledged", "nobody", T0, {}), T0)])
    again = loop.again()
    assert again.pipeline.counts["faults"] == 1
    assert len(again.queue()) == 1
    assert again.recovered[-1] == "incident.acknowledged"
    again.close()


def test_the_age_of_what_waits_is_told(loop: Loop) -> None:
    loop.intake.put(Arrival([makers.smoke("a", at=T0)]))
    loop.clock.advance(3 * US)
    stats = loop.pipeline.stats()
    assert (stats["queue_age_ms"], stats["waiting"], stats["recorded"], stats["store"]) == (3000, 1, True, "ok")
