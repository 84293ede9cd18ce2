"""What the console may touch: one frozen bundle, filled by `run.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stream.schema import Command, Draft, Incident, Refusal

Answer = Future[Incident | Refusal]


@dataclass(frozen=True)
class House:
    """The seams to the layers below. Everything here may be called from any web thread unless said.

    ``listen(fn)`` registers ``fn(turn)`` to be called on the loop thread after each commit; it must return at once.
    ``devices()`` rows have at least ``id`` and ``status``; ``quarantine(after, limit)`` rows at least ``id`` (int,
    rising); ``resubmit(id)`` is False when there is no such row. ``stats()`` is the health of the parts
    (docs/console.md, section 6).
    """

    board: Any
    submit: Callable[[Command], Answer]
    open_by_hand: Callable[..., Answer]
    note: Callable[[list[Draft]], Future[Any]]
    listen: Callable[[Callable[[Any], None]], None]
    journal: Any
    store: Any
    vault: Any
    city: Any
    kpi: Any
    clock: Any
    settings: Any
    data: Path
    rules: Sequence[Mapping[str, Any]] = ()
    procedures: Sequence[Mapping[str, Any]] = ()
    devices: Callable[[], list[dict[str, Any]]] = list
    quarantine: Callable[[int, int], list[dict[str, Any]]] = lambda after, limit: []
    resubmit: Callable[[int], bool] = lambda id: False
    stats: Callable[[], dict[str, Any]] = dict
    build: str = "dev"
    simulated: bool = False
    blueprints: tuple[Any, ...] = field(default=())
