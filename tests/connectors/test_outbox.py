"""Reports from the confirm to the receipt: the real loop, the real desk as its own process, all that goes wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from connectors import outbox as module
from connectors.http_in import blueprint
from connectors.line import Answer, Endpoint, Line
from connectors.outbox import Outbox
from connectors.telling import Desk as Sender
from connectors.telling import tell
from stream.schema import US, Draft, Escalation, HouseError, Incident, Refusal
from tests.connectors.desk_process import Desk
from tests.connectors.small_house import SmallHouse
from tests.servers import free_port

PATIENCE_S = 60
SENDER = Sender("gwanje-1@osan", "오산시 관제센터", "031-000-0000")


class Office:
    """A small house with its outbox; ``kill`` leaves both as they are and starts anew on the same folder."""

    def __init__(self, folder: Path, url: str, begin: bool = True, **settings: Any) -> None:
        self.folder, self.url, self.settings = folder, url, settings
        if begin:
            self.begin()

    def begin(self, line: Line | None = None, started: bool = True) -> None:
        self.house = SmallHouse(self.folder, **self.settings)
        ends = {agency: Endpoint(self.url) for agency in ("112", "119")}
        self.outbox = Outbox(
            line or Line(ends),
            self.tell,
            self.house.pipeline.note,
            self.house.board,
            self.house.clock,
            self.house.settings,
        )
        if started:
            self.outbox.start()

    def tell(self, incident: Incident, report: Escalation) -> Any:
        status = self.outbox.line.status(report.agency, report.exercise)
        return tell(incident, report, SENDER, lambda key, **_: key, lambda _: "대원동", status, self.house.clock.now())

    def again(self, **how: Any) -> None:
        """The process has ended, and a new one begins."""
        self.end()
        self.begin(**how)

    def end(self) -> None:
        self.outbox._ended.set()
        self.outbox.stop()
        self.house.stop()

    def wait(self, key: str, *states: str) -> None:
        """Return once the report is in one of these states."""
        until(lambda: self.house.state(key) in states, lambda: self.house.state(key))


def until(true: Callable[[], Any], what: Callable[[], Any] = lambda: "") -> None:
    pause = threading.Event()
    for _ in range(PATIENCE_S * 50):
        if true():
            return
        pause.wait(0.02)
    raise AssertionError(f"did not become true: {what()}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "desk").mkdir()
    running = Desk(tmp_path / "desk").start()
    yield running
    running.stop()


@pytest.fixture
def office(tmp_path: Path, desk: Desk) -> Iterator[Office]:
    (tmp_path / "house").mkdir()
    running = Office(tmp_path / "house", desk.url)
    yield running
    running.end()


@pytest.fixture
def brief(office: Office) -> Office:
    """An office that calls a report unknown after 4 s, for stories that end there."""
    office.settings["unknown_s"] = 4.0
    office.again()
    return office


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience, so that a desk that never answers costs seconds here; the order of things is the same."""
    monkeypatch.setattr(module, "SEND_S", 0.8)
    monkeypatch.setattr(module, "ASK_S", 0.5)
    monkeypatch.setattr(module, "ASK_PAUSE_S", 0.1)
    monkeypatch.setattr(module, "ASK_AGAIN_S", (0.5,) * 100)


class Door:
    """A port that is opened in a moment, before a desk that runs already."""

    def __init__(self, port: int, behind: int) -> None:
        self.behind = behind
        self.listening = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self.listening.accept()
            except OSError:
                return
            other = socket.create_connection(("127.0.0.1", self.behind))
            for ends in ((one, other), (other, one)):
                threading.Thread(target=self._pipe, args=ends, daemon=True).start()

    @staticmethod
    def _pipe(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):  # one of the two has hung up
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self.listening.close()


def effects(desk: Desk, key: str) -> list[tuple[str, int]]:
    """What the agency's own ledger holds of this key: (receipt, how often it came)."""
    return [(row["receipt"], row["tries"]) for row in desk.ledger() if row["key"] == key]


def test_a_confirmed_report_gets_its_receipt(office: Office, desk: Desk) -> None:
    incident, key = office.house.escalate()
    office.wait(key, "delivered")
    assert office.house.kinds(incident) == ["requested", "sent", "delivered"]
    found = office.house.board.report(key)
    assert found and found[1].receipt == effects(desk, key)[0][0] == "119-00001"
    assert desk.ledger()[0]["status"] == "Exercise"


