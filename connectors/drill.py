"""A drill: a console of its own, with its own store, engine and simulated desk, where a story happens to somebody.

The console that people work with is not touched: it starts another program on another port and copies into its empty
store who may come in (the operator and the supervisor, with their open sessions, so that nobody signs in twice). That
program knows no broker, no other store and no agency's address: it has none of this console's settings, so nothing can
leave it but an exercise to the simulated desk it brings along. When the time is over the operator's account is shut in
it; the supervisor stays for the look back.

``python -m connectors.drill --url URL --story NAME`` tells the story's events to a console (token: GWANJE_TOKEN).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import shutil
import threading
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert, select, update

from connectors.leash import Child
from stream import tables
from stream.clock import Clock, format_kst
from stream.places import store_url
from stream.schema import US, SourceError
from stream.settings import Settings
from stream.store import Store, open_store

FOLDER = Path(__file__).parent / "drills"
MINUTES = (5, 240)
COPIED = (tables.accounts, tables.sessions)
SECRET = "session.key"


class State(msgspec.Struct, frozen=True):
    """What goes on: the story, for whom, by whom, on which port, until when (µs), and whether it is over."""

    story: str
    who: str
    by: str
    port: int
    until: int
    over: bool = False


def stories() -> dict[str, Path]:
    """The stories that ship, by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.toml"))}


def acts(told: dict[str, Any]) -> Iterator[tuple[float, dict[str, Any]]]:
    """(seconds after the start, type, source and data) of each event of a story, as they stand."""
    for row in told.get("events", ()):
        yield row["at"], {key: row[key] for key in ("type", "source", "data")}
    for row in told.get("frames", ()):
        hz = row.get("hz", 10)
        for n in range(round((row["until"] - row["at"]) * hz) + 1):
            s = n / hz
            moved = [{**o, "x": o["x"] + o["vx"] * s, "y": o["y"] + o["vy"] * s} for o in row["objects"]]
            data = {"site": row["site"], "objects": moved}
            yield row["at"] + s, {"type": "city.road.frame", "source": row["source"], "data": data}


def tell(story: Path, send: Callable[[bytes], None], clock: Any) -> None:
    """Send a story's events, each at its moment by the clock."""
    begun = clock.now()
    rows = sorted(acts(tomllib.loads(story.read_text("utf-8"))), key=lambda act: act[0])
    for n, (s, said) in enumerate(rows):
        clock.sleep_until(begun + round(s * US))
        at = format_kst(clock.now())
        send(json.dumps({"specversion": "1.0", "id": f"{begun}-{n}", "time": at, **said}).encode())


class Drills:
    """Starts and ends drills, one at a time. ``spawn(folder, port, **settings)`` starts a console, the test seam."""

    def __init__(self, store: Store, data: Path, clock: Clock, settings: Settings,
                 spawn: Callable[..., Any] | None = None) -> None:
        self._store, self._data, self._clock, self._settings = store, data, clock, settings
        self._spawn = spawn or console
        self._lock = threading.Lock()
        self._parts: list[Any] = []
        self._timer: threading.Timer | None = None
        self._folder = data / "drill"
        self.state: State | None = None
        self.heard: Callable[[str, State], None] = lambda code, state: None  # told what happened: begun, ended, closed

    stories = staticmethod(stories)

    def start(self, story: str, who: str, by: str, minutes: float) -> State:
        """Begin; SourceError when one runs, there is no such story or person, or the console did not start."""
        if story not in stories() or not MINUTES[0] <= minutes <= MINUTES[1]:
            raise SourceError("bad_args", "story, minutes")
        with self._lock:
            if self.state is not None and not self.state.over:
                raise SourceError("drill_runs", self.state.story)
            self._close()
            token = self._prepare(who, by)
            s = self._settings
            child = self._spawn(self._folder, s.drill_port, GWANJE_DRILL=story, GWANJE_HOST=s.host,
                                GWANJE_CITY=s.city, GWANJE_RULES=s.rules, GWANJE_CONTACT=s.contact)
            self._parts = [child]
            if not child.says:
                self._close()
                raise SourceError("drill_failed", story)
            url = json.loads(child.says)["url"]
            self._parts.insert(0, Child("connectors.drill", "--url", url, "--story", story, plain=True,
                                        GWANJE_TOKEN=token))
            until = self._clock.now() + round(minutes * 60 * US)
            self.state = State(story, who, by, int(url.rpartition(":")[2]), until)
            self._timer = threading.Timer(minutes * 60, self.end)
            self._timer.daemon = True
            self._timer.start()
            self.heard("begun", self.state)
            return self.state

    def end(self) -> None:
        """End the story and the operator's part; a drill that is over is closed, with its console."""
        with self._lock:
            if self.state is None:
                return
            if self.state.over:
                return self._close()
            self._parts[0].stop()
            self._shut(self.state.who)
            self.state = msgspec.structs.replace(self.state, over=True)
            self.heard("ended", self.state)

    def stop(self) -> None:
        """End everything: the console that started it ends."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for part in self._parts:
            part.stop()
        self._parts, self.state, self._timer = [], None, None

    def _prepare(self, who: str, by: str) -> str:
        """An empty store with who may come in; the token with which events are told."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True)
        rows: dict[str, list[dict[str, Any]]] = {}
        with self._store.read() as conn:
            for table in COPIED:
                found = conn.execute(select(table).where(table.c.user.in_([who, by]))).mappings()
                rows[table.name] = [dict(row) for row in found]
        if {row["user"] for row in rows["accounts"] if not row["disabled"]} != {who, by} or who == by:
            raise SourceError("unknown_person", who)
        token = secrets.token_urlsafe(32)
        there = self._open()
        with there.begin() as conn:
            for table in COPIED:
                if rows[table.name]:
                    conn.execute(insert(table), rows[table.name])
            hashed = hashlib.sha256(token.encode()).hexdigest()
            conn.execute(insert(tables.tokens).values(hash=hashed, name="drill", kind="device", prefix="/"))
        there.close()
        shutil.copyfile(self._data / SECRET, self._folder / SECRET)
        (self._folder / SECRET).chmod(0o600)
        (self._folder / "demo.json").write_text(json.dumps({"ingest_token": token, "accounts": []}))
        (self._folder / "demo.json").chmod(0o600)
        return token

    def _shut(self, who: str) -> None:
        there = self._open()
        with there.begin() as conn:
            conn.execute(update(tables.accounts).where(tables.accounts.c.user == who).values(disabled=True))
        there.close()

    def _open(self) -> Store:
        return open_store(store_url(Settings(data=str(self._folder))))


def console(folder: Path, port: int, **settings: str) -> Child:
    """A console on an empty folder, with no settings of this one but those given, and no simulated day."""
    words = ("--idle", "--json", "--data", str(folder), "--port", str(port))
    return Child("run", *words, wait=True, plain=True, **{k: v for k, v in settings.items() if v})


def main() -> None:
    """Tell a story to a console."""
    p = argparse.ArgumentParser("connectors.drill")
    p.add_argument("--url", required=True)
    p.add_argument("--story", required=True, choices=stories())
    args = p.parse_args()
    headers = {"Authorization": f"Bearer {os.environ['GWANJE_TOKEN']}", "Content-Type": "application/cloudevents+json"}

    def send(body: bytes) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{args.url}/api/v1/events", body, headers), timeout=30).close()

    tell(stories()[args.story], send, Clock())


if __name__ == "__main__":
    main()
