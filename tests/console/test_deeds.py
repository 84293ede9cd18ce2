"""A person's deed: judged by role, its text sealed, once per id, answered with what the person may see."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from concurrent.futures import Future
from typing import Any

import msgspec
import pytest

from console import deeds as module
from console.access import Seat
from console.accounts import Account
from console.deeds import TEXT_MAX, CommandIn, Deeds, OpenIn, PointIn, shaped
from console.matrix import matrix
from console.problems import Problem
from stream.schema import Command, Refusal
from tests.console.livehouse import LiveHouse

KIM = Seat("kim", "operator")
ROWS = [("kim", "operator", False), ("lee", "operator", False), ("gone", "operator", True), ("dae", "auditor", False)]
PEOPLE = {user: Account(user, role, shut, "", 1) for user, role, shut in ROWS}


@pytest.fixture
def deeds(live: LiveHouse) -> Deeds:
    return Deeds(live.house, matrix(), PEOPLE.get)


def ask(verb: str = "acknowledge", revision: int | None = None, id: uuid.UUID | None = None, **args: Any) -> CommandIn:
    return CommandIn(id or uuid.uuid4(), verb, args, revision)


def problem(call: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value


def test_a_command_answers_the_new_view(live: LiveHouse, deeds: Deeds) -> None:
    view = deeds.command(KIM, live.opened(), ask(revision=1))
    assert (view["state"], view["acknowledged_by"], view["revision"]) == ("acknowledged", "kim", 2)


def test_a_stale_screen_is_told_so_and_nothing_happens(live: LiveHouse, deeds: Deeds) -> None:
    id = live.opened()
    deeds.command(KIM, id, ask(revision=1))
    told = problem(deeds.command, Seat("lee", "operator"), id, ask("escalate", revision=1, agency="119"))
    assert (told.status, told.code, told.detail) == (409, "stale", "2")
    assert "escalation.requested" not in live.kinds()


@pytest.mark.parametrize(
    ("verb", "role", "incident", "status", "code"),
    [
        ("fly", "operator", None, 400, "malformed"),
        ("acknowledge", "liaison_119", None, 403, "forbidden"),
        ("acknowledge", "auditor", None, 403, "forbidden"),
        ("acknowledge", "operator", "20200101-0001", 404, "not_found"),
        ("unshelve", "operator", None, 422, "wrong_state"),
        ("shelve", "operator", None, 422, "p1_stays"),
        ("note", "operator", None, 422, "bad_args"),
    ],
)
def test_a_clear_no(
    live: LiveHouse, deeds: Deeds, verb: str, role: str, incident: str | None, status: int, code: str
) -> None:
    id = live.opened()
    told = problem(deeds.command, Seat("kim", role), incident or id, ask(verb))
    assert (told.status, told.code) == (status, code)
    assert live.kinds() == ["incident.opened"]


def test_the_same_id_is_one_command(live: LiveHouse, deeds: Deeds) -> None:
    incident, id = live.opened(), uuid.uuid4()
    first = deeds.command(KIM, incident, ask("note", id=id, text="문을 두드렸으나 대답 없음"))
    second = deeds.command(KIM, incident, ask("note", id=id, text="문을 두드렸으나 대답 없음"))
    assert first == second
    assert live.kinds().count("incident.noted") == 1


def test_fifty_at_once_with_one_id_are_one_command(live: LiveHouse, deeds: Deeds) -> None:
    incident, id, answers = live.opened(), uuid.uuid4(), []
    threads = [
        threading.Thread(target=lambda: answers.append(deeds.command(KIM, incident, ask(revision=1, id=id))))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a["revision"] for a in answers] == [2] * 50
    assert live.kinds().count("incident.acknowledged") == 1


def test_an_id_cannot_be_used_for_something_else(live: LiveHouse, deeds: Deeds) -> None:
    incident, id = live.opened(), uuid.uuid4()
    deeds.command(KIM, incident, ask(id=id))
    told = problem(deeds.command, KIM, incident, ask("resolve", id=id, disposition="test", reason="drill"))
    assert (told.status, told.code) == (422, "id_reused")


def test_the_revision_may_stand_among_the_arguments(live: LiveHouse, deeds: Deeds) -> None:
    incident = live.opened()
    assert problem(deeds.command, KIM, incident, ask("escalate", agency="119")).code == "revision_needed"
    told = problem(deeds.command, KIM, incident, CommandIn(uuid.uuid4(), "escalate", {"agency": "119", "revision": 9}))
    assert (told.status, told.code) == (409, "stale")
    given = CommandIn(uuid.uuid4(), "escalate", {"agency": 119, "revision": 1})
    assert deeds.command(KIM, incident, given)["state"] == "escalated"


@pytest.mark.parametrize(("to", "code"), [("nobody", "unknown_person"), ("gone", "unknown_person"),
                                          ("dae", "unknown_person"), (5, "bad_args"), ("lee", "")])
def test_work_goes_to_people_who_can_do_it(live: LiveHouse, deeds: Deeds, to: object, code: str) -> None:
    incident = live.opened()
    if not code:
        assert deeds.command(KIM, incident, ask("assign", to=to))["assigned_to"] == to
        return
    told = problem(deeds.command, KIM, incident, ask("assign", to=to))
    assert (told.status, told.code) == (422, code)
    assert "incident.assigned" not in live.kinds()


def test_a_reason_in_words_is_kept_sealed_beside_its_code(live: LiveHouse, deeds: Deeds) -> None:
    incident = live.opened()
    view = deeds.command(KIM, incident, ask("resolve", disposition="false_alarm", reason="김씨 댁 요리 연기"))
    assert (view["state"], view["disposition"], view["reason"]) == ("resolved", "false_alarm", "other")
    assert live.kinds()[-2:] == ["incident.resolved", "incident.noted"]
    assert "요리" not in str([msgspec.to_builtins(r) for r in live.journal.read()])
    assert live.vault.open(list(live.journal.read())[-1].body["text_ref"]) == "김씨 댁 요리 연기"


@pytest.mark.parametrize(("place", "subject"), [("XW-GASU-1", "XW-GASU-1"), ("세마역 2번 출구", None)])
def test_a_place_in_words_is_a_place_of_the_city_or_said_in_the_text(
    live: LiveHouse, deeds: Deeds, place: str, subject: str | None
) -> None:
    view = deeds.open(KIM, module.shaped({"kind": "fall", "place": place, "text": "쓰러짐"}, module.OpenIn))
    texts = [live.vault.open(r.body["text_ref"]) for r in live.journal.read() if r.body.get("text_ref")]
    if subject:
        assert (view["subject"], texts) == (subject, ["쓰러짐"]), "the loop knows where that is"
    else:
        assert (view["unplaced"], texts) == (True, [f"{place}\n쓰러짐"])


def test_free_text_is_only_in_the_vault(live: LiveHouse, deeds: Deeds) -> None:
    incident = live.opened()
    deeds.command(KIM, incident, ask("note", text="김철수 010-1234-5678"))
    (note,) = [r for r in live.journal.read() if r.kind == "incident.noted"]
    assert set(note.body) == {"text_ref"}
    assert live.vault.open(note.body["text_ref"]) == "김철수 010-1234-5678"
    assert "김철수" not in str([msgspec.to_builtins(r) for r in live.journal.read()])
    live.vault.erase("HH-0001")  # the note is the person's: it goes with the person
    assert live.vault.open(note.body["text_ref"]) is None


@pytest.mark.parametrize("length", [TEXT_MAX, TEXT_MAX + 1])
def test_a_text_that_is_too_long_is_refused_with_a_clear_word(live: LiveHouse, deeds: Deeds, length: int) -> None:
    incident = live.opened()
    if length <= TEXT_MAX:
        deeds.command(KIM, incident, ask("note", text="가" * length))
        return
    told = problem(deeds.command, KIM, incident, ask("note", text="가" * length))
    assert (told.status, told.code) == (422, "too_long")
    assert "4,000" in told.body("ko")["title"]


def test_a_text_must_be_a_text(live: LiveHouse, deeds: Deeds) -> None:
    told = problem(deeds.command, KIM, live.opened(), ask("note", text={"a": 1}))
    assert (told.status, told.detail) == (400, "text: a string")


def test_opening_by_hand_seals_what_was_heard(live: LiveHouse, deeds: Deeds) -> None:
    body = OpenIn("collision", uuid.uuid4(), PointIn(127.07, 37.15), text="오토바이가 넘어졌대요", priority="P1")
    view = deeds.open(KIM, body)
    assert (view["kind"], view["priority"], view["state"]) == ("collision", "P1", "new")
    assert (view["place"]["lon"], view["place"]["lat"]) == (127.07, 37.15)
    assert deeds.open(KIM, body) == view  # a double click
    assert live.kinds() == ["incident.opened"]
    (record,) = live.journal.read()
    assert live.vault.open(record.body["text_ref"]) == "오토바이가 넘어졌대요"


def test_an_opening_that_says_nothing_is_refused(live: LiveHouse, deeds: Deeds) -> None:
    told = problem(deeds.open, KIM, OpenIn("other"))
    assert (told.status, told.code, told.detail) == (422, "bad_args", "place")


def test_what_could_not_be_recorded_is_503_and_may_be_asked_again(live: LiveHouse) -> None:
    refusing = [True]

    def submit(command: Command) -> Future[Any]:
        if not refusing[0]:
            return live.submit(command)
        answer: Future[Any] = Future()
        answer.set_result(Refusal("not_recorded"))
        return answer

    deeds = Deeds(dataclasses.replace(live.house, submit=submit), matrix(), PEOPLE.get)
    incident, command = live.opened(), ask(revision=1)
    told = problem(deeds.command, KIM, incident, command)
    assert (told.status, told.code, told.headers) == (503, "not_recorded", {"Retry-After": "1"})
    refusing[0] = False
    assert deeds.command(KIM, incident, command)["state"] == "acknowledged"


def test_a_loop_that_does_not_answer_is_busy(live: LiveHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.01)
    deeds = Deeds(dataclasses.replace(live.house, submit=lambda command: Future()), matrix(), PEOPLE.get)
    told = problem(deeds.command, KIM, live.opened(), ask())
    assert (told.status, told.code) == (503, "busy")


def test_a_vault_that_is_away_is_not_hidden_and_the_id_stays_free(
    live: LiveHouse, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> str:
        raise OSError("gone")

    incident, command = live.opened(), ask("note", text="x")
    with monkeypatch.context() as patch:
        patch.setattr(live.vault, "seal", away)
        with pytest.raises(OSError, match="gone"):
            deeds.command(KIM, incident, command)
    assert deeds.command(KIM, incident, command)["notes"] == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"verb": "note"}, "missing required field `id`"),
        ({"id": "1", "verb": "note"}, "Invalid UUID"),
        ({"id": str(uuid.uuid4()), "verb": "note", "role": "admin"}, "unknown field `role`"),
        ({"id": str(uuid.uuid4()), "verb": "note", "revision": "4"}, "revision"),
        ("text", "Expected `object`"),
    ],
)
def test_a_malformed_command_says_which_field(body: Any, says: str) -> None:
    with pytest.raises(Problem, match=says):
        shaped(body, CommandIn)
