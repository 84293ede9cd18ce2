"""`/replay`: the supervisor's look back: the operator's screen at a past moment, with its own time bar."""

from __future__ import annotations

from typing import Any

from console.pages import operator

NAMES = ("replay",)


def layout(seat: Any, name: str, **query: Any) -> Any:
    """The same frame as the console; the browser opens it in the past."""
    return operator.layout(seat, name, **query)
