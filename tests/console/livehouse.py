"""A house to test the console in: real store, journal, vault, board, city and desk; turns are made by hand.

What the loop of `stream/pipeline.py` does with its queue is done here at once and in order, under a lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from cep.procedures import load_procedures
from cep.rules import load_rules
from cep.ruling import changed, register
from connectors.telling import Desk, preview, teller
from console import words
from console.house import House
from geo.city import City, load_city
from stream import desk
from stream.board import Board
from stream.clock import Clock, ManualClock
from stream.journal import Journal
from stream.kpi import Kpi
from stream.pipeline import Turn
from stream.quarantine import Quarantine
from stream.ruling import Ruled, Ruling
from stream.schema import Change, Command, Draft, Event, Place, Refusal
from stream.settings import Settings
from stream.store import open_store
from stream.vault import Vault

START = 1_790_000_000_000_000  # 2026-09-21 22:13:20 in Korea
PASSWORD = "correct horse battery"
PROCEDURES = (
    {"id": "smoke", "kind": "smoke_or_gas", "steps": [{"key": "step.call"}, {"key": "step.visit"}]},
    *(p for p in load_procedures() if p["kind"] == "inactivity"),
)
CITY: list[City] = []


class LiveHouse:
    """The parts, and the deeds of a loop."""

    def __init__(self, folder: Path, clock: Clock | ManualClock | None = None,
                 **settings: Any) -> None:
        if not CITY:
            CITY.append(load_city())
        self.clock = clock or ManualClock(START)
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        self.journal = Journal(self.store)
        self.vault = Vault(f"sqlite:///{folder / 'vault.db'}", folder / "vault.key", self.clock.now)
        self.board = Board()
        self.kpi = Kpi()
        self.settings = Settings(data=str(folder), **settings)
        self.health: dict[str, Any] = {
            "loop_age_ms": 0,
            "recorded": True,
            "received": 10,
            "stored": 9,
            "duplicate": 1,
            "shed": 0,
            "delta": 0,
            "quarantine": 0,
            "queue_age_ms": 0,
        }
        self.ruling = Ruling(load_rules(), changed)
        self.resubmitted: list[int] = []
        self.listeners: list[Callable[[Any], None]] = []
        self.spoke: Callable[[str], int] = lambda source: 0  # when a source was heard last
        self._lock = threading.RLock()
        self.house = House(
            board=self.board,
            submit=self.submit,
            open_by_hand=self.open_by_hand,
            note=self.note,
            listen=self.listeners.append,
            journal=self.journal,
            store=self.store,
            vault=self.vault,
            city=CITY[0],
            kpi=self.kpi,
            clock=self.clock,
            settings=self.settings,
            data=folder,
            procedures=PROCEDURES,
            rules=lambda: register(self.ruling.table),
            rule=self.rule,
            stats=lambda: self.health,
            resubmit=self.resubmit,
            report=partial(preview, told=teller(
                Desk("test", "관제", "031-000-0000"), partial(words.say, "ko"), lambda *_: "Exercise", self.clock,
                self.vault.open)),
            quarantine=Quarantine(self.store, self.vault),
            heard=self.heard,
        )

    def heard(self, source: str) -> int:
        """When a source was heard last (µs): as ``spoke`` has it at this moment."""
        return self.spoke(source)

    def turn(self, drafts: list[Draft], events: list[Event] | None = None) -> list[Change]:
        """Records of these drafts, durable, folded, told to the console."""
        with self._lock:
            now = self.clock.now()
            records = [self.journal.stamp(draft, now) for draft in drafts]
            with self.store.begin() as conn:
                self.journal.write(conn, records)
            changes = [change for record in records for change in self.board.apply(record)]
            for record in records:
                self.kpi.apply(record)
                self.ruling.hear(record)
            for hear in self.listeners:
                hear(Turn(records[-1].seq if records else 0, now, changes, records, events or [], True, now + 2000))
            return changes

    def submit(self, command: Command) -> Future[Any]:
        """Decide a command."""
        with self._lock:
            return self._done(desk.decide(self.board, command, self.clock.now(), self.settings), command.incident)

    def open_by_hand(self, args: dict[str, Any], by: str, id: str) -> Future[Any]:
        """Decide an opening."""
        with self._lock:
            place = Place(**args["place"]) if args.get("place") else None
            return self._done(desk.open_by_hand(self.board, {**args, "id": id}, by, self.clock.now(), place), None)

    def _done(self, decided: list[Draft] | Refusal, incident: str | None) -> Future[Any]:
        answer: Future[Any] = Future()
        if isinstance(decided, Refusal):
            answer.set_result(decided)
        else:
            self.turn(decided)
            answer.set_result(self.board.get(incident or decided[0].subject))
        return answer

    def rule(self, ask: Ruled) -> Future[Any]:
        """Decide what is asked about the rules."""
        answer: Future[Any] = Future()
        with self._lock:
            decided = self.ruling.decide(ask, self.board.proposals, self.clock.now(), 0)
            if not isinstance(decided, Refusal):
                self.turn(decided)
                decided = list(self.journal.read(after=self.journal.last_seq - 1))
            answer.set_result(decided)
        return answer

    def note(self, drafts: list[Draft]) -> Future[Any]:
        """Write other deeds down."""
        self.turn(drafts)
        answer: Future[Any] = Future()
        answer.set_result(None)
        return answer

    def resubmit(self, id: int) -> bool:
        """Remember what was handed in again; there is one message, number 1."""
        self.resubmitted.append(id)
        return id == 1

    def opened(self, subject: str = "HH-0001", kind: str = "smoke_or_gas", priority: int = 1, **more: Any) -> str:
        """One more incident; answers its id."""
        id = self.board.next_id(self.clock.now())
        body = {
            "kind": kind,
            "domain": "care",
            "subject": subject,
            "priority": priority,
            "score": 87,
            "factors": [
                {"name": "threat", "points": 50, "why": "smoke"},
                {"name": "vulnerability", "points": 37, "why": "alone"},
            ],
            "stamps": {"arrival": self.clock.now() - 40_000, "decided": self.clock.now() - 5_000},
            **more,
        }
        if place := CITY[0].place(subject):
            body["place"] = msgspec.to_builtins(place)
        self.turn([Draft("incident.opened", id, self.clock.now(), body)])
        return id

    def reported(self, id: str, agency: str = "119", state: str = "sent", by: str = "kim") -> None:
        """A report to an agency, as far as ``state``."""
        key = f"{id}-{agency}"
        requested = {
            "agency": agency,
            "generation": 1,
            "key": key,
            "send_at": self.clock.now(),
            "revision": 1,
            "exercise": True,
        }
        drafts = [Draft("escalation.requested", id, self.clock.now(), requested, by)]
        if state != "requested":
            body = {"agency": agency, "generation": 1, "key": key}
            drafts.append(Draft(f"escalation.{state}", id, self.clock.now(), body))
        self.turn(drafts)

    def kinds(self) -> list[str]:
        """Kinds of all records so far."""
        return [record.kind for record in self.journal.read()]

    def close(self) -> None:
        """Let go of the databases."""
        self.vault.close()
        self.store.close()
