"""A person sets a window, ends it, settles a ticket; what does not fit is refused by name; a message can set none."""

from __future__ import annotations

from typing import Any

import pytest

from stream.schema import US, Draft, Refusal
from stream.works import MOST_MIN, end_window, set_window, settle
from tests.ledger import T0, Ledger

KNOWN = {("maintenance", "/device/cam-1"), ("roadworks", "XW-1")}
GOOD = {"what": "roadworks", "subject": "XW-1", "reason": "known_work", "minutes": 90}


def asked(**more: Any) -> Any:
    return set_window({**GOOD, **more}, "op1", T0, lambda what, subject: (what, subject) in KNOWN)


def test_roadworks_are_a_window_and_a_danger_of_the_moment_and_both_end_together() -> None:
    ledger = Ledger()
    ledger.note(asked())
    (window,) = ledger.board.windows.open(T0)
    assert (window.by, window.reason, window.until) == ("op1", "known_work", T0 + 90 * 60 * US)
    context = ledger.board.context["XW-1", "roadworks", "window"]
    assert (context.frm, context.to, context.level) == (T0, window.until, "")
    ledger.now += US
    told = end_window(ledger.board.windows, {"what": "roadworks", "subject": "XW-1"}, "op2", ledger.now)
    assert not isinstance(told, Refusal) and {d.by for d in told} == {"op2"}
    ledger.note(told)
    assert ledger.board.windows.open(ledger.now) == []
    assert ledger.board.context["XW-1", "roadworks", "window"].level == "none"


def test_maintenance_says_nothing_about_the_street() -> None:
    assert [d.kind for d in asked(what="maintenance", subject="/device/cam-1")] == ["window.opened"]


@pytest.mark.parametrize(("more", "code"), [
    ({"what": "holiday"}, "bad_args"), ({"subject": "XW-9"}, "unknown_subject"), ({"subject": 5}, "unknown_subject"),
    ({"what": "maintenance"}, "unknown_subject"), ({"reason": "Because of that"}, "bad_args"),
    ({"minutes": 0}, "bad_minutes"), ({"minutes": MOST_MIN + 1}, "bad_minutes"), ({"minutes": True}, "bad_minutes"),
    ({"minutes": None}, "bad_minutes"), ({"minutes": float("nan")}, "bad_minutes"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(more: dict[str, Any], code: str) -> None:
    assert asked(**more).code == code


def test_only_what_is_open_can_be_ended() -> None:
    ledger = Ledger()
    ledger.note(asked())
    for what, subject, at in (("maintenance", "XW-1", T0), ("roadworks", "XW-2", T0),
                              ("roadworks", "XW-1", T0 + 90 * 60 * US)):  # fmt: skip
        answer = end_window(ledger.board.windows, {"what": what, "subject": subject}, "op1", at)
        assert isinstance(answer, Refusal) and answer.code == "no_window"


def test_a_ticket_is_settled_by_a_person_with_a_reason_and_only_once() -> None:
    ledger, asked = Ledger(), {"device": "/device/cam-1", "reason": "repaired"}
    nothing = settle(ledger.board.devices, asked, "op1", T0)
    assert isinstance(nothing, Refusal) and nothing.code == "no_ticket"
    ledger.note([Draft("device.noted", "/device/cam-1", T0, {"code": "tamper"})])
    wrong = settle(ledger.board.devices, {**asked, "reason": "In words"}, "op1", T0)
    assert isinstance(wrong, Refusal) and (wrong.code, wrong.detail) == ("bad_args", "reason")
    told = settle(ledger.board.devices, asked, "op1", T0)
    assert not isinstance(told, Refusal) and (told[0].by, told[0].body["tickets"]) == ("op1", ["tamper"])
    ledger.note(told)
    assert isinstance(settle(ledger.board.devices, asked, "op2", T0), Refusal)
