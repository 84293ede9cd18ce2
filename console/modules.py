"""Which JavaScript modules a page is made of, so that its HTML can name them all: read from the modules themselves.

A module is found only when the one that imports it is there; five such steps in a row cost a cold browser half a
second. What stands in the HTML is fetched while Dash still draws the frame.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
ENTRY = "gwanje.mjs"
ALWAYS = ("drill", "replay")  # what `gwanje.mjs` starts on every page
FOLDERS = ("live", "rooms")
IMPORT = re.compile(r'\bfrom "(\.{1,2}/[^"]+)"')
ROW = re.compile(r"^  (\w+): \{(.*)\},$", re.MULTILINE)
LIST = re.compile(r"^const ([A-Z]+) = (\[.*\]);$", re.MULTILINE)


def rows(entry: str) -> dict[str, list[str]]:
    """The entry's table: page -> names of its modules."""
    found = {}
    lists = dict(LIST.findall(entry))
    for page, row in ROW.findall(entry):
        for name, names in lists.items():
            row = row.replace(name, names)
        found[page] = re.findall(r'"(\w+)"', row) + (["map"] if "map: true" in row else [])
    return found


def closure(first: list[Path]) -> list[Path]:
    """These modules and what they import, each once, the first ones first."""
    found = dict.fromkeys(first)
    for path in (todo := list(first)):
        named = [(path.parent / name).resolve() for name in IMPORT.findall(path.read_text("utf-8"))]
        todo += [other for other in dict.fromkeys(named) if other not in found]
        found |= dict.fromkeys(named)
    return list(found)


@cache
def preloads(page: str) -> str:
    """The links of a page's HTML, in the order in which its entry asks for the modules; none for an unknown page."""
    entry = ASSETS / ENTRY
    names = rows(entry.read_text("utf-8")).get(page)
    if names is None:
        return ""
    own = [ASSETS / folder / f"{name}.js" for name in (*ALWAYS, *names) for folder in FOLDERS]
    found = [path for path in closure([entry, *filter(Path.exists, own)]) if path != entry]
    return "".join(f'<link rel="modulepreload" href="/assets/{path.relative_to(ASSETS)}">' for path in found)
