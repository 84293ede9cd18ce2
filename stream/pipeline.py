"""The loop: one thread, one turn at a time, from what waits to what is durable, shown and acknowledged.

A turn takes what waits, sorts it (twice? broken? personal?), decides, puts everything into one transaction, then shows
it and acknowledges it, in that order. When the store does not take a turn, nothing of it is acknowledged; what it found
is shown all the same, marked unrecorded, and the very same records are tried again until they are durable.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import msgspec
import structlog

from stream import quarantine, readings, tape
from stream.board import Board
from stream.checkpoint import Checkpoint
from stream.clock import Clock, monotonic
from stream.decide import Decided, Decider, Done, Fuse, Hear
from stream.deeds import Asked, Deeds, Hand, Note
from stream.due import Due
from stream.intake import Arrival, Intake, Outcome
from stream.journal import Journal, head_text
from stream.keep import Keeper
from stream.ruling import Ruled, Ruling
from stream.schema import US, Change, Command, Draft, Event, Place, Record
from stream.sealing import judged
from stream.seen import Seen
from stream.sequence import Sequence
from stream.settings import Settings
from stream.show import Shown
from stream.sort import Sorted, Sorter
from stream.store import Store
from stream.vault import Vault
from stream.write import Deed, Ledger, Write

FAULTS = 100  # that may wait to be noted
SWITCH_S = 0.0005  # the loop gives the interpreter away at each call of the database: it must win it back soon
Row = dict[str, Any]
LOG = structlog.get_logger("pipeline")


class Turn(msgspec.Struct, frozen=True):
    """What listeners hear after a commit (or, with ``recorded`` false, instead of one).

    ``events`` are the new ones, sealed, in order; ``durable`` µs when the commit was there.
    """

    n: int
    now: int
    changes: list[Change]
    records: list[Record]
    events: list[Event]
    recorded: bool = True
    durable: int = 0


class Pipeline:
    """The loop and all it owns. ``board`` is what others may read: it holds what is durable (or marked unrecorded)."""

    def __init__(
        self, store: Store, journal: Journal, vault: Vault, board: Board, clock: Clock, settings: Settings,
        engine: Any, fuse: Fuse, hear: Hear, city_place: Callable[[str], Place | None] | None = None,
        on_turn: Callable[[Turn], None] | None = None, *, intake: Intake, rescore: Hear | None = None,
        ruling: Ruling | None = None,
    ) -> None:
        self.store, self.journal, self.vault, self.board = store, journal, vault, board
        self.clock, self.settings, self.intake = clock, settings, intake
        self.listeners = [on_turn] if on_turn else []
        self.quarantine = quarantine.Quarantine(store, vault)
        self.numbers = Sequence(store, settings.gap_list_s * US)
        self.ruling = ruling or Ruling()
        self.checkpoint = Checkpoint(store, engine, settings.checkpoint_s * US, self._judged, self.ruling)
        self.keeper = Keeper(Ledger(store, vault, journal), self.checkpoint, self.numbers)
        self.counts: Counter[str] = Counter()
        self.turns = 0
        self._work, self._shown = Board(), Shown(board)
        self._sorter = Sorter(Seen(store), self.numbers, vault, self.quarantine)
        self._decider = Decider(self._work, journal, engine, fuse, hear, self._restore, rescore)
        self._due = Due(intake, self._sorter, self._decider, self._work, settings)
        self._deeds = Deeds(store, self._work, settings, city_place, intake.nudge, self.ruling)
        self._later: list[Draft] = []
        self._extra: list[Deed] = []
        self._untold: list[Asked] = []
        self._delta = 0
        self._turned_at = monotonic()
        self._stopping = False

    # asking, from any thread

    def submit(self, command: Command) -> Future[Any]:
        """Ask for a command; the future gives the new Incident or a Refusal once it is durable."""
        return self._deeds.ask(command)

    def open_by_hand(self, args: dict[str, Any], by: str, id: str = "") -> Future[Any]:
        """Ask to open an incident (``stream.desk.open_by_hand``); answers like ``submit``."""
        return self._deeds.ask(Hand(args, by, id))

    def rule(self, ask: Ruled) -> Future[Any]:
        """Ask for a change of a rule (``stream.ruling``); the future gives its Records or a Refusal."""
        return self._deeds.ask(ask)

    def note(self, drafts: list[Draft]) -> Future[Any]:
        """Ask to write these down; the future gives the Records, or a Refusal (``wrong_state``, ``not_recorded``)."""
        return self._deeds.ask(Note(drafts))

    def resubmit(self, id: int, decode: Callable[[bytes, int], tuple[list[Event], list[Any]]]) -> bool:
        """Hand a quarantined message in again, through this decoder; False when its bytes are not there."""
        arrival = quarantine.again(self.quarantine, id, decode, self.clock.now(), self._extra.append)
        return arrival is not None and self.intake.put(arrival)

    def stats(self) -> dict[str, Any]:
        """Figures for health and metrics. ``delta`` is I2, what the last turn left unaccounted for: 0 always."""
        counts, keeper, oldest = dict(self.counts), self.keeper, self.intake.oldest()
        return {
            **counts, "turns": self.turns, "stored": keeper.stored, "undurable": keeper.undurable,
            "shed": self.intake.shed, "waiting": self.intake.waiting(), "delta": self._delta,
            "recorded": not keeper.away, "store": keeper.why, "records": self.journal.last_seq,
            "queue_age_ms": max(0, self.clock.now() - oldest) // 1000 if oldest else 0,
            "loop_age_ms": int((monotonic() - self._turned_at) * 1000), "quarantine": self.quarantine.depth,
            "missing": self.numbers.missing(), "decider_faults": self._decider.faults,
        }

    def expect(self, at: int) -> None:
        """Before the loop runs: a source that the city expects and that never speaks is found silent from ``at`` on."""
        self.checkpoint.expect(at, self.turns)

    # the loop's own thread

    def recover(self, on_record: Callable[[Record], None] | None = None) -> int:
        """Be again where the store is: boards from the journal, memory from checkpoint and tape. How many records."""
        n = 0
        for record in self.journal.read():
            n += 1
            try:
                self._work.apply(record)
            except Exception as bug:
                LOG.error("recover.record", seq=record.seq, kind=record.kind, error=type(bug).__name__)
                self.counts["faults"] += 1
            self.ruling.hear(record)
            if on_record is not None:
                on_record(record)
        self._shown.be(self._work)
        turns = self.checkpoint.load()
        with self.store.read() as conn:
            self.turns = max(tape.last_turn(conn), self.checkpoint.turn)
        if self.journal.strange_head:
            self._fault("journal_head", self.journal.strange_head, "journal")
        LOG.info("recovered", records=n, turns=turns, head=head_text(self.journal.last_seq, self.journal.chain))
        return n

    def run(self) -> None:
        """Turn after turn until ``stop``; then what waits is finished."""
        sys.setswitchinterval(SWITCH_S)
        gc.collect()
        gc.freeze()  # what was recovered stays: no later collection has to walk through it
        while not self._stopping:
            left = max(0.0, (self._due.at - self.clock.now()) / US / self.clock.speed)
            self._safely(self.intake.take(min(left, self.keeper.pause_s)))
        while arrivals := self.intake.take(0):
            self._safely(arrivals)
        self._safely([])
        self._deeds.close()

    def stop(self) -> None:
        """Let ``run`` finish what waits and return; from any thread."""
        self._stopping = True
        self.intake.close()

    def _safely(self, arrivals: list[Arrival]) -> None:
        """A turn that fails as a whole is a fault of ours; nothing of it is acknowledged and the loop lives on."""
        try:
            self.turn(arrivals)
        except Exception as bug:
            LOG.exception("turn.fault", error=type(bug).__name__)
            self._fault("turn", type(bug).__name__, "turn")
            for arrival in arrivals:
                self._tell(arrival, Outcome(ok=False))

    def turn(self, arrivals: list[Arrival]) -> None:
        """One turn: sort, decide, keep, show, acknowledge."""
        now = self.clock.now()
        self._turned_at = monotonic()
        asked = self._deeds.take()
        ticking = self._due.now(now)
        if not (arrivals or asked or ticking or self._later or self._extra or self.keeper.ledger.waiting):
            return
        put, decided = self._sorter.sort(arrivals, now), Decided()
        rows = self._decide(put, asked, now, ticking, decided)
        self._count(arrivals, put, decided)
        write = self._write(now, put, decided, rows)
        fault = self.keeper.keep(write, now)
        if fault is not None:
            self._later += [fault, *self._deeds.take_back(decided.records)]
        self._show(write, put, decided.records)
        self._answer(arrivals, put, decided, asked)
        self._weigh()

    def _decide(self, put: Sorted, asked: list[Asked], now: int, ticking: bool, decided: Decided) -> list[Row]:
        """Everything of a turn that makes records; the answer is the rows of its commands.

        Records that are stamped must be kept whatever happens, or the chain has a hole: so a bug in here ends up as a
        fault, and the turn's events in quarantine, where somebody sees them, instead of on the tape.
        """
        rows: list[Row] = []
        try:
            self._deeds.rule(asked, self._decider, now, self.turns, decided, self.keeper.away)
            self._decider.judge(put.judged, now, decided)
            self._sorter.poison(put, decided.poison, now)
            later, self._later = self._later, []
            self._decider.put(later, now, decided)
            for one in asked:
                row = self._deeds.do(one, self._decider, now, decided, self.keeper.away)
                rows += [row] if row else []
            if ticking:
                self._due.tick(now, decided)
        except Exception as bug:
            LOG.exception("decide.fault", error=type(bug).__name__)
            self._decider.fault("decide", type(bug).__name__, "turn", now, decided)
            left = [(event, "fault") for event in put.judged]
            decided.poison += left
            self._sorter.poison(put, left, now)
        return rows

    def _count(self, arrivals: list[Arrival], put: Sorted, decided: Decided) -> None:
        self.counts["received"] += sum(len(a.events) + len(a.quarantined) for a in arrivals)
        self.counts["duplicate"] += put.duplicates
        self.counts["quarantined"] += len(put.aside) + put.more.total()
        self.counts["detections"] += decided.detections
        self._due.put_aside(put.aside)

    def _weigh(self) -> None:
        """I2: everything that came in is stored, waits to be stored, came before, or is in quarantine."""
        known = self.keeper.stored + self.keeper.undurable + self.counts["duplicate"] + self.counts["quarantined"]
        self._delta = self.counts["received"] - known

    def _write(self, now: int, put: Sorted, decided: Decided, rows: list[Row]) -> Write:
        """All of this turn that has to be durable. A turn in which only a timer fired is on the tape too."""
        columns = self._sorter.columns(put, now) if put.sealed or decided.detections else b""
        extra = self._extra.copy()
        self._extra.clear()  # the same list: who is to add to it later holds on to it
        write = Write(self.turns, now, len(put.sealed), columns, put.keys, decided.records, put.aside, put.more, rows,
                      extra, readings.rows(put.sealed))
        if not write.is_empty:
            self.turns += 1
            write.turn = self.turns
        return write

    def _show(self, write: Write, put: Sorted, records: list[Record]) -> None:
        """Let everybody see the turn."""
        recorded = not self.keeper.away
        changes = self._shown.show(records, recorded)
        durable = self.clock.now() if recorded else 0
        turn = Turn(write.turn, write.now, changes, records, put.sealed, recorded, durable)
        for listener in self.listeners:
            try:
                listener(turn)
            except Exception as bug:
                LOG.exception("listener.fault", error=type(bug).__name__)
                self.counts["faults"] += 1

    def _answer(self, arrivals: list[Arrival], put: Sorted, decided: Decided, asked: list[Asked]) -> None:
        """Tell everybody who waits what became of it."""
        away = self.keeper.away
        poison = {(event.source, event.id) for event, _ in decided.poison}
        for arrival, twice in zip(arrivals, put.twice, strict=True):
            if arrival.done is not None:
                self._tell(arrival, Outcome(ok=False) if away else self._sorter.outcome(arrival, twice, poison))
        if not away:
            self._deeds.durable()
        self._untold = self._deeds.tell([*self._untold, *asked], away)

    def _tell(self, arrival: Arrival, outcome: Outcome) -> None:
        if arrival.done is None:
            return
        try:
            arrival.done(outcome)
        except Exception as bug:
            LOG.exception("done.fault", error=type(bug).__name__)
            self.counts["faults"] += 1

    def _fault(self, code: str, detail: str, subject: str) -> None:
        """Have a fault noted in the next turn."""
        self.counts["faults"] += 1
        if len(self._later) < FAULTS:
            body = {"code": code, "detail": detail}
            self._later.append(Draft("fault.noted", subject, self.clock.now(), body, "house"))

    def _judged(self, event: Event) -> Event:
        return judged(self.vault, event)

    def _restore(self, done: Done) -> None:
        """Put the engine back to before a crash: checkpoint, tape, what is not on it yet, this turn so far."""
        unkept = [([self._judged(e) for e in events], now) for events, now in self.keeper.unkept()]
        self.checkpoint.restore([*unkept, *done])
