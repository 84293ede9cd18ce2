"""The engine's memory as bytes and back: a version, the digest of rules and city, names and arrays."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from cep import encroach, watch
from cep.chatter import Chatter
from cep.encroach import Encroach, encroachments
from cep.follow import FollowRules
from cep.follow import used as used_of
from cep.memory import Memory, Slots
from cep.rules import RuleTable
from cep.street import PER_TRACK, compile_street
from cep.table import Arrays
from cep.when import Heard

VERSION = 6
BY_ENTITY = ("entities", "waiting", "calls")  # tables with a row an entity


class Unfit(Exception):
    """This checkpoint is not for these rules, this city or this program; start from the tape instead."""


Loaded = tuple[Memory, Chatter, Heard, tuple[Encroach, ...], watch.Saved]


class Packed(msgspec.Struct):
    """One array: its shape and its bytes (the dtype is the program's)."""

    shape: tuple[int, ...]
    data: bytes
    dtype: str


class Saved(msgspec.Struct):
    """Everything the engine remembers."""

    version: int
    digest: str
    clock: int
    swept: int
    entities: list[str | None]
    sensors: list[tuple[str, str, str | None] | None]
    tracks: list[tuple[int, bool, int | str] | None]
    homes: list[str | None]
    free: tuple[list[int], list[int], list[int], list[int]]
    road: dict[str, Packed]
    care: dict[str, Packed]
    follow: dict[str, Packed]
    chatter: list[list[tuple[str, str, list[int], bool]]]
    context: Heard
    encroach: list[encroach.Saved]
    watch: watch.Saved
    street: dict[str, Packed]


def save(memory: Memory, chatter: Chatter, heard: Heard, paths: Sequence[Encroach], watched: watch.Saved,
         digest: str) -> bytes:
    """Bytes of this memory: of each table the rows that are in use; ``heard`` is the context."""
    told = [[(*key, list(times), going) for key, (times, going) in last.items()] for last in chatter.last]
    a, b, c, d = memory.entities, memory.sensors, memory.tracks, memory.homes
    used = dict.fromkeys(BY_ENTITY, len(a.names)) | dict.fromkeys(("sensors", "ranging"), len(b.names))
    used |= dict.fromkeys(("homes", "habits"), len(d.names))
    used |= dict.fromkeys(("tracks", "holdings", "nearness", *PER_TRACK), len(c.names))
    used |= {"timers": int(memory.care.n_timers[0]), "watch": len(a.names)}
    saved = Saved(
        VERSION, digest, memory.clock, memory.swept, a.names, b.names, c.names, d.names,
        (a.free, b.free, c.free, d.free), _pack(memory.road, used), _pack(memory.care, used),
        _pack(used_of(memory.follow, len(a.names)), {}), told, heard,
        [one.save(len(a.names), len(c.names)) for one in paths], watched, _pack(memory.street, used),
    )  # fmt: skip
    return msgspec.msgpack.encode(saved)


def _pack(group: Any, used: dict[str, int]) -> dict[str, Packed]:
    rows = {name: array[: used.get(name, len(array))] for name, array in zip(group._fields, group, strict=True)}
    return {name: Packed(array.shape, array.tobytes(), str(array.dtype.descr)) for name, array in rows.items()}


def load(
    saved: bytes, digest: str, city: Any, rules: RuleTable, arrays: Arrays, follow: FollowRules
) -> Loaded:
    """The memory of these bytes, the context heard and what the crosswalks remember. Raises Unfit."""
    try:
        read = msgspec.msgpack.decode(saved, type=Saved)
    except msgspec.MsgspecError as error:
        raise Unfit(f"no checkpoint of version {VERSION}: {error}") from error
    if (read.version, read.digest) != (VERSION, digest):
        raise Unfit(f"version {read.version} of rules and city {read.digest[:12]}…, not {VERSION} of {digest[:12]}…")
    memory, chatter = Memory(city, arrays, follow, compile_street(rules)), Chatter(rules)
    memory.clock, memory.swept = read.clock, read.swept
    slots = (memory.entities, memory.sensors, memory.tracks, memory.homes)
    kept: tuple[list[Any], ...] = (read.entities, read.sensors, read.tracks, read.homes)
    for one, names, free in zip(slots, kept, read.free, strict=True):
        _fill(one, names, free)
    for slot, name in enumerate(read.tracks):
        if name is not None:
            memory.track_of.setdefault(name[0], {})[name[2]] = slot
    memory.road = memory.road._replace(**_unpack(memory.road, read.road))
    memory.care = memory.care._replace(**_unpack(memory.care, read.care))
    memory.follow = memory.follow._replace(**_unpack(memory.follow, read.follow))
    memory.street = memory.street._replace(**_unpack(memory.street, read.street))
    memory.road = memory.road._replace(entities=memory.care.entities)  # one array, known to both
    for rule, last, rows in zip(chatter.rules, chatter.last, read.chatter, strict=True):
        n = rule.thresholds["n"]
        last.update({(of, subject): (deque(times, maxlen=n), going) for of, subject, times, going in rows})
    paths = encroachments(rules.of("encroachment"), city)
    try:
        for path, squares in zip(paths, read.encroach, strict=True):
            path.load(squares)
    except ValueError as error:
        raise Unfit(f"what the crosswalks remember is of another form: {error}") from error
    return memory, chatter, read.context, paths, read.watch


def _fill(slots: Slots, names: list[Any], free: list[int]) -> None:
    slots.names, slots.free = names, free
    slots.of = {name: slot for slot, name in enumerate(names) if name is not None}


def _unpack(group: Any, packed: dict[str, Packed]) -> dict[str, np.ndarray]:
    arrays = {}
    for name, template in zip(group._fields, group, strict=True):
        if name not in packed or packed[name].dtype != str(template.dtype.descr):
            raise Unfit(f"array {name} is missing or of another form")
        one = packed[name]
        arrays[name] = np.frombuffer(one.data, template.dtype).reshape(one.shape).copy()
    return arrays
