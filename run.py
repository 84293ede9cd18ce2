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

from console.environment import RUN, digest, fail
from console.options import options
from console.verbs import main

DAY = (7, 19)  # hours of Korean time in which the simulated city shows its own rhythm


def demo(words: list[str]) -> int:
    """``run.py``: the console with the built-in city, a simulated day and a simulated 112/119 desk."""
    from connectors.simulate.road import liveliest
    from console.demo import set_up

    house = Running(args := options(words, "demo"), simulated=True)
    told = set_up(house.people, house.folder, liveliest(house.city))
    house.begin(told.ingest_token, args)
    if args.json:
        print(json.dumps({"ready": True, "url": house.url, "ingest_token": told.ingest_token,
                          "accounts": told.accounts}), flush=True)
    else:
        rows = "\n".join(f"    {row['role']:12} {row['user']:12} {row['password']}" for row in told.accounts)
        print(f"\n  관제 (Gwanje) 모의 운영 (simulated): {house.url}\n\n{rows}\n\n    token for events: "
              f"{told.ingest_token}\n\n  Ctrl+C ends it.", flush=True)
    return house.wait()


def serve(words: list[str]) -> int:
    """``run.py serve --config FILE``: production. No demo accounts, no simulated day, no simulated desk."""
    args = options(words, "serve")
    house = Running(args, simulated=False)
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
    brings events, then the outbox, then the loop (which finishes what waits), then the rest.
    """

    def __init__(self, args: Any, simulated: bool) -> None:
        from cep.engine import Engine
        from cep.fuse import Fuse
        from cep.kernels import cold
        from cep.rules import load_rules
        from cep.ruling import changed
        from console import logs
        from console.daily import Daily
        from geo.city import load_city
        from stream.board import Board
        from stream.clock import Clock
        from stream.heard import hear
        from stream.intake import Intake
        from stream.journal import Journal
        from stream.kpi import Kpi
        from stream.pipeline import Pipeline
        from stream.places import store_url, vault_key, vault_url
        from stream.purge import purge
        from stream.ruling import Ruling
        from stream.secret import likeness_key
        from stream.settings import load
        from stream.store import open_store
        from stream.traffic import Traffic
        from stream.vault import Vault

        self.settings = s = load({k: getattr(args, k) for k in ("port", "data", "mqtt", "speed")}, file=args.config)
        logs.set_up(s.log_level)
        self.simulated, self.folder = simulated, Path(s.data).absolute()
        self.city: Any = load_city(s.city or None)
        self.rules = load_rules(s.rules or None)
        self.store = open_store(store_url(s))
        self.store.lock()
        self.clock = Clock(s.speed)
        self.vault = Vault(vault_url(s), vault_key(s), self.clock.now)
        self.engine, fuse = Engine(self.city, self.rules), Fuse(self.city, self.rules)
        if cold():
            print("compiling the rules' kernels for this processor (only once, it takes a while)", file=sys.stderr)
        self.engine.warm()
        self.kpi = Kpi(self._place, self.city.expected(), s.population)
        self.journal, self.traffic = Journal(self.store), Traffic(self.city.limit_kph)
        self.intake = Intake(s.intake_limit, s.turn_events, s.turn_ms / 1000)
        self.loop = Pipeline(
            self.store, self.journal, self.vault, Board(), self.clock, s, self.engine, fuse.decide,
            partial(hear, registered=lambda event: self.city.knows(event.source), key=likeness_key(self.vault),
                    count=self.traffic.hear), self._place, self._heard, intake=self.intake, rescore=fuse.rescore,
            ruling=Ruling(self.rules, changed, self.engine, (fuse,)))
        self.daily = Daily(partial(purge, self.store, self.vault, self.loop.quarantine, s), self.loop.note, self.clock)
        self.fresh = self.loop.recover(self._remember) == 0
        self.outbox: Any = None
        self.inputs, self.children = list[Any](), list[Any]()
        self._join(args.config)

    def _join(self, config: str | None) -> None:
        """The pages, given what they may touch of all this, and the way in that lives beside them."""
        from cep.procedures import load_procedures
        from cep.ruling import register
        from connectors.decode import decode
        from connectors.drill import Drills
        from connectors.http_in import blueprint
        from connectors.leash import first_line
        from connectors.line import Line
        from connectors.telling import Desk, preview, teller
        from console.app import make_app
        from console.house import House
        from console.words import say
        from replay.trial import Trials

        s, again = self.settings, partial(decode, far=self.city.far)
        self.line, korean = Line({}), partial(say, "ko")
        self.told = teller(Desk(s.node, korean("bar.city"), s.contact), korean, self.line.status, self.clock,
                           self.vault.open)
        self.drills = None if s.drill else Drills(self.store, self.folder, self.clock, s)
        trial = partial(first_line, "replay.trial", "--data", str(self.folder), "--config", config or "")
        house = House(
            board=self.loop.board, submit=self.loop.submit, open_by_hand=self.loop.open_by_hand, note=self.loop.note,
            listen=self.loop.listeners.append, journal=self.journal, store=self.store, vault=self.vault, city=self.city,
            kpi=self.kpi, quarantine=self.loop.quarantine, stats=self.stats, clock=self.clock, settings=s,
            data=self.folder, rules=lambda: register(self.loop.ruling.table), rule=self.loop.rule,
            procedures=load_procedures(), trials=None if s.drill else Trials(trial, self.clock.now),
            build=digest(RUN)[:12], simulated=self.simulated, resubmit=lambda id: self.loop.resubmit(id, again),
            report=partial(preview, told=self.told), drills=self.drills, heard=self.loop.numbers.last,
            blueprints=(blueprint(self.intake, self.clock, self._prefix, self.city.far),))
        self.app, _socketio = make_app(house)
        self.people = self.app.extensions["gwanje"]["accounts"]

    def _place(self, subject: str) -> Any:
        """Where a subject is: geo's word as the core's type."""
        import msgspec

        from stream.schema import Place

        found = self.city.place(subject)
        return msgspec.convert(found, Place, from_attributes=True) if found else None

    def _prefix(self, hashed: str) -> str | None:
        """Which sources a token may speak for; the accounts are made with the app, after the way in."""
        return self.people.prefix_of(hashed)

    def _remember(self, record: Any) -> None:
        """Each record of the journal, at the start."""
        self.kpi.apply(record)
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
        """Open the door: pages, loop, ways in, the way out, and in the demo the simulated city and agencies."""
        from connectors.mqtt import MqttIn
        from connectors.outbox import Outbox
        from connectors.redis_in import RedisIn
        from connectors.translators import open_translators
        from console.server import web_server
        from stream.bodies import Run
        from stream.kinds import draft
        from stream.settings import digest as settings_digest

        s = self.settings
        try:
            self.web = web_server(self.app, s.host, s.port)
        except (OSError, SystemExit) as taken:
            fail(f"port {s.port} on {s.host} can't be used ({taken}); name another by --port, or 0 for a free one", 2)
        self.url = f"http://{s.host}:{self.web.server_port}"
        now, expects = self.clock.now(), not (self.simulated and args.idle)
        if expects:
            self.loop.expect(now)
        run = Run(digest(RUN), self.loop.ruling.table.digest, settings_digest(s), self.city.digest, expects)
        self.loop.note([draft("run.started", s.node, now, run, "house")])
        self.thread = Thread(target=self.loop.run, name="loop", daemon=True)  # a start that fails must not hang on it
        self.thread.start()
        Thread(target=self.web.serve_forever, name="web", daemon=True).start()
        if s.mqtt:
            host, _, port = s.mqtt.rpartition(":")
            self.inputs.append(
                MqttIn(host, int(port), s.node, self.intake, self.clock, s, self.loop.note, self.city.far, self.fresh,
                       open_translators(s.devices, self.city.sites)))
        if s.redis:
            self.inputs.append(RedisIn(s.redis, s.node, self.intake, self.clock, self.city.far))
        for one in self.inputs:
            one.start()
        self.line.endpoints.update(self._agencies(token))
        self.outbox = Outbox(self.line, self.told, self.loop.note, self.loop.board, self.clock, s)
        self.outbox.start()
        self.daily.start()
        if self.simulated and not args.idle:
            self._simulate(token, args.storm)

    def _agencies(self, token: str) -> dict[str, Any]:
        """Where reports go: in the demo to the simulated desk, else to the addresses of the settings."""
        from connectors.leash import Child
        from connectors.line import Endpoint

        s = self.settings
        if not self.simulated:
            given = {"112": s.agency_112, "119": s.agency_119}
            return {name: Endpoint(url, profile=s.agency_profile) for name, url in given.items() if url}
        words = ["--callback", self.url, "--ledger", str(self.folder / "agency.db")]
        desk = Child("connectors.agency", *words, wait=True, GWANJE_TOKEN=token)
        self.children.append(desk)
        if not desk.says:
            fail("the simulated 112/119 desk did not start; what it said stands above", 1)
        return dict.fromkeys(("112", "119"), Endpoint(json.loads(desk.says)["url"], profile=s.agency_profile))

    def _simulate(self, token: str, storm: bool) -> None:
        """The simulated day: a program of its own that speaks only the contract; and who lives in its homes."""
        from connectors.leash import Child
        from connectors.simulate.people import people
        from stream.clock import format_kst

        for pseudonym, identity in people(self.city):
            if self.vault.identity(pseudonym) is None:
                self.vault.put_identity(pseudonym, identity)
        words = ["--url", self.url, "--speed", str(self.settings.speed), *(["--storm"] if storm else [])]
        hour = int(format_kst(self.clock.now())[11:13])
        words += [] if DAY[0] <= hour < DAY[1] else ["--from", "08:20"]  # at night the city sleeps: show its morning
        words += ["--city", self.settings.city] if self.settings.city else []
        self.children.append(Child("connectors.simulate", *words, GWANJE_TOKEN=token))

    def wait(self) -> int:
        """Until SIGTERM or SIGINT; then end in order."""
        asked = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        while not asked.wait(1.0) and self.thread.is_alive():
            pass
        fell = not asked.is_set()
        if self.drills is not None:
            self.drills.stop()
        for one in [self.daily, *self.children[1:], *self.inputs]:
            one.stop()
        self.outbox.stop()
        self.loop.note(self.traffic.rest(self.clock.now()))
        self.loop.stop()
        self.thread.join()
        self.web.shutdown()
        for child in self.children[:1]:
            child.stop()
        self.vault.close()
        self.store.close()
        return int(fell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
