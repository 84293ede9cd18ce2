"""What the console may touch: one frozen bundle, filled by `run.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stream.ruling import Ruled
from stream.schema import Command, Draft, Incident, Refusal
from stream.signs import Records

LOOP_MAX_MS = 5000
Answer = Future[Incident | Refusal]


@dataclass(frozen=True)
class House:
    """The seams to the layers below. Everything here may be called from any web thread unless said.

    ``listen(fn)`` registers ``fn(turn)`` to be called on the loop thread after each commit; it must return at once.
    ``report(incident, agency)`` is what a report to 112 or 119 would say now (docs/escalation.md).
    ``rules()`` are the rows of the algorithm register as it is in force, ``rule(ask)`` asks the loop to change it.
    ``trials`` are back-tests of proposed changes (``replay/trial.py``); without them none is asked for.
    ``heard(source)`` is the time of its newest event (µs, 0: none ever).
    ``resubmit(id)`` is False when that message is not there. ``stats()`` is the health of the parts (docs/console.md,
    section 6): ``Pipeline.stats()`` and what ``run.py`` adds to it.
    """

    board: Any
    submit: Callable[[Command], Answer]
    open_by_hand: Callable[..., Answer]
    note: Callable[[list[Draft]], Future[Any]]
    listen: Callable[[Callable[[Any], None]], None]
    journal: Records
    store: Any
    vault: Any
    city: Any
    kpi: Any
    quarantine: Any
    resubmit: Callable[[int], bool]
    report: Callable[[Incident, str], dict[str, Any]]
    stats: Callable[[], dict[str, Any]]
    clock: Any
    settings: Any
    data: Path
    rules: Callable[[], Sequence[Mapping[str, Any]]]
    rule: Callable[[Ruled], Future[Any]]
    procedures: Sequence[Mapping[str, Any]] = ()
    build: str = "dev"
    simulated: bool = False
    drills: Any = None
    trials: Any = None
    heard: Callable[[str], int] = lambda source: 0
    blueprints: tuple[Any, ...] = field(default=())


def alarms(stats: Mapping[str, Any]) -> list[str]:
    """Codes of what is wrong with the machine, for every screen: store, loop, broker."""
    wrong = {
        "store": not stats.get("recorded", True),
        "loop": stats.get("loop_age_ms", 0) > LOOP_MAX_MS,
        "broker": not stats.get("broker", True),
    }
    return [code for code, is_so in wrong.items() if is_so]
