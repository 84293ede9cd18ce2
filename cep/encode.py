"""Events to columns (``schema.COLUMNS``): the one place where words become numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, nan
from typing import Any

import numpy as np

from cep.codes import CLASS, FRAME, KIND, KINDS, PEDESTRIAN_SIGNALS, SIGNAL, SORTED_BY, meter_of
from cep.memory import Memory
from cep.urgent import urgent_classes
from stream.schema import COLUMNS, DATA, OBJECT_COLUMNS, Event

MAX_OBJECTS = 512  # objects of one frame that are judged; no sensor sees more, a hostile one cannot stall the loop
MOST_WEIGHT = 1e6  # a sign cannot weigh more; beyond it a sum would end in no number
URGENT = ("violence", "self_harm", "fire", "starvation", "rescue", "unseen")  # bit 0, 1, … of ``flag``


ROW = np.dtype(list(COLUMNS.items()), align=True)  # one batch of events is an array of these
OBJECT = np.dtype(list(OBJECT_COLUMNS.items()), align=True)  # and the objects of its frames one of these

# (kind, subject, key, sensor, value, conf, flag); subject None: the event's source, key None: none
Told = tuple[int, str | None, str | None, tuple[str, str, str | None] | None, float, float, int]
_SORTS = {
    type_: {name.rpartition(".")[2]: code for name, code in KIND.items() if name.startswith(type_[5:] + ".")}
    for type_ in SORTED_BY
}
_DETECTED, _READ, _ALARM = (_SORTS[f"city.{name}"] for name in ("road.detection", "care.reading", "care.alarm"))
_CALL, _CONTACT = _SORTS["city.care.call"], _SORTS["city.welfare.contact"]
_WALK = {word: float(code) for code, word in enumerate(PEDESTRIAN_SIGNALS)}


def _or_nan(value: float | None) -> float:
    return nan if value is None else float(value)


def _case(data: Any) -> Told:
    flag = sum(1 << URGENT.index(name) for name in urgent_classes(data.text))
    weights = [min(max(signal.weight, -MOST_WEIGHT), MOST_WEIGHT) for signal in data.signals]
    weight = round(fsum(weights), 9)  # so that 0.7 + 0.2 + 0.1 is 1
    return (KIND["welfare.case"], data.household or data.case, data.case, None, _or_nan(data.risk), weight, flag)


def _plain(type_: str) -> Callable[[Any], Told]:
    """Events that only tell that their source lives."""
    if type_ not in SORTED_BY:
        row: Told = (KIND[type_[5:]], None, None, None, nan, nan, 0)
        return lambda data: row
    kinds, field = _SORTS[type_], SORTED_BY[type_]
    return lambda data: (kinds[getattr(data, field)], None, None, None, nan, nan, 0)


def _reading(data: Any) -> Told:
    where = (data.household, data.sensor, data.location)
    return (_READ[data.sensor], data.household, None, where, float(data.value), nan, meter_of(data.sensor, data.unit))


TELL: dict[str, Callable[[Any], Told]] = {type_: _plain(type_) for type_ in DATA} | {
    "city.road.frame": lambda d: (FRAME, d.site, None, None, nan, nan, 0),
    "city.road.signal": lambda d: (SIGNAL, d.site, None, None, _WALK[d.pedestrian], nan, 0),
    "city.road.detection": lambda d: (_DETECTED[d.what], d.site, None, None, _or_nan(d.speed_kph), _or_nan(d.conf), 0),
    "city.care.reading": _reading,
    "city.care.alarm": lambda d: (_ALARM[d.alarm], d.household, None, None, nan, _or_nan(d.conf), 0),
    "city.care.call": lambda d: (_CALL[d.result], d.household, None, None, float(d.attempt), nan, 0),
    "city.welfare.case": _case,
    "city.welfare.contact": lambda d: (_CONTACT[d.outcome], d.case, d.case, None, nan, nan, 0),
    "city.sos": lambda d: (KIND["sos"], d.user, None, None, nan, nan, 0),
}


class Encoder:
    """Turns batches of events into columns, giving new names their slots in the memory."""

    def __init__(self, memory: Memory, limit_kph: Callable[[str, int], float]) -> None:
        self.memory, self.limit_kph = memory, limit_kph

    def encode(self, events: Sequence[Event]) -> tuple[np.ndarray, np.ndarray]:
        """Rows of a batch (ROW) in the order of the events, and of the objects of its frames (OBJECT)."""
        rows = np.zeros(len(events), ROW)
        if not events:
            return rows, np.zeros(0, OBJECT)
        kinds, names, keys, where, values, confs, flags = zip(*[TELL[e.type](e.data) for e in events], strict=True)
        sources = self._entities([e.source for e in events])
        rows["t"] = [e.at for e in events]
        rows["heard"] = [e.arrival for e in events]
        rows["kind"] = kinds
        rows["subject"] = self._entities([name or e.source for name, e in zip(names, events, strict=True)])
        rows["source"] = sources
        rows["key"] = self._cases(events, keys)
        rows["sensor"] = self._sensors(where)
        rows["value"], rows["conf"], rows["flag"] = values, confs, flags
        objects = self._objects(events, kinds, sources, rows)
        self._seen(rows)
        return rows, objects

    def _entities(self, names: Sequence[str]) -> list[int]:
        known, new = self.memory.entities.of, self.memory.entity
        return [known[name] if name in known else new(name) for name in names]

    def _sensors(self, keys: Sequence[tuple[str, str, str | None] | None]) -> list[int]:
        known, new = self.memory.sensors.of, self.memory.sensor
        return [-1 if key is None else known[key] if key in known else new(key) for key in keys]

    def _cases(self, events: Sequence[Event], keys: Sequence[str | None]) -> list[int]:
        """Slots of the welfare cases, -1 where there is none; where a case is, is kept for later."""
        slots = []
        for event, key in zip(events, keys, strict=True):
            slots.append(-1 if key is None else self._entities([key])[0])
            if key is not None and event.type == "city.welfare.case":
                self.memory.note_dong(key, event.data.dong, max(event.at, event.arrival))
        return slots

    def _objects(
        self, events: Sequence[Event], kinds: Sequence[int], sources: list[int], rows: np.ndarray
    ) -> np.ndarray:
        """Rows of the frames' objects; a frame's own ``value`` becomes the limit that holds for it."""
        if FRAME not in kinds:
            return np.zeros(0, OBJECT)
        objects: list[Any] = []
        tracks: list[int] = []
        for i, kind in enumerate(kinds):
            if kind != FRAME:
                continue
            data = events[i].data
            seen, source = data.objects[:MAX_OBJECTS], sources[i]
            rows[i]["first"], rows[i]["n"] = len(objects), len(seen)
            rows[i]["value"] = self.limit_kph(data.site, events[i].at)
            known = self.memory.track_of.setdefault(source, {})
            tracks += [known[o.id] if o.id in known else self.memory.track(source, o.id) for o in seen]
            objects += seen
        table = np.zeros(len(objects), OBJECT)
        table["track"] = tracks
        table["cls"] = [CLASS[o.cls] for o in objects]
        table["x"], table["y"] = [o.x for o in objects], [o.y for o in objects]
        table["vx"], table["vy"] = [o.vx for o in objects], [o.vy for o in objects]
        table["length"] = [o.length or 0.0 for o in objects]
        table["width"] = [o.width or 0.0 for o in objects]
        return table

    def _seen(self, rows: np.ndarray) -> None:
        """Note when each name was last heard, and how far the engine's time has come."""
        memory, named = self.memory, rows["key"] >= 0
        latest = np.maximum(rows["t"], rows["heard"])
        memory.clock = max(memory.clock, int(rows["heard"].max()))
        seen = memory.care.entities["seen"]
        for slots, at in ((rows["subject"], latest), (rows["source"], latest), (rows["key"][named], latest[named])):
            seen[slots] = np.maximum(seen[slots], at)


assert len(KINDS) < 2**15
