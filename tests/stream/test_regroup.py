"""Merging and splitting keep every detection in exactly one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream.regroup import leading
from stream.schema import DetectionRef, Place, Refusal
from tests.ledger import T0, Ledger

SEGYO = Place(127.09, 37.12, name="세교동")


def refs(*rules: str) -> tuple[DetectionRef, ...]:
    numbered = enumerate(rules)
    return tuple(DetectionRef(rule, T0 + n, "XW-1", 1 + n % 3, source=f"/device/{rule}") for n, rule in numbered)


@given(st.lists(st.integers(0, 5), max_size=8))
def test_a_split_loses_and_doubles_nothing(chosen):
    ledger = Ledger()
    incident = ledger.open(detections=refs("a", "b", "c", "d"))
    answer = ledger.ask("split", incident.id, detections=chosen)
    good = 0 < len(set(chosen)) < 4 and max(chosen, default=9) < 4
    assert isinstance(answer, list) == good
    if isinstance(answer, list):
        ledger.note(answer)
        kept, gone = ledger.get(incident.id), ledger.get("20260302-0002")
        assert sorted(d.rule for d in kept.detections + gone.detections) == ["a", "b", "c", "d"]
        assert (kept.kind, gone.kind) == (leading(kept.detections), leading(gone.detections))
        assert gone.place == incident.place and gone.score == incident.score


def test_merging_the_same_detection_counts_it():
    ledger = Ledger()
    a, b = ledger.open(detections=refs("a", "b")), ledger.open(detections=refs("b", "c"))
    ledger.do("merge", b.id, into=a.id)
    assert {d.rule: d.n for d in ledger.get(a.id).detections} == {"a": 1, "b": 2, "c": 1}


def test_the_swallowed_one_points_to_the_survivor_and_both_timelines_say_so():
    ledger = Ledger()
    a, b = ledger.open(), ledger.open()
    ledger.do("merge", b.id, into=a.id)
    told = [(r.subject, r.body.get("into"), r.body.get("absorbed")) for r in ledger.records[-2:]]
    assert told == [(b.id, a.id, None), (a.id, None, b.id)]
    assert ledger.ask("merge", a.id, into=a.id) == Refusal("cannot_merge", "into")
    assert ledger.ask("merge", a.id, into=b.id) == Refusal("cannot_merge", "into")


def test_the_graver_of_two_says_what_the_joined_one_is_and_where():
    ledger = Ledger()
    home = Place(127.02, 37.16, household="h1")
    fall = ledger.open(1, subject="h1", kind="fall", domain="care", place=home, score=80)
    need = ledger.open(3, subject="c1", kind="welfare_urgent", domain="welfare", place=SEGYO, score=40)
    ledger.do("merge", fall.id, into=need.id)
    joined = ledger.get(need.id)
    assert (joined.kind, joined.domain, joined.place.household) == ("fall", "care", "h1")
    letter = ledger.open(3, subject="c2", kind="welfare_urgent", domain="welfare", place=SEGYO, score=40)
    ledger.do("merge", letter.id, into=need.id)
    assert (ledger.get(need.id).kind, ledger.get(need.id).place.household) == ("fall", "h1")


def test_what_is_split_off_is_where_its_subject_is_and_since_it_was():
    ledger = Ledger(places={"h1": Place(127.02, 37.16, household="h1")})
    told = (DetectionRef("urgent_case", T0, "c1", 2), DetectionRef("fall", T0 - 7, "h1", 3))
    both = ledger.open(1, subject="c1", detections=told, place=SEGYO)
    ledger.do("split", both.id, detections=[1])
    alone = ledger.get("20260302-0002")
    assert (alone.kind, alone.place.household, alone.opened_at) == ("fall", "h1", T0 - 7)
    assert ledger.get(both.id).place.name == "세교동"
