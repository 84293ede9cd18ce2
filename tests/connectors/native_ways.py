"""What the tests of native formats share: hearing one message, the recorded samples, values of any kind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from connectors.native import Heard, Translator, take
from stream.schema import US, Event, Quarantined

NOW = 1_795_420_800 * US  # 2026-11-23 17:00 KST

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False), st.text(max_size=8)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def hear(
    translator: Translator, topic: str, payload: Any, at: int = NOW, retained: bool = False
) -> tuple[list[Event], list[Quarantined]]:
    """What one message becomes. ``payload``: bytes as they are, else JSON."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    return take(translator, Heard(topic, raw, at, retained))


def facts(events: list[Event]) -> list[tuple[Any, ...]]:
    """The gist of events: (what it is, its value), device status left out."""
    found: list[tuple[Any, ...]] = []
    for event in events:
        data = event.data
        match event.type:
            case "city.care.alarm":
                found.append(("alarm", data.alarm))
            case "city.care.reading":
                found.append((data.sensor, data.value))
            case "city.road.detection":
                found.append(("detection", data.what))
    return found


def samples(file: Path) -> list[dict[str, Any]]:
    """The lines of a sample file."""
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines()]
