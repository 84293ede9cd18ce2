"""Fields of a rule file: what fits, in words for the error, and what stands there when nothing does.

A duration of zero is no window and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from cep.codes import KINDS
from stream.schema import Severity

REQUIRED = object()
LONGEST_S = 30 * 86_400  # the engine forgets what it has not seen for a month
SEVERITIES = tuple(s.name for s in Severity)


class Range(NamedTuple):
    """The numbers that fit: from ``low`` (not itself when ``above``) to ``most``, whole ones only when ``whole``."""

    low: float
    most: float
    above: bool = False
    whole: bool = False

    def __str__(self) -> str:
        return f"{self.low:g} {'<' if self.above else '≤'} x ≤ {self.most:g}"

    def holds(self, value: Any) -> bool:
        """Whether this is such a number (a boolean is none)."""
        kind = type(value) is int if self.whole else isinstance(value, int | float) and not isinstance(value, bool)
        return kind and (value > self.low if self.above else value >= self.low) and value <= self.most


class Field(NamedTuple):
    """One entry of a rule file: what fits, in words for the error, what stands there when nothing does, its range."""

    fits: Callable[[Any], bool]
    allowed: str
    default: Any = REQUIRED
    range: Range | None = None


def number(above: float | None = None, least: float = 0.0, most: float = 1e9, default: Any = REQUIRED) -> Field:
    """A number (no boolean) above ``above`` or from ``least``, up to ``most``."""
    low = f"above {above:g}" if above is not None else f"from {least:g}"
    span = Range(least if above is None else above, most, above is not None)
    return Field(span.holds, f"a number {low} to {most:g}", default, span)


def whole(least: int, most: int, default: Any = REQUIRED) -> Field:
    """A whole number in a range."""
    span = Range(least, most, whole=True)
    return Field(span.holds, f"a whole number from {least} to {most}", default, span)


def seconds(default: Any = REQUIRED) -> Field:
    """A duration in seconds, above zero."""
    return number(above=0, most=LONGEST_S, default=default)


def hours(default: Any = REQUIRED) -> Field:
    """A duration in hours, above zero."""
    return number(above=0, most=LONGEST_S / 3600, default=default)


def word(allowed: Sequence[str], default: Any = REQUIRED) -> Field:
    """One of these words."""
    return Field(lambda v: isinstance(v, str) and v in allowed, "one of " + ", ".join(allowed), default)


def words(allowed: Sequence[str], default: Any = REQUIRED, least: int = 1) -> Field:
    """A list of at least ``least`` of these words, none twice."""

    def fits(value: Any) -> bool:
        ok = isinstance(value, list) and all(isinstance(v, str) and v in allowed for v in value)
        return ok and len(value) >= least and len(set(value)) == len(value)

    return Field(fits, "a list of " + ", ".join(allowed), default)


def text(default: Any = REQUIRED) -> Field:
    """A text that is not empty."""
    return Field(lambda v: isinstance(v, str) and bool(v.strip()), "a text", default)


def by_kind() -> Field:
    """A table {kind: severity}."""

    def fits(value: Any) -> bool:
        return isinstance(value, dict) and all(k in KINDS and v in SEVERITIES for k, v in value.items())

    return Field(fits, f"a table of kind = severity; severities {', '.join(SEVERITIES)}; kinds {', '.join(KINDS)}", {})


def parts() -> Field:
    """The parts of a composite rule: tables of a name and kinds, with ``least``, ``n`` and ``where`` if wished."""

    def fits(value: Any) -> bool:
        return isinstance(value, list) and 0 < len(value) <= 16 and all(map(_part, value))

    allowed = f"tables {{name, kinds, least?, n?, where?}}; least: {', '.join(SEVERITIES)}; n: from 1; kinds: rules"
    return Field(fits, allowed)


def _part(value: Any) -> bool:
    if not isinstance(value, dict) or not {"name", "kinds"} <= value.keys() <= {"name", "kinds", "least", "n", "where"}:
        return False
    kinds, n, where = value["kinds"], value.get("n", 1), value.get("where", {})
    named = isinstance(kinds, list) and bool(kinds) and all(isinstance(kind, str) and kind for kind in kinds)
    plain = isinstance(where, dict) and all(isinstance(one, str | int | float | bool) for one in where.values())
    counted = type(n) is int and 1 <= n <= 1000
    return isinstance(value["name"], str) and named and plain and counted and value.get("least", "notice") in SEVERITIES


def clock_span() -> Field:
    """Two times of the Korean day, ["HH:MM", "HH:MM"]; from after to goes past midnight."""

    def fits(value: Any) -> bool:
        two = isinstance(value, list) and len(value) == 2
        return two and all(isinstance(v, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", v) for v in value)

    return Field(fits, 'two times of the Korean day, ["07:30", "17:30"]', ["00:00", "23:59"])
