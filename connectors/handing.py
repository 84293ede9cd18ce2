"""Handing a message to the loop until it is durable, whatever the store does meanwhile.

The loop tells once what became of a message. When that is "not now" (the store is away) the message is handed in again
a little later; what was durable after all is a duplicate then, without effect. ``told`` hears the good end only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from stream.clock import monotonic
from stream.intake import Arrival, Intake, Outcome
from stream.schema import Event, Quarantined

AGAIN_S = 1.0


class Handing:
    """Messages that wait for another try. ``give`` and ``again`` are for the connector's own thread."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._waiting: deque[tuple[float, Arrival]] = deque()

    def give(self, events: list[Event], aside: list[Quarantined], told: Callable[[Outcome], None]) -> None:
        """To the loop. When the intake is closed nothing is told: the sender keeps the message."""
        def done(outcome: Outcome) -> None:
            if outcome.ok:
                told(outcome)
            else:
                self._waiting.append((monotonic() + AGAIN_S, arrival))

        arrival = Arrival(events, aside, done)
        self.intake.put(arrival)

    def again(self) -> None:
        """Hand in what is due again."""
        while self._waiting and self._waiting[0][0] <= monotonic():
            self.intake.put(self._waiting.popleft()[1])

    @property
    def waiting(self) -> int:
        """How many messages wait for another try."""
        return len(self._waiting)
