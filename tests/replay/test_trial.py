"""A change tried on the tape: what the old and the new numbers find, and which confirmed incident would be missed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace

from cep.rules import load_rules
from cep.ruling import changed
from connectors.leash import first_line
from geo.city import load_city
from replay.recorded import Changed, recent
from replay.trial import HOUR_US, MOST, Trials, in_force, tried
from stream import bodies, trials
from stream.clock import ManualClock
from stream.kinds import draft
from stream.proposals import Misfit
from stream.schema import US, CareCall
from stream.settings import load
from stream.store import open_store
from tests.stream import makers
from tests.stream.loop import Loop

START = 1_790_000_000_000_000
RULE = "safety_call_unanswered"


@pytest.fixture
def folder(tmp_path: Path) -> tuple[Path, int]:
    """A data folder with an unanswered second call, an hour later a third, confirmed by people; and its last moment."""
    loop = Loop(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)
    for attempt in (2, 3):
        at = loop.clock.now()
        call = CareCall("HH-0001", "no_answer", attempt)
        loop.turn(replace(makers.smoke(f"c{attempt}"), type="city.care.call", data=call, subject="HH-0001", at=at,
                          time=at, arrival=at, source="/system/calls"))
        loop.tick(3600 * US)
    body = bodies.Resolved("confirmed", "handled")
    for incident in list(loop.board.incidents):
        loop.pipeline.note([draft("incident.resolved", incident, loop.clock.now(), body, "kim")])
    loop.tick(US)
    now = loop.clock.now()
    loop.close()
    return tmp_path, now


def test_old_and_new_numbers_are_counted_on_the_same_hours(folder: tuple[Path, int]) -> None:
    data, now = folder
    source = recent(load({"data": str(data)}), now - 24 * HOUR_US, MOST)
    sharper = tried(source, load_city(), load_rules(), RULE, {"attempts": 2})
    assert (sharper["events"], sharper["before"], sharper["after"]) == (2, 1, 2)
    assert (sharper["appears"], sharper["vanishes"], sharper["missed"]) == (1, 0, [])
    assert sharper["confirmed"] >= 1 and sharper["others"] == []
    with pytest.raises(Misfit):
        tried(source, load_city(), load_rules(), RULE, {"attempts": 4})  # a life-safety limit holds here too
    late = recent(load({"data": str(data)}), now - HOUR_US // 2, MOST)
    assert tried(late, load_city(), load_rules(), RULE, {"attempts": 2})["events"] == 0


def test_a_duller_rule_names_the_confirmed_incident_that_it_would_miss(folder: tuple[Path, int]) -> None:
    data, now = folder
    source = recent(load({"data": str(data)}), now - 24 * HOUR_US, MOST)
    first = next(source.turns())[0]
    source = source._replace(confirmed=[("20260921-0001", frozenset({(RULE, first, "HH-0001")}))])
    sharp = changed(load_rules(), RULE, {"attempts": 2})
    assert tried(source, load_city(), sharp, RULE, {"attempts": 1})["missed"] == []
    lost = tried(source, load_city(), sharp, RULE, {"attempts": 3})
    assert (lost["before"], lost["after"], lost["vanishes"], lost["missed"]) == (2, 1, 1, ["20260921-0001"])


def test_what_people_changed_meanwhile_is_in_force(folder: tuple[Path, int]) -> None:
    source = recent(load({"data": str(folder[0])}), 0, MOST)
    told = source._replace(changes=[Changed(0, 1, RULE, {"attempts": 2}, 2), Changed(0, 1, "gone", {"x": 1}, 2)])
    assert in_force(load_rules(), told).get(RULE).thresholds["attempts"] == 2


def test_a_trial_is_a_program_of_its_own_whose_outcome_is_kept_by_proposal(folder: tuple[Path, int]) -> None:
    data, now = folder
    store = open_store(f"sqlite:///{data / 'store.db'}")
    mine = Trials(store, partial(first_line, "replay.trial", "--data", str(data)), lambda: now)
    assert mine.of(7) is None and not mine.shown(7)
    running = mine.begin(7, RULE, {"attempts": 2}, 24)
    assert mine.begin(7, RULE, {"attempts": 2}, 24) is None, "it is tried already"
    assert running is not None
    running.join()
    failing = Trials(store, lambda *words: "", lambda: now)  # another process on this store
    told = failing.of(7)
    assert told is not None and (told["state"], told["hours"], told["before"], told["after"]) == ("done", 24, 1, 2)
    begun = failing.begin(8, RULE, {}, 1)
    assert begun is not None
    begun.join()
    assert mine.of(8) == {"state": "failed", "hours": 1} and mine.shown(8), "a person decides without it"
    store.close()


def test_a_trial_that_waits_long_is_spoken_of_and_none_else_begins_it(
        folder: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    data, now = folder
    store, spoken, gate = open_store(f"sqlite:///{data / 'store.db'}"), Event(), Event()
    monkeypatch.setattr("stream.trials.BEAT_S", 0.01)
    beat = trials.beat
    monkeypatch.setattr("stream.trials.beat", lambda *args: (beat(*args), spoken.set()))
    real = ManualClock(START)
    slow = Trials(store, lambda *words: str(gate.wait(30) and ""), lambda: now, real.now)
    begun = slow.begin(9, RULE, {}, 1)
    assert begun is not None
    real.advance(trials.GONE_US + 1)
    spoken.clear()
    assert spoken.wait(30) and slow.begin(9, RULE, {}, 1) is None
    gate.set()
    begun.join()
    assert slow.shown(9)
    store.close()
