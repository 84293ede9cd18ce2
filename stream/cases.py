"""Welfare cases of the last 90 days: which is the same matter told twice, and which household comes again.

A fold of ``case.noted`` and ``case.contact``. What a case is to the earlier ones is decided once, when it comes
(``stream/heard.py`` asks ``same`` and ``again``), and stands in its record; the fold only remembers.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from stream.bodies import Case, CaseContact
from stream.likeness import alike
from stream.schema import US, Record

HOUR_US = 3600 * US
SAME_US = 48 * HOUR_US  # told again within the longest contact clock it is the same matter
AGAIN_US = 90 * 24 * HOUR_US  # "recurrence within 90 days" of the city's plan


class Row(msgspec.Struct, frozen=True):
    """One case as it is remembered."""

    case: str
    at: int
    told: Case
    closed: bool = False


class Cases:
    """The rows by case, household and dong. Asking costs what lies in one home, or in one dong within 48 hours."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}  # in the order they came
        self._homes: dict[str, tuple[str, ...]] = {}
        self._dongs: dict[str, tuple[str, ...]] = {}  # only those with a fingerprint

    def get(self, case: str) -> Row | None:
        """The case, when it came within the last 90 days."""
        return self._rows.get(case)

    def rows(self) -> list[Row]:
        """All of them, oldest first."""
        return list(self._rows.values())

    def same(self, case: str, told: Case, at: int) -> str:
        """The case this one is told of again within 48 hours: of its household, else of nearly the same text; or "".

        Two texts are only compared within one dong, and never when both name a household and not the same: a letter
        that somebody copies for two homes is about two homes.
        """
        recent = [row for row in self._home(told.household, case) if at - row.at <= SAME_US and not row.closed]
        if not recent and told.likeness:
            mates = [self._rows[name] for name in self._dongs.get(told.dong, ()) if name != case]
            recent = [row for row in mates if at - row.at <= SAME_US and self._alike(row, told)]
        return (recent[0].told.same_as or recent[0].case) if recent else ""

    def again(self, case: str, told: Case, at: int) -> str:
        """The latest case of the same household within 90 days, or this case itself when it had been closed; or ""."""
        was = self._rows.get(case)
        if was is not None and was.closed and at - was.at <= AGAIN_US:
            return case
        earlier = [row for row in self._home(told.household, case) if at - row.at <= AGAIN_US]
        return earlier[-1].case if earlier else ""

    def subjects(self, case: str) -> tuple[str, ...]:
        """What else incidents about this case may be about: the case it is told of again, and that one's household."""
        row = self._rows.get(case)
        first = self._rows.get(row.told.same_as) if row and row.told.same_as else None
        return tuple(name for name in (first.case, first.told.household) if name) if first else ()

    def marks(self, case: str) -> tuple[str, ...]:
        """Marks for its incident: ``recurring``, ``same_report``."""
        row = self._rows.get(case)
        if row is None:
            return ()
        named = (("recurring", row.told.again and not row.told.same_as), ("same_report", row.told.same_as))
        return tuple(mark for mark, holds in named if holds)

    def _home(self, household: str, case: str) -> list[Row]:
        return [self._rows[name] for name in self._homes.get(household, ()) if name != case]

    def _alike(self, row: Row, told: Case) -> bool:
        if row.closed or not alike(row.told.likeness, told.likeness):
            return False
        first = self._rows.get(row.told.same_as)
        homes = {one.told.household for one in (row, first) if one} | {told.household}
        return len(homes - {""}) < 2

    def apply(self, record: Record) -> None:
        """Take one ``case.noted`` or ``case.contact`` in; what is older than 90 days is forgotten."""
        if record.kind == "case.contact":
            row = self._rows.get(record.subject)
            if row is not None and msgspec.convert(record.body, CaseContact).outcome == "closed":
                self._rows[row.case] = replace(row, closed=True)
            return
        while self._rows and record.at - (oldest := next(iter(self._rows.values()))).at > AGAIN_US:
            self._drop(oldest)
        if record.subject in self._rows:
            self._drop(self._rows[record.subject])
        told = msgspec.convert(record.body, Case)
        row = self._rows[record.subject] = Row(record.subject, record.at, told)
        for index, key in self._keys(row):
            index[key] = (*index.get(key, ()), row.case)

    def _drop(self, row: Row) -> None:
        del self._rows[row.case]
        for index, key in self._keys(row):
            index[key] = tuple(name for name in index[key] if name != row.case)
            if not index[key]:
                del index[key]

    def _keys(self, row: Row) -> list[tuple[dict[str, tuple[str, ...]], str]]:
        keys = [(self._homes, row.told.household)] if row.told.household else []
        return keys + ([(self._dongs, row.told.dong)] if row.told.likeness else [])

    def copy(self) -> Cases:
        """The same rows, for another writer."""
        other = Cases()
        for name in ("_rows", "_homes", "_dongs"):
            setattr(other, name, dict(getattr(self, name)))
        return other
