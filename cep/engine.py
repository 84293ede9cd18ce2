"""The engine: a batch of events in, what the rules conclude out.

``step`` is a pure function of the memory, the events and ``now``: no clock, no random, no set order. Kernels walk the
batch's columns, two over frames and signals, one over single events and timers, one over events that follow one
another, where rules ask for it; what they find is put in the order
of the events (a timer before the event that it came due before), told as ``Detection``, and counted for chatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cep import checkpoint
from cep.chatter import Chatter
from cep.codes import ACTIVITY, FRAME, KIND, class_table
from cep.encode import MAX_OBJECTS, ROW, Encoder
from cep.encroach import Encroach, encroachments
from cep.evidence import Teller
from cep.follow import compile_follow
from cep.kernels import Direct
from cep.kernels.care import judge_events
from cep.kernels.follow import judge_follow
from cep.kernels.judge import judge
from cep.kernels.pick import in_order
from cep.kernels.road import judge_road
from cep.kernels.street import judge_street
from cep.kernels.timers import arm, push
from cep.looks import compile_looks, found_room, room_for
from cep.memory import Memory
from cep.rules import RuleTable
from cep.ruling import carry_chatter, carry_counts, carry_paths, carry_timers
from cep.state import FOUND
from cep.street import compile_street
from cep.table import compile_rules
from cep.watch import Saved, Seen, Watch
from cep.when import Gate, Heard
from stream.schema import CareAlarm, CareReading, Detection, Event, RoadFrame, RoadObject, RoadSignal

FAR_FUTURE, FAR_PAST = 1 << 61, -(1 << 61)
CLASSES, DERIVED = class_table(), KIND[ACTIVITY]  # from ``DERIVED`` on: kinds that are told of others
JUDGE, ORDER, EVENTS, FOLLOW = map(Direct, (judge, in_order, judge_events, judge_follow))
ROAD, STREET = map(Direct, (judge_road, judge_street))


def warm_up_events() -> list[Event]:
    """A frame of two who are about to meet, twice, a reading and an alarm."""
    car = RoadObject(1, "vehicle", 0.0, 0.0, 5.0, 0.0)
    child = RoadObject("a", "child", 3.0, 0.0, 0.0, 0.0)
    data = [
        ("city.road.signal", RoadSignal("S", "red", "walk")),
        ("city.road.frame", RoadFrame("S", [car, child])),
        ("city.road.frame", RoadFrame("S", [car, child])),
        ("city.care.reading", CareReading("H", "pir", True)),
        ("city.care.alarm", CareAlarm("H", "fall")),
    ]
    return [Event(str(n), "/system/warm", type_, n, "", one, None, n, n) for n, (type_, one) in enumerate(data)]


# What was found is moved as bytes: field by field numpy takes ten times as long.


def as_found(data: bytes) -> np.ndarray:
    """These bytes as FOUND, to be kept and changed."""
    return np.frombuffer(bytearray(data), FOUND)


def in_row_order(parts: Sequence[bytes]) -> np.ndarray:
    """All of these in the order of the events, what a timer found before a row in front of it."""
    found = as_found(b"".join(parts))
    out = as_found(bytes(found.nbytes))
    ORDER.call(found, np.empty(len(found), np.int64), out)
    return out


class Engine:
    """All rules over one memory. ``city`` gives limits, stop lines and how often sources are expected."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city = city
        self._out, self._street_out = np.zeros(1024, FOUND), np.zeros(16384, FOUND)
        self._persons = np.zeros(MAX_OBJECTS, np.int64)
        self.begin(rules)

    def begin(self, rules: RuleTable) -> None:
        """Begin with these rules and an empty memory."""
        self.rules = rules
        self.arrays, self.follow_rules = compile_rules(rules), compile_follow(rules)
        self.street_rules = compile_street(rules)
        self._looks, self._parts = compile_looks(self.arrays, self.follow_rules), self.arrays.parts()
        self._street_rules = sum(map(len, self.street_rules))
        self._room = room_for(4096, len(self._out))
        self._gap = int(self.arrays.pairs["gap"].max(initial=0))
        paths, watched = encroachments(rules.of("encroachment"), self.city), Watch(self.city, rules).save()
        memory = Memory(self.city, self.arrays, self.follow_rules, self.street_rules)
        self._start(memory, Chatter(rules), [], paths, watched)

    def _start(
        self, memory: Memory, chatter: Chatter, heard: Heard, paths: tuple[Encroach, ...], watched: Saved
    ) -> None:
        self.memory, self.chatter, self.paths = memory, chatter, paths
        memory.followers = paths
        self.gate = Gate(self.city, [rule.when for rule in self.rules.rules])
        self.gate.load(heard)
        self.watch = Watch(self.city, self.rules)
        self.watch.load(watched)
        self._encoder = Encoder(memory, self.city.limit_kph)
        self._teller = Teller(memory, self.rules)

    def use(self, rules: RuleTable, now: int) -> None:
        """Judge by the thresholds of this table from ``now`` on (``cep/ruling.py``): the same rules, the same memory.

        Compiles nothing. The order of calls and their ``now`` decide, so a re-run that does the same finds the same.
        """
        arrays, follow = compile_rules(rules), compile_follow(rules)
        carry_timers(self.memory, self.arrays, arrays, now)
        carry_counts(self.memory, self.follow_rules, follow)
        paths = carry_paths(self.memory, self.paths, rules, self.city)
        self.rules, self.arrays, self.follow_rules = rules, arrays, follow
        self.street_rules = compile_street(rules)
        self._looks, self._parts = compile_looks(arrays, follow), arrays.parts()
        self._gap = int(arrays.pairs["gap"].max(initial=0))
        self._start(self.memory, carry_chatter(self.chatter, rules), self.gate.save(), paths, self.watch.save())

    def step(self, events: Sequence[Event], now: int | None = None) -> list[Detection]:
        """Detections of these events in their order, timers due before an event first, then those due by ``now``.

        Without ``now`` only the events' own times drive the timers, so a stream may be cut into steps anywhere; a step
        with the moment of the end closes it. With ``now`` (live) no reading counts for a later moment than that.
        """
        if self.memory.sweep():
            self.chatter.forget(self.memory.clock)
        if now is not None:
            self.memory.clock = max(self.memory.clock, now)
        rows, objects = self._encoder.encode(events)
        names, watched = self.memory.entities.names, self.watch.hear(events)
        found, seen = self.gate.sift(self.find(rows, objects, now), watched, rows, events, names)
        detections: list[Detection] = []
        for one in found:
            while seen and seen[0][0] < one["row"]:
                self._say(self._watched(*seen.pop(0), events), detections)
            self._say(self._teller.tell(one, events), detections)
        for n, concluded in seen:
            self._say(self._watched(n, concluded, events), detections)
        return detections

    def _say(self, detection: Detection, detections: list[Detection]) -> None:
        detections.append(detection)
        detections += self.chatter.hear(detection)

    def _watched(self, n: int, seen: Seen, events: Sequence[Event]) -> Detection:
        rule, evidence = self.rules.rules[seen.rule], {"source": events[n].source} | seen.evidence
        return self._teller.detection(rule, events[n].at, seen.subject, rule.severity, evidence)

    def find(self, rows: np.ndarray, objects: np.ndarray, now: int | None) -> np.ndarray:
        """What the kernels find in these columns, in order (``state.FOUND``)."""
        if len(rows) > self._room.picks.shape[1]:
            self._room = room_for(2 * len(rows), len(self._out))
        top, last = (FAR_FUTURE, FAR_PAST) if now is None else (now, now)
        memory, room = self.memory, self._room
        n, care, follow, used, *come = JUDGE.call(
            rows, top, last, self._looks, DERIVED, memory.care, self._parts[0], memory.follow, self.follow_rules,
            room, self._out,
        )  # fmt: skip
        parts = [room.tidy[:used].tobytes()]
        if come[1] <= len(rows) or come[2] < len(self.follow_rules.kinds):
            parts += self._the_rest(rows, care, follow, used, last, *come)
        if n:
            picked = room.picks[0, :n]
            parts += self._road(picked, rows, objects) + self._street(picked, rows, objects)
            for one in self.paths:
                found = one.judge(picked, rows, objects, CLASSES, memory.entities.names)
                parts += [part.tobytes() for part in found]
        return in_row_order(parts) if len(parts) > 1 else as_found(parts[0])

    def _the_rest(
        self, rows: np.ndarray, care: int, follow: int, used: int, last: int, done: int, at: int, k: int, place: int
    ) -> list[bytes]:
        """What the one call had no room for: first single events and timers, then what follows."""
        a, room, parts = self.arrays, self._room, []
        picked, latest, times = room.picks[1, :care], room.picks[4, :care], room.picks[3, : len(rows)]
        most = len(a.visits) + len(a.silences) + len(a.rhythms) + 1
        while at <= len(rows):
            if used + most > len(self._out):
                self._widen(len(self._out))
            self.memory.more_timers(most + 2 * (len(picked) - done))
            mine = (self.memory.care, self._parts[0], self._looks, DERIVED, self._out)
            done, at, used = EVENTS.call(picked, done, at, last, rows, times, latest, *mine)
            parts.append(self._out[:used].tobytes())
        rules = self.follow_rules
        while k < len(rules.kinds):
            kept = (self.memory.follow, rules, self._room, self._out, 0)
            k, place, used = FOLLOW.call(follow, k, place, rows, *kept)
            parts.append(self._out[:used].tobytes())
            if k < len(rules.kinds):
                self._widen(len(self._out))
        return parts

    def _road(self, picked: np.ndarray, rows: np.ndarray, objects: np.ndarray) -> list[bytes]:
        at, parts = 0, []
        while at < len(picked):
            begun = at
            at, n = ROAD.call(
                picked, at, rows, objects, self.memory.road, self._parts[1], CLASSES, self._persons, FRAME, self._out
            )
            if n:
                parts.append(self._out[:n].tobytes())
            if at < len(picked):
                need = self._need(int(rows[picked[at]]["n"]))
                if at == begun or need > len(self._out):
                    self._widen(need)
                if (int(self.memory.road.n_meetings[0]) + need) * 2 > len(self.memory.road.meetings):
                    self.memory.more_meetings(need, self._gap)
        return parts

    def _street(self, picked: np.ndarray, rows: np.ndarray, objects: np.ndarray) -> list[bytes]:
        at, parts, rules, street = 0, [], self.street_rules, self.memory.street
        lives, speeds = np.zeros(len(objects), np.int64), np.zeros(len(objects), np.float64)
        while at < len(picked) and self._street_rules:
            out = self._street_out
            at, n = STREET.call(picked, at, rows, objects, street, rules, CLASSES, FRAME, lives, speeds, out)
            if n:
                parts.append(out[:n].tobytes())
            if at < len(picked) and (int(rows[picked[at]]["n"]) + 1) * self._street_rules > len(out):
                self._street_out = np.zeros(2 * len(out), FOUND)
        return parts

    def _need(self, objects: int) -> int:
        """At most so many detections and meetings of a frame with so many objects."""
        a = self.arrays
        pairs = (objects // 2 + 1) ** 2 * len(a.pairs)
        return pairs + objects * (len(a.holds) + len(a.memories) + len(a.crosses))

    def _widen(self, need: int) -> None:
        if need > len(self._out) or need == len(self._out):
            self._out = np.zeros(2 * need, FOUND)
            self._room = self._room._replace(**found_room(len(self._out)))

    def expect(self, at: int) -> None:
        """Count every source that the city expects as heard at ``at``: one that never speaks is found silent."""
        for source in self.city.expected():
            slot = self.memory.entities.of.get(source)
            slot = self.memory.entity(source) if slot is None else slot
            self.memory.care.entities[slot]["seen"] = max(at, int(self.memory.care.entities[slot]["seen"]))
            self.memory.more_timers(len(self.arrays.silences))
            care = self.memory.care
            for n in self.arrays.silences:
                rule, period = self.arrays.waits[n], int(care.entities[slot]["period"])
                wait = int(rule["times"]) * (period or int(rule["wait"]))
                if arm(care.waiting[slot, n], 0, wait, at) == 2:
                    push(care.timers, care.n_timers, at + wait, at, care.order[0], slot, n)

    def warm(self) -> None:
        """Compile every kernel on the dtypes it will meet, on a scratch memory, before the door opens."""
        scratch = Engine(self.city, self.rules)
        scratch.expect(0)
        scratch.step(warm_up_events(), 2)
        scratch._the_rest(np.zeros(0, ROW), 0, 0, 0, FAR_PAST, 0, 0, 0, 0)
        scratch.memory.more_meetings(1, self._gap)
        scratch.step([], FAR_FUTURE)

    def due(self) -> int | None:
        """When the next timer may fire (µs); None when none waits."""
        care = self.memory.care
        return int(care.timers[0]["due"]) if care.n_timers[0] else None

    def counters(self) -> dict[str, int]:
        """How many frames came late and were not judged, and how much is remembered."""
        memory = self.memory
        return {
            "late_frames": int(memory.road.late[0]),
            "entities": len(memory.entities.of),
            "sensors": len(memory.sensors.of),
            "tracks": len(memory.tracks.of),
            "timers": int(memory.care.n_timers[0]),
        }

    def save(self) -> bytes:
        """The whole memory, so that a restart goes on exactly."""
        heard, watched = self.gate.save(), self.watch.save()
        return checkpoint.save(self.memory, self.chatter, heard, self.paths, watched, self._digest())

    def load(self, saved: bytes) -> None:
        """Go on from ``save``. Raises ``checkpoint.Unfit`` when it is of other rules, another city or another form."""
        self._start(*checkpoint.load(saved, self._digest(), self.city, self.rules, self.arrays, self.follow_rules))

    def _digest(self) -> str:
        return f"{self.rules.digest}/{self.city.digest}"