# behaviour of the desk, where the report ends, reports in the desk's own ledger
CASES = (
    ("accept", "delivered", 1), ("twice", "delivered", 1), ("silent", "unknown", 1), ("reject", "rejected", 1),
    ("refuse", "rejected", 0), ("late", "delivered", 1), ("never", "unknown", 1), ("lost", "unknown", 0),
    ("busy", "unknown", 0), ("fail", "unknown", 0), ("error_after", "delivered", 1), ("reset", "delivered", 1),
    ("slow", "delivered", 1), ("garbage", "delivered", 1), ("wrong_receipt", "delivered", 1),
)  # fmt: skip


@pytest.mark.parametrize(("behaviour", "end", "filed"), CASES)
def test_each_way_a_desk_can_behave(office: Office, desk: Desk, behaviour: str, end: str, filed: int) -> None:
    if end == "unknown":
        office.settings["unknown_s"] = 4.0
        office.again()
    desk.behave(behaviour, delay_s=2.0)
    incident, key = office.house.escalate()
    office.wait(key, end)
    assert [tries for _, tries in effects(desk, key)] == [1] * filed, "sent once, whatever came back"
    kinds = office.house.kinds(incident)
    assert kinds[:2] == ["requested", "sent"] and len(kinds) == len(set(kinds))
    found = office.house.board.report(key)
    assert found and bool(found[1].receipt) == (filed == 1 and behaviour != "never"), "never green without a receipt"


def test_nobody_at_the_desk_is_tried_again_while_no_byte_has_left(office: Office, desk: Desk) -> None:
    door = free_port()
    office.again(line=Line({"119": Endpoint(f"http://127.0.0.1:{door}")}))
    _, key = office.house.escalate()
    office.wait(key, "sent")
    opened = Door(door, desk.port)
    office.wait(key, "delivered")
    assert [tries for _, tries in effects(desk, key)] == [1]
    opened.stop()


def test_nobody_at_the_desk_for_long_is_unknown_and_not_sent_by_itself_later(brief: Office, desk: Desk) -> None:
    desk.stop()
    _, key = brief.house.escalate()
    brief.wait(key, "unknown")
    found = brief.house.board.report(key)
    assert found and found[1].reason == "not_sent"
    desk.start()
    threading.Event().wait(1.5)
    assert effects(desk, key) == []


def test_unknown_turns_to_delivered_when_the_desk_answers_at_last(brief: Office, desk: Desk) -> None:
    desk.behave("never")
    incident, key = brief.house.escalate()
    brief.wait(key, "unknown")
    desk.behave("accept")
    brief.wait(key, "delivered")
    assert [tries for _, tries in effects(desk, key)] == [1]
    assert brief.house.kinds(incident) == ["requested", "sent", "unknown", "delivered"]


def test_taken_back_in_time_nothing_leaves(office: Office, desk: Desk) -> None:
    office.end()
    office.settings["undo_s"] = 5.0
    office.begin()
    incident, _ = office.house.escalate()
    assert isinstance(office.house.ask(incident, "cancel_escalation", agency="119"), Incident)
    threading.Event().wait(0.5)
    assert office.house.kinds(incident) == ["requested", "cancelled"] and desk.ledger() == []


def test_asked_for_again_after_it_was_taken_back_it_says_what_is_true_then(office: Office, desk: Desk) -> None:
    told: list[int] = []
    office.end()
    office.settings["undo_s"] = 2.0
    office.begin()
    tell, line = office.outbox.tell, office.outbox.line
    send = line.send

    def noted(report: Any, timeout_s: float) -> Answer:
        told.append(report.priority)
        return send(report, timeout_s)

    line.send = noted  # type: ignore[method-assign]
    incident, key = office.house.escalate()
    until(lambda: key in office.outbox._said)
    before = tell(*_found(office, key)).priority
    assert isinstance(office.house.ask(incident, "cancel_escalation", agency="119"), Incident)
    assert isinstance(
        office.house.ask(incident, "change_priority", priority="P1" if before > 1 else "P2", reason="worse"), Incident
    )
    assert isinstance(office.house.ask(incident, "escalate", agency="119"), Incident)
    office.wait(key, "delivered")
    assert told and told[0] != before, "the words of the second confirm, under the same key"
    assert [tries for _, tries in effects(desk, key)] == [1] and office.outbox._said == {}


