"""A journal in memory for tests of folds: drafts become records of a board, commands go through the desk."""

from __future__ import annotations

from typing import Any

from stream import bodies, desk
from stream.board import Board
from stream.kinds import check, draft
from stream.schema import US, Change, Command, DetectionRef, Draft, Factor, Incident, Place, Priority, Record, Refusal
from stream.settings import Settings

T0 = 1_772_409_600 * US  # 2026-03-02 09:00 in Korea
HERE = Place(127.07, 37.15, site="XW-1", name="운암초 앞")
LOWEST = {Priority.P1: 70, Priority.P2: 45, Priority.P3: 25, Priority.P4: 10}


class Ledger:
    """``board`` after all ``records`` so far; ``now`` is the clock of the test (µs)."""

    def __init__(self, places: dict[str, Place] | None = None, **settings: Any) -> None:
        self.board, self.records, self.now = Board(), list[Record](), T0
        self.places = places or {}
        self.settings = Settings(**settings)
        self._commands = 0

    def note(self, drafts: list[Draft]) -> list[Change]:
        """Stamp and apply drafts."""
        changes = []
        for one in drafts:
            check(one)
            record = Record(len(self.records) + 1, one.at, self.now, one.kind, one.subject, one.by, one.cause, one.body)
            self.records.append(record)
            changes += self.board.apply(record)
        return changes

    def open(self, priority: Priority = Priority.P3, **over: Any) -> Incident:
        """An incident opened by the engine now; ``over`` are fields of its body."""
        score = over.pop("score", LOWEST[priority])
        seen = DetectionRef("near_miss", self.now, "XW-1", 2, {"ttc_s": 1.2}, source="/device/radar-1")
        given: dict[str, Any] = {
            "kind": "near_miss", "domain": "road", "subject": "XW-1", "detections": (seen,), "place": HERE,
            "factors": (Factor("threat", score, "kind"),), "annunciated": priority < Priority.P4,
        }
        body = bodies.Opened(priority=priority, score=score, **{**given, **over})
        id = self.board.next_id(self.now)
        self.note([draft("incident.opened", id, self.now, body)])
        return self.get(id)

    def get(self, id: str) -> Incident:
        """The incident as it is."""
        incident = self.board.get(id)
        assert incident is not None
        return incident

    def ask(
        self, verb: str, id: str, by: str = "op1", revision: int | None = None, *,
        role: str = "operator", **args: Any
    ) -> list[Draft] | Refusal:
        """What the desk answers; nothing is noted."""
        self._commands += 1
        command = Command(f"c{self._commands}", verb, id, args, by, role, revision)
        return desk.decide(self.board, command, self.now, self.settings, self.places.get)

    def ask_hand(self, kind: str, place: Place | None = HERE, **args: Any) -> list[Draft]:
        """The records of an incident opened by hand."""
        drafts = desk.open_by_hand(self.board, {"kind": kind, **args}, "op1", self.now, place)
        assert not isinstance(drafts, Refusal), drafts
        return drafts

    def do(self, verb: str, id: str, by: str = "op1", revision: int | None = None, **args: Any) -> Incident:
        """A command that must be granted; the incident after it."""
        if verb == "escalate" and revision is None:
            revision = self.get(id).revision
        answer = self.ask(verb, id, by, revision, **args)
        assert not isinstance(answer, Refusal), answer
        self.note(answer)
        return self.get(id)

    def wait(self, seconds: float) -> list[Draft]:
        """Let time pass, and what is due by itself happen."""
        self.now += int(seconds * US)
        drafts = desk.tick(self.board, self.now, self.settings)
        self.board.advance(self.now)
        self.note(drafts)
        return drafts
