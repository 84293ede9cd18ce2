"""Crisis mode: which heat or cold warning holds now, where and since when. It ends by what the weather says."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from stream.bodies import ContextNoted

CRISES = ("heatwave", "coldwave")  # what makes a home dangerous that nobody looks into
LEVELS = ("warning", "advisory")  # the graver first
Key = tuple[str, str, str]


class Crisis(msgspec.Struct, frozen=True):
    """One warning or advisory that holds: its sort, level and area; ``since`` and ``until`` in µs, 0 = open."""

    value: str
    level: str
    area: str
    since: int
    until: int = 0


def crises(context: Mapping[Key, ContextNoted], begun: Mapping[Key, int], now: int) -> list[Crisis]:
    """What holds at ``now`` (µs), the gravest first. ``begun``: when each began to be as it is (``Board.begun``)."""
    return [one for one in _holding(context, begun, now) if one.value in CRISES]


def weather(context: Mapping[Key, ContextNoted], begun: Mapping[Key, int], now: int) -> list[Crisis]:
    """The other warnings and advisories of the weather that hold: rain, snow, wind, dust."""
    return [one for one in _holding(context, begun, now) if one.value not in CRISES]


def _holding(context: Mapping[Key, ContextNoted], begun: Mapping[Key, int], now: int) -> list[Crisis]:
    found = [
        Crisis(str(row.value), row.level, key[0], row.frm or begun.get(key, 0), row.to)
        for key, row in list(context.items())
        if row.what == "weather" and row.level in LEVELS and row.frm <= now and not (row.to and now >= row.to)
    ]
    return sorted(found, key=lambda one: (LEVELS.index(one.level), one.since, one.area))
