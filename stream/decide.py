"""What a turn decides, without a clock and without a store: events in, records on the board out.

The same code runs live and in a re-run. The engine judges the whole turn at once; then facts (what an event says by
itself: an agency's word, a welfare contact, the weather) and detections are put on the board in the order of the events
they come from, a fact before the detections of the same event, so one event at a time or all at once gives the same
records. A rule that crashes costs the event that crashed it, nothing more: the engine's memory is restored, the turn is
judged one by one, and what crashes three times is handed back as poison.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from stream import bodies, kinds
from stream.board import Board
from stream.schema import Change, Delivery, Detection, Draft, Event, Factor, Priority, Record, Severity

TRIES = 3
FLOORS = {Severity.serious: (Priority.P2, 45), Severity.severe: (Priority.P1, 70)}

Done = list[tuple[list[Event], int | None]]  # what the engine saw of this turn so far: (events, now)


class Engine(Protocol):
    """As much of ``cep.engine.Engine`` as a turn needs."""

    def step(self, events: list[Event], now: int | None) -> list[Detection]: ...


class Stamper(Protocol):
    """As much of ``stream.journal.Chain`` as a turn needs."""

    last_seq: int
    chain: str

    def stamp(self, draft: Draft, noted_at: int) -> Record: ...

    def back(self, last_seq: int, chain: str) -> None: ...


Fuse = Callable[[Board, Detection, int, str], list[Draft]]
Hear = Callable[[Board, Event, int], list[Draft]]


class Decided(msgspec.Struct):
    """What came of a turn: its records, what they changed, how many detections there were, which events were poison."""

    records: list[Record] = []
    changes: list[Change] = []
    detections: int = 0
    poison: list[tuple[Event, str]] = []


class Decider:
    """The deciding half of the loop. ``restore(done)`` puts the engine's memory back to before a crashed run."""

    def __init__(self, board: Board, stamper: Stamper, engine: Engine, fuse: Fuse, hear: Hear,
                 restore: Callable[[Done], None], rescore: Hear | None = None) -> None:
        """``rescore``: asked after a new word of the context is on the board; what it changes in open incidents."""
        self.board, self.stamper, self.engine = board, stamper, engine
        self.fuse, self.hear, self.restore, self.rescore = fuse, hear, restore, rescore
        self.faults = 0

    def judge(self, events: list[Event], now: int, out: Decided | None = None) -> Decided:
        """Judge these events in their order, and the timers due at ``now``; what comes of it is added to ``out``."""
        out = Decided() if out is None else out
        try:
            detections = self.engine.step(events, now)
        except Exception as bug:
            self.fault("engine", type(bug).__name__, "engine", now, out)
            detections = self._one_by_one(events, now, out)
            bad = {id(event) for event, _ in out.poison}
            events = [event for event in events if id(event) not in bad]
        heard = 0
        causes = _causes(events) if detections else {}
        for detection in detections:
            index = causes.get((detection.at, detection.subject))
            until = _before(events, heard, detection.at) if index is None else index + 1
            for event in events[heard:until]:
                self._hear(event, now, out)
            heard = max(heard, until)
            self._fuse(detection, None if index is None else events[index], now, out)
        for event in events[heard:]:
            self._hear(event, now, out)
        return out

    def put(self, drafts: Sequence[Draft], now: int, out: Decided) -> int:
        """Stamp drafts and take them into the board; how many. One that does not fit becomes a fault instead."""
        before_all = len(out.records)
        faults: list[tuple[Draft, Exception]] = []
        for draft in drafts:
            before = (self.stamper.last_seq, self.stamper.chain)
            try:
                kinds.check(draft)
                record = self.stamper.stamp(draft, now)
                changes = self.board.apply(record)
            except Exception as bug:
                self.stamper.back(*before)
                faults.append((draft, bug))
                continue
            out.records.append(record)
            out.changes.extend(changes)
        put = len(out.records) - before_all
        for draft, why in faults:
            if draft.kind != "fault.noted":
                self.fault("record", f"{draft.kind} {type(why).__name__}", draft.subject, now, out)
        return put

    def fault(self, code: str, detail: str, subject: str, now: int, out: Decided) -> None:
        """Note that something of ours broke. ``detail`` holds codes, never what a message said."""
        self.faults += 1
        self.put([kinds.draft("fault.noted", subject, now, bodies.Fault(code, detail))], now, out)

    def _hear(self, event: Event, now: int, out: Decided) -> None:
        try:
            drafts = self.hear(self.board, event, now)
        except Exception as bug:
            self.fault("hear", f"{event.type} {type(bug).__name__}", event.source, now, out)
        else:
            self.put(drafts, now, out)
            if self.rescore is not None and any(draft.kind == "context.noted" for draft in drafts):
                self._rescore(self.rescore, event, now, out)

    def _rescore(self, rescore: Hear, event: Event, now: int, out: Decided) -> None:
        try:
            drafts = rescore(self.board, event, now)
        except Exception as bug:
            self.fault("rescore", f"{event.type} {type(bug).__name__}", event.source, now, out)
        else:
            self.put(drafts, now, out)

    def _one_by_one(self, events: list[Event], now: int, out: Decided) -> list[Detection]:
        """The same detections, at the price of one step an event; what crashes again and again is poison."""
        done: Done = []
        self.restore(done)
        found: list[Detection] = []
        for event in events:
            detections, why = self._try([event], None, done)
            found += detections
            if why:
                out.poison.append((event, why))
                self.fault("poison", why, event.source, now, out)
        detections, why = self._try([], now, done)
        if why:
            self.fault("poison", why, "timer", now, out)
        return found + detections

    def _try(self, events: list[Event], now: int | None, done: Done) -> tuple[list[Detection], str]:
        """One step, tried three times from the same memory; the name of the error when it does not go."""
        why = ""
        for _ in range(TRIES):
            try:
                detections = self.engine.step(events, now)
            except Exception as bug:
                why = type(bug).__name__
                self.restore(done)
            else:
                done.append((events, now))
                return detections, ""
        return [], why

    def _fuse(self, detection: Detection, event: Event | None, now: int, out: Decided) -> None:
        """The records of one detection. Without one it would be lost: then it is an incident of its own or a notice."""
        out.detections += 1
        cause = f"event:{event.source}#{event.id}" if event is not None else "timer"
        try:
            drafts = self.fuse(self.board, detection, now, cause)
        except Exception as bug:
            self.fault("fuse", f"{detection.rule} {type(bug).__name__}", detection.subject, now, out)
            drafts = []
        if not (drafts and self.put(_stamped(drafts, event, now), now, out)):
            self.put([self._plain(detection, now, cause)], now, out)

    def _plain(self, detection: Detection, now: int, cause: str) -> Draft:
        """What we say of a detection that our own fusing failed on: fail open, without rank or place."""
        floor = FLOORS.get(detection.severity)
        if floor is None:
            notice = bodies.Notice(detection.rule, detection.severity, detection.version, why="unfinished")
            return kinds.draft("detection.noted", detection.subject, detection.at, notice, cause=cause)
        priority, points = floor
        opened = bodies.Opened(detection.rule, "other", detection.subject, priority, points,
                               (Factor("floor", points, "fault"),), marks=("fault",))
        return kinds.draft("incident.opened", self.board.next_id(detection.at), detection.at, opened, cause=cause)


