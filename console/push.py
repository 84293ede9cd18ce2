"""What changes by itself, from the loop to the screens: one delta a room, at once when idle, at most 20 a second.

`on_turn` runs on the loop thread and only puts the change aside; the push thread redacts, encodes and emits.
Snapshots and deltas are made under one lock, so a screen that joins misses nothing and hears nothing twice.
`emit(event, body, to)` is the seam: Socket.IO here, a bus when web processes are several.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from console import views
from console.devices import tally
from console.frames import Frames
from console.house import House, alarms
from console.matrix import Matrix
from console.paint import Paints
from console.rooms import SNAPSHOT_MAX, Encoder, Room, shown
from console.school import Counter
from stream.clock import monotonic
from stream.crisis import crises, weather
from stream.schema import Change, Incident, State

Emit = Callable[[str, Any, str], None]
STEPS = {"flush": 0.05, "move": 0.1, "beat": 1.0}  # what the push thread does, and the least seconds between two
FLUSH_MAX = 500  # changes of one delta: what a browser takes in without dropping frames
CALLING_MAX = 50  # of the head of the queue: urgent ones stand there
SCHOOLS = ("school", "board")
STAFF = ("operator", "supervisor")
PLAIN = ("admin", "auditor")
LOG = structlog.get_logger("push")


def homes(city: Any, area: str) -> int:
    """How many households lie in an area: a dong, a ward, or the whole city when it is no part of it."""
    parts = city.parts(area)
    return sum(1 for home in city.households.values() if parts is None or home.dong in parts)


def past_room(role: str) -> str:
    """The room of a role's screens that show the past."""
    return f"past:{role}"


def raw(body: Any) -> msgspec.Raw:
    """Encode once; Socket.IO passes it on as it is (and does not walk through it looking for bytes)."""
    return msgspec.Raw(msgspec.json.encode(body))


