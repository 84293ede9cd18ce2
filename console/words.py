"""Words of the screens: codes become sentences here and nowhere else.

A catalogue is one TOML file a language (`console/locale/<lang>.toml`): sections of ``key = "text"`` with ``{name}``
placeholders; the names of welfare signs stand in ``stream/signals.toml``. ``ko`` is the house's language; a key that is
missing shows itself, so that a gap is seen and not hidden.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stream.signals import SIGNS

LANGS = ("ko", "en")
LOCALE = Path(__file__).parent / "locale"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, str(value)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All words of a language as one flat table, ``{"state.new": "미확인", …}``. KeyError for an unknown language."""
    if lang not in LANGS:
        raise KeyError(f"no language {lang!r}; there are {', '.join(LANGS)}")
    words = dict(_flat(tomllib.loads((LOCALE / f"{lang}.toml").read_text("utf-8"))))
    return words | {f"signal.{code}": getattr(sign, lang) for code, sign in SIGNS.items()}


def say(lang: str, key: str, **args: Any) -> str:
    """The text of ``key`` with its placeholders filled; an unknown key or placeholder stands as it is.

    >>> say("ko", "priority.P1")
    '긴급'
    """
    text = catalogue(lang).get(key, key)
    return PLACEHOLDER.sub(lambda hit: str(args.get(hit[1], hit[0])), text)


def detail(lang: str, told: str) -> str:
    """What a refusal names, in words: a field of the form, an exercise; a name, a number or a time stands as it is. A
    longer explanation for programs begins with its field and is said by it alone.

    >>> detail("ko", "reason"), detail("ko", "role: 'x'; allowed: admin"), detail("ko", "480")
    ('사유', '역할', '480')
    """
    known, field = catalogue(lang), told.partition(": ")[0]
    return next((known[key] for key in (f"detail.{field}", f"drill.{field}") if key in known), told)


def placeholders(text: str) -> set[str]:
    """Names in braces, for comparing two catalogues."""
    return set(PLACEHOLDER.findall(text))
