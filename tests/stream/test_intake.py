"""Many bring, one takes: frames may be shed and are counted, alarms and readings never."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.clock import monotonic
from stream.intake import ALARM, READING, TELEMETRY, Arrival, Intake, Outcome, lane_of
from stream.schema import Event, Quarantined
from tests.stream import makers

JUNK = Quarantined(b"{", "no_json", "", "?", makers.T0)


def one(event: Event, done=None) -> Arrival:  # type: ignore[no-untyped-def]
    return Arrival([event], [], done)


def ids(arrivals: list[Arrival]) -> list[str]:
    return [event.id for arrival in arrivals for event in arrival.events]


def test_the_most_urgent_event_names_the_lane() -> None:
    frame, pir, fire = makers.frame("1"), makers.reading("2"), makers.smoke("3")
    assert lane_of([frame]) == TELEMETRY
    assert lane_of([frame, pir]) == READING
    assert lane_of([frame, pir, fire]) == ALARM
    assert lane_of([], [JUNK]) == ALARM


def test_what_fits_into_a_turn_keeps_the_order_it_came_in() -> None:
    intake = Intake(100, least_s=0)
    for event in (makers.frame("1"), makers.smoke("2"), makers.reading("3"), makers.frame("4")):
        assert intake.put(one(event))
    assert ids(intake.take(0)) == ["1", "2", "3", "4"]
    assert intake.take(0) == []
    assert (intake.received, intake.waiting()) == (4, 0)


def test_when_more_waits_alarms_go_first() -> None:
    intake = Intake(100, cap=3, least_s=0)
    for i in range(4):
        intake.put(one(makers.frame(f"f{i}")))
    intake.put(one(makers.reading("r")))
    intake.put(one(makers.smoke("a")))
    assert ids(intake.take(0)) == ["f0", "r", "a"]
    assert ids(intake.take(0)) == ["f1", "f2", "f3"]


def test_slow_turns_become_short_so_that_an_alarm_does_not_wait_for_the_end_of_a_long_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("stream.intake.monotonic", lambda: now[0])
    intake = Intake(10**6, least_s=0)
    for i in range(9000):
        intake.put(one(makers.reading(f"r{i}")))
    assert len(intake.take(0)) == 4096, "nothing is known yet"
    now[0] += 1.0
    intake.put(one(makers.smoke("a")))
    second = ids(intake.take(0))
    assert len(second) == 1024 and "a" in second, "a quarter of a second of what took a second, and the alarm is in it"
    now[0] += 9.0
    assert len(intake.take(0)) == 512, "a disk that stalls makes no turn shorter than this"
    now[0] += 0.01
    assert len(intake.take(0)) == 9001 - 4096 - 1024 - 512, "quick again: as much as there is"


def test_an_array_larger_than_a_turn_is_one_turn() -> None:
    intake = Intake(100, cap=3, least_s=0)
    intake.put(Arrival([makers.reading(str(i)) for i in range(10)]))
    intake.put(one(makers.reading("last")))
    assert len(ids(intake.take(0))) == 10
    assert ids(intake.take(0)) == ["last"]


def test_full_of_frames_the_oldest_go_and_are_counted_and_named_by_source() -> None:
    told: list[Outcome] = []
    intake = Intake(3, least_s=0)
    for i in range(5):
        assert intake.put(one(makers.frame(str(i), source=f"/device/r{i % 2}", seq=i), told.append))
    assert ids(intake.take(0)) == ["2", "3", "4"]
    assert intake.shed_by == {"/device/r0": 1, "/device/r1": 1}
    shed = intake.take_shed()
    assert (shed.n, shed.seqs) == ({"/device/r0": 1, "/device/r1": 1}, {"/device/r0": [0], "/device/r1": [1]})
    assert not intake.take_shed().n
    assert told == [Outcome(), Outcome()]


def test_an_array_of_frames_that_never_fits_is_shed_whole() -> None:
    intake = Intake(3, least_s=0)
    assert not intake.put(Arrival([makers.frame(str(i)) for i in range(4)]))
    assert intake.take(0) == []
    assert intake.shed == 4


@given(st.lists(st.sampled_from("frs"), max_size=60), st.integers(1, 5), st.integers(1, 9))
def test_alarms_and_readings_are_never_shed_and_nothing_is_uncounted(kinds: list[str], limit: int, cap: int) -> None:
    intake = Intake(limit, cap=cap, least_s=0)
    make: dict[str, Callable[[str], Event]] = {"f": makers.frame, "r": makers.reading, "s": makers.smoke}
    sent = [make[kind](f"{kind}{i}") for i, kind in enumerate(kinds)]
    for event in sent:
        intake.put(one(event))
    taken: list[str] = []
    while arrivals := intake.take(0):
        taken += ids(arrivals)
    assert {e.id for e in sent if e.id[0] != "f"} <= set(taken)
    assert len(taken) == len(set(taken)) == intake.received - intake.shed
    for lane in "frs":
        mine = [int(id[1:]) for id in taken if id[0] == lane]
        assert mine == sorted(mine)


def test_closed_takes_nothing_more_but_gives_what_waits() -> None:
    intake = Intake(3, least_s=0)
    intake.put(one(makers.smoke("1")))
    intake.close()
    assert not intake.put(one(makers.smoke("2")))
    assert ids(intake.take(10)) == ["1"]
    assert intake.take(10) == []


def test_it_wakes_at_once_for_a_message_and_for_a_nudge() -> None:
    intake = Intake(3)
    began = monotonic()
    threading.Timer(0.02, lambda: intake.put(one(makers.smoke("1")))).start()
    assert ids(intake.take(30)) == ["1"]
    threading.Timer(0.02, intake.nudge).start()
    assert intake.take(30) == []
    assert monotonic() - began < 30


def test_many_threads_lose_nothing() -> None:
    intake = Intake(10**6, cap=64, least_s=0)

    def bring(n: int) -> None:
        for i in range(200):
            intake.put(one(makers.reading(f"{n}-{i}")))

    threads = [threading.Thread(target=bring, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    taken: list[str] = []
    while len(taken) < 1600:
        taken += ids(intake.take(5))
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 1600


def test_the_oldest_waiting_tells_its_age() -> None:
    intake = Intake(10, least_s=0)
    assert intake.oldest() is None
    intake.put(one(makers.frame("1", at=makers.T0 + 5)))
    intake.put(one(makers.smoke("2", at=makers.T0 + 9)))
    intake.put(Arrival([], [JUNK]))
    assert intake.oldest() == makers.T0 + 5
    intake.take(0)
    intake.put(one(makers.smoke("3", at=makers.T0 + 20)))
    assert intake.oldest() == makers.T0 + 5, "what a turn works on is not done yet"
    intake.take(0)
    assert intake.oldest() == makers.T0 + 20
    intake.take(0)
    assert intake.oldest() is None
