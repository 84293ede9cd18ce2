"""Events as columns and back: what a turn's row of the tape holds.

One column a field, for all events of one type together; the objects of road frames lie flat behind each other with a
count a frame. Numbers become arrays: floats that are decimals of 3 (or 6) places, as sensors send them, are kept as
32-bit integers of thousandths (or millionths) *when that gives back the very same bits*, else as they are; bytes of
equal weight lie together, which is what zstd likes. Texts and mixed columns are msgpack. Events come back equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

import msgspec
import numpy as np
import zstandard
from msgspec import inspect

from stream.schema import DATA, Event

FORMAT = 1
LEVEL = 3
SCALES = (1_000.0, 1_000_000.0)
NOTHING = -(2**31)  # stands for None among scaled numbers
_types = tuple(DATA)
_number = {name: i for i, name in enumerate(_types)}
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Plan = tuple[type[msgspec.Struct], tuple[tuple[str, Any], ...]]


def _plan(struct: type[msgspec.Struct]) -> Plan:
    """How each field of this struct is kept: ``float``, ``nested`` (with the plan of its elements) or ``any``."""
    kinds: list[tuple[str, Any]] = []
    for field in inspect.type_info(struct).fields:  # type: ignore[attr-defined]
        parts = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        bare = [part for part in parts if not isinstance(part, inspect.NoneType)]
        if len(bare) == 1 and isinstance(bare[0], inspect.FloatType):
            kinds.append(("float", None))
        elif len(bare) == 1 and isinstance(bare[0], inspect.ListType) and isinstance(
                bare[0].item_type, inspect.StructType) and len(parts) == 1:
            kinds.append(("nested", _plan(bare[0].item_type.cls)))
        else:
            kinds.append(("any", None))
    return struct, tuple(kinds)


_plans: dict[str, Plan] = {name: _plan(struct) for name, (struct, _) in DATA.items()}


def _shuffle(a: np.ndarray) -> bytes:
    return a.view(np.uint8).reshape(len(a), a.itemsize).T.tobytes()


def _unshuffle(raw: bytes, dtype: type) -> np.ndarray:
    size = np.dtype(dtype).itemsize
    return np.ascontiguousarray(np.frombuffer(raw, np.uint8).reshape(size, -1).T).view(dtype).ravel()


def _put_floats(values: Sequence[Any]) -> list[Any]:
    """[scale, bytes]: scale 0 is float64 as it is."""
    a = np.array(values, np.float64)
    nothing = np.isnan(a)
    some = np.where(nothing, 0.0, a) if nothing.any() else a
    largest = np.abs(some).max(initial=0.0)
    for scale in SCALES:
        if largest > -(NOTHING + 1) / scale:
            continue
        whole = np.rint(some * scale).astype(np.int32)
        if np.array_equal((whole / scale).view(np.int64), some.view(np.int64)):
            whole[nothing] = NOTHING
            return [scale, _shuffle(whole)]
    return [0, _shuffle(a)]


def _get_floats(kept: list[Any]) -> list[Any]:
    scale, raw = kept
    if scale:
        whole = _unshuffle(raw, np.int32)
        nothing = whole == NOTHING
        values = (whole / scale).tolist()
    else:
        a = _unshuffle(raw, np.float64)
        nothing, values = np.isnan(a), a.tolist()
    for i in np.flatnonzero(nothing).tolist():
        values[i] = None
    return values


def _put_ints(values: Iterable[int]) -> list[Any]:
    """[first, small, bytes]: differences to the one before, in 32 bits where they fit."""
    a = np.fromiter(values, np.int64)
    steps = np.diff(a, prepend=a[:1])
    small = bool(len(a) and steps.min() >= NOTHING and steps.max() < -NOTHING)  # a difference may wrap round: so does +
    return [int(a[0]) if len(a) else 0, small, _shuffle(steps.astype(np.int32) if small else steps)]


def _get_ints(kept: list[Any]) -> list[int]:
    first, small, raw = kept
    steps = _unshuffle(raw, np.int32 if small else np.int64).astype(np.int64)
    return (np.cumsum(steps) + first).tolist()


def _put_words(values: Sequence[str]) -> list[Any]:
    """[words, numbers]: each different text once, in order of first use."""
    words = {word: i for i, word in enumerate(dict.fromkeys(values))}
    numbers = np.fromiter(map(words.__getitem__, values), np.uint16, len(values))
    return [list(words), numbers.tobytes()]


def _get_words(kept: list[Any]) -> list[str]:
    words, numbers = kept
    return [words[i] for i in np.frombuffer(numbers, np.uint16).tolist()]


def _put_structs(plan: Plan, structs: Sequence[Any]) -> list[Any]:
    columns = zip(*map(msgspec.structs.astuple, structs), strict=True)
    return [_put_column(kind, inner, column) for (kind, inner), column in zip(plan[1], columns, strict=True)]


def _put_column(kind: str, inner: Any, column: tuple[Any, ...]) -> Any:
    if kind == "float":
        return _put_floats(column)
    if kind == "nested":
        flat = list(chain.from_iterable(column))
        return [list(map(len, column)), _put_structs(inner, flat) if flat else []]
    return column


def _get_structs(plan: Plan, kept: list[Any]) -> list[Any]:
    columns = [_get_column(kind, inner, column) for (kind, inner), column in zip(plan[1], kept, strict=True)]
    return list(map(plan[0], *columns))


def _get_column(kind: str, inner: Any, kept: Any) -> Sequence[Any]:
    if kind == "float":
        return _get_floats(kept)
    if kind == "nested":
        flat = iter(_get_structs(inner, kept[1]) if kept[1] else [])
        return [list(islice(flat, n)) for n in kept[0]]
    return kept


def pack(events: Sequence[Event]) -> bytes:
    """Compressed columns of these events, in their order. At most 65,536 events of one call."""
    numbers = [_number[e.type] for e in events]
    groups = {number: [e.data for e in events if e.type == _types[number]] for number in dict.fromkeys(numbers)}
    # A list of names is attached, so that a tape stays readable when the order of DATA changes.
    kept = [
        FORMAT, [_types[n] for n in groups], [list(groups).index(n) for n in numbers],
        [e.id for e in events], _put_words([e.source for e in events]), _put_words([e.subject for e in events]),
        _put_ints(e.arrival for e in events), _put_ints(e.time for e in events), _put_ints(e.at for e in events),
        _put_ints(-1 if e.seq is None else e.seq for e in events),
        {i: e.marks for i, e in enumerate(events) if e.marks}, {i: e.ref for i, e in enumerate(events) if e.ref},
        [_put_structs(_plans[_types[n]], group) for n, group in groups.items()],
    ]
    return zstandard.ZstdCompressor(level=LEVEL).compress(_encoder.encode(kept))


def unpack(data: bytes) -> list[Event]:
    """The events that ``pack`` was given."""
    kept = _decoder.decode(zstandard.ZstdDecompressor().decompress(data))
    _, names, numbers, ids, sources, subjects, arrival, time, at, seq, marks, refs, groups = kept
    bodies = [iter(_get_structs(_plans[name], group)) for name, group in zip(names, groups, strict=True)]
    types = [names[n] for n in numbers]
    datas = [next(bodies[n]) for n in numbers]
    rows = zip(ids, _get_words(sources), types, _get_ints(time), _get_words(subjects), datas,
               _get_ints(seq), _get_ints(arrival), _get_ints(at), strict=True)
    return [
        Event(id, source, type, time, subject, data, None if seq < 0 else seq, arrival, at,
              tuple(marks[i]) if i in marks else (), refs.get(i))
        for i, (id, source, type, time, subject, data, seq, arrival, at) in enumerate(rows)
    ]