def _found(office: Office, key: str) -> tuple[Incident, Escalation]:
    found = office.house.board.report(key)
    assert found
    return found


def test_taken_back_at_the_last_moment_the_loop_decides_which_was_first(office: Office, desk: Desk) -> None:
    office.again(started=False)
    incident, key = office.house.escalate()
    seen = office.house.board.report(key)
    assert seen
    office.house.pipeline.note([_moved(seen, "cancelled", office)]).result(60)
    assert not office.outbox._noted(key, module.EscalationState.sent), "sent does not follow cancelled"
    office.outbox._send(key)
    assert desk.ledger() == [] and office.house.kinds(incident) == ["requested", "cancelled"]


def _moved(seen: tuple[Incident, Escalation], to: str, office: Office) -> Draft:
    incident, report = seen
    body = {"agency": report.agency, "generation": report.generation, "key": report.key}
    return Draft(f"escalation.{to}", incident.id, office.house.clock.now(), body, "op1")


def test_killed_before_sent_it_is_sent_once_by_the_next(office: Office, desk: Desk) -> None:
    office.again(started=False)
    incident, key = office.house.escalate()
    office.again()
    office.wait(key, "delivered")
    assert [tries for _, tries in effects(desk, key)] == [1]
    assert office.house.kinds(incident) == ["requested", "sent", "delivered"]


def test_killed_after_sent_before_the_call_it_is_asked_for_and_not_sent(brief: Office, desk: Desk) -> None:
    brief.again(started=False)
    _, key = brief.house.escalate()
    assert brief.outbox._noted(key, module.EscalationState.sent)
    brief.again()
    brief.wait(key, "unknown")
    found = brief.house.board.report(key)
    assert found and found[1].reason == "not_received"
    assert desk.ledger() == [] and brief.outbox.asked > 0


def test_killed_after_the_desk_accepted_the_receipt_is_found_by_asking(office: Office, desk: Desk) -> None:
    office.again(started=False)
    incident, key = office.house.escalate()
    assert office.outbox._noted(key, module.EscalationState.sent)
    found = office.house.board.report(key)
    assert found
    assert office.outbox.line.send(office.tell(*found), 5.0).what == "delivered"
    office.again()
    office.wait(key, "delivered")
    assert [tries for _, tries in effects(desk, key)] == [1]
    assert office.house.kinds(incident) == ["requested", "sent", "delivered"]


def test_unknown_before_a_restart_is_asked_for_after_it(brief: Office, desk: Desk) -> None:
    desk.behave("never")
    _, key = brief.house.escalate()
    brief.wait(key, "unknown")
    brief.again(started=False)
    desk.behave("accept")
    brief.again()
    brief.wait(key, "delivered")
    assert [tries for _, tries in effects(desk, key)] == [1]