class Push:
    """The push thread and its rooms."""

    def __init__(self, house: House, matrix: Matrix, emit: Emit) -> None:
        self.house = house
        self.paints = Paints(house.clock.speed)
        self.frames = Frames(house.city, emit)
        self.schools = Counter(house)
        self._emit = emit
        procedures = {p["kind"]: p["id"] for p in house.procedures}
        encoder = self._encoder = Encoder(matrix, procedures)
        self._staff = {role for role in matrix.fields if matrix.may_do(role, "acknowledge")}
        self.rooms = {role: Room(role, house.board, encoder) for role in matrix.fields if role not in views.GUESTS}
        self._room_lock = threading.Lock()
        self._lock = threading.Lock()
        self._dirty: dict[str, tuple[Change, int]] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()
        self.faults = 0
        self.on_beat: list[Callable[[], None]] = []
        self.run_id = f"{house.clock.now():x}"

    def on_turn(self, turn: Any) -> None:
        """Hear a committed turn (loop thread): remember what changed, wake the push thread, return at once."""
        with self._lock:
            for change in turn.changes:
                self._dirty[change.id] = (change, turn.durable)
            waiting = bool(self._dirty)
        if self.frames.hear(turn) or waiting:
            self._wake.set()

    def start(self) -> None:
        """Begin pushing in a thread of its own."""
        threading.Thread(target=self._run, name="push", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._wake.set()

    def pause(self, seconds: float) -> bool:
        """Wait; True when the pushing has ended: for others who work beside it."""
        return self._stop.wait(seconds)

    def _run(self) -> None:
        due = dict.fromkeys(STEPS, monotonic())
        while not self._stop.is_set():
            wanted = {"flush": bool(self._dirty), "move": self.frames.waiting, "beat": True}
            self._wake.wait(max(0.0, min(due[name] for name, is_so in wanted.items() if is_so) - monotonic()))
            self._wake.clear()
            wanted |= {"flush": bool(self._dirty), "move": self.frames.waiting}
            for name, gap_s in STEPS.items():
                if wanted[name] and monotonic() >= due[name]:
                    due[name] = monotonic() + gap_s
                    self._safely(getattr(self, name))

    def _safely(self, step: Callable[[], None]) -> None:
        """One fault must not silence all screens: it is counted and logged, the next turn goes through."""
        try:
            step()
        except Exception:
            self.faults += 1
            LOG.exception("push.fault", step=step.__name__)

    def flush(self) -> None:
        """Send what has changed since the last flush to every room; of a flood the gravest first, the rest later."""
        with self._lock:
            dirty, self._dirty = self._dirty, {}
        if not dirty:
            return
        now, board = self.house.clock.now(), self.house.board
        changed = [(id, board.get(id) or change.incident) for id, (change, _) in dirty.items()]
        if len(changed) > FLUSH_MAX:
            changed.sort(key=lambda pair: pair[1].priority if pair[1] else 0)
            with self._lock:
                self._dirty = {id: dirty[id] for id, _ in changed[FLUSH_MAX:]} | self._dirty
            changed = changed[:FLUSH_MAX]
        durable = {id: at for id, (_, at) in dirty.items()}
        with self._room_lock:
            for room in self.rooms.values():
                self._delta(room, changed, durable, now)
            for id, incident in changed:
                if incident is None or not incident.is_open:
                    self._encoder.forget(id)

    def move(self) -> None:
        """Send where things have moved."""
        self.frames.flush(self.house.clock.now())

    def _delta(
        self, room: Room, changed: list[tuple[str, Incident | None]], durable: dict[str, int], now: int
    ) -> None:
        changes = room.changes(changed, now)
        if not changes:
            return
        pushed = views.ms(now)
        stamps = {
            id: {**{k: views.ms(at) for k, at in i.stamps.items()}, "durable": views.ms(durable[id]), "pushed": pushed}
            for id, i in changed if i is not None and i.stamps and views.may_see(i, room.role)
        }
        body = {"prev": room.seq, "seq": room.seq + 1, "now": pushed, "changes": changes, "stamps": stamps,
                "counts": room.counts(now)}
        room.seq += 1
        self._emit("delta", raw(body), room.name)

    def snapshot(
        self, role: str, join: Callable[[str], None], send: Callable[[dict[str, Any]], None], **who: Any
    ) -> None:
        """Join the role's room and send its snapshot as one step, so that no delta falls between."""
        now = self.house.clock.now()
        if role in SCHOOLS:
            join(f"zone:{who['scope']}")
            send(self._head(role, now, 0, who) | {"incidents": [], "school": self.schools.view(who["scope"])})
            return
        room = self.rooms.get(role)
        if room is None:  # admin, auditor: the beat, but no incident
            join(f"role:{role}")
            send(self._head(role, now, 0, who) | {"incidents": []})
            return
        with self._room_lock:
            rows = room.snapshot(now)
            join(room.name)
            send(self._head(role, now, room.seq, who) | {"incidents": rows, "counts": room.counts(now)})

    def past(self, board: Any, at: int, role: str, **who: Any) -> dict[str, Any]:
        """The snapshot of a past moment: what this role would have seen at ``at`` (µs)."""
        now = self.house.clock.now()
        rows = [self._encoder.once(i, role, at) for i in shown(board, role, at, SNAPSHOT_MAX)]
        return self._head(role, now, 0, who) | {
            "mode": "replay", "at": views.ms(at), "incidents": rows, "counts": views.counts(board.counts()),
            "crisis": self.crisis(board, at), "weather": self.weather(board, at), "calling": self.calling(role, now)}

    def calling(self, role: str, now: int) -> list[msgspec.Raw]:
        """What calls for a person now: whoever looks at the past must hear of it all the same."""
        urgent = (i for i in self.house.board.open(now, CALLING_MAX) if i.state == State.new and i.annunciated
                  and (i.priority == 1 or i.call > 1))
        return [row for i in urgent if (row := self._encoder.view(i, role, now)) is not None]

    def _head(self, role: str, now: int, seq: int, who: dict[str, Any]) -> dict[str, Any]:
        return {"run": self.run_id, "seq": seq, "now": views.ms(now), "build": self.house.build, "role": role,
                "mode": "live", "lang": who["lang"], "user": who["user"], "latency": self.paints.view(),
                "health": self.health(), "crisis": self.crisis(self.house.board, now), "shift": self.shift(role),
                "weather": self.weather(self.house.board, now)}

    def crisis(self, board: Any, now: int) -> list[dict[str, Any]]:
        """The heat and cold warnings that hold, with how many homes each covers."""
        return [
            {"value": one.value, "level": one.level, "area": one.area, "since_ms": views.ms(one.since),
             "until_ms": views.ms(one.until), "homes": homes(self.house.city, one.area)}
            for one in crises(board.context, board.begun, now)
        ]

    def weather(self, board: Any, now: int) -> list[dict[str, Any]]:
        """The other warnings of the weather that hold."""
        return [{"value": one.value, "level": one.level, "area": one.area, "until_ms": views.ms(one.until)}
                for one in weather(board.context, board.begun, now)]

    def shift(self, role: str) -> list[dict[str, str]]:
        """Hand-overs that wait for a second signature: from whom to whom; told to the control room alone."""
        waiting = list(self.house.board.shifts.waiting.values()) if role in self._staff else []
        return [{"id": one.id, "by": one.by, "to": one.to} for one in waiting]

    def health(self) -> dict[str, Any]:
        """What every screen may know of the machine: codes and numbers only."""
        stats = self.house.stats()
        faults = alarms(stats)
        figures = {name: stats.get(name, 0) for name in ("queue_age_ms", "shed", "quarantine")}
        return {"ok": not faults, "faults": faults, "simulated": self.house.simulated,
                "exercise": bool(self.house.settings.exercise), **figures}

    def beat(self) -> None:
        """The second's heartbeat to every room; first paints go to the journal; guests are looked at again."""
        now = self.house.clock.now()
        stats = self.house.stats()
        common = {"now": views.ms(now), "latency": self.paints.view(), "age_ms": stats.get("loop_age_ms", 0),
                  "sources": tally(self.house.city, self.house.board.devices, self.house.heard),
                  "health": self.health(),
                  "crisis": self.crisis(self.house.board, now), "weather": self.weather(self.house.board, now)}
        drill = views.drill(self.house.drills)
        with self._room_lock:
            for room in self.rooms.values():
                body = common | {"seq": room.seq, "counts": room.counts(now), "shift": self.shift(room.role)}
                order = room.order(now)
                body |= {"drill": drill} if room.role in STAFF else {}
                self._emit("beat", raw(body | {"order": order} if order is not None else body), room.name)
        for role in STAFF:
            body = {"now": views.ms(now), "incidents": self.calling(role, now)}
            self._emit("calling", raw(body), past_room(role))
        for role in PLAIN:
            self._emit("beat", raw(common | {"seq": 0}), f"role:{role}")
        for zone in self.schools.zones():
            self._emit("beat", raw(common | {"seq": 0, "school": self.schools.view(zone)}), f"zone:{zone}")
        self.frames.overview(i.place.site for i in self.house.board.open(now, 50) if i.place)
        if drafts := self.paints.take():
            self.house.note(drafts)
        for look in self.on_beat:
            self._safely(look)
