"""How a figure is told on paper and in a table: its value with unit, its sample, its interval. The screen's twin is
``assets/rooms/kpi_tiles.js``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console import words

NONE = "–"
Row = dict[str, Any]


def number(value: float, places: int = 1) -> str:
    """A number with thousands marked, without idle zeros.

    >>> number(1234.50), number(3.0), number(0.126, 2)
    ('1,234.5', '3', '0.13')
    """
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(seconds: float, lang: str) -> str:
    """Seconds, minutes from two minutes on, hours from two hours on."""
    if seconds >= 7200:
        return words.say(lang, "unit.hours", n=number(seconds / 3600))
    if seconds >= 120:
        return words.say(lang, "unit.minutes", n=number(seconds / 60))
    return words.say(lang, "unit.seconds", n=number(seconds))


def _ms(value: float, lang: str) -> str:
    return words.say(lang, "unit.ms", n=number(value, 0))


def _share(value: float, lang: str) -> str:
    return f"{number(value * 100)}%"


def _plain(value: float, lang: str) -> str:
    return number(value, 2)


TELL: dict[str, Callable[[float, str], str]] = {
    "ms": _ms,
    "s": duration,
    "rate": _share,
    "share": lambda value, lang: f"{number(value * 100, 2)}%",
    "kph": lambda value, lang: words.say(lang, "unit.kph", n=number(value)),
    **dict.fromkeys(("count", "load", "per_1000", "per_100000"), _plain),
}


def value(row: Row, lang: str) -> str:
    """The figure itself; a dash when there is no sample, a word when the house does not record it."""
    if row["unit"] == "unrecorded":
        return words.say(lang, "kpi.unrecorded")
    return NONE if row["value"] is None else TELL[row["unit"]](row["value"], lang)


def sample(row: Row) -> str:
    """The sample: ``k/n`` of a rate, else ``n``."""
    if not row["n"]:
        return NONE
    return number(row["n"], 0) if row["k"] is None else f"{number(row['k'], 0)}/{number(row['n'], 0)}"


def spread(row: Row, lang: str) -> str:
    """The 95 % interval of a rate, or the 95th percentile of a time."""
    if row["value"] is None:
        return NONE
    if row["low"] is not None:
        return f"{_share(row['low'], lang)}–{_share(row['high'], lang)}"
    return NONE if row["p95"] is None else words.say(lang, "kpi.p95", v=TELL[row["unit"]](row["p95"], lang))


def change(row: Row, before: Row, lang: str) -> str:
    """How the value differs from the span before: points of a rate, per cent of anything else."""
    if row["value"] is None or before["value"] is None:
        return NONE
    if row["unit"] in ("rate", "share"):
        return words.say(lang, "kpi.points", n=f"{(row['value'] - before['value']) * 100:+.1f}")
    return f"{(row['value'] / before['value'] - 1) * 100:+.0f}%" if before["value"] else NONE


def area_name(id: str, areas: list[dict[str, str]], lang: str) -> str:
    """The name of a dong or zone, of the whole city when none is chosen."""
    return next((a["name"] for a in areas if a["id"] == id), id) if id else words.say(lang, "kpi.whole_city")
