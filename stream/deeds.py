"""What people and our own parts ask of the loop: commands, incidents opened by hand, notes; and the answers they get.

Anyone may ask from any thread; the loop does it in its turn and answers once it is durable. The same command id asked
again gets its first answer, after a restart too. While the store is away nothing new is promised (``not_recorded``),
and a report to an agency whose request could not be made durable is taken back.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

import msgspec
from sqlalchemy import select

from stream import desk, reports, tables
from stream.board import Board
from stream.bodies import Progress
from stream.decide import Decided, Decider
from stream.kinds import body_of
from stream.ruling import Ruled, Ruling
from stream.schema import Command, Draft, EscalationState, Incident, Place, Record, Refusal
from stream.settings import Settings
from stream.store import Store, StoreError

Answer = Incident | Refusal
NOT_RECORDED = Refusal("not_recorded")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Incident | None, Refusal | None]).decode


class Hand(msgspec.Struct, frozen=True):
    """An incident to be opened by hand."""

    args: dict[str, Any]
    by: str
    id: str


class Note(msgspec.Struct, frozen=True):
    """Records that a part of ours asks for."""

    drafts: list[Draft]


class Asked(msgspec.Struct, eq=False):
    """One question and who waits for its answer. ``answer`` is what it will be told once that is durable."""

    what: Command | Hand | Note | Ruled
    future: Future[Any]
    answer: Any = None

    @property
    def may_wait(self) -> bool:
        """A fact that is kept anyway, sooner or later; everything else is told at once that it was not recorded."""
        return isinstance(self.what, Note) and not any(d.kind == "escalation.sent" for d in self.what.drafts)

    def tell(self, answer: Any) -> None:
        """Answer now; who has given up waiting hears nothing."""
        try:
            self.future.set_result(answer)
        except InvalidStateError:
            pass


class Deeds:
    """The questions that wait, and how the loop does them."""

    def __init__(self, store: Store, board: Board, settings: Settings, place: Callable[[str], Place | None] | None,
                 nudge: Callable[[], None], ruling: Ruling | None = None) -> None:
        self._store, self._board, self._settings = store, board, settings
        self._place, self._nudge = place or (lambda subject: None), nudge
        self._ruling = ruling or Ruling()
        self._waiting: deque[Asked] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self._undurable: dict[str, Answer] = {}  # answers of commands whose turn is not durable yet

    def ask(self, what: Command | Hand | Note | Ruled) -> Future[Any]:
        """Put a question to the loop."""
        asked = Asked(what, Future())
        with self._lock:
            closed = self._closed
            if not closed:
                self._waiting.append(asked)
        if closed:
            asked.tell(NOT_RECORDED)
        else:
            self._nudge()
        return asked.future

    def close(self) -> None:
        """Take nothing more; who waits is told that nothing was recorded."""
        with self._lock:
            self._closed = True
        for asked in self.take():
            asked.tell(NOT_RECORDED)

    def take(self) -> list[Asked]:
        """Everything that waits."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
        return taken

    def rule(self, asked: list[Asked], decider: Decider, now: int, turn: int, out: Decided, away: bool) -> None:
        """What is asked about the rules, before the events of the turn after ``turn`` are judged by them."""
        for one in asked:
            if isinstance(one.what, Ruled):
                drafts = NOT_RECORDED if away else self._ruling.decide(one.what, self._board.proposals, now, turn)
                put = 0 if isinstance(drafts, Refusal) else decider.put(drafts, now, out)
                records = out.records[-put:] if put else []
                one.answer = drafts if isinstance(drafts, Refusal) else records or Refusal("fault")
                for record in records:
                    self._ruling.hear(record)
                self._ruling.go()

    def do(self, asked: Asked, decider: Decider, now: int, out: Decided, away: bool) -> dict[str, Any] | None:
        """Do one, into ``out``. The answer is the row of the command to keep (None: nothing to keep)."""
        if isinstance(asked.what, Ruled):
            return None
        if isinstance(asked.what, Note):
            asked.answer = self._note(asked.what, decider, now, out, away)
            return None
        id = asked.what.id
        asked.answer = NOT_RECORDED if away else self._first(id)
        if asked.answer is not None:
            return None
        incident, drafts = self._decide(asked.what, now)
        asked.answer = drafts if isinstance(drafts, Refusal) else self._put(incident, drafts, decider, now, out)
        self._undurable[id] = asked.answer
        return {"id": id, "at": now, "outcome": outcome(asked.answer)} if id else None

    def _decide(self, what: Command | Hand, now: int) -> tuple[str, list[Draft] | Refusal]:
        if isinstance(what, Command):
            return what.incident, desk.decide(self._board, what, now, self._settings, self._place)
        args = {**what.args, "id": what.id}
        place = self._place_of(args)
        opened = desk.open_by_hand(self._board, args, what.by, now, place)
        return ("" if isinstance(opened, Refusal) else opened[0].subject), opened

    def _place_of(self, args: dict[str, Any]) -> Place | None:
        """The place a person gave: a point, else where the subject is."""
        given = args.get("place")
        if isinstance(given, dict):
            try:
                return msgspec.convert(given, Place)
            except msgspec.ValidationError:
                return None
        return given if isinstance(given, Place) else self._place(str(args.get("subject") or ""))

    def _put(self, incident: str, drafts: list[Draft], decider: Decider, now: int, out: Decided) -> Answer:
        """The incident after these records; a refusal when a record of ours did not fit (that is a fault by then)."""
        if decider.put(drafts, now, out) < len(drafts):
            return Refusal("fault")
        found = self._board.get(incident)
        return found if found is not None else Refusal("not_found", incident)

    def _note(self, note: Note, decider: Decider, now: int, out: Decided, away: bool) -> Any:
        """Records without a decision; a report's next state only when it follows from the state it has now."""
        drafts: list[Draft] = []
        for draft in note.drafts:
            if not draft.kind.startswith("escalation."):
                drafts.append(draft)
            elif away and draft.kind == "escalation.sent":
                return NOT_RECORDED
            else:
                moved = self._progress(draft)
                if moved is None:
                    return Refusal("wrong_state", draft.kind)
                drafts.append(moved)
        put = decider.put(drafts, now, out)
        return out.records[-put:] if put else []

    def _progress(self, draft: Draft) -> Draft | None:
        body: Progress = body_of(draft.kind, draft.body)
        found = self._board.report(body.key)
        if found is None:
            return None
        to = EscalationState(draft.kind.removeprefix("escalation."))
        return reports.progress(*found, to, draft.at, draft.by, draft.cause, receipt=body.receipt, reason=body.reason,
                                unit=body.unit, eta_s=body.eta_s, answered_at=body.answered_at)

    def _first(self, id: str) -> Answer | None:
        """What this command id was answered first, None when it is new."""
        if not id:
            return None
        if id in self._undurable:
            return self._undurable[id]
        try:
            with self._store.read() as conn:
                kept = conn.execute(select(tables.commands.c.outcome).where(tables.commands.c.id == id)).scalar()
        except StoreError:
            return NOT_RECORDED
        if kept is None:
            return None
        incident, refusal = _decode(kept)
        return incident or refusal

    def tell(self, asked: list[Asked], away: bool) -> list[Asked]:
        """Answer these; while the store is away who may wait does, the others hear that nothing was recorded."""
        for one in asked:
            if not away:
                one.tell(one.answer)
            elif not one.may_wait:
                one.tell(NOT_RECORDED)
        return [one for one in asked if away and one.may_wait]

    def durable(self) -> None:
        """All that was done so far is durable: the store knows the answers now."""
        self._undurable.clear()

    def take_back(self, records: list[Record]) -> list[Draft]:
        """Records that cancel the reports asked for in ``records``, which could not be made durable in time."""
        drafts = []
        for record in records:
            if record.kind == "escalation.requested":
                found = self._board.report(record.body["key"])
                undo = found and reports.progress(*found, EscalationState.cancelled, record.noted_at, "house",
                                                  f"record:{record.seq}", reason="not_recorded")
                drafts += [undo] if undo else []
        return drafts


def outcome(answer: Answer) -> bytes:
    """An answer as it is kept."""
    return _encode((None, answer) if isinstance(answer, Refusal) else (answer, None))
