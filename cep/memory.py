"""What the engine remembers: names as dense slots, and the arrays of ``cep/state.py`` behind them.

Slots are born when a name is first heard and freed when what they hold can no longer matter: a track 300 s after it was
last seen (it ended after 30 s; the rest is room for clocks that differ by up to 120 s), anything else after 31 days (no
rule waits longer than 30). Freeing changes no result, it only bounds memory.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from cep import state
from cep.codes import FRONT, signs_of
from cep.follow import FollowRules, empty, forget, wider
from cep.rules import RuleTable
from cep.state import Care, Road, widened
from cep.street import PER_TRACK, WATCH, StreetRules, compile_street, street_of
from cep.table import Arrays
from stream.schema import US

TRACK_US = 300 * US
MONTH_US = 31 * 86_400 * US
SWEEP_US = 60 * US
NEVER = -(1 << 61)
HABIT = (3, 168)  # weeks, hours of the week
NO_STREET = compile_street(RuleTable([]))


class Slots:
    """Names with a dense number each; freed numbers are used again."""

    def __init__(self) -> None:
        self.of: dict[Any, int] = {}
        self.names: list[Any] = []
        self.free: list[int] = []

    def add(self, name: Any) -> int:
        """A slot for a new name."""
        if self.free:
            slot = self.free.pop()
            self.names[slot] = name
        else:
            slot = len(self.names)
            self.names.append(name)
        self.of[name] = slot
        return slot

    def drop(self, slots: np.ndarray) -> None:
        """Free these slots."""
        for slot in slots.tolist():
            del self.of[self.names[slot]]
            self.names[slot] = None
            self.free.append(slot)

    def live(self) -> np.ndarray:
        """Which slots have a name (bool a slot)."""
        return np.fromiter((name is not None for name in self.names), bool, len(self.names))


class Follower(Protocol):
    """What keeps rows of its own beside the memory's entities and tracks."""

    def born(self, slot: int, name: str) -> None: ...

    def tracked(self, slot: int) -> None: ...

    def freed(self, slots: np.ndarray) -> None: ...


