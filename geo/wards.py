"""Administrative dong (행정동): parts of the city as citizens, welfare teams and warnings name them.

The city file draws the legal dong (법정동); its city boundary says which of them each administrative dong holds
(``wards``). A legal dong may lie in several: where the line runs inside of it the file does not say, so the whole of it
counts for each of them. A former name (신장동, which was split) holds the names that came after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

SAID = re.compile(r"\s+|제(?=\d)")  # 신장 제1동, 신장 1동 and 신장1동 are one name


class Wards:
    """The names of all dong of a city, legal and administrative, and what each of them holds."""

    def __init__(self, dongs: Iterable[str], table: Mapping[str, Iterable[str]], address: str = "") -> None:
        """``address``: the city as it stands before a dong (경기도 오산시); 화성시 has an 오산동 too."""
        words = [(word, word[:-1]) for word in address.split()]  # 오산시, or shortly 오산
        self._before = {"".join(said) for at in range(len(words) + 1) for said in product(*words[at:])}
        self._dongs, self._table = frozenset(dongs), {name: frozenset(held) for name, held in table.items()}
        self._names = sorted(self._dongs | self._table.keys(), key=lambda name: (-len(name), name))

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def named(self, text: str) -> str | None:
        """The dong that a text is the name of, as people write it in an address; None for anything else.

        The longest name counts: 대원동 ends with 원동, and is another.
        """
        said = SAID.sub("", text)
        found = next((name for name in self._names if said.endswith(name)), None)
        rest = said.removesuffix(found) if found else ""
        return found if rest in self._before else None

    def parts(self, name: str) -> frozenset[str]:
        """The name itself and all that it holds, down to the legal dong."""
        held = self._table.get(name, frozenset())
        return frozenset({name}).union(held, *(self._table.get(one, ()) for one in held))

    def dongs(self, name: str) -> list[str]:
        """The legal dong that lie in it, wholly or in part."""
        return sorted(self.parts(name) & self._dongs)
