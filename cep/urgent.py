"""Urgent need in a text: which classes of words it holds (CONTRACT 6, ``welfare_urgent``).

A small, readable net, not a language model: stems of words with their harmless look-alikes, and a simple reading of
denial ("죽고 싶지 않다" is no cry for help). The words are in ``urgent_words.toml``: the contract's four classes and
two of ours: ``rescue``, for who drowns, is buried, cut off, electrocuted, fell, collapsed or cannot breathe ("침수 걱정
없다" is none), and ``unseen``, for who lives alone and has not been seen for days (a parcel or an office is none).
Letters of two words never make a stem: "혼자 살아요" holds no 자살, "관리비가 두 달째" nobody who is locked up. A
denial that is taken back ("없지는 않다"), asked ("의심 없음?") or only told with a "but" behind it ("없었다고
하지만") is none: when in doubt a word counts.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

FILE = Path(__file__).parent / "urgent_words.toml"
REACH = 32  # characters looked at after a stem for its denial
BEFORE = 8  # and before it
AROUND = 24  # characters around a stem in which a look-alike may lie
TEXT_MAX = 100_000  # characters read; an event is at most 256 KB, so a text of Korean is always read to its end
# Marks nobody sees (zero width, direction) that would cut a word in two
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
# "자.살" and "죽 고 싶 다": single syllables that were pulled apart so that no machine reads them
DOTTED = re.compile(r"(?<![가-힣])([가-힣])[.·*_~/^+-]{1,3}(?=[가-힣])")
SPACED = re.compile(r"(?<![가-힣])(?:[가-힣] ){3,}[가-힣](?![가-힣])")


class _Class(NamedTuple):
    stems: re.Pattern[str]
    unless: re.Pattern[str] | None


class _Words(NamedTuple):
    classes: dict[str, _Class]
    after: re.Pattern[str]
    undone: re.Pattern[str]
    before: re.Pattern[str]


def _loose(stems: list[str], also: list[str]) -> str:
    """Any of the stems, its spaces written or not (``^``: only at the beginning of a word), or of the patterns."""
    parts = []
    for stem in sorted(stems, key=len, reverse=True):
        word = r"\s?".join(re.escape(part) for part in stem.removeprefix("^").split())
        begins = f"(?<![가-힣]{word[0]})" if stem.startswith("^") else ""
        parts.append(word[0] + begins + word[1:])
    return "|".join([*also, *parts])


def _class(table: dict[str, Any]) -> _Class:
    unless = _loose(table["unless"], table.get("unless_pattern", []))
    stems = _loose(table["stems"], table.get("pattern", []))
    return _Class(re.compile(stems), re.compile(unless) if unless else None)


@lru_cache(1)
def _words() -> _Words:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    denial = table.pop("denial")
    classes = {name: _class(one) for name, one in table.items()}
    return _Words(classes, *(re.compile(denial[part], re.X) for part in ("after", "undone", "before")))


URGENT_DIGEST = sha256(FILE.read_bytes()).hexdigest()


def plain(text: str) -> str:
    """The text as the words are looked for: composed, small letters, one space, nothing unseen, no word pulled apart.

    >>> plain("자.살  생각,\\n죽 고 싶 다")
    '자살 생각, 죽고싶다'
    """
    flat = UNSEEN.sub("", normalize("NFC", text[:TEXT_MAX])).lower()
    flat = DOTTED.sub(r"\1", re.sub(r"\s+", " ", flat))
    return SPACED.sub(lambda hit: hit[0].replace(" ", ""), flat)


def urgent_classes(text: str | None) -> tuple[str, ...]:
    """Classes of urgent words that the text holds, not denied, in the order of the file.

    >>> urgent_classes("며칠째 굶고 있고 죽고 싶지 않아요")
    ('starvation',)
    """
    if not text:
        return ()
    flat, words = plain(text), _words()
    return tuple(name for name, one in words.classes.items() if _holds(flat, one, words))


def _holds(text: str, one: _Class, words: _Words) -> bool:
    return any(
        not _harmless(text, hit, one.unless) and not _denied(text, hit, words) for hit in one.stems.finditer(text)
    )


def _harmless(text: str, hit: re.Match[str], unless: re.Pattern[str] | None) -> bool:
    """The stem begins within a look-alike; only what lies around it is read."""
    if unless is None:
        return False
    first = max(0, hit.start() - AROUND)
    found = unless.finditer(text[first : hit.end() + AROUND])
    return any(m.start() <= hit.start() - first < m.end() for m in found)


def _denied(text: str, hit: re.Match[str], words: _Words) -> bool:
    """The word is denied right behind it or before it, and the denial is not itself taken back, asked or doubted."""
    after = text[hit.end() : hit.end() + REACH].replace(" ", "")
    if not words.before.search(text[max(0, hit.start() - BEFORE) : hit.start()]) and not words.after.search(after):
        return False
    return words.undone.search(after) is None
