"""No P1 is ever hidden (SAFETY I6): random floods of every kind, with shelving, windows, merges, splits and verdicts.

Every kind of ``cep/threat.py`` takes part, so one that is added there is held to it as well.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cep.rules import load_rules
from cep.threat import DEVICE_RULES, MATTERS, floor
from stream import bodies
from stream.board import Board
from stream.kinds import draft
from stream.schema import US, DetectionRef, Incident, Priority, State
from tests.cep.fusetown import FRAIL_HOME, HOME, OTHER_SITE, SITE, Town
from tests.twins import TWIN

RULES = frozenset(rule["id"] for rule in load_rules().register())
KINDS = sorted({*MATTERS, "own_rule"} - set(DEVICE_RULES))
SUBJECTS = (SITE, OTHER_SITE, HOME, FRAIL_HOME)
SEEN = ("incident.opened", "incident.attached", "incident.folded", "detection.noted")
ARGS: dict[str, dict[str, Any]] = {
    "shelve": {"reason": "x", "minutes": 480}, "resolve": {"disposition": "false_alarm", "reason": "x"},
    "escalate": {"agency": "119"}, "split": {"detections": [0]},
}  # fmt: skip
LIFE = ("smoke_or_gas", "sos", "no_motion_after_fall", "near_miss")
TTC = st.sampled_from([0.0, 0.7, 1.4])
SEE = st.tuples(st.just("see"), st.sampled_from(KINDS), st.sampled_from(SUBJECTS), st.integers(0, 3), TTC)
GRAVE = st.tuples(st.just("see"), st.sampled_from(LIFE), st.sampled_from((SITE, HOME)), st.integers(0, 2), st.just(0.0))
DEED = st.tuples(st.just("deed"), st.sampled_from([
    "acknowledge", "unacknowledge", "assign", "shelve", "unshelve", "resolve", "reopen", "escalate", "merge", "split",
]), st.integers(0, 2), st.integers(0, 2))  # fmt: skip
WINDOW = st.tuples(st.just("window"), st.integers(0, 3), st.sampled_from(SUBJECTS))
WAIT = st.tuples(st.just("wait"), st.sampled_from([1, 20, 70, 400, 700]))
Key = tuple[str, str, str, float]


class Flood(Town):
    """A town and what must stay in sight."""

    def __init__(self) -> None:
        super().__init__()
        self.grave: dict[tuple[str, str, str], int] = {}  # rule, subject, source of each P1-grade detection: when
        self.heard: dict[Key, int] = {}

    def do_see(self, kind: str, subject: str, n: int, ttc: float) -> None:
        """A detection; a P1-grade one must call, unless it is the very alarm that somebody is dealing with."""
        rule, source = (kind if kind in RULES or kind == "own_rule" else "reported"), f"/device/{n}"
        told: dict[str, Any] = {"what": kind} if rule == "reported" else {}
        told |= {"ttc_s": ttc, "vehicle": n, "person": n} if rule == "near_miss" else {}
        drafts = self.see(rule, subject, source=source, **told)
        told_here = [d for d in drafts if "parts" not in d.body.get("detection", {}).get("evidence", {})]
        assert sum(d.kind in SEEN for d in told_here) == 1  # what a composite concludes joins beside it
        if floor(DetectionRef(rule, self.now, subject, 2, told)) != Priority.P1:
            return
        found = self.get(next(d.subject for d in drafts if d.kind.startswith("incident.")))
        key = (rule, subject, source, ttc if rule == "near_miss" else 0)
        assert found.priority == Priority.P1 and found.annunciated and found.state != State.shelved
        if found.state == State.resolved:
            assert key in self.heard and self.now - found.resolved_at < 60 * US
        elif found.state != State.new:
            assert self.now - self.heard[key] < 600 * US
        self.heard[key] = self.grave[rule, subject, source] = self.now

    def do_deed(self, verb: str, n: int, m: int) -> None:
        """A deed on some incident; a refusal is an answer too."""
        there = [i for i in self.board.incidents.values() if not i.merged_into]
        if not there:
            return
        one, other = there[n % len(there)], there[m % len(there)]
        args = {"into": other.id} if verb == "merge" else ARGS.get(verb, {})
        answer = self.ask(verb, one.id, revision=one.revision, **args)
        if isinstance(answer, list):
            self.note(answer)

    def do_window(self, n: int, subject: str) -> None:
        """A device is worked on, and a street."""
        for what, over in (("maintenance", f"/device/{n}"), ("roadworks", subject)):
            body = bodies.WindowOpened(what, "x", self.now, self.now + 3600 * US)
            self.note([draft("window.opened", over, self.now, body, "op1")])

    def do_wait(self, seconds: int) -> None:
        """Time passes, second by second as far as anybody could tell."""
        self.wait(seconds)

    def check(self) -> None:
        """What must hold at any moment."""
        for one in self.board.open(self.now):
            assert sum(f.points for f in one.factors) == one.score
            if one.priority == Priority.P1:
                assert one.annunciated and one.state != State.shelved
        for seen in self.grave:
            assert any(in_sight(one) for one in holding(self.board, seen)), seen


def holding(board: Board, seen: tuple[str, str, str]) -> list[Incident]:
    """The incidents that list this detection."""
    return [i for i in board.incidents.values() if any((d.rule, d.subject, d.source) == seen for d in i.detections)]


def in_sight(one: Incident) -> bool:
    """Open, a P1 and calling or being dealt with; or a person has given a verdict."""
    judged = one.state in (State.resolved, State.closed) and bool(one.disposition) and not one.merged_into
    return judged or (one.is_open and one.priority == Priority.P1 and one.annunciated and one.state != State.shelved)


@settings(TWIN, max_examples=min(TWIN.max_examples, 80))
@given(st.lists(st.one_of(GRAVE, SEE, DEED, WINDOW, WAIT), min_size=10, max_size=45))
def test_no_p1_is_ever_hidden_and_every_detection_is_somewhere(acts: list[tuple[Any, ...]]) -> None:
    flood = Flood()
    for what, *args in acts:
        getattr(flood, f"do_{what}")(*args)
        flood.check()


@settings(TWIN, max_examples=min(TWIN.max_examples, 20))
@given(st.lists(st.one_of(GRAVE, SEE, WINDOW), min_size=1, max_size=25))
def test_a_p1_that_nobody_looks_at_reaches_the_supervisor_within_three_targets(acts: list[tuple[Any, ...]]) -> None:
    flood = Flood()
    for what, *args in acts:
        getattr(flood, f"do_{what}")(*args)
    for _ in range(46):
        flood.do_wait(1)
    assert all(i.call == 3 for i in flood.board.open(flood.now) if i.priority == Priority.P1)


def test_a_p1_that_is_put_into_a_shelved_incident_brings_it_back():
    flood = Flood()
    flood.do_see("loitering", "HH-0005", 0, 0.0)
    flood.do_deed("shelve", 0, 0)
    flood.do_see("no_motion_after_fall", "XW-GASU-1", 1, 0.0)
    flood.do_deed("merge", 1, 0)
    flood.check()
    (one,) = flood.board.open(flood.now)
    assert (one.state, one.priority, one.shelved_until) == (State.new, Priority.P1, 0)
