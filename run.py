#!/usr/bin/env python3
"""관제 (Gwanje): the one command.

    python3 run.py            the console with the built-in city and a simulated day
    python3 run.py test       every test
    python3 run.py --help     all verbs

``console/verbs.py`` finds the function that a verb names, in the project's own environment, which
``console/environment.py`` makes. Here the parts of the console are made and joined: the only place that knows them all.
"""

from __future__ import annotations

import json
import signal
import sys
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from console.environment import RUN, digest
from console.options import options
from console.verbs import main


def demo(words: list[str]) -> int:
    """``run.py``: the console with the built-in city, a simulated day and a simulated 112/119 desk."""
    from connectors.simulate.road import liveliest
    from console.demo import ready, set_up, welcome

    args = options(words, "demo")
    house = Running(args, simulated=True, role="all")
    told = set_up(house.people, house.folder, liveliest(house.city))
    house.begin(told.ingest_token, args)
    print(ready(house.url, told) if args.json else welcome(house.url, told), flush=True)
    return house.wait()


def serve(words: list[str]) -> int:
    """``run.py serve --config FILE``: production. No demo accounts, no simulated day, no simulated desk."""
    args = options(words, "serve")
    house = Running(args, simulated=False, role=args.role)
    house.begin("", args)
    if args.json:
        print(json.dumps({"ready": True, "url": house.url}), flush=True)
    else:
        print(f"관제 (Gwanje): {house.url}", flush=True)
    return house.wait()


def rerun(words: list[str]) -> int:
    """``run.py rerun``: the re-run is handed the reader of recorded files, which it may not know."""
    from connectors.files import load_events
    from replay.rerun import main

    return main(words, load_events)


def backtest(words: list[str]) -> int:
    """``run.py backtest``, likewise."""
    from connectors.files import load_events
    from replay.backtest import main

    return main(words, load_events)


