"""When a rule holds: hours, days, the school calendar, the dark, and what the city says of weather, works and events.

A rule file may have a table ``[when]``; all that it names must hold at the moment and the place of a detection, or the
detection is not told. It is data, checked like the rest of the file:

    [when]
    hours = [[22, 6]]               # hours of the Korean day, from <= hour < to; over midnight when from > to
    days = ["mon", "tue"]           # days of the Korean week
    all = ["school_zone", "dark"]   # conditions that hold, every one
    any = ["rain", "snow"]          # of these at least one
    none = ["event"]                # of these none

The kernels know nothing of it: the engine asks after them. What holds is told by the time of the detection and by the
``city.context`` events heard before it, so a re-run gives the same. A rule that fires once for a track or an encounter
has fired, told or not: one that began outside its hours is not told later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from cep.codes import KIND
from cep.exposure import ContextKey, active, at_school, dark, hour, school_day, school_run, weekday
from cep.patterns import Field, words
from stream.board import context_key, context_said
from stream.bodies import ContextNoted
from stream.schema import Event, Place, SourceError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Heard = list[tuple[ContextKey, ContextNoted]]
Watched = list[tuple[int, Any]]  # row of the event, what a watcher concluded of it (``watch.Seen``)
MOST = 4096  # areas and words that are remembered; a city has a few dozen
CONTEXTS = [code for name, code in KIND.items() if name.startswith("context.")]


class Scene(NamedTuple):
    """Where and when a detection is: µs, the place of its subject if the city file knows it, and what holds there."""

    at: int
    place: Place | None
    now: list[ContextNoted]
    city: Any


def at_risk(place: Place | None, city: Any) -> bool:
    """The home of a person whom the city file calls high-risk."""
    home = city.households.get(place.household) if place and place.household else None
    return home is not None and home.risk == "high"


def _weather(*values: str) -> Callable[[Scene], bool]:
    return lambda scene: any(row.what == "weather" and row.value in values for row in scene.now)


def _what(what: str) -> Callable[[Scene], bool]:
    return lambda scene: any(row.what == what for row in scene.now)


CONDITIONS: dict[str, Callable[[Scene], bool]] = {
    "school_day": lambda scene: school_day(scene.at, scene.now),
    "school_run": lambda scene: school_run(scene.at, scene.now),
    "school_zone": lambda scene: at_school(scene.place, scene.city),
    "high_risk": lambda scene: at_risk(scene.place, scene.city),
    "dark": lambda scene: dark(scene.at),
    "low_light": lambda scene: dark(scene.at) or _weather("heavy_rain", "heavy_snow", "fine_dust")(scene),
    "rain": _weather("heavy_rain"),
    "snow": _weather("heavy_snow"),
    "wind": _weather("strong_wind"),
    "heat": _weather("heatwave"),
    "cold": _weather("coldwave"),
    "roadworks": _what("roadworks"),
    "event": _what("event"),
}


def _spans(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_span, value))


def _span(pair: Any) -> bool:
    if not isinstance(pair, list) or len(pair) != 2 or any(type(h) not in (int, float) for h in pair):
        return False
    return all(0 <= h <= 24 for h in pair) and pair[0] != pair[1]


WHEN: dict[str, Field] = {
    "hours": Field(_spans, "a list of [from, to], hours of the day from 0 to 24, two different ones", []),
    "days": words(DAYS, []),
    "all": words(tuple(CONDITIONS), []),
    "any": words(tuple(CONDITIONS), []),
    "none": words(tuple(CONDITIONS), []),
}


def holds(when: dict[str, Any], scene: Scene) -> bool:
    """Everything that this ``[when]`` names is so; an empty one always holds."""
    now = hour(scene.at)
    if when["hours"] and not any(a <= now < b if a < b else now >= a or now < b for a, b in when["hours"]):
        return False
    if when["days"] and DAYS[weekday(scene.at)] not in when["days"]:
        return False
    if when["any"] and not any(CONDITIONS[name](scene) for name in when["any"]):
        return False
    return all(CONDITIONS[name](scene) for name in when["all"]) and not any(
        CONDITIONS[name](scene) for name in when["none"]
    )


class Gate:
    """Keeps back what rules with a ``[when]`` found at another time. Remembers the context it heard."""

    def __init__(self, city: Any, whens: Sequence[dict[str, Any]]) -> None:
        self.city, self.whens = city, whens
        self.gated = np.array([bool(when) for when in whens], bool)
        self.context: dict[ContextKey, ContextNoted] = {}

    def sift(
        self, found: np.ndarray, seen: Watched, rows: np.ndarray, events: Sequence[Event], names: Sequence[Any]
    ) -> tuple[np.ndarray, Watched]:
        """What may be told of ``found`` (``state.FOUND``) and ``seen`` (``cep/watch.py``), both in order.

        Hears the context of these rows meanwhile: what stands before a detection in the order of events counts for it.
        """
        said = np.flatnonzero((rows["kind"] >= CONTEXTS[0]) & (rows["kind"] <= CONTEXTS[-1])).tolist()
        asked = [(int(one["row"]) + (0 if one["before"] else 1), 0, n) for n, one in self._gated(found)]
        asked += [(row + 1, 1, n) for n, (row, one) in enumerate(seen) if self.gated[one.rule]]
        if not said and not asked:
            return found, seen
        keep, heard, kept = np.ones(len(found), bool), 0, [True] * len(seen)
        for until, watched, n in sorted(asked):
            while heard < len(said) and said[heard] < until:
                self.hear(events[said[heard]])
                heard += 1
            if watched:
                event = events[seen[n][0]]
                kept[n] = self.holds(seen[n][1].rule, cast(Place | None, self.city.place_of(event)), event.at)
            else:
                place = cast(Place | None, self.city.place(str(names[found[n]["subject"]])))
                keep[n] = self.holds(int(found[n]["rule"]), place, int(found[n]["at"]))
        for n in said[heard:]:
            self.hear(events[n])
        return found[keep], [one for one, told in zip(seen, kept, strict=True) if told]

    def _gated(self, found: np.ndarray) -> Iterator[tuple[int, Any]]:
        """Those of rules with a ``[when]``, by their place."""
        asked = np.flatnonzero(self.gated[found["rule"]]).tolist() if self.gated.any() else []
        return ((n, found[n]) for n in asked)

    def holds(self, rule: int, place: Place | None, at: int) -> bool:
        """The rule (its place in the table) holds there at that moment."""
        return holds(self.whens[rule], Scene(at, place, active(self.context, place, self.city, at), self.city))

    def hear(self, event: Event) -> None:
        """Take in a ``city.context``; one with times that cannot be read says nothing."""
        try:
            body = context_said(event.data)
        except SourceError:
            return
        key = context_key(event.data.area, body)
        self.context.pop(key, None)
        if body.level != "none" or body.what == "calendar":
            self.context[key] = body
        if len(self.context) > MOST:
            del self.context[next(iter(self.context))]

    def save(self) -> Heard:
        """What was heard, in order."""
        return list(self.context.items())

    def load(self, saved: Heard) -> None:
        """Go on from ``save``."""
        self.context = dict(saved)


assert CONTEXTS == list(range(CONTEXTS[0], CONTEXTS[-1] + 1))
