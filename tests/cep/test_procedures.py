"""Every kind of incident tells its operator what to do, in both languages; a broken file says what is wrong."""

from __future__ import annotations

import re

import pytest

from cep.procedures import BUILT_IN, ProcedureError, load_procedures
from cep.rules import Rule, load_rules
from cep.threat import DEVICE_RULES, MATTERS
from stream.judge import HAND_KINDS
from stream.schema import Severity

GOOD = """id = "x"
kinds = ["x"]
title = "제목"
title_en = "title"
agency = "119"
[[steps]]
text = "하나"
text_en = "one"
[[steps]]
text = "둘째"
text_en = "two"
"""


def severities(rule: Rule) -> set[Severity]:
    """Every severity that the rule's file can give."""
    words = re.findall(r"\w+", str(rule.match))
    return {rule.severity, *(Severity[word] for word in words if word in Severity.__members__)}


def test_every_kind_that_can_lead_an_incident_has_exactly_one():
    kinds = [row["kind"] for row in load_procedures()]
    assert len(kinds) == len(set(kinds))
    rules = {rule.id: rule for rule in load_rules().rules}
    # A composite names no incident, a device's rule makes a ticket, a notice opens nothing and is never the worst.
    never = {id for id, rule in rules.items()
             if rule.pattern == "composite" or id in DEVICE_RULES or max(severities(rule)) == Severity.notice}
    assert {"fire_confirmed", "chattering", "speeding"} <= never and not never & {"reported", "jaywalking", "sos"}
    assert set(kinds) >= (set(rules) | set(MATTERS) | set(HAND_KINDS)) - never
    assert not set(kinds) & {id for id in never if rules[id].pattern == "composite"}


def test_korean_is_korean_and_english_is_english():
    for row in load_procedures():
        for step in row["steps"]:
            texts = [(row["title"], row["title_en"]), (step["text"], step["text_en"])]
            texts += [(step[name], step[f"{name}_en"]) for name in ("when", "ask") if name in step]
            for korean, english in texts:
                assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english), (row["id"], korean)


def test_a_grave_kind_offers_its_report_and_in_time():
    rows = {row["kind"]: row for row in load_procedures()}
    for kind in ("smoke_or_gas", "sos", "no_motion_after_fall", "near_miss", "collision", "assault", "welfare_urgent"):
        reports = [s for s in rows[kind]["steps"] if "agency" in s]
        assert rows[kind]["agency"] in {s["agency"] for s in reports}
        assert all(s["within_s"] <= 120 for s in reports), kind


@pytest.mark.parametrize(("change", "what"), [
    (("title =", "titel ="), "titel"), (('"119"', '"110"'), "110"), (('id = "x"', 'id = "y"'), "as the file"),
    (('text_en = "two"', 'text_en = "two"\nwhen = "그때"'), "step 2"), (('kinds = ["x"]', "kinds = []"), "kinds"),
    (('text_en = "two"', 'text_en = "two"\nif = "1.no"'), "allowed: the answer of step none"),
    (('text_en = "one"', 'text_en = "one"\nask = "그런가"'), "ask and ask_en"),
    (('title = "제목"', 'title = "제목'), "line 3"), (('[[steps]]\ntext = "둘째"\ntext_en = "two"\n', ""), "steps"),
])
def test_a_broken_file_says_what_is_wrong(tmp_path, change, what):
    assert change[0] in GOOD
    (tmp_path / "x.toml").write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(ProcedureError, match=re.escape(what)) as told:
        load_procedures(tmp_path)
    assert "x.toml" in str(told.value)


def test_two_procedures_for_one_kind_and_none_at_all_are_refused(tmp_path):
    with pytest.raises(ProcedureError, match="no procedure file"):
        load_procedures(tmp_path)
    (tmp_path / "x.toml").write_text(GOOD, "utf-8")
    (tmp_path / "z.toml").write_text(GOOD.replace('id = "x"', 'id = "z"'), "utf-8")
    with pytest.raises(ProcedureError, match=r"also in x\.toml"):
        load_procedures(tmp_path)


def test_files_are_named_by_their_id():
    assert {file.stem for file in BUILT_IN.glob("*.toml")} == {row["id"] for row in load_procedures()}


def test_a_step_can_ask_and_a_later_one_hang_on_the_answer(tmp_path):
    asking = GOOD.replace('text_en = "one"', 'text_en = "one"\nask = "받았는가"\nask_en = "up?"')
    (tmp_path / "x.toml").write_text(asking.replace('text_en = "two"', 'text_en = "two"\nif = "1.no"'), "utf-8")
    steps = load_procedures(tmp_path)[0]["steps"]
    assert (steps[0]["ask"], steps[1]["if"]) == ("받았는가", "1.no")


def test_the_home_procedures_branch_at_the_call():
    rows = {row["kind"]: row["steps"] for row in load_procedures()}
    for kind in ("inactivity", "fall_reported", "safety_call_unanswered", "smoke_or_gas", "fire_smoke", "near_miss"):
        asked = {str(n) for n, step in enumerate(rows[kind], 1) if "ask" in step}
        hang = {step["if"].partition(".")[0] for step in rows[kind] if "if" in step}
        assert asked and hang == asked, kind  # no question without a consequence
