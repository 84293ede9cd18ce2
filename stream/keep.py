"""Making turns durable, and what is done while the store does not take them.

The first failure is a fault of its own record; nothing is acknowledged from then on, reports to agencies that were
asked for in a turn that failed are taken back, and the same turns are tried again each second until they are kept.
"""

from __future__ import annotations

import structlog

from stream import bodies, kinds
from stream.checkpoint import Checkpoint
from stream.clock import monotonic
from stream.columns import unpack
from stream.schema import US, Draft, Event
from stream.sequence import Sequence
from stream.store import StoreError
from stream.write import Ledger, Write

RETRY_S = 1.0
LOG = structlog.get_logger("store")


class Keeper:
    """The ledger, the checkpoint, and whether the store is there. ``stored`` counts events that are durable."""

    def __init__(self, ledger: Ledger, checkpoint: Checkpoint, numbers: Sequence) -> None:
        self.ledger, self.checkpoint, self.numbers = ledger, checkpoint, numbers
        self.away_since = 0  # µs since when the store takes nothing; 0: it does
        self.why = "ok"
        self.stored = 0
        self._retry_at = 0.0

    @property
    def away(self) -> bool:
        """The store did not take the last turn."""
        return bool(self.away_since)

    @property
    def pause_s(self) -> float:
        """Seconds until it is worth trying again."""
        return max(0.0, self._retry_at - monotonic()) if self.away else RETRY_S

    def keep(self, write: Write, now: int) -> Draft | None:
        """Make this turn and all that waits durable. While it fails ``away`` is true; the first failure gives a fault.

        While the store is away it is tried once a second only, so that a dead server does not stop the showing.
        """
        if self.away and self.pause_s > 0:
            self.ledger.add(write)
            return None
        due = not self.away and self.checkpoint.due(write.turn, now)
        checkpoint = self.checkpoint.take(write.turn, now) if due else None
        began = monotonic()
        try:
            written = self.ledger.commit(write, self.numbers.take_dirty(), checkpoint)
        except Exception as broken:
            self._retry_at = monotonic() + max(RETRY_S, 2 * (monotonic() - began))
            return self._lost(broken, now)
        if checkpoint:
            self.checkpoint.taken(checkpoint)
        if self.away:
            LOG.warning("store.back", away_s=(now - self.away_since) // US, turns=len(written))
        self.away_since, self.why = 0, "ok"
        self.stored += sum(one.n for one in written)
        return None

    def _lost(self, broken: Exception, now: int) -> Draft | None:
        """Note since when and why the store is away; a fault when that is new."""
        was, self.why = self.away, broken.code if isinstance(broken, StoreError) else type(broken).__name__
        if was:
            return None
        self.away_since = now
        LOG.error("store.away", why=self.why, error=str(broken))
        return kinds.draft("fault.noted", "store", now, bodies.Fault("store", self.why), "house")

    def unkept(self) -> list[tuple[list[Event], int]]:
        """What was judged and is not on the tape yet: (events, now) a turn."""
        return [(unpack(one.tape), one.now) for one in self.ledger.waiting if one.tape]

    @property
    def undurable(self) -> int:
        """How many events wait to be made durable."""
        return sum(one.n for one in self.ledger.waiting)