def _causes(events: Sequence[Event]) -> dict[tuple[int, str], int]:
    """Position of the event that a detection of this moment and subject stands on; of several, an alarm."""
    causes: dict[tuple[int, str], int] = {}
    for i, event in enumerate(events):
        for subject in {subject_of(event), event.source}:
            was = causes.get((event.at, subject))
            if was is None or (event.delivery == Delivery.alarm and events[was].delivery != Delivery.alarm):
                causes[event.at, subject] = i
    return causes


def _before(events: Sequence[Event], start: int, at: int) -> int:
    """Position of the first event from ``start`` on that is of ``at`` or later: a timer of ``at`` fires before it."""
    return next((i for i in range(start, len(events)) if events[i].at >= at), len(events))


def subject_of(event: Event) -> str:
    """What a detection of this event is about: site, household, case, user, else the source (CONTRACT 6)."""
    fields = type(event.data).__struct_fields__
    return next((getattr(event.data, f) for f in ("site", "household", "case", "user")
                 if f in fields and getattr(event.data, f)), event.source)


def _stamped(drafts: list[Draft], event: Event | None, now: int) -> list[Draft]:
    """An opened incident carries the moments of its way so far, and what is wrong with the event it stands on."""
    if event is None:
        return drafts
    more = {"stamps": {"source": event.time, "arrival": event.arrival, "decided": now}}
    return [
        msgspec.structs.replace(d, body={
            **d.body, **_sealed(d, event), **(more if d.kind == "incident.opened" else {}),
            "marks": [*d.body.get("marks", ()), *event.marks]})
        if d.kind in ("incident.opened", "incident.attached") else d
        for d in drafts
    ]


def _sealed(draft: Draft, event: Event) -> dict[str, Any]:
    """Where the vault holds the personal part: a caller's exact position by its place, else what was written."""
    if event.ref is None:
        return {}
    if event.type != "city.sos":
        return {"text_ref": event.ref}
    place = draft.body.get("place")
    return {"place": {**place, "ref": event.ref}} if place else {}
