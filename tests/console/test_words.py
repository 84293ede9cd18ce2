"""The two catalogues say the same things, and a code without a word is seen."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cep.rules import load_rules
from connectors.agency_desk import UNITS
from console import words
from console.api_incidents import PURPOSES
from console.matrix import matrix
from stream.ask import REFUSALS
from stream.judge import HAND_KINDS
from stream.kinds import KINDS
from stream.schema import EscalationState, Severity, State


def test_both_catalogues_have_the_same_keys_and_placeholders() -> None:
    ko, en = words.catalogue("ko"), words.catalogue("en")
    assert sorted(ko) == sorted(en)
    assert {key: words.placeholders(ko[key]) for key in ko} == {key: words.placeholders(en[key]) for key in en}


def test_no_word_is_empty_and_korean_is_korean() -> None:
    assert not [key for lang in words.LANGS for key, text in words.catalogue(lang).items() if not text.strip()]
    hangul = [text for text in words.catalogue("ko").values() if any("가" <= c <= "힣" for c in text)]
    assert len(hangul) > 0.9 * len(words.catalogue("ko"))


def test_sections_stand_in_order() -> None:
    for lang in words.LANGS:
        sections = list(tomllib.loads((words.LOCALE / f"{lang}.toml").read_text("utf-8")))
        assert sections == sorted(sections)


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_code_has_its_word(lang: str) -> None:
    wanted = [f"state.{s}" for s in State] + [f"escalation.{s}" for s in EscalationState]
    wanted += [f"severity.{s.name}" for s in Severity]
    wanted += [f"record.{kind}" for kind in KINDS] + [f"refusal.{code}" for code in (*REFUSALS, "not_recorded")]
    wanted += [f"kind.{kind}" for kind in HAND_KINDS] + [f"purpose.{purpose}" for purpose in PURPOSES]
    wanted += [f"value.{unit}" for unit in UNITS.values()]
    rights = matrix()
    wanted += [f"verb.{v}" for v in rights.verbs] + [f"role.{r}" for r in rights.roles]
    wanted += [f"page.{p.name}" for p in rights.pages]
    assert [key for key in wanted if key not in words.catalogue(lang)] == []


@pytest.mark.parametrize("lang", words.LANGS)
def test_the_register_of_rules_is_told_in_words(lang: str) -> None:
    wanted = set()
    for rule in load_rules().register():
        when = rule.get("when") or {}
        wanted.add(f"pattern.{rule['pattern']}")
        wanted |= {f"when.{w}" for k in ("days", "all", "any", "none") for w in when.get(k) or ()}
        wanted |= {f"threshold.{name}" for name, value in rule["thresholds"].items() if value is not None}
    assert sorted(wanted - set(words.catalogue(lang))) == []


def test_placeholders_are_filled_and_gaps_are_seen() -> None:
    assert words.say("en", "login.locked", seconds=8) == "Too many attempts. Try again in 8 s."
    assert words.say("en", "login.locked") == "Too many attempts. Try again in {seconds} s."
    assert words.say("ko", "no.such_key") == "no.such_key"


def test_a_text_never_runs_as_a_format() -> None:
    assert words.say("en", "refusal.merged", detail="{0.__class__} %s") == "It was merged into {0.__class__} %s."


REFUSED = re.compile(r'Refusal\("(?:bad_args|cannot_merge|cannot_split)", "(\w+)"\)')
ACCOUNT = re.compile(r'AccountError\(f?"(\w+): ')


@pytest.mark.parametrize("lang", words.LANGS)
def test_whatever_field_a_refusal_names_has_its_word(lang: str) -> None:
    named = {field for file in Path("stream").glob("*.py") for field in REFUSED.findall(file.read_text("utf-8"))}
    named |= set(ACCOUNT.findall(Path("console/accounts.py").read_text("utf-8")))
    assert len(named) > 15
    assert [field for field in sorted(named - {"reported"}) if f"detail.{field}" not in words.catalogue(lang)] == []
    assert words.detail(lang, "role: 'x'; allowed: admin") == words.say(lang, "detail.role")
    assert words.detail(lang, "home_fire") == words.say(lang, "drill.home_fire")
    assert words.detail(lang, "operator-a 17:30:44") == "operator-a 17:30:44"


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="no language 'fr'"):
        words.catalogue("fr")