def test_due_long_ago_it_is_a_matter_for_a_person(office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    office.again(started=False)
    _, key = office.house.escalate()
    monkeypatch.setattr(module, "LATE_S", -1)
    office.again()
    office.wait(key, "unknown")
    found = office.house.board.report(key)
    assert found and found[1].reason == "too_late" and desk.ledger() == []


def test_a_profile_without_query_is_unknown_at_once_and_never_sent_again(office: Office, desk: Desk) -> None:
    office.again(line=Line({"119": Endpoint(desk.url, query=False)}))
    desk.behave("error_after")
    _, key = office.house.escalate()
    office.wait(key, "unknown")
    assert [tries for _, tries in effects(desk, key)] == [1] and office.outbox.asked <= 2


def test_an_agency_without_an_address_is_unknown_at_once_and_a_fault(office: Office) -> None:
    office.again(line=Line({}))
    _, key = office.house.escalate()
    office.wait(key, "unknown")
    until(lambda: [r.body["code"] for r in office.house.journal.read(kinds=["fault.noted"])] == ["outbox"])
    assert office.outbox.faults == 1


def test_not_before_it_is_committed(office: Office, desk: Desk) -> None:
    office.again(started=False)
    _, key = office.house.escalate()
    asked: list[str] = []

    def away(drafts: list[Draft]) -> Future[Any]:
        asked.extend(d.kind for d in drafts)
        told: Future[Any] = Future()
        told.set_result(Refusal("not_recorded"))
        return told

    office.outbox.note = away
    office.outbox.start()
    until(lambda: len(asked) >= 2)
    assert set(asked) == {"escalation.sent"} and desk.ledger() == []
    office.outbox.note = office.house.pipeline.note
    office.wait(key, "delivered")


def test_a_look_that_fails_is_not_the_last_one(office: Office, desk: Desk) -> None:
    look, failed = office.outbox._look_round, threading.Event()

    def stumbles() -> None:
        if not failed.is_set():
            failed.set()
            raise ZeroDivisionError
        look()

    office.outbox._look_round = stumbles  # type: ignore[method-assign]
    assert failed.wait(PATIENCE_S)
    _, key = office.house.escalate()
    office.wait(key, "delivered")
    assert office.outbox.faults == 1 and office.outbox.health()["ok"]


def test_many_at_once_while_one_desk_hangs(office: Office, desk: Desk) -> None:
    desk.behave("never")
    hung = [office.house.escalate("112")[1] for _ in range(3)]
    until(lambda: len(desk.ledger()) == 3)
    desk.behave("accept")
    _, key = office.house.escalate("119")
    office.wait(key, "delivered")
    assert {office.house.state(one) for one in hung} & {"sent", "unknown", "delivered"}
    for one in hung:
        office.wait(one, "delivered")
    assert [tries for row in hung for _, tries in effects(desk, row)] == [1, 1, 1]


def test_many_that_are_unknown_do_not_stand_in_the_way_of_the_next(brief: Office, desk: Desk) -> None:
    desk.behave("never")
    lost = [brief.house.escalate("119")[1] for _ in range(module.CALLS + 4)]
    for key in lost:
        brief.wait(key, "unknown")
    desk.behave("accept")
    _, key = brief.house.escalate("119")
    brief.wait(key, "delivered")
    for one in lost:
        until(lambda one=one: _found(brief, one)[1].receipt)
    assert {tries for one in lost for _, tries in effects(desk, one)} == {1}


def test_the_same_click_twice_and_a_second_report_on_purpose(office: Office, desk: Desk) -> None:
    incident, key = office.house.escalate()
    office.wait(key, "delivered")
    assert isinstance(office.house.ask(incident, "escalate", agency="119"), Refusal)
    answer = office.house.ask(incident, "escalate", agency="119", again=True)
    second = answer.escalations[-1]
    office.wait(second.key, "delivered")
    assert second.generation == 2 and second.key != key
    assert [(row["generation"], row["tries"]) for row in desk.ledger()] == [(1, 1), (2, 1)]


def test_the_desks_word_comes_back_to_the_same_card(tmp_path: Path) -> None:
    from flask import Flask
    from werkzeug.serving import make_server

    port = free_port()
    desk = Desk(tmp_path, f"http://127.0.0.1:{port}").start()
    office = Office(tmp_path, desk.url)
    app = Flask(__name__)
    app.register_blueprint(blueprint(office.house.intake, office.house.clock, lambda digest: "/"))
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    incident, key = office.house.escalate()
    office.wait(key, "closed")
    kinds = office.house.kinds(incident)
    assert kinds == ["requested", "sent", "delivered", "accepted", "dispatched", "arrived", "closed"]
    found = office.house.board.report(key)
    assert found and found[1].unit == "rescue-1" and found[1].receipt
    server.shutdown()
    office.end()
    desk.stop()


def test_what_leaves_is_what_is_on_the_board() -> None:
    from tests.connectors.test_telling import FALLEN, REPORT

    told = tell(FALLEN, REPORT, SENDER, lambda key, **_: key, lambda _: "", "Exercise", 7 * US)
    assert (told.incident, told.key, told.revision) == (FALLEN.id, REPORT.key, FALLEN.revision)


def test_an_exercise_to_a_true_desk_never_leaves(office: Office, desk: Desk) -> None:
    line = Line({"119": Endpoint(desk.url, real=True, token="key")})
    office.again(line=line)
    _, key = office.house.escalate()
    office.wait(key, "unknown")
    assert desk.ledger() == [], "settings say exercise, the address is a true one"
    with pytest.raises(HouseError):
        found = office.house.board.report(key)
        assert found
        line.send(office.tell(*found), 1.0)
    assert Answer("unclear").receipt == ""
