"""The board remembers what records say, in an order that is a pure function of (incident, now)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stream import bodies
from stream.board import KEEP_CLOSED, Board, korean_day, rank
from stream.kinds import draft
from stream.schema import US, DetectionRef, Factor, HouseError, Priority, Record, State
from tests.ledger import T0, Ledger


def test_an_opened_incident_stands_in_the_queue_with_its_place_and_revision_one():
    ledger = Ledger()
    incident = ledger.open(Priority.P2)
    assert (incident.id, incident.revision, incident.state, incident.priority) == ("20260302-0001", 1, "new", 2)
    assert ledger.board.open(ledger.now) == [incident]
    assert ledger.board.of("XW-1") == [incident] and list(ledger.board.near(127.0701, 37.1501)) == [incident]


def test_ids_count_by_korean_day():
    assert korean_day(T0 - 9 * 3600 * US - 1) == "20260301" and korean_day(T0 - 9 * 3600 * US) == "20260302"
    assert korean_day(1_709_132_400 * US) == "20240229"
    ledger = Ledger()
    first, second = ledger.open(), ledger.open()
    ledger.now += 86400 * US
    third = ledger.open()
    ledger.now -= 86400 * US
    assert [first.id, second.id, third.id] == ["20260302-0001", "20260302-0002", "20260303-0001"]
    assert ledger.board.next_id(ledger.now) == "20260302-0003"


def test_p1_is_first_then_points_then_age_and_shelved_last():
    ledger = Ledger()
    shelved = ledger.open(Priority.P2, score=69)
    low, ordinary = ledger.open(Priority.P3), ledger.open(Priority.P2)
    ledger.now += US
    twin, urgent = ledger.open(Priority.P2), ledger.open(Priority.P1)
    ledger.do("shelve", shelved.id, reason="works", minutes=30)
    ids = [i.id for i in ledger.board.open(ledger.now)]
    assert ids == [urgent.id, ordinary.id, twin.id, low.id, shelved.id]
    assert [i.id for i in ledger.board.open(ledger.now, limit=2)] == ids[:2]


def test_waiting_moves_up_what_nobody_saw_and_never_past_a_p1():
    ledger = Ledger()
    early = ledger.open(Priority.P2, score=46)
    ledger.now += 30 * US
    late, urgent = ledger.open(Priority.P2, score=50), ledger.open(Priority.P1)
    assert [i.id for i in ledger.board.open(ledger.now)] == [urgent.id, late.id, early.id]
    soon = ledger.now + 31 * US  # 61 s after its opening: past the 60 s of a P2
    assert [i.id for i in ledger.board.open(soon)] == [urgent.id, early.id, late.id]
    ledger.do("acknowledge", early.id)
    assert [i.id for i in ledger.board.open(soon)] == [urgent.id, late.id, early.id]


def test_the_order_follows_a_score_only_past_the_hysteresis():
    ledger = Ledger()
    a, b = ledger.open(Priority.P2, score=50), ledger.open(Priority.P2, score=48)

    def rescore(id: str, score: int) -> None:
        body = bodies.Scored(score, Priority.P2, (Factor("threat", score, "kind"),), True)
        ledger.note([draft("incident.scored", id, ledger.now, body)])

    rescore(b.id, 53)
    assert ledger.get(b.id).score == 53
    assert [i.id for i in ledger.board.open(ledger.now)] == [a.id, b.id]
    rescore(b.id, 54)
    assert [i.id for i in ledger.board.open(ledger.now)] == [b.id, a.id]


def test_a_repeat_is_counted_and_does_not_raise_the_revision():
    ledger = Ledger()
    incident = ledger.open()
    body = bodies.Folded("near_miss", "XW-1", T0 + US, 2, "", "/device/radar-1", ("chattering",))
    ledger.note([draft("incident.folded", incident.id, T0 + US, body)] * 2)
    after = ledger.get(incident.id)
    assert (after.revision, after.detections[0].n, after.detections[0].last_at) == (1, 3, T0 + US)
    assert after.marks == ("chattering",) and len(after.detections) == 1


def test_a_worse_detection_of_the_same_rule_takes_over_and_another_is_listed():
    ledger = Ledger()
    incident = ledger.open()
    worse = DetectionRef("near_miss", T0 + US, "XW-1", 3, {"ttc_s": 0.0}, source="/device/radar-1")
    other = DetectionRef("speeding", T0 + US, "XW-1", 0, {"kph": 51})
    for detection in (worse, other):
        body = bodies.Attached(detection, "near_miss", "road")
        ledger.note([draft("incident.attached", incident.id, T0 + US, body)])
    first, second = ledger.get(incident.id).detections
    assert (first.severity, first.at, first.n, first.evidence) == (3, T0, 2, {"ttc_s": 0.0})
    assert (second.rule, second.n, ledger.get(incident.id).revision) == ("speeding", 1, 3)


def test_counts_follow_each_state_and_know_the_oldest_unseen():
    ledger = Ledger()
    a = ledger.open(Priority.P1)
    ledger.now += US
    b = ledger.open(Priority.P1)
    ledger.do("acknowledge", a.id)
    ledger.open(Priority.P3)
    counts = ledger.board.counts()
    assert counts["P1"] == {"new": 1, "seen": 1, "work": 0, "shelved": 0, "oldest": b.opened_at}
    assert (counts["total"], counts["unacked"], counts["P2"]["oldest"]) == (3, 2, None)
    ledger.do("assign", a.id)
    ledger.do("resolve", b.id, disposition="confirmed", reason="done")
    counts = ledger.board.counts()
    assert counts["P1"] == {"new": 0, "seen": 0, "work": 1, "shelved": 0, "oldest": None} and counts["total"] == 2


def test_what_is_resolved_leaves_the_queue_but_is_still_found_by_subject():
    ledger = Ledger()
    incident = ledger.open()
    answer = ledger.ask("resolve", incident.id, disposition="false_alarm", reason="shadow")
    assert isinstance(answer, list)
    changes = ledger.note(answer)
    assert [(c.op, c.id) for c in changes] == [("drop", incident.id)]
    assert ledger.board.open(ledger.now) == [] and [i.state for i in ledger.board.of("XW-1")] == [State.resolved]
    ledger.wait(24 * 3600)
    assert ledger.board.of("XW-1") == [] and ledger.get(incident.id).state == State.closed


def test_closed_ones_leave_the_memory_when_many_came_after_them():
    ledger = Ledger()
    first = ledger.open()
    for id in [first.id, *(ledger.open().id for _ in range(KEEP_CLOSED))]:
        ledger.note([draft("incident.closed", id, ledger.now, bodies.Closed("settled"))])
    assert ledger.board.get(first.id) is None and len(ledger.board.incidents) == KEEP_CLOSED
    assert ledger.board.next_id(ledger.now) == f"20260302-{KEEP_CLOSED + 2:04d}"


def test_records_that_cannot_be_are_our_fault():
    board = Board()
    for kind, body in (("incident.acknowledged", {}), ("incident.unheard_of", {})):
        try:
            board.apply(Record(1, T0, T0, kind, "20260302-0001", "op", "", body))
        except HouseError as fault:
            assert kind in str(fault)
        else:
            raise AssertionError(kind)


def test_context_is_remembered_by_area_and_kind():
    ledger = Ledger()
    body = bodies.ContextNoted("weather", "warning", "heatwave", T0, 0)
    ledger.note([draft("context.noted", "오산시", T0, body)])
    assert ledger.board.context[("오산시", "weather", "heatwave")].level == "warning"


def test_a_copy_goes_its_own_way():
    ledger = Ledger()
    incident = ledger.open(Priority.P2)
    other = ledger.board.copy()
    ledger.do("resolve", incident.id, disposition="confirmed", reason="done")
    ledger.open()
    assert [i.id for i in other.open(ledger.now)] == [incident.id]
    assert other.counts()["total"] == 1 and other.next_id(ledger.now) == "20260302-0002"
    assert other.trust.rows() == [] and ledger.board.trust.of("/device/radar-1") == (0, 1)


DEEDS = st.lists(st.tuples(st.sampled_from(["open", "acknowledge", "assign", "shelve", "unshelve", "resolve", "reopen",
                                            "change_priority", "unacknowledge"]),
                           st.integers(0, 9), st.integers(0, 400), st.sampled_from(list(Priority))), max_size=60)


@settings(max_examples=60, deadline=None)
@given(DEEDS)
def test_whatever_happens_the_kept_order_is_the_sorted_one_and_each_prefix_folds_the_same(deeds):
    ledger = Ledger()
    args = {"shelve": {"reason": "works", "minutes": 3}, "resolve": {"disposition": "confirmed", "reason": "x"}}
    for verb, which, seconds, priority in deeds:
        ledger.wait(seconds)
        ids = sorted(ledger.board.incidents)
        if verb == "open" or not ids:
            ledger.open(priority)
        else:
            more = {"priority": priority.name, "reason": "x"} if verb == "change_priority" else args.get(verb, {})
            answer = ledger.ask(verb, ids[which % len(ids)], **more)
            if isinstance(answer, list):
                ledger.note(answer)
        for now in (ledger.now, ledger.now + 61 * US, ledger.now + 3600 * US):
            wanted = sorted((i for i in ledger.board.incidents.values() if i.is_open), key=lambda i: rank(i, now))
            assert ledger.board.open(now) == wanted
    again = Board()
    for record in ledger.records:
        again.apply(record)
    assert again.incidents == ledger.board.incidents and again.counts() == ledger.board.counts()
    assert again.open(ledger.now) == ledger.board.open(ledger.now)
