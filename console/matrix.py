"""The committed matrix role × page × action × field, read once; whatever it does not name is denied."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FILE = Path(__file__).with_name("matrix.toml")
PUBLIC, LOCAL = "public", "local"
BY_PAGE, BY_CALLBACK = "page", "callback"


class MatrixError(Exception):
    """The matrix file names a role, group or word that does not exist."""


class Page(msgspec.Struct, frozen=True):
    """A page: its name, its path template and the roles that may open it."""

    name: str
    path: str
    roles: frozenset[str]
    pattern: re.Pattern[str]


class Matrix(msgspec.Struct, frozen=True):
    """The whole matrix, groups resolved. Rows of ``routes`` and ``callbacks`` are a set of roles, or a word (BY_…)."""

    roles: tuple[str, ...]
    machines: tuple[str, ...]
    home: dict[str, str]
    pages: tuple[Page, ...]
    routes: dict[str, frozenset[str] | str]
    callbacks: dict[str, frozenset[str] | str]
    events: dict[str, frozenset[str]]
    verbs: dict[str, frozenset[str]]
    fields: dict[str, tuple[str, ...]]
    details: dict[str, tuple[str, ...]]
    features: dict[str, tuple[str, ...]]

    def page(self, path: str) -> tuple[Page, dict[str, str]] | None:
        """The page at ``path`` with the path's variables, or None."""
        for page in self.pages:
            if hit := page.pattern.fullmatch(path):
                return page, hit.groupdict()
        return None

    def may_open(self, role: str | None, path: str) -> bool:
        """Whether ``role`` may open the page at ``path`` (an unknown page: nobody)."""
        found = self.page(path)
        return found is not None and role in found[0].roles

    def may_send(self, role: str | None, event: str) -> bool:
        """Whether ``role`` may send this socket event."""
        return role in self.events.get(event, ())

    def may_do(self, role: str | None, verb: str) -> bool:
        """Whether ``role`` may give this command."""
        return role in self.verbs.get(verb, ())

    def verbs_of(self, role: str) -> list[str]:
        """Commands this role may give, in the matrix's order."""
        return [verb for verb, roles in self.verbs.items() if role in roles]

    def pages_of(self, role: str) -> list[Page]:
        """Pages this role may open, in the matrix's order."""
        return [page for page in self.pages if role in page.roles]

    def home_of(self, role: str, scope: str | None) -> str:
        """First page after signing in."""
        return self.home[role].format(scope=scope or "")


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"<(\w+)>", path)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def read(text: str) -> Matrix:
    """The matrix of a TOML text. MatrixError names the row that is wrong."""
    raw = tomllib.loads(text)
    roles, machines, groups = tuple(raw["roles"]), tuple(raw["machines"]), raw["groups"]
    known = {*roles, *machines, PUBLIC, LOCAL}

    def resolve(where: str, names: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for name in names:
            members = groups.get(name, [name])
            if unknown := set(members) - known:
                raise MatrixError(f"matrix.toml, {where}: {sorted(unknown)} is no role and no group")
            found.update(members)
        return frozenset(found)

    def table(section: str, word: str | None = None) -> dict[str, Any]:
        rows: dict[str, Any] = {}
        for key, value in raw[section].items():
            if isinstance(value, str) and value not in (word, BY_PAGE):
                raise MatrixError(f"matrix.toml, [{section}] {key}: {value!r}; allowed: a list of roles, {word!r}")
            rows[key] = value if isinstance(value, str) else resolve(f"[{section}] {key}", value)
        return rows

    def by_role(section: str) -> dict[str, tuple[str, ...]]:
        rows: dict[str, tuple[str, ...]] = {}
        for key, names in raw[section].items():
            for role in sorted(resolve(f"[{section}] {key}", [key])):
                rows[role] = tuple(names)
        return rows

    pages = tuple(
        Page(name, row["path"], resolve(f"[pages] {name}", row["roles"]), _pattern(row["path"]))
        for name, row in raw["pages"].items()
    )
    return Matrix(
        roles, machines, raw["home"], pages, table("routes", BY_CALLBACK), table("callbacks"), table("events"),
        table("verbs"), by_role("fields"), by_role("details"), by_role("features"),
    )


@cache
def matrix() -> Matrix:
    """The committed matrix."""
    return read(FILE.read_text("utf-8"))
