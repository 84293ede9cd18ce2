"""A whole loop for tests: real store, vault, engine, fusing; a clock turned by hand; turns made one by one."""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import load_rules
from cep.ruling import changed
from geo.city import load_city
from stream.board import Board
from stream.clock import ManualClock
from stream.heard import hear
from stream.intake import Arrival, Intake, Outcome
from stream.journal import Journal
from stream.pipeline import Pipeline, Turn
from stream.ruling import Ruled, Ruling
from stream.schema import Command, Event, Quarantined
from stream.settings import Settings
from stream.store import Store, open_store
from stream.vault import Vault
from tests.stream.makers import T0

city, rules = cache(load_city), cache(load_rules)


class Loop:
    """A pipeline on a store, and lists of what it told. ``again`` is a restart after a kill."""

    def __init__(self, store_url: str, folder: Path, settings: Settings | None = None, engine: Any = None,
                 fuse: Any = None, at: int = T0) -> None:
        self.store_url, self.folder, self.settings = store_url, folder, settings or Settings(gap_list_s=0)
        self.clock = ManualClock(at)
        self.store: Store = open_store(store_url)
        self.store.lock()
        self.vault = Vault(f"sqlite:///{folder}/vault.db", folder / "vault.key", self.clock.now)
        self.board = Board()
        self.intake = Intake(self.settings.intake_limit, least_s=0)
        self.turns: list[Turn] = []
        self.told: list[Outcome] = []
        self.engine: Any = engine or Engine(city(), rules())
        fusing = Fuse(city(), rules())
        ruling = None if engine else Ruling(rules(), changed, self.engine, (fusing,))
        self.pipeline = Pipeline(
            self.store, Journal(self.store), self.vault, self.board, self.clock, self.settings,  # type: ignore[arg-type]
            self.engine, fuse or fusing.decide, hear, None, self.turns.append, intake=self.intake,
            ruling=ruling)
        self.recovered: list[str] = []  # kinds of the records that were there
        self.pipeline.recover(lambda record: self.recovered.append(record.kind))

    def arrive(self, *events: Event, aside: tuple[Quarantined, ...] = ()) -> Arrival:
        """One message with these events."""
        return Arrival(list(events), list(aside), self.told.append)

    def turn(self, *events: Event, aside: tuple[Quarantined, ...] = (), each: bool = False) -> Outcome:
        """One turn with one message (``each``: a message an event); the answer is the last outcome that was told."""
        groups = [self.arrive(e) for e in events] if each else [self.arrive(*events, aside=aside)]
        self.pipeline.turn(groups if events or aside else [])
        return self.told[-1] if self.told else Outcome()

    def tick(self, us: int) -> None:
        """Let time pass, and make the turn that is due."""
        self.clock.advance(us)
        self.pipeline.turn([])

    def ask(self, verb: str, incident: str, id: str, **args: Any) -> Any:
        """Have a command done now, as an operator."""
        revision = args.pop("revision", None)
        wanted = self.pipeline.submit(Command(id, verb, incident, args, "op1", "operator", revision))
        self.pipeline.turn([])
        return wanted.result(0) if wanted.done() else None

    def rule(self, verb: str, by: str, **args: Any) -> Any:
        """Have something asked about the rules now; the record of it, or a Refusal."""
        wanted = self.pipeline.rule(Ruled(verb, args, by))
        self.pipeline.turn([])
        answer = wanted.result(0)
        return answer[0] if isinstance(answer, list) else answer

    def queue(self) -> list[tuple[str, str, int, int]]:
        """The open queue as others see it."""
        return [(i.id, i.state, i.priority, i.score) for i in self.board.open(self.clock.now())]

    def close(self) -> None:
        """Let go of everything, as a clean stop or a kill would."""
        self.store.close()
        self.vault.close()

    def again(self, **more: Any) -> "Loop":
        """The next process on the same data, without a farewell of this one."""
        self.close()
        return Loop(self.store_url, self.folder, self.settings, at=self.clock.now(), **more)


class FullDisk:
    """A SQLite store that has no room from now on, however often the writer connects anew, until ``make_room``."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.pages = (loop.folder / "store.db").stat().st_size // 4096
        event.listen(loop.store._write_engine, "connect", self._limit)
        loop.store._drop_writer()

    def _limit(self, dbapi: Any, _record: Any) -> None:
        dbapi.execute(f"PRAGMA max_page_count={self.pages}").fetchall()

    def make_room(self) -> None:
        """There is room again, and the next turn tries at once."""
        event.remove(self.loop.store._write_engine, "connect", self._limit)
        self.loop.store._drop_writer()
        self.loop.pipeline.keeper._retry_at = 0.0
