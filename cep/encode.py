"""Events to columns (``schema.COLUMNS``): the one place where words become numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, nan
from typing import Any, NamedTuple

import numpy as np

from cep.codes import CLASS, FRAME, KIND, KINDS, PEDESTRIAN_SIGNALS, SIGNAL, SORTED_BY
from cep.memory import Memory
from cep.urgent import urgent_classes
from stream.schema import COLUMNS, DATA, OBJECT_COLUMNS, Event

MAX_OBJECTS = 512  # objects of one frame that are judged; no sensor sees more, a hostile one cannot stall the loop
URGENT = ("violence", "self_harm", "fire", "starvation")  # bit 0, 1, … of ``flag``


class Rows(NamedTuple):
    """One batch of events, a row each (arrays of one length)."""

    t: np.ndarray
    heard: np.ndarray
    kind: np.ndarray
    subject: np.ndarray
    source: np.ndarray
    key: np.ndarray
    sensor: np.ndarray
    value: np.ndarray
    conf: np.ndarray
    flag: np.ndarray
    first: np.ndarray
    n: np.ndarray


class Objects(NamedTuple):
    """The objects of the batch's frames, a row each."""

    track: np.ndarray
    cls: np.ndarray
    x: np.ndarray
    y: np.ndarray
    vx: np.ndarray
    vy: np.ndarray
    length: np.ndarray
    width: np.ndarray


# (kind, subject, key, sensor, value, conf, flag); subject None: the event's source, key None: none
Row = tuple[int, str | None, str | None, tuple[str, str, str | None] | None, float, float, int]
_SORTS = {
    type_: {name.rpartition(".")[2]: code for name, code in KIND.items() if name.startswith(type_[5:] + ".")}
    for type_ in SORTED_BY
}
_DETECTED, _READ, _ALARM = (_SORTS[f"city.{name}"] for name in ("road.detection", "care.reading", "care.alarm"))
_CALL, _CONTACT = _SORTS["city.care.call"], _SORTS["city.welfare.contact"]
_WALK = {word: float(code) for code, word in enumerate(PEDESTRIAN_SIGNALS)}


def _or_nan(value: float | None) -> float:
    return nan if value is None else float(value)


def _case(data: Any) -> Row:
    flag = sum(1 << URGENT.index(name) for name in urgent_classes(data.text))
    weight = round(fsum(signal.weight for signal in data.signals), 9)  # so that 0.7 + 0.2 + 0.1 is 1
    return (KIND["welfare.case"], data.household or data.case, data.case, None, _or_nan(data.risk), weight, flag)


def _plain(type_: str) -> Callable[[Any], Row]:
    """Events that only tell that their source lives."""
    if type_ not in SORTED_BY:
        row: Row = (KIND[type_[5:]], None, None, None, nan, nan, 0)
        return lambda data: row
    kinds, field = _SORTS[type_], SORTED_BY[type_]
    return lambda data: (kinds[getattr(data, field)], None, None, None, nan, nan, 0)


def _reading(data: Any) -> Row:
    where = (data.household, data.sensor, data.location)
    return (_READ[data.sensor], data.household, None, where, float(data.value), nan, 0)


ROW: dict[str, Callable[[Any], Row]] = {type_: _plain(type_) for type_ in DATA} | {
    "city.road.frame": lambda d: (FRAME, d.site, None, None, nan, nan, 0),
    "city.road.signal": lambda d: (SIGNAL, d.site, None, None, _WALK[d.pedestrian], nan, 0),
    "city.road.detection": lambda d: (_DETECTED[d.what], d.site, None, None, nan, _or_nan(d.conf), 0),
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

    def encode(self, events: Sequence[Event]) -> tuple[Rows, Objects]:
        """Columns of a batch, in the order of the events."""
        rows = [ROW[e.type](e.data) for e in events]
        sources = self._entities([e.source for e in events])
        kinds, names, keys, where, values, confs, flags = zip(*rows, strict=True) if rows else ((),) * 7
        subjects = self._entities([name or e.source for name, e in zip(names, events, strict=True)])
        value = np.array(values, np.float64)
        first, count, objects = self._objects(events, kinds, sources, value)
        columns = Rows(
            np.array([e.at for e in events], np.int64), np.array([e.arrival for e in events], np.int64),
            np.array(kinds, np.int16), np.array(subjects, np.int32), np.array(sources, np.int32),
            np.array([-1 if key is None else self._entities([key])[0] for key in keys], np.int32),
            np.array(self._sensors(where), np.int32), value, np.array(confs, np.float64), np.array(flags, np.int16),
            first, count,
        )  # fmt: skip
        self._seen(columns)
        for key, event in zip(keys, events, strict=True):
            if key is not None and event.type == "city.welfare.case":
                self.memory.note_dong(key, event.data.dong)
        return columns, objects

    def _entities(self, names: Sequence[str]) -> list[int]:
        known, new = self.memory.entities.of, self.memory.entity
        return [known[name] if name in known else new(name) for name in names]

    def _sensors(self, keys: Sequence[tuple[str, str, str | None] | None]) -> list[int]:
        known, new = self.memory.sensors.of, self.memory.sensor
        return [-1 if key is None else known[key] if key in known else new(key) for key in keys]

    def _objects(
        self, events: Sequence[Event], kinds: Sequence[int], sources: list[int], value: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, Objects]:
        """Object rows of the frames; a frame's ``value`` becomes the limit that holds for it."""
        first, count = np.zeros(len(events), np.int32), np.zeros(len(events), np.int32)
        objects: list[Any] = []
        tracks: list[int] = []
        for i, kind in enumerate(kinds):
            if kind != FRAME:
                continue
            data = events[i].data
            seen = data.objects[:MAX_OBJECTS]
            first[i], count[i] = len(objects), len(seen)
            value[i] = self.limit_kph(data.site, events[i].at)
            source = sources[i]
            known = self.memory.track_of.setdefault(source, {})
            tracks += [known[o.id] if o.id in known else self.memory.track(source, o.id) for o in seen]
            objects += seen
        return first, count, Objects(
            np.array(tracks, np.int32), np.array([CLASS[o.cls] for o in objects], np.int8),
            np.array([o.x for o in objects], np.float64), np.array([o.y for o in objects], np.float64),
            np.array([o.vx for o in objects], np.float64), np.array([o.vy for o in objects], np.float64),
            np.array([o.length or 0.0 for o in objects], np.float64),
            np.array([o.width or 0.0 for o in objects], np.float64),
        )  # fmt: skip

    def _seen(self, rows: Rows) -> None:
        """Note when each name was last heard, and how far the engine's time has come."""
        if not len(rows.heard):
            return
        memory, named = self.memory, rows.key >= 0
        latest = np.maximum(rows.t, rows.heard)
        memory.clock = max(memory.clock, int(rows.heard.max()))
        seen = memory.care.entities["seen"]
        for slots, at in ((rows.subject, latest), (rows.source, latest), (rows.key[named], latest[named])):
            seen[slots] = np.maximum(seen[slots], at)


assert tuple(COLUMNS) == Rows._fields and tuple(OBJECT_COLUMNS) == Objects._fields
assert len(KINDS) < 2**15
