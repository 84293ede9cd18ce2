"""What is due by itself, once a second: gaps in the numbers, counts of what was shed or put aside, desk timers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from stream import desk
from stream.board import Board
from stream.decide import Decided, Decider
from stream.intake import Intake
from stream.meter import Meter
from stream.schema import US, Draft
from stream.settings import Settings
from stream.sort import Sorter

TICK_US = US
COUNT_US = 60 * US  # repeated counts (shed, quarantine) become one record a minute


class Due:
    """Knows when the next second is over, and what to do then."""

    def __init__(self, intake: Intake, sorter: Sorter, decider: Decider, board: Board, settings: Settings) -> None:
        self._intake, self._sorter, self._decider = intake, sorter, decider
        self._board, self._settings = board, settings
        self._aside: Meter[tuple[str, str]] = Meter(COUNT_US)
        self._shed: Meter[str] = Meter(COUNT_US)
        self.at = 0

    def now(self, now: int) -> bool:
        """Is it time? (Also when the clock was set back, else everything would wait until it has caught up.)"""
        return now >= self.at or now < self.at - 2 * TICK_US

    def put_aside(self, rows: list[dict[str, Any]]) -> None:
        """Count these entries of the quarantine."""
        self._aside.add(Counter((row["source"], row["reason"]) for row in rows))

    def tick(self, now: int, decided: Decided) -> None:
        """Make the records that are due, into ``decided``."""
        self.at = now - now % TICK_US + TICK_US
        shed = self._intake.take_shed()
        self._sorter.shed(shed, now)
        self._shed.add(shed.n)
        drafts = self._sorter.numbers.tick(now)
        drafts += [Draft("shed.noted", source, now, {"n": n}, "engine", "timer") for source, n in self._shed.due(now)]
        drafts += [Draft("quarantine.noted", source or "unknown", now, {"reason": reason, "n": n}, "engine", "timer")
                   for (source, reason), n in self._aside.due(now)]
        self._decider.put(drafts, now, decided)
        try:
            due = desk.tick(self._board, now, self._settings)
        except Exception as bug:
            self._decider.fault("desk_tick", type(bug).__name__, "desk", now, decided)
        else:
            self._decider.put(due, now, decided)
