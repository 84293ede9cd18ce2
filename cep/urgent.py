"""Urgent need in a text: which classes of words it holds (CONTRACT 6, ``welfare_urgent``).

A small, readable net, not a language model: stems of words with their harmless look-alikes, and a simple reading of
denial ("죽고 싶지 않다" is no cry for help). The words are in ``urgent_words.toml``. Letters of two words never make a
stem: "혼자 살아요" holds no 자살, "관리비가 두 달째" nobody who is locked up.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

FILE = Path(__file__).parent / "urgent_words.toml"
REACH = 24  # characters looked at after a stem for its denial
TEXT_MAX = 20_000  # characters read; nobody buries a cry for help behind ten pages


class _Words(NamedTuple):
    classes: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]
    after: re.Pattern[str]
    before: re.Pattern[str]


def _loose(stems: list[str]) -> re.Pattern[str]:
    """Any of the stems, its spaces written or not; one that begins with ``^`` only at the beginning of a word."""
    parts = []
    for stem in sorted(stems, key=len, reverse=True):
        begin = "(?<![가-힣])" if stem.startswith("^") else ""
        parts.append(begin + r"\s?".join(re.escape(word) for word in stem.removeprefix("^").split()))
    return re.compile("|".join(parts))


@lru_cache(1)
def _words() -> _Words:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    denial = table.pop("denial")
    classes = {name: (_loose(t["stems"]), _loose(t["unless"]) if t["unless"] else None) for name, t in table.items()}
    return _Words(classes, re.compile(denial["after"]), re.compile(denial["before"]))


URGENT_DIGEST = sha256(FILE.read_bytes()).hexdigest()


def urgent_classes(text: str | None) -> tuple[str, ...]:
    """Classes of urgent words that the text holds, not denied, in the order of the file.

    >>> urgent_classes("며칠째 굶고 있고 죽고 싶지 않아요")
    ('starvation',)
    """
    if not text:
        return ()
    flat = re.sub(r"\s+", " ", normalize("NFC", text[:TEXT_MAX])).lower()
    words = _words()
    return tuple(name for name, (stems, unless) in words.classes.items() if _holds(flat, stems, unless, words))


def _holds(text: str, stems: re.Pattern[str], unless: re.Pattern[str] | None, words: _Words) -> bool:
    harmless = [m.span() for m in unless.finditer(text)] if unless else []
    for hit in stems.finditer(text):
        if any(a <= hit.start() and hit.end() <= b for a, b in harmless):
            continue
        after = text[hit.end() : hit.end() + REACH].replace(" ", "")
        if not words.after.search(after) and not words.before.search(text[: hit.start()][-8:]):
            return True
    return False
