"""The real loop with store, vault and board, and an engine that finds nothing: a house for tests of its edges."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

from stream.board import Board
from stream.clock import Clock
from stream.heard import hear
from stream.intake import Intake
from stream.journal import Journal
from stream.pipeline import Pipeline
from stream.schema import Command, Detection, Event, Incident, Place
from stream.settings import Settings
from stream.store import open_store
from stream.vault import Vault


class Finder:
    """An engine without rules."""

    def step(self, events: list[Event], now: int) -> list[Detection]:
        return []

    def save(self) -> bytes:
        return b""

    def load(self, data: bytes) -> None:
        pass


class SmallHouse:
    """Running on ``folder`` until ``stop``; a second one on the same folder goes on where the first one ended."""

    url = ""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.clock = Clock()
        self.settings = Settings(**{"undo_s": 0.0} | settings)
        self.store = open_store(f"sqlite:///{folder}/store.db")
        self.journal = Journal(self.store)
        self.vault = Vault(f"sqlite:///{folder}/vault.db", folder / "vault.key")
        self.board = Board()
        self.intake = Intake(10_000)
        self.pipeline = Pipeline(
            self.store,
            self.journal,
            self.vault,
            self.board,
            self.clock,
            self.settings,
            Finder(),
            lambda *_: [],
            hear,
            lambda subject: Place(127.07, 37.15, site="s1"),
            intake=self.intake,
        )
        self.pipeline.recover()
        self.thread = threading.Thread(target=self.pipeline.run, daemon=True)
        self.thread.start()

    def open(self, kind: str = "fall") -> Incident:
        """An incident by hand."""
        answer = self.pipeline.open_by_hand({"kind": kind, "subject": "s1"}, "op1", str(uuid.uuid4())).result(60)
        assert isinstance(answer, Incident), answer
        return answer

    def ask(self, incident: str, verb: str, **args: Any) -> Any:
        """A command of an operator who sees the newest revision."""
        now = self.board.get(incident)
        assert now
        command = Command(str(uuid.uuid4()), verb, incident, args, "op1", "operator", now.revision)
        return self.pipeline.submit(command).result(60)

    def escalate(self, agency: str = "119", **args: Any) -> tuple[str, str]:
        """A new incident and a report of it: (incident, key)."""
        incident = self.open()
        answer = self.ask(incident.id, "escalate", agency=agency, **args)
        assert isinstance(answer, Incident), answer
        return incident.id, answer.escalations[-1].key

    def state(self, key: str) -> str:
        found = self.board.report(key)
        assert found
        return str(found[1].state)

    def kinds(self, incident: str) -> list[str]:
        """The report's records in the journal, oldest first."""
        records = self.journal.read(subject=incident)
        return [r.kind.removeprefix("escalation.") for r in records if r.kind.startswith("escalation.")]

    def stop(self) -> None:
        self.pipeline.stop()
        self.thread.join(60)
        self.vault.close()
        self.store.close()