class Running:
    """One console, from its settings to its threads and helper programs; ``begin`` opens the door, ``wait`` ends it.

    Made in the order in which things need each other; ended so that nothing acknowledged or sent is cut off: first who
    brings events, then the outbox, then the loop (which finishes what waits), then the rest. ``role``: all of it in one
    process, or the core alone (it takes events, decides, reports), or the web alone (pages; it asks the core).
    """

    def __init__(self, args: Any, simulated: bool, role: str) -> None:
        from cep.rules import load_rules
        from console import logs
        from geo.city import load_city
        from stream.bus import MemoryBus, RedisBus
        from stream.clock import Clock
        from stream.kpi import Kpi
        from stream.places import store_url, vault_key, vault_url
        from stream.settings import load
        from stream.store import open_store
        from stream.vault import Vault

        self.settings = s = load({k: getattr(args, k) for k in ("port", "data", "mqtt", "speed")}, file=args.config)
        logs.set_up(s.log_level)
        self.simulated, self.folder, self.role = simulated, Path(s.data).absolute(), role
        self.city: Any = load_city(s.city or None)
        self.rules = load_rules(s.rules or None)
        self.store = open_store(store_url(s))
        if role != "web":
            self.store.lock()
        self.clock = Clock(s.speed)
        self.vault = Vault(vault_url(s), vault_key(s), self.clock.now)
        self.kpi = Kpi(self._place, self.city.expected(), s.population, lambda source: int(self.numbers.last(source)))
        self.bus = RedisBus(s.redis) if s.redis and role != "all" else MemoryBus()
        self.outbox: Any = None
        self.inputs, self.children, self.beside = list[Any](), list[Any](), list[Any]()
        self.loop: Any = self._remote() if role == "web" else self._pipeline()
        self.fresh = self.loop.recover(self._remember) == 0
        self._join(args.config)

    def _pipeline(self) -> Any:
        """The loop with its engine, and what runs beside it."""
        from cep.engine import Engine
        from cep.fuse import Fuse
        from cep.kernels import cold
        from cep.ruling import changed
        from console.daily import Daily
        from stream.board import Board
        from stream.heard import hear
        from stream.intake import Intake
        from stream.journal import Journal
        from stream.pipeline import Pipeline
        from stream.purge import purge
        from stream.relay import Relay
        from stream.ruling import Ruling
        from stream.secret import likeness_key
        from stream.traffic import Traffic

        s = self.settings
        self.engine, fuse = Engine(self.city, self.rules), Fuse(self.city, self.rules)
        if cold():
            print("compiling the rules' kernels for this processor (only once, it takes a while)", file=sys.stderr)
        self.engine.warm()
        self.traffic = Traffic(self.city.limit_kph)
        self.intake = Intake(s.intake_limit, s.turn_events, s.turn_ms / 1000)
        loop = Pipeline(
            self.store, Journal(self.store), self.vault, Board(), self.clock, s, self.engine, fuse.decide,
            partial(hear, registered=lambda event: self.city.knows(event.source), key=likeness_key(self.vault),
                    count=self.traffic.hear, dong=self.city.wards.named), self._place, self._heard, intake=self.intake,
            rescore=fuse.rescore, ruling=Ruling(self.rules, changed, self.engine, (fuse,)))
        self.daily = Daily(partial(purge, self.store, self.vault, loop.quarantine, s), loop.note, self.clock)
        self.beside.append(self.daily)
        if self.role == "core":
            self.beside.append(Relay(self.store, loop, self.clock, self.bus, self.stats, self._again))
        return loop

    def _remote(self) -> Any:
        """The core as this web process sees it."""
        from cep.ruling import changed
        from stream.board import Board
        from stream.remote import Remote
        from stream.ruling import Ruling

        return Remote(self.store, self.vault, Board(), self.clock, self.bus, Ruling(self.rules, changed), self._heard)

    def _again(self, id: int) -> bool:
        """Hand a quarantined message in once more."""
        from connectors.decode import decode

        return bool(self.loop.resubmit(id, partial(decode, far=self.city.far)))

    def _join(self, config: str | None) -> None:
        """The pages, given what they may touch of all this, and the way in that lives beside them."""
        from cep.procedures import load_procedures
        from cep.ruling import register
        from connectors.drill import Drills
        from connectors.http_in import blueprint
        from connectors.line import Line
        from connectors.stage import trial
        from connectors.telling import Desk, preview, teller
        from console.app import make_app
        from console.doors import core_only
        from console.house import House
        from console.words import say
        from replay.trial import Trials
        from stream.journal import Reader

        s, loop, web, korean = self.settings, self.loop, self.role == "web", partial(say, "ko")
        self.numbers, self.line = loop if web else loop.numbers, Line({})
        self.told = teller(Desk(s.node, korean("bar.city"), s.contact), korean, self.line.status, self.clock,
                           self.vault.open)
        self.drills = None if s.drill else Drills(self.store, self.folder, self.clock, s)
        ways = [] if web else [blueprint(self.intake, self.clock, self._prefix, self.city.far)]
        house = House(
            board=loop.board, submit=loop.submit, open_by_hand=loop.open_by_hand, note=loop.note,
            listen=loop.listeners.append, journal=Reader(self.store), store=self.store, vault=self.vault,
            city=self.city, kpi=self.kpi, quarantine=loop.quarantine, clock=self.clock, settings=s,
            data=self.folder, rules=lambda: register(loop.ruling.table), rule=loop.rule,
            procedures=load_procedures(), build=digest(RUN)[:12], simulated=self.simulated, resubmit=self._again,
            trials=None if s.drill else Trials(self.store, trial(self.folder, config), self.clock.now),
            report=partial(preview, told=self.told), drills=self.drills, stats=loop.stats if web else self.stats,
            heard=self.numbers.last, blueprints=tuple(ways))
        self.app, _socketio = make_app(house)
        self.people = self.app.extensions["gwanje"]["accounts"]
        if self.role == "core":
            core_only(self.app)

    def _place(self, subject: str) -> Any:
        """Where a subject is: geo's word as the core's type."""
        from stream.schema import place_of

        return place_of(self.city.place(subject))

    def _prefix(self, hashed: str) -> str | None:
        """Which sources a token may speak for; the accounts are made with the app, after the way in."""
        return self.people.prefix_of(hashed)

    def _remember(self, record: Any) -> None:
        """Each record of the journal, at the start."""
        self.kpi.apply(record)
        if self.role != "web":
            self.daily.hear(record)

    def _heard(self, turn: Any) -> None:
        """After each commit, on the loop's thread."""
        for record in turn.records:
            self.kpi.apply(record)
        if self.outbox is not None and self.loop.board.moving:
            self.outbox.wake()

    def stats(self) -> dict[str, Any]:
        """Health of the parts (docs/console.md, section 6)."""
        inputs = [one.health() for one in self.inputs]
        due = [found[1].send_at for key in list(self.loop.board.moving)
               if (found := self.loop.board.report(key)) and found[1].state == "requested"]
        stats = self.loop.stats()
        behind = max([stats["queue_age_ms"], *(one.get("lag_ms", 0) for one in inputs)])  # what the broker still holds
        return {**stats, **self.engine.counters(), "queue_age_ms": behind, "broker": all(one["ok"] for one in inputs),
                "outbox_age_ms": max(0, self.clock.now() - min(due)) // 1000 if due else 0,
                "children": [child.ended is None for child in self.children]}

    def begin(self, token: str, args: Any) -> None:
        """Open the door: pages, loop, and what this role has beside them."""
        from connectors.stage import given
        from console.server import open_server

        s = self.settings
        self.web = open_server(self.app, s.host, s.port)
        self.url = f"http://{s.host}:{self.web.server_port}"
        if self.role != "web":
            self._began(not (self.simulated and args.idle))
        self.thread = Thread(target=self.loop.run, name="loop", daemon=True)  # a start that fails must not hang on it
        self.thread.start()
        Thread(target=self.web.serve_forever, name="web", daemon=True).start()
        self.line.endpoints.update(given(s))
        if self.role != "web":
            self._open(token, args)

    def _began(self, expects: bool) -> None:
        """The first record of a run: by what program, rules, settings and city it decides."""
        from stream.bodies import Run
        from stream.kinds import draft
        from stream.settings import digest as settings_digest

        now = self.clock.now()
        if expects:
            self.loop.expect(now)
        run = Run(digest(RUN), self.loop.ruling.table.digest, settings_digest(self.settings), self.city.digest, expects)
        self.loop.note([draft("run.started", self.settings.node, now, run, "house")])

    def _open(self, token: str, args: Any) -> None:
        """Ways in, the way out, and in the demo the simulated city and agencies."""
        from connectors import stage
        from connectors.outbox import Outbox
        from connectors.ways import ways

        s = self.settings
        self.inputs = ways(s, self.city, self.intake, self.clock, self.loop.note, self.fresh)
        if self.simulated:
            desk, ends = stage.desk(self.url, self.folder, token, s.agency_profile)
            self.children.append(desk)
            self.line.endpoints.update(ends)
        self.outbox = Outbox(self.line, self.told, self.loop.note, self.loop.board, self.clock, s)
        for one in (*self.inputs, self.outbox, *self.beside):
            one.start()
        if self.simulated and not args.idle:
            self.children.append(stage.day(self.url, self.city, self.vault, s, self.clock.now(), token, args.storm))

    def wait(self) -> int:
        """Until SIGTERM or SIGINT; then end in order."""
        asked = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        while not asked.wait(1.0) and self.thread.is_alive():
            pass
        if self.drills is not None:
            self.drills.stop()
        for one in [*self.beside, *self.children[1:], *self.inputs]:
            one.stop()
        if self.role != "web":
            self.outbox.stop()
            self.loop.note(self.traffic.rest(self.clock.now()))
        self.loop.stop()
        self.thread.join()
        self.web.shutdown()
        for child in self.children[:1]:
            child.stop()
        self.bus.close()
        self.vault.close()
        self.store.close()
        return int(not asked.is_set())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
