"""A core and a web process on one store, moved by hand: the core's loop and relay, the web's remote, one bus."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from cep.ruling import changed
from stream.board import Board
from stream.bus import MemoryBus
from stream.pipeline import Turn
from stream.relay import Relay
from stream.remote import Remote
from stream.ruling import Ruling
from stream.schema import Command
from stream.store import open_store
from stream.vault import Vault
from tests.stream.loop import Loop, rules


class Two:
    """``loop`` and ``relay`` are the core's, ``remote`` is the web's; ``turns`` is what its listeners heard."""

    def __init__(self, store_url: str, folder: Path) -> None:
        self.loop, self.bus = Loop(store_url, folder), MemoryBus()
        self.again: list[int] = []
        self.relay = self.new_relay()
        self._store = open_store(store_url)
        self._vault = Vault(f"sqlite:///{folder}/vault.db", folder / "vault.key", self.loop.clock.now)
        self.turns: list[Turn] = []
        self.remote = Remote(self._store, self._vault, Board(), self.loop.clock, self.bus,  # type: ignore[arg-type]
                             Ruling(rules(), changed), self.turns.append)
        self.remote.recover(lambda record: None)

    def new_relay(self) -> Relay:
        """The relay of a core that has just started."""
        return Relay(self.loop.store, self.loop.pipeline, self.loop.clock, self.bus,  # type: ignore[arg-type]
                     self.loop.pipeline.stats, lambda id: not self.again.append(id))

    def command(self, verb: str, incident: str, id: str = "c1", **args: Any) -> Future[Any]:
        """Asked at the web's side, of the incident as it is seen there."""
        seen = self.remote.board.get(incident)
        return self.remote.submit(Command(id, verb, incident, args, "op1", "operator", seen and seen.revision))

    def round(self) -> None:
        """The core takes what is asked, its loop turns, the answers go back."""
        self.relay.step()
        self.loop.pipeline.turn([])
        self.relay.step()
        self.remote.step()

    def close(self) -> None:
        """Let go."""
        self._vault.close()
        self._store.close()
        self.loop.close()
