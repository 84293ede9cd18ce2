"""Each kind has a row, and a body that does not fit its row is our fault at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stream import bodies
from stream.kinds import KINDS, body_of, check, draft
from stream.schema import DetectionRef, Draft, Factor, HouseError, Place

OPENED = bodies.Opened(
    "near_miss", "road", "XW-1", 2, 45, (Factor("threat", 45, "kind"),),
    (DetectionRef("near_miss", 7, "XW-1", 2, {"ttc_s": 1.25}),), Place(127.0, 37.1, site="XW-1"))


def test_a_body_goes_into_a_draft_and_comes_back_the_same():
    made = draft("incident.opened", "20260302-0001", 7, OPENED, cause="event:/device/r#1")
    check(made)
    assert body_of(made.kind, made.body) == OPENED
    assert made.body["detections"] == [{"rule": "near_miss", "at": 7, "subject": "XW-1", "severity": 2,
                                        "evidence": {"ttc_s": 1.25}}]


def test_an_unknown_kind_is_a_fault_of_ours():
    with pytest.raises(HouseError, match="exploded"):
        check(Draft("incident.exploded", "x", 0, {}))


@pytest.mark.parametrize(("kind", "body", "what"), [
    ("incident.shelved", {"reason": "works"}, "until"),
    ("incident.shelved", {"reason": "works", "until": "noon"}, "until"),
    ("incident.acknowledged", {"name": "Kim"}, "name"),
    ("escalation.sent", {"agency": "119", "generation": 1}, "key"),
    ("fault.noted", {}, "code"),
])
def test_a_body_that_does_not_fit_names_the_field(kind, body, what):
    with pytest.raises(HouseError, match=what):
        check(Draft(kind, "x", 0, body))


def test_a_fact_of_the_house_may_carry_more_numbers():
    check(Draft("fault.noted", "store", 0, {"code": "disk_full", "free_mb": 3}))


def test_words_keys_follow_the_kind():
    assert all(kind.words == f"record.{name}" and kind.name == name for name, kind in KINDS.items())


def test_repeats_and_good_news_do_not_make_a_confirm_stale():
    quiet = ("incident.folded", "escalation.sent", "escalation.delivered", "escalation.accepted", "paint.noted")
    assert not any(KINDS[name].revises for name in quiet)
    assert all(KINDS[name].revises for name in ("incident.attached", "escalation.rejected", "escalation.unknown"))


def test_the_list_in_the_architecture_page_is_true():
    page = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()
    told, prefix = set(), ""
    for name in re.findall(r"`([a-z_]*\.[a-z_]+)`", page.split("## Record kinds")[1].split("\n## ")[0]):
        prefix = name.split(".")[0] or prefix
        told.add(prefix + name[name.index("."):])
    assert told == set(KINDS)
