"""A change tried on the tape: what the old and the new numbers find, and which confirmed incident would be missed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from cep.rules import load_rules
from cep.ruling import changed
from connectors.leash import first_line
from geo.city import load_city
from replay.recorded import Changed, recent
from replay.trial import HOUR_US, MOST, Trials, in_force, tried
from stream import bodies
from stream.kinds import draft
from stream.proposals import Misfit
from stream.schema import US, CareCall
from stream.settings import load
from tests.stream import makers
from tests.stream.loop import Loop

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
    trials = Trials(partial(first_line, "replay.trial", "--data", str(data)), lambda: now)
    assert trials.of(7) is None and not trials.shown(7)
    running = trials.begin(7, RULE, {"attempts": 2}, 24)
    assert trials.begin(7, RULE, {"attempts": 2}, 24) is None, "it is tried already"
    assert running is not None
    running.join()
    told = trials.of(7)
    assert told is not None and (told["state"], told["hours"], told["before"], told["after"]) == ("done", 24, 1, 2)
    failing = Trials(lambda *words: "", lambda: now)
    begun = failing.begin(8, RULE, {}, 1)
    assert begun is not None
    begun.join()
    assert failing.of(8) == {"state": "failed", "hours": 1} and failing.shown(8), "a person decides without it"
