"""``kill -9`` at each step of a report, and a storm of them: at most one effect at the agency, nothing forgotten."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import outbox as module
from tests.connectors.desk_process import Desk
from tests.connectors.outbox_child import STEPS
from tests.connectors.test_outbox import Office, effects, until
from tests.servers import ROOT

ENDS = {
    "requested": ("delivered", 1),
    "sent": ("unknown", 0),
    "called": ("delivered", 1),
    "delivered": ("delivered", 1),
}


def receipt(office: Office, key: str) -> str:
    found = office.house.board.report(key)
    assert found
    return found[1].receipt


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "desk").mkdir()
    running = Desk(tmp_path / "desk").start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("SEND_S", 0.8), ("ASK_S", 0.5), ("ASK_PAUSE_S", 0.1), ("ASK_AGAIN_S", (0.3,) * 200)):
        monkeypatch.setattr(module, name, seconds)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_the_next_process_finishes_it_with_one_effect(tmp_path: Path, desk: Desk, step: str) -> None:
    house = tmp_path / "house"
    house.mkdir()
    command = [sys.executable, "-m", "tests.connectors.outbox_child", str(house), desk.url, step]
    died = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=100)
    assert died.returncode == 9
    key = died.stdout.split()[-1]
    state, filed = ENDS[step]
    office = Office(house, desk.url, unknown_s=4.0)
    office.wait(key, state)
    assert [tries for _, tries in effects(desk, key)] == [1] * filed, "sent once at most"
    incident = office.house.board.reports[key]
    kinds = office.house.kinds(incident)
    assert kinds.count("requested") == kinds.count("sent") == 1
    office.end()


@pytest.mark.parametrize("seed", range(2))
def test_a_storm_of_reports_restarts_and_a_desk_in_every_mood(tmp_path: Path, desk: Desk, seed: int) -> None:
    house, dice = tmp_path / "house", random.Random(seed)
    house.mkdir()
    moods = ["accept", "never", "error_after", "reset", "busy", "lost", "wrong_receipt", "garbage", "refuse", "late"]
    office = Office(house, desk.url, unknown_s=4.0)
    keys: list[str] = []
    for _ in range(25):
        keys.append(office.house.escalate(dice.choice(["112", "119"]))[1])
        match dice.randrange(8):
            case 0:
                office.again()
            case 1:
                desk.kill()
                desk.start()
                desk.behave(dice.choice(moods))
            case 2 | 3:
                desk.behave(dice.choice(moods), delay_s=1.0)
    desk.behave("accept")
    until(lambda: {office.house.state(key) for key in keys} <= {"delivered", "rejected", "unknown"})
    ledger = {row["key"]: row for row in desk.ledger()}
    until(lambda: all(receipt(office, key) for key in keys if key in ledger))
    twice = [key for key, row in ledger.items() if row["tries"] != 1]
    assert [office.house.kinds(office.house.board.reports[key]) for key in twice] == [], "none left the house twice"
    told = {key: receipt(office, key) for key in keys}
    assert told == {key: ledger[key]["receipt"] if key in ledger else "" for key in keys}, "each its own receipt"
    assert {office.house.state(key) for key in keys if key not in ledger} <= {"rejected", "unknown"}, (
        "never green without"
    )
    office.end()
