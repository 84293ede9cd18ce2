"""What a window holds back: all a device says while it is worked on, and at roadworks what roadworks look like.

Never a P1: the caller lets one through whatever this answers (``cep/fuse.py``), marked with the window.
"""

from __future__ import annotations

from cep.threat import kind_of
from stream.board import Board
from stream.schema import DetectionRef, Place, Severity

# What people and machines at work in the street are reported as; only up to moderate: a worker hit is no roadworks.
WORKS = ("obstruction", "illegal_parking", "jaywalking", "jaywalking_dark", "loitering", "crowd")

Held = tuple[str, str]  # what window, over which subject


def held(board: Board, ref: DetectionRef, place: Place | None) -> Held | None:
    """The window that this detection falls into, None when it is to be heard."""
    windows = board.windows
    if not windows:
        return None
    if windows.get("maintenance", ref.source, ref.at):
        return "maintenance", ref.source
    if kind_of(ref) not in WORKS or ref.severity > Severity.moderate:
        return None
    names = (place.site, place.zone, place.dong, ref.subject) if place else (ref.subject,)
    return next((("roadworks", name) for name in names if name and windows.get("roadworks", name, ref.at)), None)
