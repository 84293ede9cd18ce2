"""What the browser gets: every word it names is in both catalogues, nothing comes from outside, licences lie beside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console import words

ASSETS = Path(__file__).parents[2] / "assets"
OURS = sorted(f for f in ASSETS.rglob("*") if f.suffix in {".js", ".mjs", ".css"} and "vendor" not in f.parts)
NAMED = re.compile(r"""(?<![.\w])t\(\s*"([a-z0-9_]+\.[a-zA-Z0-9_.]+)\"""")
PAIRED = re.compile(r"""\[\"[^\"]+\", \"((?:help|verb)\.[a-z0-9_]+)\"\]""")
FAMILY = re.compile(r"""(?<![\w.])(?:code|t|has)\(\s*["`]([a-z]+)(?:"|\.\$)""")


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_word_that_a_module_names_is_in_the_catalogue(lang):
    have = words.catalogue(lang)
    used = {key for f in OURS for rule in (NAMED, PAIRED) for key in rule.findall(f.read_text("utf-8"))}
    assert len(used) > 100
    assert sorted(key for key in used if key not in have) == []


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_family_of_codes_has_words(lang):
    sections = {key.split(".")[0] for key in words.catalogue(lang)}
    used = {family for f in OURS for family in FAMILY.findall(f.read_text("utf-8"))}
    assert sorted(used - sections) == []


def test_nothing_is_loaded_from_outside_and_nothing_is_evaluated():
    for f in OURS:
        text = f.read_text("utf-8")
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text), f.name
        assert not re.findall(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text), f.name


def test_what_others_wrote_has_its_licence_beside_it():
    assert "MIT" in (ASSETS / "vendor" / "socket.io.LICENSE.txt").read_text()
    assert "Open Font License" in (ASSETS / "fonts" / "Pretendard.LICENSE.txt").read_text("utf-8")
    assert "ISC" in (ASSETS / "icons.LICENSE.txt").read_text()


def test_every_icon_that_is_named_is_in_the_sprite():
    sprite = set(re.findall(r'id="([a-z0-9-]+)"', (ASSETS / "icons.svg").read_text()))
    code = "".join(f.read_text("utf-8") for f in OURS)
    named = set(re.findall(r'icon\("([a-z0-9-]+)"\)', code))
    pages = "".join(f.read_text("utf-8") for f in Path(__file__).parents[2].glob("console/**/*.py"))
    named |= set(re.findall(r'icon(?:_name=|\()"([a-z0-9-]+)"', pages))
    assert named and named <= sprite
