"""The deeds of an operator in the life of one incident, one function a verb: an ``Ask`` becomes records or a Refusal.

The table that says in which state which verb is allowed is ``stream/desk.py``.
"""

from __future__ import annotations

from stream import bodies
from stream.ask import Ask, code_of
from stream.board import korean_time
from stream.reports import ACTIVE, key_of, last_report, progress
from stream.schema import US, Draft, Escalation, EscalationState, Priority, Refusal, State

AGENCIES = ("112", "119")
ANSWERS = ("", "yes", "no")
DISPOSITIONS = ("confirmed", "false_alarm", "duplicate", "test", "unreachable")


def acknowledge(ask: Ask) -> list[Draft] | Refusal:
    """Somebody has seen it; one that is reported stays so."""
    reported = any(e.state in ACTIVE for e in ask.incident.escalations)
    return [ask.record("incident.acknowledged", bodies.Done(State.escalated if reported else ""))]


def unacknowledge(ask: Ask) -> list[Draft] | Refusal:
    """Taken back: it waits for a person again."""
    return [ask.record("incident.unacknowledged", bodies.Done())]


def assign(ask: Ask) -> list[Draft] | Refusal:
    """``to`` (default: the asker) works on it; counts as acknowledging."""
    to = ask.arg("to", ask.command.by)
    if not isinstance(to, str) or not to:
        return Refusal("bad_args", "to")
    if to == ask.incident.assigned_to:
        return Refusal("same_person", to)
    return [ask.record("incident.assigned", bodies.Assigned(to, ask.incident.assigned_to or ""))]


def transfer(ask: Ask) -> list[Draft] | Refusal:
    """Handed from one person to another (``to``, ``reason`` code optional)."""
    to, reason = ask.arg("to"), ask.arg("reason", "")
    if not isinstance(to, str) or not to:
        return Refusal("bad_args", "to")
    if reason and not code_of(reason):
        return Refusal("bad_args", "reason")
    if to == ask.incident.assigned_to:
        return Refusal("same_person", to)
    was = ask.incident.assigned_to or ask.command.by
    return [ask.record("incident.transferred", bodies.Assigned(to, was, reason))]


def note(ask: Ask) -> list[Draft] | Refusal:
    """A note whose text is sealed already (``text_ref``)."""
    ref = ask.arg("text_ref")
    if not isinstance(ref, str) or not ref:
        return Refusal("bad_args", "text")
    return [ask.record("incident.noted", bodies.Noted(ref))]


def check(ask: Ask) -> list[Draft] | Refusal:
    """Step ``step`` (from 1) of the procedure is done, or open again (``done`` false); ``answer`` yes or no to its
    question, which decides what of the rest is to be done."""
    step, done, answer = ask.arg("step"), ask.arg("done", True), ask.arg("answer", "")
    if not isinstance(step, int) or isinstance(step, bool) or not 1 <= step <= 99:
        return Refusal("bad_args", "step")
    if not isinstance(done, bool):
        return Refusal("bad_args", "done")
    if answer not in ANSWERS or (answer and not done):
        return Refusal("bad_args", "answer")
    if (step in ask.incident.steps) == done and answer == ask.incident.answers.get(str(step), ""):
        return Refusal("unchanged", str(step))
    return [ask.record("incident.checked", bodies.Checked(step, done, answer))]


def shelve(ask: Ask) -> list[Draft] | Refusal:
    """Put aside for ``minutes`` with a ``reason`` code; a P1 never is (SAFETY I6)."""
    reason, minutes = code_of(ask.arg("reason")), ask.arg("minutes")
    if ask.incident.priority == Priority.P1:
        return Refusal("p1_stays")
    if reason is None:
        return Refusal("bad_args", "reason")
    if not isinstance(minutes, int | float) or isinstance(minutes, bool) or minutes <= 0:
        return Refusal("bad_args", "minutes")
    if minutes > ask.settings.shelve_max_min:
        return Refusal("too_long_shelving", str(ask.settings.shelve_max_min))
    return [ask.record("incident.shelved", bodies.Shelved(reason, ask.now + int(minutes * 60 * US)))]


def unshelve(ask: Ask) -> list[Draft] | Refusal:
    """Back before its time, to the person who took it back."""
    return [ask.record("incident.unshelved", bodies.Returned(State.acknowledged, "by_hand"))]


def already_reported(ask: Ask) -> Refusal | None:
    """Who reported it when, if a report to this agency is under way; a second one on purpose says ``again``."""
    last = last_report(ask.incident, str(ask.arg("agency")))
    waits = last is not None and last.state == EscalationState.requested
    if last is None or last.state not in ACTIVE or (ask.arg("again") is True and not waits):
        return None
    return _told(last)


def _told(last: Escalation) -> Refusal:
    """By whom and when (Korean time) it was reported."""
    return Refusal("already_reported", f"{last.by} {korean_time(last.requested_at)}")


def escalate(ask: Ask) -> list[Draft] | Refusal:
    """A report to ``agency``; needs the revision that was on the screen (SAFETY I4); counts as acknowledging.

    What has left the house once is only filed again with ``again`` true, as the next generation.
    """
    agency, again = str(ask.arg("agency", "")), ask.arg("again", False)
    if agency not in AGENCIES or not isinstance(again, bool):
        return Refusal("bad_args", "agency")
    if ask.command.revision is None:
        return Refusal("revision_needed")
    last = last_report(ask.incident, agency)
    generation = 1
    if last is not None:
        left = last.state != EscalationState.cancelled
        if left and not again:
            return _told(last)
        generation = last.generation + left
    send_at = ask.now + int(ask.settings.undo_s * US)
    body = bodies.Requested(
        agency, generation, key_of(ask.incident.id, agency, generation), send_at, ask.incident.revision,
        ask.settings.exercise, text_ref=ask.arg("text_ref"))
    return [ask.record("escalation.requested", body)]


def cancel_escalation(ask: Ask) -> list[Draft] | Refusal:
    """Taken back before it is sent (``agency``, may be left out when there is one)."""
    agency = ask.arg("agency")
    waiting = [e for e in ask.incident.escalations if agency in (None, e.agency)]
    report = max(waiting, key=lambda e: e.requested_at, default=None)
    if report is None:
        return Refusal("not_reported", str(agency or ""))
    cause = f"command:{ask.command.id}"
    moved = progress(ask.incident, report, EscalationState.cancelled, ask.now, ask.command.by, cause)
    if moved is None or ask.now >= report.send_at:
        return Refusal("too_late", report.state)
    return [moved]


def resolve(ask: Ask) -> list[Draft] | Refusal:
    """A verdict: ``disposition`` and ``reason`` code. ``unreachable`` is marked: the clock of first contact goes on."""
    disposition, reason = ask.arg("disposition"), code_of(ask.arg("reason", ask.arg("reason_code")))
    if disposition not in DISPOSITIONS:
        return Refusal("bad_args", "disposition")
    if reason is None:
        return Refusal("bad_args", "reason")
    if any(e.state in (EscalationState.requested, EscalationState.sent) for e in ask.incident.escalations):
        return Refusal("report_moving")
    marks = ("contact_open",) if disposition == "unreachable" else ()
    return [ask.record("incident.resolved", bodies.Resolved(disposition, reason, marks))]


def reopen(ask: Ask) -> list[Draft] | Refusal:
    """It is not over after all; it comes back to the person who says so."""
    reason = ask.arg("reason", "reopened")
    if code_of(reason) is None:
        return Refusal("bad_args", "reason")
    return [ask.record("incident.reopened", bodies.Returned(State.acknowledged, "by_hand", reason))]
