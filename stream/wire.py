"""An event as the contract's JSON again: for quarantine, export and simulators."""

from __future__ import annotations

from typing import Any

from stream.canon import canon
from stream.clock import format_kst
from stream.schema import Event


def to_wire(event: Event) -> bytes:
    """CloudEvents 1.0 in JSON, canonical, times in milliseconds; what the house added (arrival, marks) is left out."""
    body: dict[str, Any] = {
        "specversion": "1.0", "id": event.id, "source": event.source, "type": event.type,
        "time": format_kst(event.time), "subject": event.subject, "data": event.data,
    }
    return canon(body if event.seq is None else body | {"seq": event.seq})
