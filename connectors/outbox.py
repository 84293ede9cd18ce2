"""From a confirmed report to the agency's receipt, with at most one effect there (SAFETY section 1.6).

The journal is the outbox. What is due is seen on the board; the loop commits ``escalation.sent`` *before* a byte
leaves, so a crash can only leave a report that may have gone, never one that has gone unnoticed. After it:

    no byte left            -> try again by itself, until the time for an answer is over
    a receipt for this key  -> escalation.delivered
    a clear no              -> escalation.rejected
    anything else           -> ask by key; without a sound answer in time escalation.unknown: a person takes the phone

What is unknown is asked for by key for a while longer, and is never sent again by itself. A worker here writes nothing:
it hands drafts to the loop (``note``), which takes a report only from the state it has to the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from functools import partial
from typing import Any

import msgspec

from connectors.emergency import Report
from connectors.line import Answer, Line
from stream.board import Board
from stream.bodies import Progress
from stream.clock import Clock, monotonic
from stream.kinds import draft
from stream.schema import US, Draft, Escalation, EscalationState, HouseError, Incident
from stream.settings import Settings

CALLS = 16  # reports under way at once, for each agency: one that hangs must not delay the other
ASKERS = 4  # questions about unknown reports at once
LOOK_S = 0.05
SEND_S, ASK_S = 4.0, 2.0  # patience with one call
ASK_PAUSE_S = 0.4
MARGIN_S = 1.0  # unknown is told this much before its time
COMMIT_S = 30.0
LATE_S = 120  # not sent by itself when it is due this long ago: somebody has phoned by then
BACKOFF_S = (0.2, 0.5, 1.0, 2.0)
ASK_AGAIN_S = (5.0, 10.0, 20.0, 30.0, *([60.0] * 60))

Tell = Callable[[Incident, Escalation], Report]
Note = Callable[[list[Draft]], "Future[Any]"]


class Outbox:
    """The worker. ``tell`` builds the report of an incident (status included), ``note`` is the pipeline's."""

    def __init__(self, line: Line, tell: Tell, note: Note, board: Board, clock: Clock, settings: Settings) -> None:
        self.line, self.tell, self.note, self.board, self.clock = line, tell, note, board, clock
        self.answer_s = settings.unknown_s / clock.speed - MARGIN_S
        self.sent = self.asked = self.faults = 0
        self._busy: set[str] = set()
        self._said: dict[str, tuple[int, Report | None]] = {}  # requested when; the report as it was confirmed
        self._ended, self._woken = threading.Event(), threading.Event()
        self._later: dict[str, tuple[int, float]] = {}  # unknown: how often asked again, when next (monotonic)
        self._pools = {agency: ThreadPoolExecutor(CALLS, f"outbox-{agency}") for agency in ("112", "119")}
        self._askers = ThreadPoolExecutor(ASKERS, "outbox-ask")
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._looked = monotonic()

    def start(self) -> None:
        """Begin; reports that were under way when the last process ended are asked for first."""
        self._thread.start()

    def wake(self) -> None:
        """A turn has changed a report: look now."""
        self._woken.set()

    def stop(self) -> None:
        """Begin no more calls and wait for those under way."""
        self._ended.set()
        self._woken.set()
        for pool in (*self._pools.values(), self._askers):
            pool.shutdown(wait=True, cancel_futures=True)
        if self._thread.ident is not None:
            self._thread.join(10)

    def health(self) -> dict[str, Any]:
        """Counters, and the age of its last look."""
        age_s = monotonic() - self._looked
        return {"ok": age_s < 5, "age_s": age_s, "under_way": len(self._busy), "sent": self.sent,
                "asked": self.asked, "faults": self.faults}

    # looking

    def _run(self) -> None:
        for key in list(self.board.reports):
            self._ask_later(key, 0)
        while not self._ended.is_set():
            self._woken.wait(LOOK_S)
            self._woken.clear()
            self._looked = monotonic()
            try:
                self._look_round()
            except Exception as bug:  # one look that fails must not be the last one
                self._fault(bug)
                self._ended.wait(1.0)

    def _look_round(self) -> None:
        moving = list(self.board.moving)
        for key in moving:
            self._look(key)
        for key in [key for key in list(self._said) if key not in moving]:  # taken back, or long done
            self._said.pop(key, None)
        for key, (n, due) in list(self._later.items()):
            if due <= monotonic() and key not in self._busy:
                del self._later[key]
                self._take(key, partial(self._ask_again, n=n), self._askers)

    def _fault(self, bug: Exception) -> None:
        self.faults += 1
        self.note([Draft("fault.noted", "outbox", self.clock.now(),
                         {"code": "outbox", "detail": type(bug).__name__}, "outbox")])

    def _look(self, key: str) -> None:
        """Begin what this report needs, if nothing is under way for it."""
        found = self.board.report(key)
        if found is None or key in self._busy:
            return
        state, now = found[1].state, self.clock.now()
        asked_at = found[1].requested_at  # one that was taken back and is asked for again has the same key
        if state == EscalationState.requested and self._said.get(key, (0, None))[0] != asked_at:
            self._said[key] = (asked_at, self._told(*found))
        if state == EscalationState.requested and now >= found[1].send_at:
            late = now - found[1].send_at > LATE_S * US * self.clock.speed
            self._take(key, self._too_late if late else self._send, self._pools[found[1].agency])
        elif state == EscalationState.sent:  # not by us, or we stumbled: whether it has left is not known
            self._take(key, self._interrupted, self._pools[found[1].agency])

    def _told(self, incident: Incident, report: Escalation) -> Report | None:
        """The report in the words of the moment it was confirmed: what comes to the incident until it is sent, while
        it can still be taken back, was not on the screen of who confirmed. None when it can't be said: ``_send`` fails
        then, and says so."""
        try:
            return self.tell(incident, report)
        except Exception:
            return None

    def _take(self, key: str, deed: Callable[[str], None], pool: ThreadPoolExecutor) -> None:
        def do() -> None:
            try:
                deed(key)
            except Exception as bug:
                self._fault(bug)
                self._ended.wait(1.0)  # a fault that comes again at once must not fill the journal
            finally:
                self._busy.discard(key)

        self._busy.add(key)
        try:
            pool.submit(do)
        except RuntimeError:  # stopping
            self._busy.discard(key)

    # deeds, each on a thread of a pool

    def _send(self, key: str) -> None:
        """Commit ``sent``, then call; the time for an answer begins with the commit."""
        if not self._noted(key, EscalationState.sent):
            self._ended.wait(0.5)  # taken back meanwhile, or the store is away: then it is tried again
            return
        until = monotonic() + self.answer_s
        found = self.board.report(key)
        if found is None:
            raise HouseError(f"report {key[:8]} is not on the board")
        self.sent += 1
        try:
            report = self._said.pop(key, (0, None))[1] or self.tell(*found)
            answer = self._call(msgspec.structs.replace(report, sent=self.clock.now()), until)
        except Exception:  # nothing has left, and nothing will: say so at once
            self._noted(key, EscalationState.unknown, reason="fault")
            raise
        self._settle(key, answer, until)

    def _call(self, report: Report, until: float) -> Answer:
        """One call; again only while no byte has left."""
        tries = 0
        while True:
            answer = self.line.send(report, max(0.5, min(SEND_S, until - monotonic())))
            wait_s = BACKOFF_S[min(tries, len(BACKOFF_S) - 1)]
            if answer.what != "not_sent" or monotonic() + wait_s >= until or self._ended.wait(wait_s):
                return answer
            tries += 1

    def _interrupted(self, key: str) -> None:
        """Sent is committed and no outcome is: ask; the time began when it was committed."""
        found = self.board.report(key)
        if found is None:
            return
        passed_s = (self.clock.now() - found[1].sent_at) / US / self.clock.speed
        until = monotonic() + max(ASK_S, self.answer_s - passed_s)
        self._settle(key, Answer("unclear", reason="interrupted"), until)

    def _too_late(self, key: str) -> None:
        """It waited while we were away: a person has to look at it."""
        self._noted(key, EscalationState.unknown, reason="too_late")

    def _settle(self, key: str, answer: Answer, until: float) -> None:
        """Record what is known, asking by key until the time is over; then it is unknown, and is asked for slowly."""
        if self._known(key, answer):
            return
        why = "not_sent" if answer.what == "not_sent" else answer.reason
        while answer.what == "unclear" and monotonic() < until:
            asked = self._ask(key, until)
            if self._known(key, asked):
                return
            if asked.reason == "no_query":
                break
            why = asked.reason if asked.what == "absent" else why
            if self._ended.wait(ASK_PAUSE_S):
                return  # stopping: the next start asks again
        self._noted(key, EscalationState.unknown, reason=why)
        if answer.what == "unclear":
            self._ask_later(key, 0)

    def _ask_later(self, key: str, n: int) -> None:
        """It is unknown and on the phone list; if the agency knows it after all, that is to be said too."""
        if n < len(ASK_AGAIN_S) and self._is_unknown(key):
            self._later[key] = (n, monotonic() + ASK_AGAIN_S[n])

    def _ask_again(self, key: str, n: int) -> None:
        """Ask once, and note when to ask the next time."""
        if self._is_unknown(key):
            answer = self._ask(key, monotonic() + ASK_S)
            if not self._known(key, answer) and answer.reason != "no_query":
                self._ask_later(key, n + 1)

    def _is_unknown(self, key: str) -> bool:
        """Unknown and without a receipt: one that has a receipt waits for the agency's own word."""
        found = self.board.report(key)
        return bool(found and found[1].state == EscalationState.unknown and not found[1].receipt)

    def _ask(self, key: str, until: float) -> Answer:
        found = self.board.report(key)
        if found is None:
            raise HouseError(f"report {key[:8]} is not on the board")
        self.asked += 1
        return self.line.ask(found[1].agency, key, max(0.5, min(ASK_S, until - monotonic())))

    def _known(self, key: str, answer: Answer) -> bool:
        """Record an outcome, if this is one."""
        states = {"delivered": EscalationState.delivered, "rejected": EscalationState.rejected}
        if answer.what not in states:
            return False
        self._noted(key, states[answer.what], receipt=answer.receipt, reason=answer.reason)
        return True

    def _noted(self, key: str, to: EscalationState, **more: str) -> bool:
        """Have the loop record the report's next state; True once it is durable. It refuses what does not follow."""
        found = self.board.report(key)
        if found is None:
            return False
        incident, report = found
        body = Progress(report.agency, report.generation, key, **more)  # type: ignore[arg-type]
        wanted = self.note([draft(f"escalation.{to}", incident.id, self.clock.now(), body, "outbox")])
        try:
            return isinstance(wanted.result(COMMIT_S), list)
        except NoAnswer:
            if to == EscalationState.sent:
                wanted.cancel()  # if it is committed all the same, it is found as sent, and asked for
            return False
