"""The smallest loop behind an intake: it keeps what it takes, drops duplicates, tells the outcome. Can be held."""

from __future__ import annotations

import threading

from stream.intake import Arrival, Intake, Outcome
from stream.schema import Delivery, Event, Quarantined


class Loop:
    """Takes from ``intake`` on its own thread. ``hold()``: the database is down, nothing becomes durable."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.events: list[Event] = []
        self.quarantined: list[Quarantined] = []
        self.seen: set[tuple[str, str]] = set()
        self.seqs: dict[str, int | None] = {}
        self.ok = True
        self.more = threading.Condition()
        self.open = threading.Event()
        self.open.set()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def hold(self) -> None:
        self.open.clear()

    def go_on(self) -> None:
        self.open.set()

    def stop(self) -> None:
        self.open.set()
        self.intake.close()
        self.thread.join(20)

    def wait(self, n: int) -> list[Event]:
        """The events once ``n`` different ones are there."""
        with self.more:
            assert self.more.wait_for(lambda: len(self.events) >= n, timeout=60), f"{len(self.events)} of {n} came"
            return list(self.events)

    def wait_quarantined(self, n: int) -> list[Quarantined]:
        with self.more:
            assert self.more.wait_for(lambda: len(self.quarantined) >= n, timeout=60), f"{len(self.quarantined)} of {n}"
            return list(self.quarantined)

    def _run(self) -> None:
        while True:
            arrivals = self.intake.take(1.0)
            if not arrivals and self.intake._closed:
                return
            self.open.wait()
            for arrival in arrivals:
                outcome = self._store(arrival)
                if arrival.done:
                    arrival.done(outcome)

    def _store(self, arrival: Arrival) -> Outcome:
        if not self.ok:
            return Outcome(ok=False)
        with self.more:
            new = [e for e in arrival.events if (e.source, e.id) not in self.seen]
            self.seen |= {(e.source, e.id) for e in new}
            self.events += new
            self.quarantined += arrival.quarantined
            for event in arrival.events:
                if event.seq is not None:
                    self.seqs[event.source] = max(event.seq, self.seqs.get(event.source) or 0)
            self.more.notify_all()
        ids = [e.id for e in arrival.events if e.delivery is not Delivery.telemetry]
        ids += [q.id for q in arrival.quarantined if q.id]
        seqs = {e.source: self.seqs.get(e.source) for e in arrival.events}
        return Outcome(len(new), len(arrival.events) - len(new), len(arrival.quarantined), True, ids, seqs)
