"""Logs: one JSON object a line on stderr, UTC, codes and numbers only.

What an exception says may quote what a person typed or a device sent, so a fault is logged as its type and where it
happened; its words only when the error is of our own making (HouseError holds no personal data).
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict

from stream.schema import HouseError

FRAMES = 12


def plain_fault(_logger: Any, _name: str, row: EventDict) -> EventDict:
    """Replace ``exc_info`` by type and frames, innermost last."""
    given = row.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    error = error or (sys.exc_info()[1] if given else None)
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        row["error"] = type(error).__name__
        row["at"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
        if isinstance(error, HouseError):
            row["says"] = str(error)
    return row


def set_up(level: str = "info") -> None:
    """Make every log of this process such lines; the libraries' own only from warnings on, without their words."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            plain_fault,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Passed()]
    root.setLevel(logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # or its first server lowers it for itself


class _Passed(logging.Handler):
    """A library's log as one of our lines: who complained, where, and the type of its error."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).warning(
            "library", level_of=record.levelname.lower(), where=f"{record.filename}:{record.lineno}",
            exc_info=record.exc_info or None,
        )
