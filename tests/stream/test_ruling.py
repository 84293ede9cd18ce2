"""A threshold changed while the loop runs: two people, one moment, the same after a restart and in a re-run."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from cep.rules import load_rules
from cep.ruling import changed
from connectors.files import load_events
from geo.city import load_city
from replay.recorded import recorded, taken
from replay.rerun import rerun
from stream import bodies
from stream.kinds import draft
from stream.ruling import Ruling
from stream.schema import US, CareReading, Record, Refusal
from stream.settings import Settings
from tests.stream import makers
from tests.stream.loop import FullDisk, Loop


def propose(loop: Loop, rule: str, to: dict[str, Any], by: str = "sup1") -> Any:
    return loop.rule("propose", by, rule=rule, to=to, reason="season")


def change(loop: Loop, rule: str, to: dict[str, Any]) -> Any:
    return loop.rule("approve", "sup2", proposal=propose(loop, rule, to).seq)


def quiet(loop: Loop) -> list[int]:
    return [r.at for r in loop.pipeline.journal.read() for rule, _, _ in taken(r) if rule == "inactivity"]


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    return Loop(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)


def test_one_proposes_and_another_approves(loop: Loop) -> None:
    proposed = propose(loop, "inactivity", {"limit_s": 3600})
    assert (proposed.kind, proposed.subject, proposed.by) == ("rule.proposed", "inactivity", "sup1")
    assert loop.pipeline.ruling.table.get("inactivity").version == 1
    assert loop.rule("approve", "sup1", proposal=proposed.seq) == Refusal("own_proposal", "sup1")
    assert propose(loop, "inactivity", {"limit_s": 1800.0}, "sup2") == Refusal("already_proposed", "inactivity")
    done = loop.rule("approve", "sup2", proposal=proposed.seq)
    assert (done.kind, done.by, done.cause) == ("rule.changed", "sup2", f"record:{proposed.seq}")
    assert (done.body["to"], done.body["was"]) == ({"limit_s": 3600.0}, {"limit_s": 43200.0})
    assert done.body["version"] == 2
    assert loop.pipeline.ruling.table.get("inactivity").thresholds["limit_s"] == 3600.0
    assert loop.rule("approve", "sup2", proposal=proposed.seq) == Refusal("wrong_state", "changed")
    assert [p.state for p in loop.board.proposals.of("inactivity")] == ["changed"]
    loop.close()


def test_a_clear_no(loop: Loop) -> None:
    ask = loop.rule
    assert propose(loop, "sos", {"conf_min": 0.5}) == Refusal("life_rule", "conf_min 0 ≤ x ≤ 0")
    assert propose(loop, "nothing", {"x": 1}) == Refusal("unknown_rule")
    assert ask("propose", "sup1", rule="speeding", to=[], reason="season") == Refusal("bad_args", "to")
    assert ask("propose", "sup1", rule="speeding", to={"hold_s": 1}, reason="Kim said") == Refusal("bad_args", "reason")
    assert ask("approve", "sup1", proposal=77) == Refusal("not_found", "77")
    assert ask("approve", "sup1", proposal="1") == Refusal("not_found", "1")
    n = propose(loop, "speeding", {"hold_s": 1.0}).seq
    assert ask("reject", "sup2", proposal=n, reason="No!") == Refusal("bad_args", "reason")
    assert ask("reject", "sup1", proposal=n, reason="other").kind == "rule.rejected"  # taken back by oneself
    assert ask("approve", "sup2", proposal=n) == Refusal("wrong_state", "rejected")
    assert loop.pipeline.ruling.table.digest == load_rules().digest
    loop.close()


def test_the_next_event_is_judged_by_it_and_what_was_seen_still_counts(loop: Loop) -> None:
    loop.turn(replace(makers.reading("a"), data=CareReading("HH-0001", "pir", True)))
    loop.tick(7200 * US)
    assert quiet(loop) == []
    assert change(loop, "inactivity", {"limit_s": 3600.0}).kind == "rule.changed"
    assert quiet(loop) == [loop.clock.now()]  # silent for two hours already: told in the very turn of the change
    versions = [r.body["detections"][0] for r in loop.pipeline.journal.read(kinds=["incident.opened"])]
    assert versions[0]["version"] == 2 if "version" in versions[0] else versions
    loop.close()


def test_while_the_store_is_away_nothing_is_changed(loop: Loop) -> None:
    n = propose(loop, "inactivity", {"limit_s": 3600.0}).seq
    disk = FullDisk(loop)
    for i in range(40):
        loop.turn(*(makers.frame(f"{i}-{k}") for k in range(20)))
    assert loop.pipeline.keeper.away
    assert loop.rule("approve", "sup2", proposal=n) == Refusal("not_recorded")
    disk.make_room()
    loop.turn(makers.smoke("s"))
    assert loop.rule("approve", "sup2", proposal=n).kind == "rule.changed"
    loop.close()


@pytest.mark.parametrize(("every_s", "seed"), [(0, 1), (3600, 2), (10_000_000, 0)])
def test_restarts_and_a_re_run_take_it_up_at_the_same_place(tmp_path: Path, every_s: int, seed: int) -> None:
    """The same day is lived with and without restarts (checkpoints always, hourly, never); then the tape is re-run."""
    edits = [("inactivity", {"limit_s": 5400.0}), ("near_miss", {"ttc_s": 4.0}), ("chattering", {"n": 2}),
             ("inactivity", {"limit_s": 9000.0}), ("speeding_cluster", {"n": 3}),
             ("safety_call_unanswered", {"attempts": 1})]  # fmt: skip
    stories = []
    for restarts in (False, True):
        folder = tmp_path / str(restarts)
        folder.mkdir()
        settings = Settings(gap_list_s=0, checkpoint_s=every_s, data=str(folder))
        loop = Loop(f"sqlite:///{folder / 'store.db'}", folder, settings)
        rng, left = Random(seed), list(edits)
        for batch in range(60):
            ways = [makers.frame, makers.smoke, makers.reading, makers.case]
            makes = [rng.choice(ways) for _ in range(rng.randrange(4))]
            now = loop.clock.now()
            loop.turn(*(replace(make(f"{batch}-{k}"), at=now, time=now, arrival=now, source=f"/device/{make.__name__}")
                        for k, make in enumerate(makes)))  # fmt: skip
            loop.tick(rng.choice([100_000, 20 * US, 1800 * US]))
            edit, again = rng.random() < 0.2, rng.random() < 0.3
            if edit and left:
                assert change(loop, *left.pop(0)).kind == "rule.changed"
            if again and restarts:
                loop = loop.again()
        loop.tick(13 * 3600 * US)
        records = list(loop.pipeline.journal.read())
        table, board = loop.pipeline.ruling.table, loop.board
        loop.close()
        stories.append([(r.at, r.kind, r.subject, taken(r)) for r in records])
        source = recorded(str(folder), load_events, load_city())
        again = rerun(source.turns(), load_city(), load_rules(), expects=source.expects, key=source.key,
                      changes=source.changes)
        assert any(r.kind == "rule.changed" for r in records) and table.digest != load_rules().digest
        seen = sorted((took, record.subject) for record in records for took in taken(record))
        assert sorted((tuple(took), id) for id, some in again.peaks.detections.items() for took in some) == seen
        kinds = [{i.id: i.kind for i in one.incidents.values()} for one in (again.peaks.board, board)]
        assert kinds[0] == kinds[1]
    assert stories[0] == stories[1] and len(stories[0]) > 20


def test_a_crashed_rule_is_undone_to_the_rules_of_that_moment(loop: Loop) -> None:
    loop.turn(replace(makers.reading("a"), data=CareReading("HH-0001", "pir", True)))
    change(loop, "inactivity", {"limit_s": 3600.0})
    engine, memory = loop.engine, loop.engine.save()
    loop.pipeline._restore([([], loop.clock.now())])
    assert engine.save() == memory and engine.rules.get("inactivity").version == 2
    loop.close()


def test_a_change_that_no_longer_fits_the_files_is_passed_over() -> None:
    ruling = Ruling(load_rules(), changed)
    made = draft("rule.changed", "speeding", 5, bodies.RuleChanged(1, {"margin": 3.0}, {"margin": 5.0}, 2, 4), "sup2")
    ruling.hear(Record(2, 5, 5, made.kind, made.subject, made.by, "", made.body, ""))
    ruling.go()
    assert ruling.table.digest == load_rules().digest and ruling.at == 0
