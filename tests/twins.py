"""The comparison of an engine with its slow twin: how many random lives (TWIN_EXAMPLES, fewer where the JIT is off and
slow), and a life in any batches and over restarts."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cep.engine import Engine
from cep.rules import RuleTable
from stream.schema import Event
from tests.cep import streams
from tests.naive import told_of

TWIN = settings(
    max_examples=int(os.environ.get("TWIN_EXAMPLES", "100")), deadline=None, suppress_health_check=list(HealthCheck)
)


def lived(data: st.DataObject, city: Any, rules: RuleTable, events: list[Event], end: int | None = None) -> list[Any]:
    """What an engine tells of these events (sorted, as its twin does) in batches as drawn, after some of which another
    one goes on from its saved state; then of the timers due by ``end``."""
    engine, found = Engine(city, rules), []
    for batch in data.draw(streams.cut(events)):
        found += engine.step(batch)
        if data.draw(st.booleans()):
            saved = engine.save()
            engine = Engine(city, rules)
            engine.load(saved)
            assert engine.save() == saved
    return sorted(map(told_of, found + ([] if end is None else engine.step([], end))))