class Memory:
    """Slots and arrays of one engine. ``road``, ``care`` and ``street`` are what the kernels get."""

    def __init__(
        self, city: Any, rules: Arrays, follow: FollowRules, street: StreetRules = NO_STREET
    ) -> None:
        self.entities, self.sensors, self.tracks, self.homes = Slots(), Slots(), Slots(), Slots()
        self.track_of: dict[int, dict[int | str, int]] = {}
        self.followers: tuple[Follower, ...] = ()
        self.clock = NEVER
        self.swept = NEVER
        self._periods = {source: round(s * US) for source, s in city.expected().items()}
        self._sites, lines, corners = _geometry(city)
        self.street, self._place_of = street_of(city, street)
        one = np.zeros(1, np.int64)
        n_waits, n_series, n_rhythms = len(rules.waits), len(rules.series), len(rules.rhythms)
        entities = np.zeros(64, state.ENTITY)
        self.road = Road(
            entities, np.zeros(64, state.TRACK), np.zeros((64, len(rules.holds)), state.HOLDING),
            np.zeros((64, len(rules.memories)), state.NEARNESS), np.zeros(256, state.MEETING), one.copy(), lines,
            corners, one.copy(),
        )  # fmt: skip
        self.care = Care(
            entities, np.zeros(64, state.SENSOR),
            np.zeros((64, len(rules.ranges)), state.RANGING), np.zeros((64, n_rhythms), state.HOME),
            np.zeros((64, n_rhythms, *HABIT), np.uint8), np.zeros((64, n_waits), state.WAITING),
            np.zeros((64, n_series), state.CALLS), np.zeros(256, state.TIMER), one.copy(), one.copy(),
        )  # fmt: skip

        self.follow = empty(follow, 64)

    # new names ------------------------------------------------------------------------------------------------

    def entity(self, name: str) -> int:
        """Slot of a site, household, case, user or source that was never heard of."""
        slot = self.entities.add(name)
        if slot >= len(self.care.entities):
            size = max(64, 2 * slot)
            entities = widened(self.care.entities, size)
            self.road = self.road._replace(entities=entities)
            self.care = self.care._replace(
                entities=entities, waiting=widened(self.care.waiting, size), calls=widened(self.care.calls, size)
            )
            self.follow = wider(self.follow, size)
            self.street = self.street._replace(watch=widened(self.street.watch, size))
        self.care.entities[slot] = np.zeros((), state.ENTITY)
        self.care.waiting[slot] = np.zeros((), state.WAITING)
        self.care.calls[slot] = np.zeros((), state.CALLS)
        forget(self.follow, slot)
        self.care.entities[slot]["period"] = self._periods.get(name, -1)
        self.street.watch[slot] = np.zeros((), WATCH)
        self.street.watch[slot]["place"] = self._place_of.get(name, 0)
        for field, value in self._sites.get(name, {}).items():
            self.care.entities[slot][field] = value
        for one in self.followers:
            one.born(slot, name)
        return slot

    def note_dong(self, case: str, dong: str, at: int) -> None:
        """Keep where a case is, for what a timer says of it later."""
        known = self.entities.of
        slot = known[dong] if dong in known else self.entity(dong)
        self.care.entities[known[case]]["dong"] = slot + 1
        self.care.entities[slot]["seen"] = max(at, int(self.care.entities[slot]["seen"]))

    def dong_of(self, case: int) -> str | None:
        """The dong of a case (slot), if it was told."""
        slot = int(self.care.entities[case]["dong"]) - 1
        return self.entities.names[slot] if slot >= 0 else None

    def sensor(self, key: tuple[str, str, str | None]) -> int:
        """Slot of a sensor (household, sensor, location)."""
        slot = self.sensors.add(key)
        if slot >= len(self.care.sensors):
            size = max(64, 2 * slot)
            sensors, ranging = widened(self.care.sensors, size), widened(self.care.ranging, size)
            self.care = self.care._replace(sensors=sensors, ranging=ranging)
        self.care.sensors[slot] = np.zeros((), state.SENSOR)
        self.care.ranging[slot] = np.zeros((), state.RANGING)
        self.care.sensors[slot]["front"] = key[1:] == FRONT
        self.care.sensors[slot]["signs"] = signs_of(key[1], key[2])
        if key[0] not in self.homes.of:
            self._home(key[0])
        return slot

    def _home(self, household: str) -> None:
        """A slot for the rhythm of a household whose first sensor spoke."""
        slot = self.homes.add(household)
        if slot >= len(self.care.homes):
            size = max(64, 2 * slot)
            homes, habits = widened(self.care.homes, size), widened(self.care.habits, size)
            self.care = self.care._replace(homes=homes, habits=habits)
        self.care.homes[slot] = np.zeros((), state.HOME)
        self.care.habits[slot] = 0
        self.care.entities[self.entities.of[household]]["home"] = slot + 1

    def track(self, source: int, id: int | str) -> int:
        """Slot of a track (source slot, object id); 1 and "1" are two."""
        slot = self.tracks.add((source, type(id) is int, id))
        if slot >= len(self.road.tracks):
            size, road = max(64, 2 * slot), self.road
            self.road = road._replace(
                tracks=widened(road.tracks, size), holdings=widened(road.holdings, size),
                nearness=widened(road.nearness, size),
            )  # fmt: skip
            wider = {name: widened(getattr(self.street, name), size) for name in PER_TRACK}
            self.street = self.street._replace(**wider)
        self.road.tracks[slot]["seen"] = NEVER
        self.road.tracks[slot]["frame"] = 0  # of the name before: no frame of this one
        for one in self.followers:
            one.tracked(slot)
        self.track_of.setdefault(source, {})[id] = slot
        return slot

    # room -----------------------------------------------------------------------------------------------------

    def more_timers(self, extra: int) -> None:
        """Room in the heap for ``extra`` more entries."""
        n = int(self.care.n_timers[0]) + extra
        if n > len(self.care.timers):
            self.care = self.care._replace(timers=widened(self.care.timers, 2 * n))

    def more_meetings(self, extra: int, gap: int) -> None:
        """Room in the hash table for ``extra`` more pairs; those that ended longer than ``gap`` µs ago are left out."""
        old = self.road.meetings
        keep = old[(old["used"] == 1) & (old["held"] >= self.clock - gap - TRACK_US)]
        size = 256
        while size < 4 * (len(keep) + extra):
            size *= 2
        self.road.n_meetings[0] = len(keep)
        self.road = self.road._replace(meetings=rehashed(keep, size))

    def sweep(self) -> bool:
        """Free what can no longer matter, once in a minute of the engine's time; True when it was time for it."""
        if self.clock - self.swept < SWEEP_US:
            return False
        self.swept = self.clock
        seen = self.road.tracks["seen"][: len(self.tracks.names)]
        dead = np.flatnonzero(self.tracks.live() & (seen < self.clock - TRACK_US))
        for slot in dead.tolist():
            source, _, id = self.tracks.names[slot]
            del self.track_of[source][id]
        self.tracks.drop(dead)
        for slots, seen in ((self.sensors, self.care.sensors["seen"]), (self.entities, self.care.entities["seen"])):
            old = seen[: len(slots.names)] < self.clock - MONTH_US
            if old.any():
                forgotten = np.flatnonzero(slots.live() & old)
                slots.drop(forgotten)
                for one in self.followers if slots is self.entities else ():
                    one.freed(forgotten)
        gone = [slot for name, slot in self.homes.of.items() if name not in self.entities.of]
        self.homes.drop(np.array(gone, np.int64))
        return True


def rehashed(rows: np.ndarray, size: int) -> np.ndarray:
    """A hash table (``size`` a power of two) of these meetings, as ``find_meeting`` expects it."""
    from cep.kernels.pairs import find_meeting

    table = np.zeros(size, state.MEETING)
    for row in rows:
        table[find_meeting(table, row["vehicle"], row["person"], row["rule"])] = row
    return table


def _geometry(city: Any) -> tuple[dict[str, dict[str, float]], np.ndarray, np.ndarray]:
    """Stop lines and crosswalks of the sites that have both: fields of their entities, lines (n, 4), corners (n, 2)."""
    fields: dict[str, dict[str, float]] = {}
    lines: list[list[float]] = []
    corners: list[list[float]] = []
    for id, site in sorted(city.sites.items()):
        if not site.stop_lines or not site.crosswalk:
            continue
        middle = np.mean(np.array(site.crosswalk, np.float64), axis=0)
        fields[id] = {
            "lines": len(lines), "n_lines": len(site.stop_lines), "corners": len(corners),
            "n_corners": len(site.crosswalk), "middle_x": middle[0], "middle_y": middle[1],
        }  # fmt: skip
        lines += [list(map(float, line)) for line in site.stop_lines]
        corners += [list(map(float, corner)) for corner in site.crosswalk]
    return fields, np.array(lines, np.float64).reshape(-1, 4), np.array(corners, np.float64).reshape(-1, 2)
